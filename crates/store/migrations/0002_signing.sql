-- Digital signatures on the path of outgoing documents. Words with @ are replaced per database, see src/migrate.rs.

-- What the signer signed: the files of the current version, the main one with the person's signature. NULL: not signed.
ALTER TABLE outgoing ADD COLUMN signed_set @id;
-- Lý do hủy số, shown in the register (Ghi chú).
ALTER TABLE outgoing ADD COLUMN void_reason @text;
-- JSON: where number, day and signature stand on an uploaded PDF; NULL: found by the program.
ALTER TABLE outgoing_version ADD COLUMN places @text;

DROP INDEX outgoing_at_clerks;
-- Documents that the clerks of the agency see before they are issued; rules::access.
CREATE INDEX outgoing_before_issue ON outgoing (agency_id, id)
    WHERE state IN ('form_review', 'approval', 'signing', 'approved', 'numbered');

CREATE TABLE signing_batch (                -- one authorisation of one key, for one document or several
    id            @id PRIMARY KEY,
    owner         @text NOT NULL,           -- rules::signing::KeyOwner: person | agency
    agency_id     @id NOT NULL REFERENCES agency (id),
    account_id    @id NOT NULL REFERENCES account (id),
    post_id       @id NOT NULL REFERENCES post (id),
    binding_id    @id NOT NULL,             -- the certificate bound to the person or the agency
    certificate   @bytes NOT NULL,          -- SHA-256 of the certificate announced
    provider      @text NOT NULL,           -- software | pkcs11 | csc | agent | whole_file
    provider_tx   @text,                    -- what the provider calls it
    step          @text,                    -- JSON: what the person has to do now
    state         @text NOT NULL,           -- rules::signing::RequestState
    round         @int NOT NULL,            -- how many times the key was asked
    attempts      @int NOT NULL,            -- answers refused
    answered      @bytes,                   -- SHA-256 of the last answer taken: the same again changes nothing
    poll_at       @int,
    expires_at    @int NOT NULL,
    created_at    @int NOT NULL,
    finished_at   @int,
    error_code    @text,
    error         @text
) @strict;
CREATE INDEX signing_batch_open ON signing_batch (expires_at) WHERE finished_at IS NULL;
CREATE INDEX signing_batch_account ON signing_batch (account_id, id);

CREATE TABLE signing_request (              -- one document that waits for a signature
    id            @id PRIMARY KEY,
    batch_id      @id NOT NULL REFERENCES signing_batch (id),
    outgoing_id   @id NOT NULL REFERENCES outgoing (id),
    version       @int NOT NULL,
    base_set      @id NOT NULL,             -- the files that are signed; another set at the commit is refused
    state         @text NOT NULL,           -- rules::signing::RequestState
    work          @text NOT NULL,           -- JSON: files, bytes to add, hashes; emptied at the end
    comment       @text NOT NULL,           -- ý kiến of the signer
    signed_set    @id,
    created_at    @int NOT NULL,
    finished_at   @int,
    error_code    @text,
    error         @text
) @strict;
-- The lock: one open request per document.
CREATE UNIQUE INDEX signing_lock ON signing_request (outgoing_id) WHERE finished_at IS NULL;
CREATE INDEX signing_request_batch ON signing_request (batch_id, id);
CREATE INDEX signing_request_outgoing ON signing_request (outgoing_id, id);

CREATE TABLE signing_ticket (               -- a file in the hands of an agent that signs whole files; good once
    token_hash   @bytes PRIMARY KEY,        -- SHA-256 of the ticket
    request_id   @id NOT NULL REFERENCES signing_request (id),
    fetched_at   @int,
    answered_at  @int,
    expires_at   @int NOT NULL
) @strict, @rowless;
CREATE INDEX signing_ticket_request ON signing_ticket (request_id);
