-- The book of the post, the working calendar, notices. Words with @ are replaced per database, see
-- src/migrate.rs.

-- Sổ gửi văn bản đi bưu điện: what goes on paper, in the order of issue.
CREATE INDEX delivery_on_paper ON delivery (agency_id, id) WHERE channel = 'paper';

----------------------------------------------------------------------------------------------- the working calendar

CREATE TABLE calendar_day (                 -- what was decided for a day, over the calendar of the program
    day         @text PRIMARY KEY,
    kind        @text NOT NULL,             -- rules::deadlines::DayKind
    name        @text NOT NULL,
    decided_by  @text NOT NULL,             -- name and title
    decided_at  @int NOT NULL
) @strict, @rowless;

------------------------------------------------------------------------------------------------------------ notices

CREATE TABLE notice (                       -- thông báo: a document came into a box that waits for its owner
    owner_id   @id NOT NULL,                -- a post; or an agency for the clerks' common boxes
    at         @int NOT NULL,
    object_id  @id NOT NULL,
    box        @text NOT NULL,
    kind       @text NOT NULL,              -- incoming | outgoing
    by_post    @id,                         -- who laid it there; NULL: the program itself
    by_whom    @text NOT NULL,              -- name and title
    PRIMARY KEY (owner_id, at, object_id, box)
) @strict, @rowless;
CREATE INDEX notice_object ON notice (object_id, owner_id);
CREATE INDEX notice_age ON notice (at);

CREATE TABLE notice_reader (                -- how far a post has looked, and which boxes do not tell it
    post_id  @id PRIMARY KEY REFERENCES post (id),
    seen_at  @int,
    muted    @text NOT NULL                 -- JSON: keys of boxes
) @strict, @rowless;
