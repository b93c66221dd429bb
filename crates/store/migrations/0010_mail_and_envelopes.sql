-- What comes by other ways than the hub: mail that is not opened, dossiers that go straight to a unit. Words with @ are replaced per
-- database, see src/migrate.rs. `incoming.source` knows two more ways: email, fax (rules::incoming::PaperChannel).

------------------------------------------------------------------- bì thư chuyển không bóc (NĐ 30 Điều 21.1b)

CREATE TABLE unopened_mail (
    id               @id PRIMARY KEY,
    agency_id        @id NOT NULL REFERENCES agency (id),
    state            @text NOT NULL,        -- rules::incoming::UnopenedState
    addressee_kind   @text NOT NULL,        -- rules::incoming::AddresseeKind
    addressee        @text NOT NULL,        -- as it stands on the envelope
    addressee_post   @id REFERENCES post (id),  -- when it is a person of the agency
    sender           @text NOT NULL,        -- nơi gửi, as it stands on the envelope
    marks            @text NOT NULL,        -- số, ký hiệu and whatever else stands on it
    arrived_on       @text NOT NULL,
    forwarded_by     @id NOT NULL REFERENCES post (id),
    forwarded_at     @int NOT NULL,
    received_by      @text,                 -- who signed for it
    received_at      @int,
    back_by          @text,                 -- who gave it back to be registered
    back_at          @int,
    back_reason      @text,
    incoming_id      @id REFERENCES incoming (id)   -- what it was registered as
) @strict;
CREATE INDEX unopened_mail_agency ON unopened_mail (agency_id, id);
CREATE INDEX unopened_mail_addressee ON unopened_mail (addressee_post, id);

-------------------------------------------------- hồ sơ kèm theo chuyển trực tiếp cho đơn vị (QĐ 01/2022 Điều 13.3)

CREATE TABLE direct_dossier (
    id            @id PRIMARY KEY,
    incoming_id   @id NOT NULL REFERENCES incoming (id),
    agency_id     @id NOT NULL REFERENCES agency (id),
    unit_id       @id NOT NULL REFERENCES unit (id),
    description   @text NOT NULL,           -- what it is made of
    noted_by      @id NOT NULL REFERENCES post (id),
    noted_at      @int NOT NULL,
    received_by   @id REFERENCES post (id), -- who of the unit confirmed it
    received_at   @int,
    receipt_note  @text NOT NULL            -- what they found: complete, or what is missing
) @strict;
CREATE INDEX direct_dossier_document ON direct_dossier (incoming_id, id);
CREATE INDEX direct_dossier_agency ON direct_dossier (agency_id, id);
CREATE INDEX direct_dossier_unit ON direct_dossier (unit_id, id);

CREATE INDEX directory_entry_email ON directory_entry (lower(email)) WHERE email IS NOT NULL;

------------------------------------------------------------------------ văn bản số hóa (NĐ 30 Phụ lục I Phần II Mục I)

ALTER TABLE file ADD COLUMN scan_faults @text;  -- JSON: rules::file_rules::ScanFault of each fault; NULL: no scan, or not measured
