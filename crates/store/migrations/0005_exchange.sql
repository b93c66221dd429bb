-- Exchange with other systems: orders of dispatch, the national axis, the directory. Words with @ are replaced per
-- database, see src/migrate.rs.

------------------------------------------------------------------------------------- what is sent about a document

CREATE TABLE dispatch (                     -- một lần gửi: an order to carry something about an issued document
    id            @id PRIMARY KEY,
    outgoing_id   @id NOT NULL REFERENCES outgoing (id),
    business      @text NOT NULL,           -- rules::exchange::Business: new | recall | update | replace
    reason        @text NOT NULL,           -- '' for a new document
    carrier_id    @id REFERENCES outgoing (id),   -- văn bản thông báo thu hồi (NĐ 30 Điều 18.4)
    changes       @text NOT NULL,           -- JSON: vanthu::exchange::Changes; {} unless it is an update
    file_set      @id,                      -- what is sent along
    post_id       @id NOT NULL,             -- who ordered it
    at            @int NOT NULL
) @strict;
CREATE INDEX dispatch_outgoing ON dispatch (outgoing_id, id);

-- One packet to one recipient; (dispatch, delivery) is the packet's identity on every attempt.
CREATE TABLE dispatch_line (
    dispatch_id  @id NOT NULL REFERENCES dispatch (id),
    delivery_id  @id NOT NULL REFERENCES delivery (id),
    state        @text NOT NULL,            -- rules::exchange::PacketState
    answer       @text,                     -- what the recipient said
    changed_at   @int NOT NULL,
    PRIMARY KEY (dispatch_id, delivery_id)
) @strict, @rowless;
CREATE INDEX dispatch_line_delivery ON dispatch_line (delivery_id, dispatch_id);

ALTER TABLE delivery ADD COLUMN recipient_code @text;   -- mã định danh it is addressed to, over the axis
ALTER TABLE delivery ADD COLUMN recall_state @text NOT NULL DEFAULT 'none';   -- rules::exchange::RecallState
CREATE INDEX delivery_unconfirmed ON delivery (state, sent_at) WHERE channel = 'axis' AND state IN ('sent', 'arrived');
CREATE UNIQUE INDEX delivery_code ON delivery (outgoing_id, recipient_code);

-- Recipients to follow (QĐ 28 Điều 8.2).
CREATE INDEX delivery_followed ON delivery (agency_id, id)
    WHERE state IN ('pending', 'sending', 'failed', 'sent', 'arrived', 'refused');

ALTER TABLE outgoing ADD COLUMN recalled_at @int;       -- đóng băng (NĐ 30 Phụ lục VI III.8a)
ALTER TABLE outgoing ADD COLUMN replaced_by @id;        -- the later document that takes its place (NĐ 30 Điều 18.3)
CREATE INDEX outgoing_replaced_by ON outgoing (replaced_by);

-------------------------------------------------------------------------------------- what a sender asks afterwards

ALTER TABLE incoming ADD COLUMN packet_id @id;          -- axis_inbox.id, when it came over the axis
ALTER TABLE incoming ADD COLUMN sent_to_code @text;     -- mã định danh the packet was addressed to; answers bear it
ALTER TABLE incoming ADD COLUMN deliveries @int NOT NULL DEFAULT 1;   -- how often it came: once more after each return
ALTER TABLE incoming ADD COLUMN replaced_by @id;        -- the incoming document that replaces this one
CREATE UNIQUE INDEX incoming_packet ON incoming (packet_id);

CREATE TABLE incoming_replaces (            -- what an incoming document says it replaces, whether that came here or not
    incoming_id    @id NOT NULL REFERENCES incoming (id),
    document_code  @text NOT NULL,          -- mã định danh văn bản of the replaced one
    agency_id      @id NOT NULL,            -- the recipient
    PRIMARY KEY (incoming_id, document_code)
) @strict, @rowless;
CREATE INDEX incoming_replaces_code ON incoming_replaces (agency_id, document_code);

CREATE TABLE sender_request (               -- yêu cầu thu hồi, cập nhật của bên gửi
    id           @id PRIMARY KEY,           -- the same on every attempt
    incoming_id  @id NOT NULL REFERENCES incoming (id),
    agency_id    @id NOT NULL,
    dispatch_id  @id,                       -- the sender's order, when it came through the hub: the answer names it
    business     @text NOT NULL,            -- recall | update
    reason       @text NOT NULL,
    staff        @text NOT NULL,            -- who asks at the sender
    changes      @text NOT NULL,            -- JSON: vanthu::exchange::Changes
    file_set     @id,
    carrier_id   @id,                       -- the notice, when it arrived as a document of its own
    asked_at     @int NOT NULL,
    received_at  @int NOT NULL,
    state        @text NOT NULL,            -- rules::exchange::RequestState
    answer       @text,
    post_id      @id,                       -- who answered; NULL: by rule
    answered_at  @int
) @strict;
CREATE INDEX sender_request_incoming ON sender_request (incoming_id, id);
CREATE INDEX sender_request_files ON sender_request (file_set) WHERE file_set IS NOT NULL;
CREATE INDEX sender_request_open ON sender_request (agency_id, id) WHERE state = 'open';

CREATE TABLE incoming_version (             -- what an incoming document said before an update; all are kept
    incoming_id  @id NOT NULL REFERENCES incoming (id),
    version      @int NOT NULL,
    fields       @text NOT NULL,            -- JSON
    file_set     @id,
    request_id   @id,                       -- the update that ended it
    at           @int NOT NULL,
    PRIMARY KEY (incoming_id, version)
) @strict, @rowless;
CREATE INDEX incoming_version_files ON incoming_version (file_set) WHERE file_set IS NOT NULL;

------------------------------------------------------------------------------------------------------- the axis

CREATE TABLE axis_connection (              -- kết nối với trục liên thông: one system id
    id              @id PRIMARY KEY,
    name            @text NOT NULL,
    kind            @text NOT NULL,         -- vxp
    base_url        @text NOT NULL,
    system_id       @text NOT NULL,
    secret          @bytes NOT NULL,        -- encrypted, see vanthu::signing::keys
    options         @text NOT NULL,         -- JSON
    enabled         @int NOT NULL,          -- 0: an administrator switched it off
    stopped_reason  @text,                  -- the program stopped it: wrong system id or secret
    polled_at       @int,                   -- when the axis last answered a list of received packets
    poll_next_at    @int NOT NULL DEFAULT 0,
    poll_error      @text,
    send_next_at    @int NOT NULL DEFAULT 0,   -- nothing is sent before: the axis could not be reached
    failures        @int NOT NULL DEFAULT 0,   -- calls in a row that did not reach the axis
    directory_at    @int,                   -- when the directory was last asked for
    lease_owner     @id,                    -- the node that works on it now
    lease_until     @int NOT NULL DEFAULT 0,
    unclaimed_agency_id @id REFERENCES agency (id),   -- cơ quan xử lý gói tin chưa rõ nơi nhận
    created_at      @int NOT NULL,
    updated_at      @int NOT NULL
) @strict;

CREATE TABLE axis_own_code (                -- which agency of ours answers to which code over which connection
    code           @text PRIMARY KEY,       -- current or older form; an agency may have both
    agency_id      @id NOT NULL REFERENCES agency (id),
    connection_id  @id NOT NULL REFERENCES axis_connection (id),
    is_primary     @int NOT NULL            -- what we send as
) @strict, @rowless;
CREATE INDEX axis_own_code_agency ON axis_own_code (agency_id);

CREATE TABLE axis_outbox (                  -- gói tin gửi đi
    id             @id PRIMARY KEY,
    connection_id  @id NOT NULL REFERENCES axis_connection (id),
    agency_id      @id NOT NULL,
    kind           @text NOT NULL,          -- edoc | status
    business       @text NOT NULL,          -- new | recall | update | replace; '' for a status
    object_id      @id NOT NULL,            -- outgoing, incoming or, for a packet sent to us by mistake, axis_inbox: one order
    dispatch_id    @id REFERENCES dispatch (id),
    incoming_id    @id REFERENCES incoming (id),   -- the document that a status is about
    outgoing_id    @id REFERENCES outgoing (id),   -- the document that is sent, or that a status 13 is about
    split_from     @id,                     -- the packet to several recipients of which this one is a part
    status_code    @text,
    message_key    @text NOT NULL UNIQUE,   -- what makes it one message: nothing is packed twice
    content        @text NOT NULL,          -- JSON: the facts of a status; {} for a document, which is read when it is packed
    document_id    @text NOT NULL,          -- mã định danh văn bản
    notation       @text NOT NULL,          -- số, ký hiệu, to find it in the axis' list of sent packets
    title          @text NOT NULL,          -- trích yếu, for the same
    from_code      @text NOT NULL,
    to_codes       @text NOT NULL,          -- JSON
    sha256         @bytes,                  -- of the bytes sent, in the blob store; NULL before it is packed
    size           @int,
    fingerprint    @bytes,                  -- edxml::fingerprint
    state          @text NOT NULL,          -- vanthu::exchange::axis::OutboxState
    attempts       @int NOT NULL,
    lookups        @int NOT NULL,           -- how often it was looked for in vain since the outcome became unknown
    pack_failures  @int NOT NULL DEFAULT 0, -- how often it could not be packed, in a row
    next_at        @int NOT NULL,
    attempted_at   @int,                    -- when the last attempt began: its outcome may be unknown
    last_error     @text,
    axis_doc_id    @text,
    created_at     @int NOT NULL,
    sent_at        @int
) @strict;
-- What waits is found without reading what was sent, however long the queue and the archive are.
CREATE INDEX axis_outbox_queue ON axis_outbox (connection_id, id) WHERE state IN ('packing', 'waiting', 'sending', 'unknown');
CREATE INDEX axis_outbox_open ON axis_outbox (state, created_at)
    WHERE state IN ('packing', 'waiting', 'sending', 'unknown', 'dead', 'invalid');
CREATE INDEX axis_outbox_dispatch ON axis_outbox (dispatch_id);
CREATE INDEX axis_outbox_object ON axis_outbox (object_id, id);
CREATE INDEX axis_outbox_outgoing ON axis_outbox (outgoing_id, id);
CREATE INDEX axis_outbox_incoming ON axis_outbox (incoming_id, id);

CREATE TABLE axis_inbox (                   -- gói tin nhận về
    id             @id PRIMARY KEY,
    connection_id  @id NOT NULL REFERENCES axis_connection (id),
    axis_doc_id    @text NOT NULL,
    copy_for       @text NOT NULL DEFAULT '',   -- our code, for one more agency of ours that the same packet is for
    kind           @text NOT NULL,          -- edoc | status, by content
    business       @text NOT NULL,
    from_code      @text NOT NULL,          -- as the axis says
    to_code        @text NOT NULL,
    agency_id      @id,                     -- the agency of ours it is for
    sender_code    @text NOT NULL,          -- as the message says; '' before it was read
    sender_name    @text NOT NULL,
    summary        @text NOT NULL,          -- số, ký hiệu and trích yếu, for lists
    document_id    @text,                   -- of the document; of its target for a recall, an update, a status
    sha256         @bytes,                  -- of the bytes received, in the blob store
    size           @int,
    fingerprint    @bytes,
    state          @text NOT NULL,          -- vanthu::exchange::axis::InboxState
    unreadable     @bytes,                  -- SHA-256 of what was fetched and could not be read: given up when it comes twice
    acked          @text NOT NULL,          -- what the axis was told: '' | done | fail
    attempts       @int NOT NULL,
    next_at        @int NOT NULL,
    last_error     @text,
    warnings       @text NOT NULL,          -- JSON
    signature      @text NOT NULL,          -- absent | dummy | unverifiable | invalid | valid
    incoming_id    @id,
    outgoing_id    @id,                     -- the document that a status is about
    listed_at      @int NOT NULL,
    settled_at     @int,
    UNIQUE (connection_id, axis_doc_id, copy_for)
) @strict;
CREATE INDEX axis_inbox_listed ON axis_inbox (connection_id, id) WHERE state = 'listed';
CREATE INDEX axis_inbox_unacked ON axis_inbox (connection_id, id) WHERE acked = '';
CREATE INDEX axis_inbox_open ON axis_inbox (state) WHERE state IN ('listed', 'quarantined', 'misdirected', 'orphan');
CREATE INDEX axis_inbox_incoming ON axis_inbox (incoming_id, id);
CREATE INDEX axis_inbox_outgoing ON axis_inbox (outgoing_id, id);
CREATE INDEX axis_inbox_document ON axis_inbox (document_id, id);
CREATE INDEX axis_inbox_content ON axis_inbox (sha256);
CREATE INDEX axis_outbox_content ON axis_outbox (sha256);

-- Exactly once, for ever: what was taken in. A second packet of the same content finds its row here.
CREATE TABLE axis_taken (
    agency_id    @id NOT NULL,              -- the receiving agency of ours
    fingerprint  @bytes NOT NULL,           -- says the sender and the document as well, whatever the directory says today
    sender       @text NOT NULL,            -- code of the sender in the message, for looking up
    document_id  @text NOT NULL,
    inbox_id     @id NOT NULL REFERENCES axis_inbox (id),
    at           @int NOT NULL,
    PRIMARY KEY (agency_id, fingerprint)
) @strict, @rowless;
CREATE INDEX axis_taken_document ON axis_taken (agency_id, document_id);

CREATE TABLE axis_log (                     -- nhật ký kết nối: every call, without bodies and secrets
    seq            @seq,
    at             @int NOT NULL,
    connection_id  @id NOT NULL,
    direction      @text NOT NULL,          -- out | in
    operation      @text NOT NULL,
    packet_id      @id,
    axis_doc_id    @text,
    sha256         @bytes,
    result         @text NOT NULL,          -- ok | refused | unknown | not_sent | bad_answer
    detail         @text,
    micros         @int NOT NULL
) @strict;
CREATE INDEX axis_log_connection ON axis_log (connection_id, seq);
CREATE INDEX axis_log_packet ON axis_log (packet_id, seq);

-------------------------------------------------------------------------------------------------- the directory

CREATE TABLE directory_entry (              -- danh mục cơ quan, tổ chức trên trục
    id           @id PRIMARY KEY,
    code         @text NOT NULL UNIQUE,     -- the code in use, as it is sent
    name         @text NOT NULL,
    folded_name  @text NOT NULL,
    parent_code  @text,
    email        @text,
    level        @int,
    source       @text NOT NULL,            -- vanthu::directory::Source: axis | import | manual
    version      @text,                     -- as the axis gives it
    modified     @text,                     -- as the axis gives it
    successor_id @id REFERENCES directory_entry (id),   -- after a merger: who answers for it now
    valid_from   @text NOT NULL,
    valid_to     @text,                     -- closed: kept, no longer offered
    updated_at   @int NOT NULL
) @strict;
CREATE INDEX directory_entry_parent ON directory_entry (parent_code, code);
CREATE INDEX directory_entry_name ON directory_entry (folded_name, id);
CREATE INDEX directory_entry_successor ON directory_entry (successor_id);

CREATE TABLE directory_code (               -- every code an agency ever had; statuses to old codes find their way
    code        @text NOT NULL,             -- rules::identifiers::OrganCode::key
    entry_id    @id NOT NULL REFERENCES directory_entry (id),
    form        @text NOT NULL,             -- rules::identifiers::OrganForm
    valid_from  @text NOT NULL,
    valid_to    @text,
    confirmed   @int NOT NULL DEFAULT 1,    -- 0: only the axis says so; it counts once an administrator confirms it
    PRIMARY KEY (code, entry_id)
) @strict, @rowless;
CREATE INDEX directory_code_entry ON directory_code (entry_id, code);
CREATE INDEX directory_code_proposed ON directory_code (code) WHERE confirmed = 0;

CREATE TABLE directory_load (               -- một lần nạp danh mục: a file, or what the axis sent
    id          @id PRIMARY KEY,
    source      @text NOT NULL,             -- axis | import
    label       @text NOT NULL,             -- name of the file, of the connection
    actor       @text NOT NULL,
    created_at  @int NOT NULL,
    lines       @int NOT NULL,
    state       @text NOT NULL,             -- vanthu::directory::LoadState
    close_gone  @int NOT NULL,              -- what is not in it is closed
    added       @int NOT NULL,
    changed     @int NOT NULL,
    closed      @int NOT NULL,
    done_line   @int NOT NULL,              -- carried out up to here
    finished_at @int
) @strict;

CREATE TABLE directory_load_line (          -- what a load says, until it was carried out
    load_id      @id NOT NULL REFERENCES directory_load (id),
    line         @int NOT NULL,             -- of the file
    code         @text NOT NULL,
    code_key     @text NOT NULL,
    old_code     @text,
    old_key      @text,
    name         @text NOT NULL,
    parent_code  @text,
    email        @text,
    level        @int,
    version      @text,
    modified     @text,
    deleted      @int NOT NULL,
    foreign_id   @text,                     -- the axis' own ids of the entry and of the one above it
    foreign_parent @text,
    problem      @text,                     -- why the line is left out
    PRIMARY KEY (load_id, line)
) @strict;                                  -- with row ids: SQLite would else read a whole load for every code
CREATE INDEX directory_load_line_code ON directory_load_line (load_id, code_key, line);
CREATE INDEX directory_load_line_foreign ON directory_load_line (load_id, foreign_id);

CREATE TABLE agency_former_code (           -- mã định danh that an agency of ours had before
    code        @text NOT NULL,             -- rules::identifiers::OrganCode::key
    agency_id   @id NOT NULL REFERENCES agency (id),
    valid_from  @text,
    valid_to    @text NOT NULL,
    PRIMARY KEY (code, agency_id)
) @strict, @rowless;
CREATE INDEX agency_former_code_agency ON agency_former_code (agency_id, code);
