-- Hủy số bản sao điện tử: a number that was given and will not be signed stays in the book with its reason. Words with @ are replaced per
-- database, see src/migrate.rs.

ALTER TABLE document_copy ADD COLUMN voided_at @int;
ALTER TABLE document_copy ADD COLUMN voided_by @id;    -- the post; NULL: by itself, the sender recalled what was copied
ALTER TABLE document_copy ADD COLUMN void_reason @text NOT NULL DEFAULT '';

-- Copies of incoming documents that their senders recalled before: nothing of the content is left, what waited for a signature is void.
UPDATE document_copy SET voided_at = (SELECT i.updated_at FROM incoming i WHERE i.id = document_copy.source_id),
    void_reason = 'Văn bản được sao đã bị bên gửi thu hồi.'
    WHERE source_kind = 'incoming' AND to_medium = 'electronic' AND signed_at IS NULL
    AND source_id IN (SELECT id FROM incoming WHERE state = 'recalled');
UPDATE document_copy SET source_name = (SELECT i.subject FROM incoming i WHERE i.id = document_copy.source_id), extract = '',
    extract_text = '', base_set = NULL, file_set = NULL
    WHERE source_kind = 'incoming' AND source_id IN (SELECT id FROM incoming WHERE state = 'recalled');

-- What waits for the signature of the agency.
CREATE INDEX document_copy_waiting ON document_copy (agency_id, id)
    WHERE to_medium = 'electronic' AND signed_at IS NULL AND voided_at IS NULL;
