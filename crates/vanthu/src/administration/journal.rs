//! Nhật ký nghiệp vụ of an agency, newest first (Điều 4.3). Of documents it tells who did what and when, never the
//! content: no administrator reads documents.

use askama::Template;
use axum::extract::{Query, State};
use axum_extra::extract::cookie::CookieJar;
use jiff::Timestamp;
use rules::access::{self, Action, ObjectFacts};
use serde::Deserialize;
use store::{Filter, Row, args};

use crate::{
    act_names,
    context::{App, Who},
    error::AppResult,
    web::{
        Reply, format, frame,
        page::{Page, Pager},
        render,
    },
};

/// Entries of a page.
const PAGE: usize = 50;

/// Place in the journal.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct JournalQuery {
    #[serde(deserialize_with = "crate::web::blank_as_none")]
    after: Option<i64>,
    #[serde(deserialize_with = "crate::web::blank_as_none")]
    before: Option<i64>,
}

struct Line {
    seq: i64,
    at: String,
    at_machine: String,
    actor: String,
    kind: &'static str,
    what: String,
    is_sealed: bool,
}

#[derive(Template)]
#[template(path = "administration/journal.html")]
struct JournalPage {
    page: Page,
    subtitle: String,
    lines: Vec<Line>,
    pager: Pager,
}

/// `GET /administration/journal`.
pub async fn page(
    State(app): State<App>,
    who: Who,
    jar: CookieJar,
    Query(query): Query<JournalQuery>,
) -> Reply {
    access::decide(
        &who.actor,
        Action::ViewJournal,
        &ObjectFacts::agency(who.agency()),
    )?;
    let ascending = query.before.is_some();
    let mut filter = Filter::select("SELECT seq, at, act, actor, object_kind, summary, seal_no FROM journal")
        .and_if(
            "agency_id = ?",
            (!who.actor.is_province_administrator).then(|| who.agency()),
        );
    filter = filter.and_if("seq > ?", query.before);
    filter = filter.and_if("seq < ?", query.after.filter(|_| !ascending));
    let order = if ascending {
        "ORDER BY seq LIMIT ?"
    } else {
        "ORDER BY seq DESC LIMIT ?"
    };
    let rows = app.db.filtered(filter.end(order, args![PAGE as i64 + 1])).await?;
    let mut lines = rows.iter().map(line).collect::<AppResult<Vec<_>>>()?;
    let more = lines.len() > PAGE;
    lines.truncate(PAGE);
    if ascending {
        lines.reverse();
    }
    let (has_next, has_previous) = if ascending {
        (true, more)
    } else {
        (more, query.after.is_some())
    };
    let href = |side: &str, line: Option<&Line>| {
        line.map(|line| format!("/administration/journal?{side}={}", line.seq))
    };
    render(&JournalPage {
        page: frame(&app, &who, &jar, "Nhật ký", "journal").await?,
        subtitle: if who.actor.is_province_administrator {
            "Tất cả cơ quan, mới nhất ở trên".to_owned()
        } else {
            format!("{}, mới nhất ở trên", who.agency_name)
        },
        pager: Pager {
            newer: href("before", lines.first()).filter(|_| has_previous),
            older: href("after", lines.last()).filter(|_| has_next),
        },
        lines,
    })
}

fn line(row: &Row) -> AppResult<Line> {
    let at: Timestamp = row.get("at")?;
    let act: String = row.get("act")?;
    let object_kind: String = row.get("object_kind")?;
    let (kind, tells_content) = match object_kind.as_str() {
        "incoming" => ("Văn bản đến", true),
        "outgoing" => ("Văn bản đi", true),
        "slip" => ("Phiếu trình", true),
        "copy" => ("Bản sao", true),
        "link" => ("Liên kết văn bản", true),
        "recipient_group" => ("Nhóm nơi nhận", true),
        "account" => ("Tài khoản", false),
        "installation" => ("Hệ thống", false),
        "file" => ("Tệp tin", true),
        "trust" => ("Danh sách tin cậy", false),
        "provider" => ("Nơi lưu khóa", false),
        "certificate" => ("Chứng thư", false),
        "image" => ("Hình ảnh", false),
        "custody" => ("Thiết bị, con dấu", false),
        _ => ("Khác", true),
    };
    Ok(Line {
        seq: row.get("seq")?,
        at: format::moment(at),
        at_machine: format::machine(at),
        actor: row.get("actor")?,
        kind,
        what: if tells_content {
            act_names::label(&act).to_owned()
        } else {
            row.get("summary")?
        },
        is_sealed: row.get::<Option<i64>>("seal_no")?.is_some(),
    })
}
