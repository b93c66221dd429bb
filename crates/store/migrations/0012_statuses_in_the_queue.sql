-- Statuses go beside a document that is under way: they are found without passing the documents that wait before them.
CREATE INDEX axis_outbox_statuses ON axis_outbox (connection_id, id)
    WHERE kind = 'status' AND state IN ('packing', 'waiting', 'sending', 'unknown');
