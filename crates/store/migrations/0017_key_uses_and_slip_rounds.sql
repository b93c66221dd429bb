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

-- Who sees a document only because a slip that carries it was laid before them: through which slip. NULL: they take part for another reason.
ALTER TABLE participant ADD COLUMN slip_id @id;
UPDATE participant SET slip_id = (
        SELECT t.slip_id FROM slip_round t WHERE t.outgoing_id = participant.object_id
        AND (EXISTS (SELECT 1 FROM slip_decider d WHERE d.slip_id = t.slip_id AND d.round = t.round AND d.post_id = participant.post_id)
        OR EXISTS (SELECT 1 FROM slip_adviser a WHERE a.slip_id = t.slip_id AND a.round = t.round AND a.post_id = participant.post_id))
        ORDER BY t.submitted_at DESC LIMIT 1)
    WHERE unit_id IS NULL AND co_drafts = 0 AND object_id IN (SELECT outgoing_id FROM slip_round WHERE outgoing_id IS NOT NULL)
    AND NOT EXISTS (SELECT 1 FROM sign_off o WHERE o.outgoing_id = participant.object_id AND o.post_id = participant.post_id)
    AND NOT EXISTS (SELECT 1 FROM consultation c WHERE c.outgoing_id = participant.object_id AND (c.asked_by = participant.post_id
        OR EXISTS (SELECT 1 FROM consultation_member m WHERE m.consultation_id = c.id AND m.post_id = participant.post_id)));
-- Whoever was on an earlier round only, or on one that ended without an approval, does not see later versions any more (QC01-4.2).
DELETE FROM participant WHERE slip_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM slip s WHERE s.id = participant.slip_id AND s.state IN ('running', 'approved')
    AND (EXISTS (SELECT 1 FROM slip_decider d WHERE d.slip_id = s.id AND d.round = s.round AND d.post_id = participant.post_id)
    OR EXISTS (SELECT 1 FROM slip_adviser a WHERE a.slip_id = s.id AND a.round = s.round AND a.post_id = participant.post_id)));
