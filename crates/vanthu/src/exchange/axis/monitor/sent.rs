//! The page of a packet of ours.

use askama::Template;
use axum::extract::{Path, State};
use axum_extra::extract::cookie::CookieJar;
use jiff::Timestamp;
use store::{Row, args, sql};
use uuid::Uuid;

use super::{acts, scope, tabs};
use crate::{
    context::{App, Who},
    error::{AppError, AppResult},
    exchange::axis::states::OutboxState,
    web::{
        Reply, format, frame,
        page::{Fact, Page, Tab, file_size},
        render,
    },
};

/// A call about a packet.
pub struct CallLine {
    /// When.
    pub at: String,
    /// What was asked.
    pub operation: String,
    /// How it went.
    pub result: String,
    /// More.
    pub detail: String,
    /// How long it took.
    pub took: String,
}

/// The calls about a packet, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn calls(app: &App, id: Uuid) -> AppResult<Vec<CallLine>> {
    let rows = app
        .db
        .all(
            sql!("SELECT at, operation, result, detail, micros FROM axis_log WHERE packet_id = $1 ORDER BY seq LIMIT 200"),
            args![id],
        )
        .await?;
    let line = |row: &Row| {
        let micros: i64 = row.get("micros")?;
        let result: String = row.get("result")?;
        Ok(CallLine {
            at: format::moment(row.get("at")?),
            operation: row.get("operation")?,
            result: match result.as_str() {
                "ok" => "Thành công",
                "refused" => "Trục từ chối",
                "unknown" => "Chưa rõ kết quả",
                "not_sent" => "Không kết nối được",
                "bad_answer" => "Trả lời không hợp lệ",
                _ => "Lỗi tại hệ thống này",
            }
            .to_owned(),
            detail: row.get::<Option<String>>("detail")?.unwrap_or_default(),
            took: format!("{} ms", micros / 1000),
        })
    };
    Ok(rows.iter().map(line).collect::<store::Result<_>>()?)
}

#[derive(Template)]
#[template(path = "exchange/axis/monitor/sent.html")]
struct SentPage {
    page: Page,
    tabs: Vec<Tab>,
    id: Uuid,
    state: OutboxState,
    why: String,
    facts: Vec<Fact>,
    calls: Vec<CallLine>,
    /// Where its bytes are; empty for who may not have them.
    file_href: String,
    may_send_again: bool,
    /// Whether a person may say that the recipients have it.
    may_confirm: bool,
    may_skip: bool,
    command_id: String,
}

/// `GET /exchange/sent/{id}`.
pub async fn page(State(app): State<App>, who: Who, jar: CookieJar, Path(id): Path<Uuid>) -> Reply {
    let row = app
        .db
        .opt(
            sql!(
                "SELECT o.agency_id, o.connection_id, o.kind, o.business, o.outgoing_id, o.incoming_id, o.status_code, o.document_id, \
                 o.notation, o.title, o.from_code, o.to_codes, o.sha256, o.size, o.state, o.attempts, o.lookups, o.split_from, o.next_at, \
                 o.last_error, \
                 o.axis_doc_id, o.created_at, o.sent_at, c.name, \
                 (SELECT count(*) FROM incoming d WHERE d.id = o.incoming_id AND d.state = 'recalled') AS withdrawn FROM axis_outbox o JOIN axis_connection c ON c.id = o.connection_id \
                 WHERE o.id = $1"
            ),
            args![id],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    scope::must_see(&app, &who, row.get("agency_id")?, row.get("connection_id")?).await?;
    let state: OutboxState = row.parse("state")?;
    let to: Vec<String> = row.json("to_codes")?;
    let status: Option<String> = row.get("status_code")?;
    let what = match (&status, row.get::<String>("business")?.as_str()) {
        (Some(code), _) => format!("Trạng thái {code}"),
        (None, "recall") => "Thu hồi văn bản".to_owned(),
        (None, "update") => "Cập nhật văn bản".to_owned(),
        (None, "replace") => "Văn bản thay thế".to_owned(),
        (None, _) => "Văn bản mới".to_owned(),
    };
    let outgoing: Option<Uuid> = row.get("outgoing_id")?;
    let incoming: Option<Uuid> = row.get("incoming_id")?;
    let reads = scope::reads_content(&who);
    let mut document = Fact::new("Văn bản", row.get::<String>("notation")?);
    if reads && let Some(id) = outgoing {
        document = document.link(format!("/outgoing/{id}"));
    } else if reads && let Some(id) = incoming {
        document = document.link(format!("/incoming/{id}"));
    }
    let mut facts = vec![Fact::new("Nghiệp vụ", what), document];
    if reads && row.get::<i64>("withdrawn")? == 0 {
        facts.push(Fact::new("Trích yếu", row.get::<String>("title")?));
    }
    let moment = |at: Option<Timestamp>| at.map(format::moment).unwrap_or_default();
    facts.extend([
        Fact::new("Mã định danh văn bản", row.get::<String>("document_id")?),
        Fact::new("Bên gửi", row.get::<String>("from_code")?),
        Fact::new("Nơi nhận", to.join(", ")),
        Fact::new("Kết nối", row.get::<String>("name")?),
        Fact::new("Tạo lúc", format::moment(row.get("created_at")?)),
        Fact::new("Trục nhận lúc", moment(row.get("sent_at")?)),
        Fact::new(
            "Mã gói tin trên trục",
            row.get::<Option<String>>("axis_doc_id")?.unwrap_or_default(),
        ),
        Fact::new("Số lần gửi", row.get::<i64>("attempts")?.to_string()),
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
    ]);
    let has_bytes = row.get::<Option<Vec<u8>>>("sha256")?.is_some();
    render(&SentPage {
        page: frame(&app, &who, &jar, "Gói tin gửi đi", "exchange").await?,
        tabs: tabs(&who, "sent"),
        id,
        state,
        why: row.get::<Option<String>>("last_error")?.unwrap_or_default(),
        facts,
        calls: calls(&app, id).await?,
        file_href: if has_bytes && (reads || status.is_some()) {
            format!("/exchange/sent/{id}/file")
        } else {
            String::new()
        },
        may_send_again: matches!(state, OutboxState::Dead | OutboxState::Invalid),
        may_confirm: match state {
            OutboxState::Unknown => true,
            OutboxState::Dead => acts::may_have_been_taken(&row)?,
            _ => false,
        },
        may_skip: matches!(
            state,
            OutboxState::Dead | OutboxState::Invalid | OutboxState::Waiting | OutboxState::Packing
        ),
        command_id: app.ids.next().to_string(),
    })
}
