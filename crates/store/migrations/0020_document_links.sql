-- Liên kết văn bản (NĐ 30 Phụ lục VI Phần I III.4): căn cứ, liên quan. Replies and replacements stand with the documents themselves. Words
-- with @ are replaced per database, see src/migrate.rs.

CREATE TABLE document_link (
    id         @id PRIMARY KEY,
    agency_id  @id NOT NULL REFERENCES agency (id),
    kind       @text NOT NULL,              -- rules::links::LinkKind
    from_kind  @text NOT NULL,              -- incoming | outgoing
    from_id    @id NOT NULL,
    to_kind    @text NOT NULL,
    to_id      @id NOT NULL,
    made_by    @id NOT NULL REFERENCES post (id),
    made_at    @int NOT NULL
) @strict;
CREATE UNIQUE INDEX document_link_from ON document_link (from_id, to_id, kind);
CREATE INDEX document_link_to ON document_link (to_id, from_id);
