-- Bản sao điện tử (NĐ 30 Điều 25; Phụ lục I Phần II Mục I): the file that is copied and the copy that the agency signed. Words with @
-- are replaced per database, see src/migrate.rs.

ALTER TABLE document_copy ADD COLUMN base_set @id;      -- the scan, or the composed extract; NULL: a copy on paper
ALTER TABLE document_copy ADD COLUMN file_set @id;      -- the copy with the signature of the agency; NULL: none yet
ALTER TABLE document_copy ADD COLUMN signed_at @int;

CREATE INDEX document_copy_base ON document_copy (base_set);
CREATE INDEX document_copy_file ON document_copy (file_set);
