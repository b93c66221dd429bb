//! The page of a packet of theirs.

use askama::Template;
use axum::extract::{Path, State};
use axum_extra::extract::cookie::CookieJar;
use jiff::Timestamp;
use store::{args, sql};
use uuid::Uuid;

use super::{
    business_label, lines, scope,
    sent::{CallLine, calls},
    tabs,
};
use crate::{
    context::{App, Who},
    error::AppError,
    exchange::axis::{
        receive::{MAY_BE_READ_AGAIN, Note},
        states::InboxState,
    },
    organization,
    web::{
        Reply, format, frame,
        page::{Choice, Fact, FieldErrors, Page, Tab, file_size},
        render,
    },
};

#[derive(Template)]
#[template(path = "exchange/axis/monitor/received.html")]
struct ReceivedPage {
    page: Page,
    tabs: Vec<Tab>,
    id: Uuid,
    state: InboxState,
    why: String,
    notes: Vec<Note>,
    facts: Vec<Fact>,
    calls: Vec<CallLine>,
    /// Where its bytes are; empty for who may not have them.
    file_href: String,
    may_read_again: bool,
    is_misdirected: bool,
    /// For which agencies it may be taken.
    agencies: Vec<Choice>,
    errors: FieldErrors,
    command_id: String,
}

/// `GET /exchange/received/{id}`.
pub async fn page(State(app): State<App>, who: Who, jar: CookieJar, Path(id): Path<Uuid>) -> Reply {
    let row = app
        .db
        .opt(
            sql!(
                "SELECT x.agency_id, x.connection_id, x.axis_doc_id, x.kind, x.business, x.from_code, x.to_code, x.sender_code, \
                 x.sender_name, x.summary, x.document_id, x.sha256, x.size, x.state, x.acked, x.last_error, x.warnings, x.signature, \
                 x.incoming_id, x.outgoing_id, x.listed_at, x.settled_at, c.name FROM axis_inbox x \
                 JOIN axis_connection c ON c.id = x.connection_id WHERE x.id = $1"
            ),
            args![id],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    scope::must_see(&app, &who, row.get("agency_id")?, row.get("connection_id")?).await?;
    let state: InboxState = row.parse("state")?;
    let is_status = row.get::<String>("kind")? == "status";
    let reads = scope::reads_content(&who);
    let says_it = (reads || is_status) && !scope::is_withdrawn(&app, id).await?;
    let summary: String = row.get("summary")?;
    let shown = if says_it {
        summary
    } else {
        lines::number_of(&summary).to_owned()
    };
    let mut document = Fact::new("Nội dung", shown);
    if reads && let Some(id) = row.get::<Option<Uuid>>("incoming_id")? {
        document = document.link(format!("/incoming/{id}"));
    } else if reads && let Some(id) = row.get::<Option<Uuid>>("outgoing_id")? {
        document = document.link(format!("/outgoing/{id}"));
    }
    let acked = match row.get::<String>("acked")?.as_str() {
        "done" => "Đã nhận (done)",
        "fail" => "Không đọc được (fail)",
        _ => "Chưa báo",
    };
    let signature = match row.get::<String>("signature")?.as_str() {
        "absent" => "Không có chữ ký thông điệp",
        "dummy" => "Chữ ký thông điệp chỉ là mẫu",
        _ => "Không kiểm tra được chữ ký thông điệp (trục ghi lại gói tin)",
    };
    let business = if is_status {
        "Trạng thái"
    } else {
        business_label(&row.get::<String>("business")?)
    };
    let facts = vec![
        Fact::new("Nghiệp vụ", business),
        document,
        Fact::new(
            "Mã định danh văn bản",
            row.get::<Option<String>>("document_id")?.unwrap_or_default(),
        ),
        Fact::new("Bên gửi theo trục", row.get::<String>("from_code")?),
        Fact::new(
            "Bên gửi theo gói tin",
            format!(
                "{} {}",
                row.get::<String>("sender_code")?,
                row.get::<String>("sender_name")?
            )
            .trim(),
        ),
        Fact::new("Gửi đến mã", row.get::<String>("to_code")?),
        Fact::new("Kết nối", row.get::<String>("name")?),
        Fact::new("Mã gói tin trên trục", row.get::<String>("axis_doc_id")?),
        Fact::new("Thấy lúc", format::moment(row.get("listed_at")?)),
        Fact::new(
            "Xử lý xong lúc",
            row.get::<Option<Timestamp>>("settled_at")?
                .map(format::moment)
                .unwrap_or_default(),
        ),
        Fact::new("Đã báo cho trục", acked),
        Fact::new("Chữ ký thông điệp", signature),
        Fact::new(
            "Kích thước",
            row.get::<Option<i64>>("size")?
                .and_then(|size| u64::try_from(size).ok())
                .map(file_size)
                .unwrap_or_default(),
        ),
        Fact::new(
            "SHA-256",
            row.get::<Option<Vec<u8>>>("sha256")?
                .map(hex::encode)
                .unwrap_or_default(),
        ),
    ];
    let is_misdirected = state == InboxState::Misdirected;
    let agencies = if !is_misdirected {
        Vec::new()
    } else if scope::sees_all(&who) {
        organization::own_agencies(&app).await?
    } else {
        vec![Choice::new(who.agency().to_string(), &who.agency_name)]
    };
    render(&ReceivedPage {
        page: frame(&app, &who, &jar, "Gói tin nhận về", "exchange").await?,
        tabs: tabs(&who, "received"),
        id,
        state,
        why: row.get::<Option<String>>("last_error")?.unwrap_or_default(),
        // They name files, and repeat what the message says.
        notes: if says_it {
            row.json("warnings")?
        } else {
            Vec::new()
        },
        facts,
        calls: calls(&app, id).await?,
        file_href: if row.get::<Option<Vec<u8>>>("sha256")?.is_some() && says_it {
            format!("/exchange/received/{id}/file")
        } else {
            String::new()
        },
        may_read_again: MAY_BE_READ_AGAIN.contains(&state),
        is_misdirected,
        agencies,
        errors: FieldErrors::none(),
        command_id: app.ids.next().to_string(),
    })
}
