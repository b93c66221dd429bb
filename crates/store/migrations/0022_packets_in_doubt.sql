-- Đối chiếu gói tin (edxml 12.6): before a packet is sent it is asked whether one that looks the same is in doubt, and of each row of the axis'
-- list whether it is known. Words with @ are replaced per database, see src/migrate.rs.

CREATE INDEX axis_outbox_in_doubt ON axis_outbox (connection_id, notation) WHERE state IN ('sending', 'unknown');
CREATE INDEX axis_outbox_axis_id ON axis_outbox (connection_id, axis_doc_id) WHERE axis_doc_id IS NOT NULL;
