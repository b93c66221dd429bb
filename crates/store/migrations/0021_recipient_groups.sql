-- Nhóm nơi nhận (CN-215): recipients that an agency writes to again and again, saved under a name. Words with @ are replaced per database, see
-- src/migrate.rs.

CREATE TABLE recipient_group (
    id            @id PRIMARY KEY,
    agency_id     @id NOT NULL REFERENCES agency (id),
    name          @text NOT NULL,
    folded_name   @text NOT NULL,
    members       @text NOT NULL,           -- JSON: outgoing::recipients::Recipients
    member_count  @int NOT NULL,
    made_by       @id NOT NULL REFERENCES post (id),
    changed_at    @int NOT NULL
) @strict;
CREATE UNIQUE INDEX recipient_group_name ON recipient_group (agency_id, folded_name);
