-- A reserved number that was chosen for a document while this was being numbered stayed held for it (NĐ 30 Điều 15): it is free again.
UPDATE reserved_number SET outgoing_id = NULL
    WHERE state = 'held' AND outgoing_id IN (SELECT id FROM outgoing WHERE number IS NOT NULL);
