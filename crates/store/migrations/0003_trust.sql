-- Trust, keys, images and custody of digital signatures. Words with @ are replaced per database, see src/migrate.rs.

------------------------------------------------------------------------------------------------------------ trust

CREATE TABLE trust_state (                  -- one row: the version of the trust list; every act on it counts up
    id          @int PRIMARY KEY,
    version     @int NOT NULL,
    evidence    @int NOT NULL,              -- counts changes of the evidence, for nodes that keep it in memory
    changed_at  @int NOT NULL
) @strict;
INSERT INTO trust_state (id, version, evidence, changed_at) VALUES (1, 0, 0, 0);

CREATE TABLE trust_anchor (                 -- chứng thư gốc, chứng thư CA được tin cậy; removed ones stay as a record
    id           @id PRIMARY KEY,
    sha256       @bytes NOT NULL,
    certificate  @bytes NOT NULL,           -- DER
    label        @text NOT NULL,
    subject      @text NOT NULL,
    issuer       @text NOT NULL,
    key_name     @text NOT NULL,            -- RSA-4096, ECDSA P-384
    purposes     @text NOT NULL,            -- JSON: signing | time_stamping | xml
    not_before   @int NOT NULL,
    not_after    @int NOT NULL,
    valid_from   @int,                      -- trusted from, when later than not_before
    valid_to     @int,                      -- trusted until, when earlier than not_after
    added_at     @int NOT NULL,
    added_by     @text NOT NULL,            -- name and title as they were
    removed_at   @int,
    removed_by   @text,
    removed_why  @text
) @strict;
CREATE UNIQUE INDEX trust_anchor_once ON trust_anchor (sha256) WHERE removed_at IS NULL;

CREATE TABLE algorithm_rule (               -- dated policy of algorithms; no row: the built-in policy
    id          @id PRIMARY KEY,
    algorithm   @text NOT NULL,             -- as pdf_signature::pki::AlgorithmRow names it: RSA, ECDSA, SHA-256 …
    min_bits    @int NOT NULL,              -- of the key; 0 for hash functions
    valid_from  @int,
    valid_to    @int,
    basis       @text NOT NULL,             -- căn cứ
    added_at    @int NOT NULL,
    added_by    @text NOT NULL,
    removed_at  @int
) @strict;

CREATE TABLE evidence (                     -- CRL, OCSP answers, certificates of authorities; kept until nobody needs them
    sha256       @bytes PRIMARY KEY,
    kind         @text NOT NULL,            -- crl | ocsp | certificate
    content      @bytes NOT NULL,           -- DER
    subject      @text NOT NULL,            -- issuer of a CRL, subject of a certificate
    source       @text NOT NULL,            -- URL, or 'manual', 'demo'
    this_update  @int NOT NULL,
    next_update  @int,
    fetched_at   @int NOT NULL
) @strict, @rowless;
CREATE INDEX evidence_kind ON evidence (kind, fetched_at);

CREATE TABLE evidence_source (              -- where evidence comes from, and how the last try ended
    url         @text PRIMARY KEY,
    kind        @text NOT NULL,
    tried_at    @int NOT NULL,
    next_at     @int NOT NULL,
    failures    @int NOT NULL,
    error       @text
) @strict, @rowless;

CREATE TABLE signing_setting (              -- choices of the province's administrator: offline, time_stamp
    key         @text PRIMARY KEY,
    value       @text NOT NULL,             -- JSON, never a secret
    secret      @bytes,                     -- AES-256-GCM
    changed_at  @int NOT NULL,
    changed_by  @text NOT NULL
) @strict, @rowless;

------------------------------------------------------------------------------------------------------------- keys

CREATE TABLE signing_provider (             -- where secret keys lie
    id          @id PRIMARY KEY,
    agency_id   @id REFERENCES agency (id), -- NULL: for the whole province
    kind        @text NOT NULL,             -- software | pkcs11 | csc | agent | vgca
    label       @text NOT NULL,
    settings    @text NOT NULL,             -- JSON, never a secret
    secret      @bytes,                     -- AES-256-GCM
    revision    @int NOT NULL,
    added_at    @int NOT NULL,
    added_by    @text NOT NULL,
    tested_at   @int,
    test_error  @text,                      -- NULL after a good test
    retired_at  @int
) @strict;
CREATE INDEX signing_provider_agency ON signing_provider (agency_id, id);

CREATE TABLE key_binding (                  -- chứng thư gắn với cán bộ hoặc cơ quan (KS-72)
    id           @id PRIMARY KEY,
    owner        @text NOT NULL,            -- person | agency
    account_id   @id REFERENCES account (id),
    agency_id    @id NOT NULL REFERENCES agency (id),
    provider_id  @id NOT NULL REFERENCES signing_provider (id),
    key_name     @text NOT NULL,            -- the provider's name of the key
    label        @text NOT NULL,
    chain        @text NOT NULL,            -- JSON: Base64 of DER, the owner's first
    sha256       @bytes NOT NULL,           -- of the owner's certificate
    serial       @text NOT NULL,
    subject      @text NOT NULL,
    issuer       @text NOT NULL,
    not_before   @int NOT NULL,
    not_after    @int NOT NULL,
    note         @text NOT NULL,            -- rules::signing::binding::BindingNote, and why
    bound_at     @int NOT NULL,
    bound_by     @text NOT NULL,
    revoked_at   @int,
    revoked_by   @text,
    revoked_why  @text
) @strict;
CREATE INDEX key_binding_account ON key_binding (account_id, bound_at);
CREATE INDEX key_binding_agency ON key_binding (agency_id, owner, bound_at);
CREATE UNIQUE INDEX key_binding_once ON key_binding (sha256, owner, agency_id) WHERE revoked_at IS NULL;

CREATE TABLE signature_image (              -- hình ảnh chữ ký, con dấu; one in force per owner
    id          @id PRIMARY KEY,
    owner       @text NOT NULL,             -- person | agency
    account_id  @id REFERENCES account (id),
    agency_id   @id NOT NULL REFERENCES agency (id),
    png         @bytes NOT NULL,            -- encoded anew
    sha256      @bytes NOT NULL,
    width       @int NOT NULL,
    height      @int NOT NULL,
    diameter    @int,                       -- of a seal, in tenths of a millimetre
    added_at    @int NOT NULL,
    added_by    @text NOT NULL,
    removed_at  @int
) @strict;
CREATE UNIQUE INDEX signature_image_person ON signature_image (account_id) WHERE removed_at IS NULL AND owner = 'person';
CREATE UNIQUE INDEX signature_image_agency ON signature_image (agency_id) WHERE removed_at IS NULL AND owner = 'agency';

---------------------------------------------------------------------------------------------------------- custody

CREATE TABLE custody_device (               -- con dấu, thiết bị lưu khóa bí mật (NĐ 30 Điều 32)
    id          @id PRIMARY KEY,
    agency_id   @id NOT NULL REFERENCES agency (id),
    kind        @text NOT NULL,             -- rules::signing::custody::DeviceKind
    label       @text NOT NULL,
    number      @text NOT NULL,             -- serial number of the device, or ''
    holder      @id REFERENCES post (id),   -- now; NULL: nobody was given it
    since       @int NOT NULL,
    added_at    @int NOT NULL,
    added_by    @text NOT NULL,
    retired_at  @int,
    retired_why @text
) @strict;
CREATE INDEX custody_device_agency ON custody_device (agency_id, kind, id);

CREATE TABLE custody_handover (             -- giao, nhận
    id           @id PRIMARY KEY,
    device_id    @id NOT NULL REFERENCES custody_device (id),
    from_post    @id REFERENCES post (id),
    from_label   @text NOT NULL,            -- name and title as they were; '' the first time
    to_post      @id NOT NULL REFERENCES post (id),
    to_label     @text NOT NULL,
    permission   @text NOT NULL,            -- văn bản giao nhiệm vụ, văn bản cho phép
    minutes      @text NOT NULL,            -- biên bản bàn giao
    at           @int NOT NULL,
    recorded_at  @int NOT NULL,
    recorded_by  @text NOT NULL
) @strict;
CREATE INDEX custody_handover_device ON custody_handover (device_id, at);

CREATE TABLE key_use (                      -- nhật ký sử dụng khóa
    id           @id PRIMARY KEY,
    at           @int NOT NULL,
    binding_id   @id NOT NULL REFERENCES key_binding (id),
    agency_id    @id NOT NULL,
    account_id   @id,                       -- who used it
    who          @text NOT NULL,
    purpose      @text NOT NULL,            -- signing::keys::Purpose
    object_kind  @text NOT NULL,
    object_id    @id NOT NULL,
    document     @text NOT NULL,            -- as people name it
    sha256       @bytes                     -- of the file that came out
) @strict;
CREATE INDEX key_use_agency ON key_use (agency_id, id);
CREATE INDEX key_use_binding ON key_use (binding_id, id);
CREATE INDEX key_use_object ON key_use (object_id, id);
