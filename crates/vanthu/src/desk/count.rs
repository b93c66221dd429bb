//! Counters of the boxes: kept with every act; only those that depend on the time are looked up: on the person's own open
//! documents, and on what the agency has signed and not sent, or got and not registered and presented.

use jiff::civil::Date;
use rules::deadlines::{DeadlineSettings, DeadlineState, due_soon_until, state_of};
use store::{args, sql};

use super::{DeskBox, Owner, place::URGENT_FROM};
use crate::{
    context::{App, Who},
    error::AppResult,
    incoming,
    outgoing::term,
    web::{
        format,
        page::{Badge, BoxGroup, BoxLink, Tone},
    },
};

/// More than this is shown as so many: nobody reads an exact number of thousands of late documents.
const MOST: i64 = 1000;

/// The last day that counts as soon due.
pub fn soon(app: &App, today: Date) -> Date {
    due_soon_until(today, &app.calendar, &deadline_settings(app))
}

fn deadline_settings(app: &App) -> DeadlineSettings {
    DeadlineSettings {
        due_soon_working_days: app.settings.documents.due_soon_days,
        ..DeadlineSettings::default()
    }
}

/// How a deadline stands today, or stood on the day when the work was done.
pub fn deadline_state(app: &App, due_on: Option<Date>, done_on: Option<Date>) -> DeadlineState {
    let day = done_on.unwrap_or_else(|| app.clock.today());
    state_of(
        due_on,
        day,
        done_on.is_some(),
        &app.calendar,
        &deadline_settings(app),
    )
}

/// How many documents lie in each box of this person.
pub async fn counts(app: &App, who: &Who) -> AppResult<Vec<(DeskBox, i64)>> {
    let (incoming, outgoing) = DeskBox::of(who.role());
    let mut counts: Vec<(DeskBox, i64)> = incoming
        .iter()
        .chain(outgoing)
        .chain(DeskBox::of_slips(who.role()))
        .filter(|known| known.is_counted() && known.is_there_for(who.role(), who.scope()))
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
        match known {
            DeskBox::LateIssue => *value = term::count_late(app, who, MOST).await?,
            DeskBox::LateArrivals => *value = incoming::count_late(app, who, MOST).await?,
            _ => {}
        }
    }
    Ok(counts)
}

/// How many urgent documents wait for the clerks to accept them, which has to be at once (QD28-6.2, ND30-4.2c); `None` for
/// whom that does not concern.
///
/// # Errors
/// When the database fails.
pub async fn urgent_arrivals(app: &App, who: &Who) -> AppResult<Option<i64>> {
    if !DeskBox::Reception.is_there_for(who.role(), who.scope()) {
        return Ok(None);
    }
    let row = app
        .db
        .one(
            sql!(
                "SELECT count(*) AS many FROM (SELECT 1 AS one FROM desk WHERE owner_id = $1 AND box = $2 \
                 AND rank >= $3 LIMIT $4) waiting"
            ),
            args![who.agency(), DeskBox::Reception.key(), URGENT_FROM, MOST],
        )
        .await?;
    Ok(Some(row.get("many")?))
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
    if let Some(seat) = &who.in_place {
        let links = DeskBox::handed_over(who.role(), seat.scope)
            .iter()
            .map(link)
            .collect();
        return Ok(vec![BoxGroup::new(format!("Thay {}", seat.giver), links)]);
    }
    let (incoming, outgoing) = DeskBox::of(who.role());
    let mut groups = Vec::new();
    if !incoming.is_empty() {
        let mut links: Vec<BoxLink> = incoming.iter().map(link).collect();
        links.extend(crate::incoming::follow_link(who));
        links.extend(crate::reports::link(who));
        links.push(crate::incoming::by_hand_link(who));
        groups.push(BoxGroup::new("Văn bản đến", links));
        let mut links: Vec<BoxLink> = outgoing.iter().map(link).collect();
        links.extend(crate::registers::copies_waiting_link(app, who).await?);
        links.push(crate::outgoing::tasks_link());
        links.push(crate::outgoing::groups_link());
        groups.push(BoxGroup::new("Văn bản đi", links));
        let slips = DeskBox::of_slips(who.role());
        groups.push(BoxGroup::new("Phiếu trình", slips.iter().map(link).collect()));
        groups.push(BoxGroup::new("Sổ văn bản", crate::registers::links(who)));
    }
    for place in crate::delegations::standing(app, who).await? {
        let href = format!("/delegations/{}", place.id);
        let waits: i64 = place.boxes.iter().map(|(_, count)| count).sum();
        let link = BoxLink::new(
            format!("place-{}", place.id),
            "Việc xử lý thay",
            href,
            "user-check",
        )
        .count(waits)
        .tone(Tone::Info);
        groups.push(BoxGroup::new(format!("Thay {}", place.giver), vec![link]));
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

/// A deadline of open work: trong hạn, sắp đến hạn, quá hạn.
pub fn deadline_badge(app: &App, due_on: Date) -> Badge {
    let state = deadline_state(app, Some(due_on), None);
    let badge = Badge::new(
        format!("{} {}", state.label(), format::date(due_on)),
        deadline_tone(state),
    );
    match state {
        DeadlineState::Overdue => badge.icon("alert-triangle"),
        DeadlineState::DueSoon => badge.icon("clock"),
        DeadlineState::OnTime | DeadlineState::NoDeadline => badge,
    }
}

/// How loud a deadline is.
pub fn deadline_tone(state: DeadlineState) -> Tone {
    match state {
        DeadlineState::Overdue => Tone::Bad,
        DeadlineState::DueSoon => Tone::Warn,
        DeadlineState::OnTime | DeadlineState::NoDeadline => Tone::Neutral,
    }
}
