//! Counters of the boxes: kept with every act; only those that depend on the time are looked up: on the person's own open
//! documents, and on what the agency has signed and not sent.

use jiff::civil::Date;
use store::{args, sql};

use super::{DeskBox, Owner};
use crate::{
    context::{App, Who},
    error::AppResult,
    outgoing::term,
    web::page::{BoxGroup, BoxLink, Tone},
};

/// More than this is shown as so many: nobody reads an exact number of thousands of late documents.
const MOST: i64 = 1000;

/// The last day that counts as soon due.
pub fn soon(app: &App, today: Date) -> Date {
    app.calendar
        .add_working_days(today, app.settings.documents.due_soon_days)
}

/// How many documents lie in each box of this person.
pub async fn counts(app: &App, who: &Who) -> AppResult<Vec<(DeskBox, i64)>> {
    let (incoming, outgoing) = DeskBox::of(who.role());
    let mut counts: Vec<(DeskBox, i64)> = incoming
        .iter()
        .chain(outgoing)
        .filter(|known| known.is_counted())
        .map(|known| (*known, 0))
        .collect();
    let rows = app
        .db
        .all(
            sql!("SELECT owner_id, box, count FROM desk_count WHERE owner_id IN ($1, $2)"),
            args![who.post(), who.agency()],
        )
        .await?;
    for row in &rows {
        let (owner, key, count): (uuid::Uuid, String, i64) =
            (row.get("owner_id")?, row.get("box")?, row.get("count")?);
        for (known, value) in &mut counts {
            let own = match known.owner() {
                Owner::Post => who.post().as_uuid(),
                Owner::Clerks => who.agency().as_uuid(),
            };
            if known.key() == key && own == owner {
                *value = count;
            }
        }
    }
    if counts.iter().any(|(known, _)| *known == DeskBox::Overdue) {
        let today = app.clock.today();
        let row = app
            .db
            .one(
                sql!(
                    "SELECT (SELECT count(*) FROM (SELECT 1 FROM desk WHERE owner_id = $1 AND due_on IS NOT NULL \
                     AND due_on < $2 LIMIT $4) late) AS late, \
                     (SELECT count(*) FROM (SELECT 1 FROM desk WHERE owner_id = $1 AND due_on IS NOT NULL \
                     AND due_on >= $2 AND due_on <= $3 LIMIT $4) soon) AS soon"
                ),
                args![who.post(), today, soon(app, today), MOST],
            )
            .await?;
        for (known, value) in &mut counts {
            match known {
                DeskBox::Overdue => *value = row.get("late")?,
                DeskBox::DueSoon => *value = row.get("soon")?,
                _ => {}
            }
        }
    }
    for (known, value) in &mut counts {
        if *known == DeskBox::LateIssue {
            *value = term::count_late(app, who, MOST).await?;
        }
    }
    Ok(counts)
}

/// The left column: the person's boxes with counters, then the registers or the administration.
///
/// # Errors
/// When the database fails.
pub async fn boxes(app: &App, who: &Who) -> AppResult<Vec<BoxGroup>> {
    let counts = counts(app, who).await?;
    let link = |known: &DeskBox| {
        let link = BoxLink::new(
            known.key(),
            known.label(),
            format!("/boxes/{}", known.key()),
            known.icon(),
        );
        match counts.iter().find(|(counted, _)| counted == known) {
            Some((_, count)) => link.count(*count).tone(known.tone()),
            None => link,
        }
    };
    let (incoming, outgoing) = DeskBox::of(who.role());
    let mut groups = Vec::new();
    if !incoming.is_empty() {
        groups.push(BoxGroup::new("Văn bản đến", incoming.iter().map(link).collect()));
        groups.push(BoxGroup::new("Văn bản đi", outgoing.iter().map(link).collect()));
        groups.push(BoxGroup::new("Sổ văn bản", crate::registers::links(who)));
    }
    groups.push(BoxGroup::new(
        "Chữ ký số",
        vec![crate::signing::check_page::link()],
    ));
    if let Some(link) = crate::exchange::axis::link(who) {
        groups.push(BoxGroup::new("Gửi, nhận", vec![link]));
    }
    let administration = crate::administration::links(who);
    if !administration.is_empty() {
        groups.push(BoxGroup::new("Quản trị", administration));
    }
    Ok(groups)
}

/// The tone of a deadline, and its words.
pub fn deadline_badge(app: &App, due_on: Date) -> crate::web::page::Badge {
    use crate::web::{format, page::Badge};
    let today = app.clock.today();
    let text = format::date(due_on);
    if due_on < today {
        Badge::new(format!("Quá hạn {text}"), Tone::Bad).icon("alert-triangle")
    } else if due_on <= soon(app, today) {
        Badge::new(format!("Hạn {text}"), Tone::Warn).icon("clock")
    } else {
        Badge::new(format!("Hạn {text}"), Tone::Neutral)
    }
}
