-- The foundation. Words with @ are replaced per database, see src/migrate.rs.
-- Times: microseconds since 1970 UTC. Dates: ISO text in Viet Nam's calendar. Booleans: 0/1.

---------------------------------------------------------------------------------------------------- organization

CREATE TABLE agency (                       -- cơ quan, tổ chức
    id              @id PRIMARY KEY,
    parent_id       @id REFERENCES agency (id),
    level           @text NOT NULL,         -- rules::organization::AgencyLevel; 'partner' stands outside
    name            @text NOT NULL,
    printed_parent  @text,                  -- tên cơ quan chủ quản trực tiếp, as printed in ô 2
    abbr            @text NOT NULL,         -- viết tắt in symbols
    account_suffix  @text NOT NULL,         -- after the dot of account names (Điều 7)
    code            @text UNIQUE,          -- mã định danh, QĐ 20/2020; partners outside may have none
    old_code        @text,                  -- 13-character form
    place_name      @text NOT NULL,         -- địa danh
    collective      @int NOT NULL,          -- chế độ tập thể (TM.)
    head_title      @text NOT NULL,
    deputy_title    @text NOT NULL,
    folded_name     @text NOT NULL,
    valid_from      @text NOT NULL,
    valid_to        @text
) @strict;
CREATE INDEX agency_parent ON agency (parent_id, id);

CREATE TABLE unit (                         -- đơn vị thuộc cơ quan
    id          @id PRIMARY KEY,
    agency_id   @id NOT NULL REFERENCES agency (id),
    name        @text NOT NULL,
    abbr        @text NOT NULL,
    sort        @int NOT NULL,
    valid_from  @text NOT NULL,
    valid_to    @text
) @strict;
CREATE INDEX unit_agency ON unit (agency_id, sort, id);

CREATE TABLE account (                      -- tài khoản của cán bộ, công chức
    id            @id PRIMARY KEY,
    username      @text NOT NULL UNIQUE,
    full_name     @text NOT NULL,
    sort_name     @text NOT NULL,           -- Vietnamese order, given name first
    password      @text NOT NULL,           -- argon2id, PHC string
    must_change_password @int NOT NULL,     -- made by an administrator, who has seen it
    failures      @int NOT NULL,            -- consecutive failed sign-ins
    locked_until  @int,                     -- after five failures
    closed_at     @int,                     -- locked for good (Điều 23.1c)
    created_at    @int NOT NULL
) @strict;

CREATE TABLE post (                         -- chức vụ của một người tại một đơn vị
    id              @id PRIMARY KEY,
    account_id      @id NOT NULL REFERENCES account (id),
    agency_id       @id NOT NULL REFERENCES agency (id),
    unit_id         @id REFERENCES unit (id),
    title           @text NOT NULL,
    role            @text NOT NULL,         -- rules::people::Role
    is_agency_head  @int NOT NULL,
    checks_form     @int NOT NULL,         -- kiểm tra thể thức, NĐ 30 Điều 12.2
    valid_from      @text NOT NULL,
    valid_to        @text
) @strict;
CREATE INDEX post_account ON post (account_id, id);
CREATE INDEX post_agency ON post (agency_id, role, id);
CREATE INDEX post_unit ON post (unit_id, id);

CREATE TABLE session (                      -- phiên làm việc
    token_hash  @bytes PRIMARY KEY,         -- SHA-256 of the cookie's token
    account_id  @id NOT NULL REFERENCES account (id),
    post_id     @id NOT NULL REFERENCES post (id),
    csrf        @text NOT NULL,
    device      @text NOT NULL,
    created_at  @int NOT NULL,
    seen_at     @int NOT NULL,
    expires_at  @int NOT NULL
) @strict, @rowless;
CREATE INDEX session_account ON session (account_id);

CREATE TABLE api_token (                    -- mã truy cập API
    id          @id PRIMARY KEY,
    token_hash  @bytes NOT NULL UNIQUE,
    account_id  @id NOT NULL REFERENCES account (id),
    post_id     @id NOT NULL REFERENCES post (id),
    label       @text NOT NULL,
    created_at  @int NOT NULL,
    expires_at  @int NOT NULL,
    revoked_at  @int
) @strict;
CREATE INDEX api_token_account ON api_token (account_id, id);

CREATE TABLE agency_setting (               -- a rule chosen by the agency, with the date it begins
    agency_id   @id NOT NULL REFERENCES agency (id),
    key         @text NOT NULL,
    valid_from  @text NOT NULL,
    value       @text NOT NULL,             -- JSON
    PRIMARY KEY (agency_id, key, valid_from)
) @strict, @rowless;

------------------------------------------------------------------------------------------ acts, journal, outbox

CREATE TABLE command (                      -- every command carried out, with its answer
    owner_id  @id NOT NULL,                 -- account
    id        @id NOT NULL,
    fingerprint @bytes NOT NULL,            -- SHA-256 of where it was sent and of its content
    at        @int NOT NULL,
    answer    @text NOT NULL,               -- JSON
    PRIMARY KEY (owner_id, id)
) @strict, @rowless;

CREATE TABLE journal (                      -- nhật ký nghiệp vụ; never changed, only sealed
    seq           @seq,
    at            @int NOT NULL,
    act           @text NOT NULL,
    account_id    @id,
    post_id       @id,
    on_behalf_of  @id,
    actor         @text NOT NULL,
    agency_id     @id,
    object_kind   @text NOT NULL,
    object_id     @id NOT NULL,
    command_id    @id,
    summary       @text NOT NULL,
    details       @text NOT NULL,           -- JSON
    seal_no       @int
) @strict;
CREATE INDEX journal_object ON journal (object_id, seq);
CREATE INDEX journal_agency ON journal (agency_id, seq);
CREATE INDEX journal_unsealed ON journal (seq) WHERE seal_no IS NULL;
CREATE INDEX journal_seal ON journal (seal_no, seq);

CREATE TABLE seal (                         -- the hash chain over the journal
    no        @int PRIMARY KEY,
    at        @int NOT NULL,
    entries   @int NOT NULL,
    root      @text NOT NULL,
    previous  @text NOT NULL UNIQUE,
    hash      @text NOT NULL
) @strict;

-- @sqlite
CREATE TRIGGER journal_keeps BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_stays BEFORE UPDATE OF seq, at, act, account_id, post_id, on_behalf_of, actor, agency_id,
    object_kind, object_id, command_id, summary, details ON journal
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_sealed BEFORE UPDATE OF seal_no ON journal WHEN OLD.seal_no IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'the journal is sealed'); END;
CREATE TRIGGER seal_keeps BEFORE DELETE ON seal BEGIN SELECT RAISE(ABORT, 'the journal is sealed'); END;
CREATE TRIGGER seal_stays BEFORE UPDATE ON seal BEGIN SELECT RAISE(ABORT, 'the journal is sealed'); END;
-- @end
-- @postgres
CREATE FUNCTION journal_refuses() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$;
CREATE TRIGGER journal_keeps BEFORE DELETE ON journal FOR EACH ROW EXECUTE FUNCTION journal_refuses();
CREATE TRIGGER journal_stays BEFORE UPDATE OF seq, at, act, account_id, post_id, on_behalf_of, actor, agency_id,
    object_kind, object_id, command_id, summary, details ON journal
    FOR EACH ROW EXECUTE FUNCTION journal_refuses();
CREATE TRIGGER journal_sealed BEFORE UPDATE OF seal_no ON journal
    FOR EACH ROW WHEN (OLD.seal_no IS NOT NULL) EXECUTE FUNCTION journal_refuses();
CREATE TRIGGER seal_stays BEFORE UPDATE OR DELETE ON seal FOR EACH ROW EXECUTE FUNCTION journal_refuses();
CREATE TRIGGER journal_emptied BEFORE TRUNCATE ON journal EXECUTE FUNCTION journal_refuses();
CREATE TRIGGER seal_emptied BEFORE TRUNCATE ON seal EXECUTE FUNCTION journal_refuses();
-- @end

CREATE TABLE job (                          -- the outbox
    id            @id PRIMARY KEY,
    kind          @text NOT NULL,
    payload       @text NOT NULL,
    run_at        @int NOT NULL,
    attempts      @int NOT NULL,
    locked_until  @int NOT NULL,
    last_error    @text,
    dead          @int NOT NULL
) @strict;
CREATE INDEX job_due ON job (dead, run_at, id);

----------------------------------------------------------------------------------------------------------- files

CREATE TABLE file (                         -- tệp tin; its bytes lie in the blob store
    id          @id PRIMARY KEY,
    sha256      @bytes NOT NULL,
    name        @text NOT NULL,             -- by Điều 8.4
    media_type  @text NOT NULL,             -- by content
    size        @int NOT NULL,
    pages       @int,
    account_id  @id,                        -- who brought it
    agency_id   @id NOT NULL,
    created_at  @int NOT NULL
) @strict;
CREATE INDEX file_content ON file (sha256);
CREATE INDEX file_age ON file (created_at);

-- One set serves a version of a draft, the issued document and every agency that receives it.
CREATE TABLE file_set_item (
    set_id   @id NOT NULL,
    sort     @int NOT NULL,                 -- 0 = the main file
    role     @text NOT NULL,                -- main | attachment
    file_id  @id NOT NULL REFERENCES file (id),
    PRIMARY KEY (set_id, sort)
) @strict, @rowless;
CREATE INDEX file_set_item_file ON file_set_item (file_id, set_id);

------------------------------------------------------------------------------------------------------- numbering

CREATE TABLE number_counter (               -- the last number taken of a series in a year
    agency_id    @id NOT NULL REFERENCES agency (id),
    series       @text NOT NULL,            -- rules::numbering: 'den', 'chung', 'loai:quyet_dinh' …
    year         @int NOT NULL,
    last_number  @int NOT NULL,
    last_date    @text NOT NULL,
    PRIMARY KEY (agency_id, series, year)
) @strict, @rowless;

-------------------------------------------------------------------------------------------------------- outgoing

CREATE TABLE outgoing (                     -- văn bản đi, from draft to issued
    id                @id PRIMARY KEY,
    agency_id         @id NOT NULL REFERENCES agency (id),
    unit_id           @id REFERENCES unit (id),       -- đơn vị chủ trì soạn thảo
    drafter_post      @id NOT NULL REFERENCES post (id),
    signer_post       @id NOT NULL REFERENCES post (id),
    authority         @text NOT NULL,       -- rules::signing_authority::Authority
    type_key          @text NOT NULL,       -- rules::document_types
    subject           @text NOT NULL,       -- trích yếu
    folded_subject    @text NOT NULL,
    urgency           @text NOT NULL,
    respond_by        @text,                -- hạn trả lời
    reply_to          @id,                  -- incoming document answered
    state             @text NOT NULL,       -- rules::outgoing::OutgoingState
    version           @int NOT NULL,        -- the current version of the content
    approved_version  @int,
    revision          @int NOT NULL,        -- counts every change of this row
    file_set          @id,                  -- of the current version; of the issued document once issued
    pages             @int,
    symbol            @text,                -- ký hiệu, given at issue
    series            @text,
    year              @int,
    number            @int,
    issued_on         @text,
    issued_at         @int,
    document_code     @text,                -- mã định danh văn bản
    legal_value       @text NOT NULL,
    created_at        @int NOT NULL,
    updated_at        @int NOT NULL,
    UNIQUE (agency_id, series, year, number)
) @strict;
CREATE INDEX outgoing_register ON outgoing (agency_id, year, issued_at, id);
-- Drafts that the clerks of the agency see; rules::access.
CREATE INDEX outgoing_at_clerks ON outgoing (agency_id, id) WHERE state IN ('form_review', 'approval', 'approved');
CREATE INDEX outgoing_reply ON outgoing (reply_to, id);
CREATE UNIQUE INDEX outgoing_symbol ON outgoing (agency_id, year, number, symbol);

CREATE TABLE outgoing_version (             -- phiên bản dự thảo; all are kept
    outgoing_id  @id NOT NULL REFERENCES outgoing (id),
    version      @int NOT NULL,
    author_post  @id NOT NULL,
    at           @int NOT NULL,
    content      @text NOT NULL,            -- JSON: every field, the composed text, recipients
    file_set     @id,
    note         @text,
    PRIMARY KEY (outgoing_id, version)
) @strict, @rowless;

CREATE TABLE sign_off (                     -- ý kiến kiểm tra, phê duyệt, trả lại of one version
    id           @id PRIMARY KEY,
    outgoing_id  @id NOT NULL REFERENCES outgoing (id),
    version      @int NOT NULL,
    kind         @text NOT NULL,            -- content | form | approval
    decision     @text NOT NULL,            -- agreed | returned | voided
    post_id      @id NOT NULL,
    comment      @text,
    at           @int NOT NULL
) @strict;
CREATE INDEX sign_off_outgoing ON sign_off (outgoing_id, id);

CREATE TABLE delivery (                     -- một nơi nhận của một văn bản đi
    id              @id PRIMARY KEY,
    outgoing_id     @id NOT NULL REFERENCES outgoing (id),
    agency_id       @id NOT NULL,           -- the sender
    recipient_id    @id REFERENCES agency (id),   -- NULL: outside, on paper
    recipient_name  @text NOT NULL,
    purpose         @text NOT NULL,         -- rules::exchange::Purpose: act | know
    channel         @text NOT NULL,         -- internal | axis | paper
    state           @text NOT NULL,         -- rules::exchange::DeliveryState
    reason          @text,                  -- of a refusal or failure
    incoming_number @int,                   -- số đến told by the recipient
    sent_at         @int,
    updated_at      @int NOT NULL,
    UNIQUE (outgoing_id, recipient_id)
) @strict;
CREATE INDEX delivery_outgoing ON delivery (outgoing_id, id);

CREATE TABLE delivery_event (               -- every state that came back, each once
    delivery_id  @id NOT NULL REFERENCES delivery (id),
    message_id   @id NOT NULL,              -- the same on every retry
    code         @text NOT NULL,            -- 01 … 16, QĐ 28 Điều 10.2h
    description  @text,
    staff        @text,
    at           @int NOT NULL,             -- when it happened at the recipient
    received_at  @int NOT NULL,
    PRIMARY KEY (delivery_id, message_id)
) @strict, @rowless;

-------------------------------------------------------------------------------------------------------- incoming

CREATE TABLE incoming (                     -- văn bản đến
    id                  @id PRIMARY KEY,
    agency_id           @id NOT NULL REFERENCES agency (id),
    source              @text NOT NULL,     -- hub | paper
    delivery_id         @id UNIQUE,         -- the sender's delivery line, when it came through the hub
    sender_id           @id,                -- when the sender is an agency that we know
    sender_name         @text NOT NULL,
    sender_code         @text,
    number              @text NOT NULL,     -- số of the document, as its issuer wrote it; '' without one
    symbol              @text NOT NULL,     -- ký hiệu; '' without one
    issued_on           @text,              -- NULL: bears no date
    type_key            @text NOT NULL,     -- '' without tên loại: đơn, thư, tài liệu khác
    subject             @text NOT NULL,
    folded_subject      @text NOT NULL,
    urgency             @text NOT NULL,
    signer_name         @text NOT NULL,
    signer_title        @text NOT NULL,
    respond_by          @text,              -- hạn trả lời asked by the sender
    document_code       @text,
    purpose             @text,              -- what it was sent for: act | know; NULL on paper
    file_set            @id,
    pages               @int,
    note                @text,
    completeness        @text NOT NULL,     -- passed | failed | unknown, QĐ 28 Điều 9.1
    integrity           @text NOT NULL,
    authenticity        @text NOT NULL,
    legal_value         @text NOT NULL,
    state               @text NOT NULL,     -- rules::incoming::IncomingState
    revision            @int NOT NULL,
    delivered_at        @int NOT NULL,
    series              @text,
    year                @int,
    arrival_number      @int,               -- số đến
    arrived_on          @text,              -- ngày đến
    presented_to        @id,                -- post of the leader
    lead_post           @id,                -- chủ trì
    due_on              @text,              -- thời hạn giải quyết
    reason              @text,              -- of a refusal
    result              @text,
    finished_at         @int,
    updated_at          @int NOT NULL,
    UNIQUE (agency_id, series, year, arrival_number)
) @strict;
CREATE INDEX incoming_register ON incoming (agency_id, year, arrival_number);
CREATE INDEX incoming_duplicate ON incoming (agency_id, number, symbol, issued_on);
CREATE INDEX incoming_code ON incoming (agency_id, document_code);

CREATE TABLE assignment (                   -- phân công: chủ trì, phối hợp, xem để biết
    id           @id PRIMARY KEY,
    incoming_id  @id NOT NULL REFERENCES incoming (id),
    parent_id    @id,                       -- the assignment passed down from
    given_by     @id NOT NULL,              -- post
    post_id      @id NOT NULL,              -- who handles
    unit_id      @id,
    role         @text NOT NULL,            -- lead | cooperate | inform
    instruction  @text NOT NULL,            -- bút phê
    due_on       @text,
    state        @text NOT NULL,            -- rules::incoming::AssignmentState
    result       @text,
    given_at     @int NOT NULL,
    seen_at      @int,
    done_at      @int
) @strict;
CREATE INDEX assignment_incoming ON assignment (incoming_id, id);
CREATE INDEX assignment_open ON assignment (post_id, state, id);

CREATE TABLE opinion (                      -- ý kiến trao đổi on a document
    id           @id PRIMARY KEY,
    object_id    @id NOT NULL,
    post_id      @id NOT NULL,
    text         @text NOT NULL,
    at           @int NOT NULL
) @strict;
CREATE INDEX opinion_object ON opinion (object_id, id);

------------------------------------------------------------------------------------------- access and the desk

CREATE TABLE participant (                  -- who took part: may see
    object_id  @id NOT NULL,
    post_id    @id NOT NULL,
    unit_id    @id,
    PRIMARY KEY (object_id, post_id)
) @strict, @rowless;
CREATE INDEX participant_post ON participant (post_id, object_id);
CREATE INDEX participant_unit ON participant (unit_id, object_id);

-- Derived: where a document lies on whose desk. Rebuilt by `vanthu rebuild`.
CREATE TABLE desk (
    owner_id   @id NOT NULL,                -- a post; or an agency for the clerks' common boxes
    box        @text NOT NULL,
    rank       @int NOT NULL,               -- newest and most urgent first: largest first
    object_id  @id NOT NULL,
    kind       @text NOT NULL,              -- incoming | outgoing
    due_on     @text,
    seen       @int NOT NULL,
    PRIMARY KEY (owner_id, box, rank, object_id)
) @strict, @rowless;
CREATE INDEX desk_object ON desk (object_id);
CREATE INDEX desk_due ON desk (owner_id, due_on, box) WHERE due_on IS NOT NULL;

-- Derived: counted when they change, never when they are read.
CREATE TABLE desk_count (
    owner_id  @id NOT NULL,
    box       @text NOT NULL,
    count     @int NOT NULL,
    PRIMARY KEY (owner_id, box)
) @strict, @rowless;
