-- Work that is handed over for a time, and units that are renamed or closed. Words with @ are replaced per database, see
-- src/migrate.rs.

-------------------------------------------------------------------------------------------------------- delegation

CREATE TABLE delegation (                   -- ủy quyền xử lý công việc
    id               @id PRIMARY KEY,
    agency_id        @id NOT NULL REFERENCES agency (id),
    giver_post       @id NOT NULL REFERENCES post (id),
    substitute_post  @id NOT NULL REFERENCES post (id),
    functions        @text NOT NULL,        -- rules::delegation::Scope: 'handle,content'
    from_on          @text NOT NULL,
    to_on            @text NOT NULL,        -- the last day; it ends by itself
    basis            @text NOT NULL,        -- the paper behind it; '' when the person does it
    given_by         @text NOT NULL,        -- who entered it: name and title
    given_at         @int NOT NULL,
    revoked_at       @int,
    revoked_by       @text
) @strict;
CREATE INDEX delegation_substitute ON delegation (substitute_post, to_on);
CREATE INDEX delegation_giver ON delegation (giver_post, id);
CREATE INDEX delegation_agency ON delegation (agency_id, id);

-- The delegation under which somebody works in this session now; NULL: in their own post.
ALTER TABLE session ADD COLUMN delegation_id @id;

CREATE TABLE prepared_directive (           -- dự thảo ý kiến chỉ đạo of an assistant
    incoming_id  @id NOT NULL REFERENCES incoming (id),
    for_post     @id NOT NULL REFERENCES post (id),
    by_post      @id NOT NULL REFERENCES post (id),
    by_whom      @text NOT NULL,            -- name and title
    text         @text NOT NULL,
    at           @int NOT NULL,
    PRIMARY KEY (incoming_id, for_post)
) @strict, @rowless;

--------------------------------------------------------------------------------------------------- units that change

ALTER TABLE unit ADD COLUMN successor_id @id;   -- đơn vị kế thừa of a closed unit

CREATE TABLE unit_former_name (             -- tên trước đây của đơn vị
    unit_id     @id NOT NULL REFERENCES unit (id),
    valid_to    @text NOT NULL,             -- the last day of the name
    name        @text NOT NULL,
    abbr        @text NOT NULL,
    valid_from  @text NOT NULL,
    basis       @text NOT NULL,
    renamed_at  @int NOT NULL,
    PRIMARY KEY (unit_id, valid_to)
) @strict, @rowless;

CREATE TABLE unit_closing (                 -- biên bản bàn giao when a unit is closed
    id            @id PRIMARY KEY,
    unit_id       @id NOT NULL REFERENCES unit (id),
    successor_id  @id NOT NULL REFERENCES unit (id),
    agency_id     @id NOT NULL REFERENCES agency (id),
    basis         @text NOT NULL,
    closed_on     @text NOT NULL,           -- the last day of the unit
    closed_by     @text NOT NULL,           -- name and title
    at            @int NOT NULL
) @strict;
CREATE UNIQUE INDEX unit_closing_unit ON unit_closing (unit_id);

CREATE TABLE unit_closing_line (            -- what was handed over, one line each
    closing_id  @id NOT NULL REFERENCES unit_closing (id),
    sort        @int NOT NULL,
    kind        @text NOT NULL,             -- rules::organization::Moved
    object_id   @id,                        -- the document or the post
    name        @text NOT NULL,
    from_whom   @text NOT NULL,
    to_whom     @text NOT NULL,
    PRIMARY KEY (closing_id, sort)
) @strict, @rowless;

-------------------------------------------------------------------------------------------------- volume and progress

-- What was open or ended within some days, for the report of an agency.
CREATE INDEX assignment_ended ON assignment (agency_id, done_at);
