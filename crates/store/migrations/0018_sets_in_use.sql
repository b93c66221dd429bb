-- Hủy văn bản bị thu hồi (NĐ 30 Điều 18.4b): before the files of a cancelled document go, everything that may name their set is asked.
-- Words with @ are replaced per database, see src/migrate.rs.

CREATE INDEX outgoing_files ON outgoing (file_set) WHERE file_set IS NOT NULL;
CREATE INDEX outgoing_signed_files ON outgoing (signed_set) WHERE signed_set IS NOT NULL;
CREATE INDEX outgoing_version_files ON outgoing_version (file_set) WHERE file_set IS NOT NULL;
CREATE INDEX dispatch_files ON dispatch (file_set) WHERE file_set IS NOT NULL;
CREATE INDEX incoming_files ON incoming (file_set) WHERE file_set IS NOT NULL;
