//! Requests of the sender, earlier versions and replacements, as the page and the API of a document show them.

use jiff::{Timestamp, civil::Date};
use rules::{
    exchange::{Business, RequestPolicy, RequestState},
    ids::IncomingId,
    incoming::IncomingState,
    urgency::Urgency,
};
use serde::Serialize;
use store::{Row, args, sql};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{AUTOMATIC, MAY_REFUSE};
use crate::{
    agency_settings,
    context::{App, Who},
    documents,
    error::AppResult,
    exchange::Changes,
    incoming::{
        detail,
        seen::{Seen, printed},
    },
    web::{
        format,
        page::{Badge, Fact, FileItem, Tone},
    },
};

/// A request of the sender.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RequestLine {
    /// Its id, for the addresses of the answer.
    pub id: Uuid,
    /// `recall` or `update`.
    pub business: String,
    /// Lý do.
    pub reason: String,
    /// Who asks at the sender.
    pub staff: String,
    /// What an update changes.
    pub changes: Changes,
    /// `open`, `agreed` (15), `refused` (16).
    pub state: String,
    /// The state in Vietnamese.
    pub state_label: String,
    /// What the sender was told.
    pub answer: Option<String>,
    /// When it was asked, RFC 3339.
    pub asked_at: String,
    /// When it was answered, RFC 3339.
    pub answered_at: Option<String>,
    #[serde(skip)]
    #[schema(ignore)]
    facts: Facts,
}

/// The same with its types, for the page.
#[derive(Debug, Clone)]
struct Facts {
    business: Business,
    state: RequestState,
    asked_at: Timestamp,
    answered_at: Option<Timestamp>,
    by: String,
    file_set: Option<Uuid>,
    notice: Option<Fact>,
}

/// The requests about a document, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn lines(app: &App, id: IncomingId) -> AppResult<Vec<RequestLine>> {
    let rows = app
        .db
        .all(
            sql!(
                "SELECT r.id, r.business, r.reason, r.staff, r.changes, r.file_set, r.state, r.answer, r.asked_at, \
                 r.answered_at, a.full_name, p.title, n.id AS notice_id, n.number, n.symbol FROM sender_request r \
                 LEFT JOIN post p ON p.id = r.post_id LEFT JOIN account a ON a.id = p.account_id \
                 LEFT JOIN incoming n ON n.id = r.carrier_id WHERE r.incoming_id = $1 ORDER BY r.received_at, r.id"
            ),
            args![id],
        )
        .await?;
    Ok(rows.iter().map(line).collect::<store::Result<_>>()?)
}

fn line(row: &Row) -> store::Result<RequestLine> {
    let (business, state): (Business, RequestState) = (row.parse("business")?, row.parse("state")?);
    let (asked_at, answered_at): (Timestamp, Option<Timestamp>) =
        (row.get("asked_at")?, row.get("answered_at")?);
    let by: [Option<String>; 2] = [row.get("full_name")?, row.get("title")?];
    let notice = match row.get::<Option<IncomingId>>("notice_id")? {
        Some(notice) => {
            let name = printed(&row.get::<String>("number")?, &row.get::<String>("symbol")?);
            Some(Fact::new("Văn bản thông báo", name).link(detail::href(notice)))
        }
        None => None,
    };
    Ok(RequestLine {
        id: row.get("id")?,
        business: business.as_str().to_owned(),
        reason: row.get("reason")?,
        staff: row.get("staff")?,
        changes: row.json("changes")?,
        state: state.as_str().to_owned(),
        state_label: state.label().to_owned(),
        answer: row.get("answer")?,
        asked_at: format::machine(asked_at),
        answered_at: answered_at.map(format::machine),
        facts: Facts {
            business,
            state,
            asked_at,
            answered_at,
            by: by.into_iter().flatten().collect::<Vec<_>>().join(", "),
            file_set: row.get("file_set")?,
            notice,
        },
    })
}

/// What is compared in an update.
#[derive(Debug, Clone)]
pub(in crate::incoming) struct Compared {
    pub label: &'static str,
    pub old: String,
    pub new: String,
}

/// A request on the page.
#[derive(Debug, Clone)]
pub(in crate::incoming) struct RequestView {
    pub id: Uuid,
    pub is_open: bool,
    pub is_recall: bool,
    /// Whether the reader answers it.
    pub may_answer: bool,
    pub may_refuse: bool,
    pub title: &'static str,
    pub asked: String,
    pub reason: String,
    pub compared: Vec<Compared>,
    pub notice: Option<Fact>,
    pub files: Vec<FileItem>,
    pub state: Badge,
    pub answered: String,
    pub answer: String,
}

/// An earlier state of the document.
#[derive(Debug, Clone)]
pub(in crate::incoming) struct VersionView {
    pub title: String,
    pub facts: Vec<Fact>,
    pub files: Vec<FileItem>,
}

/// Everything that the page shows of what the sender did after sending.
#[derive(Debug, Clone, Default)]
pub(in crate::incoming) struct SenderPart {
    /// Open requests first.
    pub requests: Vec<RequestView>,
    pub versions: Vec<VersionView>,
    /// What replaces this document.
    pub replaced_by: Option<Fact>,
    /// What this document replaces.
    pub replaces: Vec<Fact>,
    /// Whether the document is cancelled: nothing is left to be shown of it.
    pub is_recalled: bool,
}

impl SenderPart {
    /// Whether there are requests for the trail; open ones stand above it.
    pub(in crate::incoming) fn has_answered(&self) -> bool {
        self.requests.iter().any(|request| !request.is_open)
    }
}

/// Collects the part for a reader.
///
/// # Errors
/// When the database fails.
pub(in crate::incoming) async fn part(app: &App, who: &Who, seen: &Seen) -> AppResult<SenderPart> {
    let lines = lines(app, seen.id).await?;
    let mut requests = Vec::with_capacity(lines.len());
    let policy = policy(app, who).await?;
    for line in lines {
        requests.push(request(app, who, seen, policy, line).await?);
    }
    requests.sort_by_key(|request| !request.is_open);
    let is_recalled = seen.facts.state == IncomingState::Recalled;
    Ok(SenderPart {
        requests,
        versions: if is_recalled {
            Vec::new()
        } else {
            versions(app, seen.id).await?
        },
        replaced_by: replaced_by(app, seen.id).await?,
        replaces: replaces(app, seen.id).await?,
        is_recalled,
    })
}

async fn policy(app: &App, who: &Who) -> AppResult<RequestPolicy> {
    let (usual, today) = (RequestPolicy::default(), app.clock.today());
    let automatic = agency_settings::read(app, who.agency(), AUTOMATIC, today).await?;
    let may_refuse = agency_settings::read(app, who.agency(), MAY_REFUSE, today).await?;
    Ok(RequestPolicy {
        automatic_until_assigned: automatic.unwrap_or(usual.automatic_until_assigned),
        may_refuse_recall: may_refuse.unwrap_or(usual.may_refuse_recall),
    })
}

async fn request(
    app: &App,
    who: &Who,
    seen: &Seen,
    policy: RequestPolicy,
    line: RequestLine,
) -> AppResult<RequestView> {
    let facts = line.facts;
    let is_recall = facts.business == Business::Recall;
    let is_open = facts.state == RequestState::Open;
    let tone = match facts.state {
        RequestState::Open => Tone::Warn,
        RequestState::Agreed => Tone::Good,
        RequestState::Refused => Tone::Bad,
    };
    let mut files = documents::files_of(app, facts.file_set).await?;
    if is_open {
        // The sender sends every file again; what is here already is no change.
        let known = documents::files_of(app, seen.file_set).await?;
        files.retain(|new| known.iter().all(|old| old.file.digest != new.file.digest));
    }
    let who_asks = if line.staff.is_empty() {
        seen.sender_name.clone()
    } else {
        format!("{}, {}", line.staff, seen.sender_name)
    };
    let answered = facts
        .answered_at
        .map(|at| match facts.by.as_str() {
            "" => format!("Hệ thống thực hiện lúc {}", format::moment(at)),
            by => format!("{by} trả lời lúc {}", format::moment(at)),
        })
        .unwrap_or_default();
    Ok(RequestView {
        id: line.id,
        is_open,
        is_recall,
        may_answer: is_open && who.is_clerk(),
        may_refuse: !is_recall || policy.may_refuse_recall,
        title: if is_recall {
            "Bên gửi yêu cầu thu hồi văn bản này"
        } else {
            "Bên gửi cập nhật văn bản này"
        },
        asked: format!("{who_asks}, {}", format::moment(facts.asked_at)),
        reason: line.reason,
        compared: if is_open {
            compared(seen, &line.changes)
        } else {
            Vec::new()
        },
        notice: facts.notice,
        files: documents::file_items(&files),
        state: Badge::new(facts.state.label(), tone),
        answered,
        answer: line.answer.unwrap_or_default(),
    })
}

/// Old and new side by side, only what differs.
fn compared(seen: &Seen, changes: &Changes) -> Vec<Compared> {
    let urgency = |known: Option<Urgency>| known.map(|known| known.label().to_owned());
    let pairs = [
        ("Trích yếu", seen.subject.clone(), changes.subject.clone()),
        (
            "Mức độ khẩn",
            seen.urgency.label().to_owned(),
            urgency(changes.urgency),
        ),
        (
            "Hạn trả lời",
            format::date_opt(seen.respond_by),
            changes.respond_by.map(format::date),
        ),
        ("Người ký", seen.signer_name.clone(), changes.signer_name.clone()),
        (
            "Chức vụ người ký",
            seen.signer_title.clone(),
            changes.signer_title.clone(),
        ),
    ];
    pairs
        .into_iter()
        .filter_map(|(label, old, new)| {
            let new = new.filter(|new| *new != old)?;
            Some(Compared { label, old, new })
        })
        .collect()
}

async fn versions(app: &App, id: IncomingId) -> AppResult<Vec<VersionView>> {
    let rows = app
        .db
        .all(
            sql!(
                "SELECT version, fields, file_set, at FROM incoming_version WHERE incoming_id = $1 ORDER BY version DESC"
            ),
            args![id],
        )
        .await?;
    let mut versions = Vec::with_capacity(rows.len());
    for row in &rows {
        let fields: Changes = row.json("fields")?;
        let at: Timestamp = row.get("at")?;
        let files = documents::files_of(app, row.get("file_set")?).await?;
        versions.push(VersionView {
            title: format!("Trước lần cập nhật lúc {}", format::moment(at)),
            facts: fields_as_facts(fields),
            files: documents::file_items(&files),
        });
    }
    Ok(versions)
}

fn fields_as_facts(fields: Changes) -> Vec<Fact> {
    let all = [
        ("Trích yếu", fields.subject),
        (
            "Mức độ khẩn",
            fields.urgency.map(|known| known.label().to_owned()),
        ),
        (
            "Hạn trả lời",
            fields.respond_by.map(|day: Date| format::date(day)),
        ),
        ("Người ký", fields.signer_name),
        ("Chức vụ người ký", fields.signer_title),
    ];
    all.into_iter()
        .filter_map(|(label, value)| Some(Fact::new(label, value.filter(|text| !text.is_empty())?)))
        .collect()
}

async fn replaced_by(app: &App, id: IncomingId) -> AppResult<Option<Fact>> {
    let row = app
        .db
        .opt(
            sql!(
                "SELECT n.id, n.number, n.symbol FROM incoming d JOIN incoming n ON n.id = d.replaced_by WHERE d.id = $1"
            ),
            args![id],
        )
        .await?;
    row.map(|row| {
        let name = printed(&row.get::<String>("number")?, &row.get::<String>("symbol")?);
        Ok(Fact::new("Bị thay thế bởi", name).link(detail::href(row.get("id")?)))
    })
    .transpose()
}

/// What the document replaces: a link where it came here, else the identifier alone.
async fn replaces(app: &App, id: IncomingId) -> AppResult<Vec<Fact>> {
    let rows = app
        .db
        .all(
            sql!(
                "SELECT r.document_code, d.id, d.number, d.symbol FROM incoming_replaces r \
                 LEFT JOIN incoming d ON d.replaced_by = r.incoming_id AND d.agency_id = r.agency_id \
                 AND d.document_code = r.document_code WHERE r.incoming_id = $1 ORDER BY r.document_code"
            ),
            args![id],
        )
        .await?;
    let fact = |row: &Row| {
        let code: String = row.get("document_code")?;
        Ok(match row.get::<Option<IncomingId>>("id")? {
            Some(known) => {
                let name = printed(&row.get::<String>("number")?, &row.get::<String>("symbol")?);
                Fact::new("Thay thế văn bản", name).link(detail::href(known))
            }
            None => Fact::new(
                "Thay thế văn bản",
                format!("{code} (cơ quan chưa nhận văn bản này)"),
            ),
        })
    };
    Ok(rows.iter().map(fact).collect::<store::Result<_>>()?)
}
