-- Handling of incoming documents: parts that come back, later deadlines, urging. Words with @ are replaced per database,
-- see src/migrate.rs.

ALTER TABLE incoming ADD COLUMN reply_required @int NOT NULL DEFAULT 0;   -- yêu cầu trả lời of the leader

ALTER TABLE assignment ADD COLUMN agency_id @id;        -- of the document; what is followed up is read by it
ALTER TABLE assignment ADD COLUMN reason @text;         -- why it was given back or taken back
ALTER TABLE assignment ADD COLUMN told_at @int;         -- when the giver saw that it came back, or the holder that it was taken back
UPDATE assignment SET agency_id = (SELECT d.agency_id FROM incoming d WHERE d.id = assignment.incoming_id);

-- What is followed up, the soonest deadline first.
CREATE INDEX assignment_following ON assignment (agency_id, (coalesce(due_on, '9999-12-31')), id)
    WHERE state = 'open' AND role <> 'inform';

CREATE TABLE extension (                    -- xin gia hạn
    id             @id PRIMARY KEY,
    incoming_id    @id NOT NULL REFERENCES incoming (id),
    assignment_id  @id NOT NULL REFERENCES assignment (id),
    asked_by       @id NOT NULL,            -- post
    asked_at       @int NOT NULL,
    reason         @text NOT NULL,
    old_due_on     @text NOT NULL,
    wanted_on      @text NOT NULL,
    state          @text NOT NULL,          -- rules::incoming::ExtensionState
    granted_on     @text,                   -- the new deadline
    answer         @text,                   -- of whoever decided
    decided_by     @id,
    decided_at     @int
) @strict;
CREATE INDEX extension_incoming ON extension (incoming_id, id);
CREATE UNIQUE INDEX extension_asked ON extension (assignment_id) WHERE state = 'asked';

CREATE TABLE urging (                       -- đôn đốc
    id             @id PRIMARY KEY,
    incoming_id    @id NOT NULL REFERENCES incoming (id),
    assignment_id  @id NOT NULL REFERENCES assignment (id),
    post_id        @id NOT NULL,            -- who is urged
    urged_by       @id NOT NULL,            -- post
    text           @text NOT NULL,
    at             @int NOT NULL
) @strict;
CREATE INDEX urging_incoming ON urging (incoming_id, post_id, id);
CREATE INDEX urging_assignment ON urging (assignment_id, id);
