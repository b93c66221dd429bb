-- Submission slips, reserved numbers, electronic copies. Words with @ are replaced per database, see src/migrate.rs.

---------------------------------------------------------------------------------------------- phiếu trình (CN-302…305)

CREATE TABLE slip (                         -- phiếu trình: internal, no number, in no book
    id              @id PRIMARY KEY,
    agency_id       @id NOT NULL REFERENCES agency (id),
    maker_post      @id NOT NULL REFERENCES post (id),
    subject         @text NOT NULL,
    folded_subject  @text NOT NULL,
    body            @text NOT NULL,
    urgency         @text NOT NULL,
    outgoing_id     @id REFERENCES outgoing (id),     -- the draft that it carries
    incoming_id     @id REFERENCES incoming (id),     -- the incoming document that it is about
    file_set        @id,
    people          @text NOT NULL,         -- JSON: the leaders by steps and the advisers as chosen for the next submission
    state           @text NOT NULL,         -- rules::slip::SlipState
    round           @int NOT NULL,          -- how often it was submitted
    revision        @int NOT NULL,          -- counts every change of this row
    hindrance       @text,                  -- why the draft of an approved slip did not go on by itself
    created_at      @int NOT NULL,
    updated_at      @int NOT NULL
) @strict;
CREATE INDEX slip_maker ON slip (maker_post, id);
CREATE INDEX slip_outgoing ON slip (outgoing_id, id) WHERE outgoing_id IS NOT NULL;
CREATE INDEX slip_incoming ON slip (incoming_id, id) WHERE incoming_id IS NOT NULL;
CREATE INDEX slip_files ON slip (file_set) WHERE file_set IS NOT NULL;
CREATE UNIQUE INDEX slip_carried ON slip (outgoing_id) WHERE state = 'running' AND outgoing_id IS NOT NULL;

CREATE TABLE slip_round (                   -- one submission: what was laid before the leaders; all are kept
    slip_id           @id NOT NULL REFERENCES slip (id),
    round             @int NOT NULL,
    subject           @text NOT NULL,
    body              @text NOT NULL,
    outgoing_id       @id,
    outgoing_version  @int,
    incoming_id       @id,
    file_set          @id,
    submitted_at      @int NOT NULL,
    ended_at          @int,
    outcome           @text,                -- rules::slip::SlipState after its end
    PRIMARY KEY (slip_id, round)
) @strict, @rowless;
CREATE INDEX slip_round_files ON slip_round (file_set) WHERE file_set IS NOT NULL;

CREATE TABLE slip_decider (                 -- người phê duyệt of a round
    slip_id   @id NOT NULL REFERENCES slip (id),
    round     @int NOT NULL,
    post_id   @id NOT NULL REFERENCES post (id),
    step      @int NOT NULL,                -- who shares a step is asked side by side
    sort      @int NOT NULL,
    answer    @text,                        -- rules::slip::SlipAnswer
    comment   @text,
    at        @int,
    PRIMARY KEY (slip_id, round, post_id)
) @strict, @rowless;

CREATE TABLE slip_adviser (                 -- người được xin ý kiến
    slip_id   @id NOT NULL REFERENCES slip (id),
    round     @int NOT NULL,
    post_id   @id NOT NULL REFERENCES post (id),
    asked_by  @id NOT NULL REFERENCES post (id),
    asked_at  @int NOT NULL,
    PRIMARY KEY (slip_id, round, post_id)
) @strict, @rowless;

CREATE TABLE slip_advice (                  -- ý kiến; all are kept
    id        @id PRIMARY KEY,
    slip_id   @id NOT NULL REFERENCES slip (id),
    round     @int NOT NULL,
    post_id   @id NOT NULL REFERENCES post (id),
    text      @text NOT NULL,
    at        @int NOT NULL
) @strict;
CREATE INDEX slip_advice_slip ON slip_advice (slip_id, id);

---------------------------------------------------------------------------------------- reserved numbers (NĐ 30 Điều 15)

CREATE TABLE reserved_number (              -- giữ số: a number of a series that is kept for a document to come
    id            @id PRIMARY KEY,
    agency_id     @id NOT NULL REFERENCES agency (id),
    series        @text NOT NULL,
    year          @int NOT NULL,
    number        @int NOT NULL,
    type_key      @text NOT NULL,           -- of the document to come
    symbol        @text NOT NULL,
    reserved_on   @text NOT NULL,
    reason        @text NOT NULL,
    signer_name   @text NOT NULL,           -- who will sign; '' unknown
    state         @text NOT NULL,           -- rules::numbering::ReservedState
    outgoing_id   @id REFERENCES outgoing (id),       -- the document that shall take it, or took it
    close_reason  @text,                    -- why it is void
    post_id       @id NOT NULL REFERENCES post (id),
    at            @int NOT NULL,
    closed_by     @id,
    closed_at     @int,
    UNIQUE (agency_id, series, year, number)
) @strict;
CREATE INDEX reserved_number_book ON reserved_number (agency_id, year, at, id);
CREATE UNIQUE INDEX reserved_number_document ON reserved_number (outgoing_id) WHERE outgoing_id IS NOT NULL AND state <> 'void';

----------------------------------------------------------------------------------- extracts composed here (NĐ 30 Điều 25.3)

ALTER TABLE document_copy ADD COLUMN extract_text @text NOT NULL DEFAULT '';   -- the words of a trích sao that the program composes
