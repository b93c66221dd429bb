-- Nhật ký sử dụng khóa (NĐ 30 Điều 32): a key that has signed was used, also when the signature was not kept. Words with @ are replaced
-- per database, see src/migrate.rs.

-- How the request ended in which the key was used: rules::signing::RequestState. Until now only what was kept had a line.
ALTER TABLE key_use ADD COLUMN outcome @text NOT NULL DEFAULT 'committed';

CREATE TABLE key_made (                     -- what a key has signed for a request that has not ended; then it is told in key_use
    request_id  @id NOT NULL REFERENCES signing_request (id),
    digest      @bytes NOT NULL,            -- what was signed: SHA-256 of the signed attributes; of the file from an agent that signs whole files
    file        @text NOT NULL,             -- its name
    is_main     @int NOT NULL,
    account_id  @id NOT NULL,               -- who used the key
    who         @text NOT NULL,
    at          @int NOT NULL,
    PRIMARY KEY (request_id, digest)
) @strict, @rowless;

-- A box is searched by what it shows: of an earlier round of a slip its people read the subject of that round. Words are folded by the
-- program; a subject that was changed before this version is not found by them.
ALTER TABLE slip_round ADD COLUMN folded_subject @text NOT NULL DEFAULT '';
UPDATE slip_round SET folded_subject = (SELECT s.folded_subject FROM slip s WHERE s.id = slip_round.slip_id)
    WHERE subject = (SELECT s.subject FROM slip s WHERE s.id = slip_round.slip_id);
