-- What the checks of digital signatures found. Words with @ are replaced per database, see src/migrate.rs.

CREATE TABLE verdict (                      -- kết quả kiểm tra chữ ký số of one file; every check stays
    id             @id PRIMARY KEY,
    file_id        @id NOT NULL REFERENCES file (id),
    object_kind    @text NOT NULL,          -- incoming | outgoing | file (brought for a check only)
    object_id      @id NOT NULL,
    at             @int NOT NULL,
    account_id     @id,                     -- who asked; NULL: the system
    by_label       @text NOT NULL,          -- name and title as they were
    engine         @text NOT NULL,
    trust_version  @text NOT NULL,
    verdict        @text NOT NULL,          -- TOTAL-PASSED | TOTAL-FAILED | INDETERMINATE
    sub_reason     @text,
    person         @text NOT NULL,          -- rules::legal_value::SignatureVerdict of the signer
    agency         @text NOT NULL,          -- the same of the agency
    signatures     @int NOT NULL,           -- how many the file bears
    report         @text NOT NULL           -- JSON: pdf_signature::verify::Report
) @strict;
CREATE INDEX verdict_object ON verdict (object_id, file_id, id);
CREATE INDEX verdict_file ON verdict (file_id, id);

-- What a check relied on (KS-08, KS-21), each content once: CRLs and answers of status services are shared by many files.
CREATE TABLE verdict_material (
    sha256   @bytes PRIMARY KEY,
    kind     @text NOT NULL,                -- certificate | crl | ocsp
    content  @bytes NOT NULL                -- DER
) @strict, @rowless;

CREATE TABLE verdict_uses (
    verdict_id  @id NOT NULL REFERENCES verdict (id),
    sha256      @bytes NOT NULL REFERENCES verdict_material (sha256),
    PRIMARY KEY (verdict_id, sha256)
) @strict, @rowless;
CREATE INDEX verdict_uses_material ON verdict_uses (sha256, verdict_id);

-- Verdicts are evidence: a new check adds a row, nothing changes one.
-- @sqlite
CREATE TRIGGER verdict_stays BEFORE UPDATE ON verdict BEGIN SELECT RAISE(ABORT, 'a verdict is kept as it was'); END;
-- @end
-- @postgres
CREATE FUNCTION verdict_refuses() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'a verdict is kept as it was'; END $$;
CREATE TRIGGER verdict_stays BEFORE UPDATE ON verdict FOR EACH ROW EXECUTE FUNCTION verdict_refuses();
-- @end

ALTER TABLE incoming ADD COLUMN despite @text;    -- lý do vẫn tiếp nhận when a check failed, QĐ 28 Điều 9.1
