-- Hủy số bản sao điện tử: a number that was given and will not be signed stays in the book with its reason. Words with @ are replaced per
-- database, see src/migrate.rs.

ALTER TABLE document_copy ADD COLUMN voided_at @int;
ALTER TABLE document_copy ADD COLUMN voided_by @id;    -- the post; NULL: by itself, the sender recalled what was copied
ALTER TABLE document_copy ADD COLUMN void_reason @text NOT NULL DEFAULT '';
