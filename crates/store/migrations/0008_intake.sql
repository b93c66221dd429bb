-- The book of the post, the working calendar, notices. Words with @ are replaced per database, see
-- src/migrate.rs.

-- Sổ gửi văn bản đi bưu điện: what goes on paper, in the order of issue.
CREATE INDEX delivery_on_paper ON delivery (agency_id, id) WHERE channel = 'paper';

CREATE TABLE kept_copy_use (                -- sổ sử dụng bản lưu, Phụ lục IV mẫu IV
    id            @id PRIMARY KEY,
    agency_id     @id NOT NULL REFERENCES agency (id),
    outgoing_id   @id NOT NULL REFERENCES outgoing (id),
    used_on       @text NOT NULL,
    used_by       @text NOT NULL,           -- họ tên người sử dụng
    file_code     @text NOT NULL,           -- số và ký hiệu hồ sơ; '' unknown
    permitted_by  @text NOT NULL,
    returned_on   @text,
    note          @text NOT NULL,
    recorded_by   @id NOT NULL,             -- post of the clerk
    recorded_at   @int NOT NULL
) @strict;
CREATE INDEX kept_copy_use_book ON kept_copy_use (agency_id, id);

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
