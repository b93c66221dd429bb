-- Ký duyệt: leaders answer submission slips with their digital signature. Words with @ are replaced per database, see
-- src/migrate.rs.

-- What is asked of a leader: rules::slip::SlipAsked.
ALTER TABLE slip_decider ADD COLUMN asked @text NOT NULL DEFAULT 'approve';
-- The slip as the leader signed it: a set with one PDF. Each who signs has their own, which says exactly what they approved.
ALTER TABLE slip_decider ADD COLUMN signed_set @id;
CREATE INDEX slip_decider_signed ON slip_decider (signed_set) WHERE signed_set IS NOT NULL;

-- Requests for signatures are about outgoing documents and about answers to slips. SQLite cannot take a reference off a column, so the
-- table is written anew. Tickets are good for ten minutes: whoever held one takes a new one.
DROP TABLE signing_ticket;
ALTER TABLE signing_request RENAME TO signing_request_before;

CREATE TABLE signing_request (              -- what waits for a signature
    id            @id PRIMARY KEY,
    batch_id      @id NOT NULL REFERENCES signing_batch (id),
    subject_kind  @text NOT NULL,           -- outgoing | slip
    subject_id    @id NOT NULL,             -- the document, the slip
    part_id       @id NOT NULL,             -- what of it waits: the document itself; of a slip the post of the leader
    version       @int NOT NULL,            -- the version of the document, the round of the slip
    base_set      @id,                      -- the files that are signed; another set at the commit is refused. NULL: the print of a slip
    state         @text NOT NULL,           -- rules::signing::RequestState
    work          @text NOT NULL,           -- JSON: files, bytes to add, hashes; emptied at the end
    comment       @text NOT NULL,           -- ý kiến of the signer
    signed_set    @id,
    created_at    @int NOT NULL,
    finished_at   @int,
    error_code    @text,
    error         @text
) @strict;
INSERT INTO signing_request (id, batch_id, subject_kind, subject_id, part_id, version, base_set, state, work, comment, signed_set,
    created_at, finished_at, error_code, error)
SELECT id, batch_id, 'outgoing', outgoing_id, outgoing_id, version, base_set, state, work, comment, signed_set, created_at, finished_at,
    error_code, error FROM signing_request_before;
DROP TABLE signing_request_before;
-- The lock: one open request per document; leaders who are asked side by side sign side by side.
CREATE UNIQUE INDEX signing_lock ON signing_request (subject_id, part_id) WHERE finished_at IS NULL;
CREATE INDEX signing_request_batch ON signing_request (batch_id, id);
CREATE INDEX signing_request_subject ON signing_request (subject_id, id);

CREATE TABLE signing_ticket (               -- a file in the hands of an agent that signs whole files; good once
    token_hash   @bytes PRIMARY KEY,        -- SHA-256 of the ticket
    request_id   @id NOT NULL REFERENCES signing_request (id),
    fetched_at   @int,
    answered_at  @int,
    expires_at   @int NOT NULL
) @strict, @rowless;
CREATE INDEX signing_ticket_request ON signing_ticket (request_id);
