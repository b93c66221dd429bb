-- Bản giấy kèm văn bản điện tử (NĐ 30 Điều 23.3, 23.4): that there is paper, who has it, who signed for it, when it came back. Words with @
-- are replaced per database, see src/migrate.rs.

CREATE TABLE paper_beside (
    incoming_id  @id PRIMARY KEY REFERENCES incoming (id),
    description  @text NOT NULL,            -- what it is made of
    noted_by     @id NOT NULL REFERENCES post (id),
    noted_at     @int NOT NULL
) @strict;

CREATE TABLE paper_handover (
    id           @id PRIMARY KEY,
    incoming_id  @id NOT NULL REFERENCES paper_beside (incoming_id),
    holder_post  @id NOT NULL REFERENCES post (id),
    given_by     @id NOT NULL REFERENCES post (id),
    given_at     @int NOT NULL,
    received_at  @int,                      -- ký nhận of the holder
    back_by      @id REFERENCES post (id),  -- the clerk who took it back
    back_at      @int
) @strict;
CREATE INDEX paper_handover_document ON paper_handover (incoming_id, id);
CREATE UNIQUE INDEX paper_handover_out ON paper_handover (incoming_id) WHERE back_at IS NULL;
