-- Outgoing documents in depth: terms of issue, opinions on drafts, co-drafters, series of numbers. Words with @ are replaced per
-- database, see src/migrate.rs.

------------------------------------------------------------------------------------------------- the term of issue

ALTER TABLE outgoing ADD COLUMN signed_at @int;         -- approved, or signed digitally: the term runs from here (NĐ 30 Điều 18.1)
ALTER TABLE outgoing ADD COLUMN on_paper @int NOT NULL DEFAULT 0;   -- every recipient gets it on paper
UPDATE outgoing SET signed_at = (SELECT max(s.at) FROM sign_off s WHERE s.outgoing_id = outgoing.id
    AND s.kind = 'approval' AND s.decision = 'agreed') WHERE state IN ('approved', 'numbered');
CREATE INDEX outgoing_unissued ON outgoing (agency_id, signed_at, id) WHERE state IN ('approved', 'numbered');
CREATE INDEX delivery_unsent ON delivery (agency_id, outgoing_id) WHERE state IN ('pending', 'sending', 'failed');

------------------------------------------------------------------------------------------------ opinions on a draft

CREATE TABLE consultation (                 -- một lần xin ý kiến về dự thảo
    id           @id PRIMARY KEY,
    outgoing_id  @id NOT NULL REFERENCES outgoing (id),
    version      @int NOT NULL,             -- the version that was asked about
    asked_by     @id NOT NULL REFERENCES post (id),
    manner       @text NOT NULL,            -- rules::outgoing::Manner
    question     @text NOT NULL,
    due_on       @text NOT NULL,
    asked_at     @int NOT NULL,
    closed_at    @int,
    closed_by    @id
) @strict;
CREATE INDEX consultation_outgoing ON consultation (outgoing_id, id);

CREATE TABLE consultation_member (          -- người được xin ý kiến
    consultation_id  @id NOT NULL REFERENCES consultation (id),
    post_id          @id NOT NULL REFERENCES post (id),
    sort             @int NOT NULL,         -- their turn, when they are asked one after another
    PRIMARY KEY (consultation_id, post_id)
) @strict, @rowless;

CREATE TABLE consultation_reply (           -- ý kiến trả lời; all are kept
    id               @id PRIMARY KEY,
    consultation_id  @id NOT NULL REFERENCES consultation (id),
    post_id          @id NOT NULL REFERENCES post (id),
    version          @int NOT NULL,         -- the version that they saw
    stance           @text NOT NULL,        -- rules::outgoing::OpinionView
    opinion          @text NOT NULL,
    is_late          @int NOT NULL,         -- after the day
    at               @int NOT NULL
) @strict;
CREATE INDEX consultation_reply_round ON consultation_reply (consultation_id, id);

------------------------------------------------------------------------------------------------------- co-drafters

ALTER TABLE participant ADD COLUMN co_drafts @int NOT NULL DEFAULT 0;   -- phối hợp soạn thảo dự thảo này

--------------------------------------------------------------------------------------------------- series of numbers

-- The first day of the rule under which the counter was last used: under another rule it may lie behind.
ALTER TABLE number_counter ADD COLUMN rule_from @text NOT NULL DEFAULT '';

CREATE TABLE number_continuation (          -- nối tiếp số của hệ thống trước: numbers that were given elsewhere
    id           @id PRIMARY KEY,
    agency_id    @id NOT NULL REFERENCES agency (id),
    series       @text NOT NULL,
    year         @int NOT NULL,
    rule         @text NOT NULL,            -- JSON: rules::numbering::SeriesRule in force, which says what the series is
    after_number @int NOT NULL,             -- the last number given here; 0: none
    last_number  @int NOT NULL,             -- the last number given there
    last_day     @text NOT NULL,            -- its day
    basis        @text NOT NULL,
    post_id      @id NOT NULL REFERENCES post (id),
    at           @int NOT NULL
) @strict;
CREATE INDEX number_continuation_year ON number_continuation (agency_id, year, id);

---------------------------------------------------------------------------------- main copies on paper (NĐ 30 Điều 18.5)

CREATE TABLE paper_main_copy (              -- bản chính văn bản giấy tạo từ văn bản điện tử
    id           @id PRIMARY KEY,
    outgoing_id  @id NOT NULL REFERENCES outgoing (id),
    copies       @int NOT NULL,
    purpose      @text NOT NULL,
    post_id      @id NOT NULL REFERENCES post (id),
    at           @int NOT NULL
) @strict;
CREATE INDEX paper_main_copy_outgoing ON paper_main_copy (outgoing_id, id);

------------------------------------------------------------------------------------- copies (NĐ 30 Điều 25 to 27)

CREATE TABLE document_copy (                -- bản sao: sao y, sao lục, trích sao
    id           @id PRIMARY KEY,
    agency_id    @id NOT NULL REFERENCES agency (id),
    source_kind  @text NOT NULL,            -- incoming | outgoing
    source_id    @id NOT NULL,
    source_name  @text NOT NULL,            -- số, ký hiệu and trích yếu as they were
    kind         @text NOT NULL,            -- rules::copies::CopyKind
    from_medium  @text NOT NULL,            -- rules::copies::Medium
    to_medium    @text NOT NULL,
    extract      @text NOT NULL,            -- which part, of a trích sao
    copies       @int NOT NULL,
    recipients   @text NOT NULL,            -- JSON: names
    year         @int NOT NULL,
    number       @int NOT NULL,
    symbol       @text NOT NULL,
    made_on      @text NOT NULL,
    signer_post  @id NOT NULL REFERENCES post (id),
    authority    @text NOT NULL,            -- rules::signing_authority::Authority
    post_id      @id NOT NULL REFERENCES post (id),
    at           @int NOT NULL,
    UNIQUE (agency_id, year, number)        -- one common series of copies (Phụ lục I Phần II Mục II khoản 1c)
) @strict;
CREATE INDEX document_copy_source ON document_copy (source_id, id);
