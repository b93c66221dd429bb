//! Reading notices: a page of them, and how many are new.

use jiff::Timestamp;
use rules::{access::Action, numbering, urgency::Urgency};
use store::{Filter, Row, args, sql};
use uuid::Uuid;

use super::{
    settings::{self, Reader},
    source::{ENVELOPE, Source},
};
use crate::{
    access,
    context::{App, Who},
    desk,
    error::{AppError, AppResult},
    incoming,
};

/// Notices of a page.
const PAGE: usize = 30;
/// More new ones than this are shown as so many.
const MOST: i64 = 100;

/// A notice that its reader may see.
#[derive(Debug, Clone)]
pub(super) struct Notice {
    pub at: Timestamp,
    pub source: Source,
    pub object: Uuid,
    /// `incoming`, `outgoing`, `slip` or `unopened`.
    pub kind: &'static str,
    pub subject: String,
    /// Số, ký hiệu; empty for a draft or a letter without.
    pub printed: String,
    pub by_whom: String,
    /// The urgency mark, where the document bears one.
    pub urgency: Option<Urgency>,
    pub is_new: bool,
}

impl Notice {
    /// Where the document is; envelopes have no page of their own.
    pub fn href(&self) -> String {
        if self.kind == ENVELOPE {
            return incoming::ENVELOPES.to_owned();
        }
        desk::href(self.kind, self.object)
    }
}

/// A page of notices, newest first.
#[derive(Debug)]
pub(super) struct Found {
    pub notices: Vec<Notice>,
    /// Where older ones begin.
    pub next: Option<String>,
    /// The newest of all that were read, seen or not.
    pub newest: Option<Timestamp>,
}

/// Notices of this person from the place `after` on.
pub(super) async fn read(app: &App, who: &Who, after: &str) -> AppResult<Found> {
    let reader = settings::of(app, who).await?;
    // Of a slip its maker reads what it says now, everybody else what was laid before them last (QC01-4.2).
    let select = Filter::select(
        "SELECT n.at, n.box, n.object_id, n.kind, n.by_whom, i.number AS in_number, i.symbol AS in_symbol, \
         i.subject AS in_subject, o.number AS out_number, o.symbol AS out_symbol, o.subject AS out_subject, \
         coalesce(CASE WHEN s.maker_post <> n.owner_id THEN (SELECT t.subject FROM slip_round t WHERE t.slip_id = s.id \
         AND (EXISTS (SELECT 1 FROM slip_decider x WHERE x.slip_id = t.slip_id AND x.round = t.round AND x.post_id = n.owner_id) \
         OR EXISTS (SELECT 1 FROM slip_adviser y WHERE y.slip_id = t.slip_id AND y.round = t.round AND y.post_id = n.owner_id)) \
         ORDER BY t.round DESC LIMIT 1) END, s.subject) AS slip_subject, \
         m.sender AS envelope_sender, m.marks AS envelope_marks, coalesce(i.urgency, o.urgency) AS urgency \
         FROM notice n \
         LEFT JOIN incoming i ON n.kind = 'incoming' AND i.id = n.object_id \
         LEFT JOIN outgoing o ON n.kind = 'outgoing' AND o.id = n.object_id \
         LEFT JOIN slip s ON n.kind = 'slip' AND s.id = n.object_id \
         LEFT JOIN unopened_mail m ON n.kind = 'unopened' AND m.id = n.object_id",
    );
    let mut filter = of_person(select, who, &reader);
    if !after.is_empty() {
        let (at, object) = place(after)?;
        filter = filter.and("(n.at, n.object_id) < (?, ?)", args![at, object]);
    }
    let limit = PAGE as i64 + 1;
    let mut rows = app
        .db
        .filtered(filter.end("ORDER BY n.at DESC, n.object_id DESC LIMIT ?", args![limit]))
        .await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let newest = rows.first().map(|row| row.get("at")).transpose()?;
    let next = match rows.last().filter(|_| more) {
        Some(row) => Some(format!(
            "{}_{}",
            row.get::<Timestamp>("at")?.as_microsecond(),
            row.get::<Uuid>("object_id")?
        )),
        None => None,
    };
    let mut notices = Vec::new();
    for row in &rows {
        if let Some(notice) = notice(row, &reader)?
            && may_see(app, who, &notice).await?
        {
            notices.push(notice);
        }
    }
    Ok(Found {
        notices,
        next,
        newest,
    })
}

fn place(text: &str) -> AppResult<(i64, Uuid)> {
    let wrong =
        || AppError::BadInput("Đường dẫn trang không đúng. Mở lại Thông báo từ đầu trang.".to_owned());
    let (at, object) = text.split_once('_').ok_or_else(wrong)?;
    Ok((
        at.parse().map_err(|_| wrong())?,
        object.parse().map_err(|_| wrong())?,
    ))
}

/// What tells this person: their own boxes, and the common ones for clerks; not their own acts; not what they muted.
fn of_person(select: Filter, who: &Who, reader: &Reader) -> Filter {
    // Who is no clerk asks for the own post twice.
    let common = if who.is_clerk() {
        who.agency().as_uuid()
    } else {
        who.post().as_uuid()
    };
    let mut filter = select
        .and("n.owner_id IN (?, ?)", args![who.post(), common])
        .and("(n.by_post IS NULL OR n.by_post <> ?)", args![who.post()]);
    for muted in &reader.muted {
        filter = filter.and("n.box <> ?", args![muted.as_str()]);
    }
    filter
}

fn notice(row: &Row, reader: &Reader) -> store::Result<Option<Notice>> {
    let (kind, column) = match row.get::<String>("kind")?.as_str() {
        "incoming" => ("incoming", "in_subject"),
        "slip" => ("slip", "slip_subject"),
        ENVELOPE => (ENVELOPE, "envelope_sender"),
        _ => ("outgoing", "out_subject"),
    };
    let subject: Option<String> = row.get(column)?;
    // A box of another version of the program, or a document that is gone.
    let (Some(source), Some(subject)) = (Source::by_key(&row.get::<String>("box")?), subject) else {
        return Ok(None);
    };
    let printed = if kind == "incoming" {
        let text = |column: &str| row.get::<Option<String>>(column).map(Option::unwrap_or_default);
        incoming::printed(&text("in_number")?, &text("in_symbol")?)
    } else if kind == ENVELOPE {
        row.get::<Option<String>>("envelope_marks")?.unwrap_or_default()
    } else {
        match (
            row.get::<Option<u32>>("out_number")?,
            row.get::<Option<String>>("out_symbol")?,
        ) {
            (Some(number), Some(symbol)) => numbering::number_and_symbol(number, &symbol),
            _ => String::new(),
        }
    };
    let at: Timestamp = row.get("at")?;
    Ok(Some(Notice {
        at,
        source,
        object: row.get("object_id")?,
        kind,
        subject: if kind == ENVELOPE {
            format!("Bì thư của {subject}")
        } else {
            subject
        },
        printed,
        by_whom: row.get("by_whom")?,
        urgency: row
            .parse_opt::<Urgency>("urgency")?
            .filter(|urgency| urgency.is_urgent()),
        is_new: reader.seen_at.is_none_or(|seen| at > seen),
    }))
}

/// Whether the reader may (still) see the document.
async fn may_see(app: &App, who: &Who, notice: &Notice) -> AppResult<bool> {
    if notice.kind == ENVELOPE {
        return incoming::sees_envelope(app, who, notice.object).await;
    }
    let object = match notice.kind {
        "incoming" => access::of_incoming(app, rules::ids::IncomingId::from_uuid(notice.object)).await?,
        "slip" => access::of_slip(app, rules::ids::SlipId::from_uuid(notice.object)).await?,
        _ => access::of_outgoing(app, notice.object).await?,
    };
    Ok(access::is_allowed(who, Action::View, &object))
}

/// How many notices came since this person looked last; `None` for whom documents do not concern.
///
/// # Errors
/// When the database fails.
pub async fn unread(app: &App, who: &Who) -> AppResult<Option<i64>> {
    if !settings::concerns(who) {
        return Ok(None);
    }
    let reader = settings::of(app, who).await?;
    let select = Filter::select("SELECT count(*) AS many FROM (SELECT 1 AS one FROM notice n");
    let filter = of_person(select, who, &reader).and_if("n.at > ?", reader.seen_at);
    let rows = app
        .db
        .filtered(filter.end("LIMIT ?) newest", args![MOST]))
        .await?;
    Ok(Some(rows.first().map_or(Ok(0), |row| row.get("many"))?))
}

/// Notes that this person looked at everything up to `until`; the bell of their other windows falls silent too.
pub(super) async fn looked(app: &App, who: &Who, until: Timestamp) -> AppResult<()> {
    let mut tx = app.db.begin().await?;
    tx.run(
        sql!(
            "INSERT INTO notice_reader (post_id, seen_at, muted) VALUES ($1, $2, '[]') \
             ON CONFLICT (post_id) DO UPDATE SET seen_at = $2"
        ),
        args![who.post(), until],
    )
    .await?;
    tx.commit().await?;
    // Nobody listening is fine.
    let _ = app.live.send(who.post().as_uuid());
    Ok(())
}
