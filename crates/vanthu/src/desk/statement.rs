//! The statement by which a page of a box is read.

use rules::urgency::Urgency;
use store::{Arg, Filter, args};
use uuid::Uuid;

use super::{DeskBox, Owner, count, list::BoxQuery};
use crate::{
    context::{App, Who},
    error::AppResult,
    outgoing::term::Terms,
    web::clean,
};

/// Documents on a page.
pub const PAGE: usize = 25;
/// A text filter looks at so many of the newest documents of the box.
const FILTERED: i64 = 5000;

/// One more than a page, to know whether another follows.
fn page_limit() -> i64 {
    PAGE as i64 + 1
}

/// A column of what was laid before the owner of the desk last, of a slip that others made.
macro_rules! laid_before {
    ($column:literal) => {
        concat!(
            "CASE WHEN s.maker_post <> d.owner_id THEN (SELECT t.",
            $column,
            " FROM slip_round t WHERE t.slip_id = s.id \
             AND (EXISTS (SELECT 1 FROM slip_decider x WHERE x.slip_id = t.slip_id AND x.round = t.round AND x.post_id = d.owner_id) \
             OR EXISTS (SELECT 1 FROM slip_adviser y WHERE y.slip_id = t.slip_id AND y.round = t.round AND y.post_id = d.owner_id)) \
             ORDER BY t.round DESC LIMIT 1) END"
        )
    };
}

/// The subject as the row shows it, or its folded words: of a slip its maker reads what it says now, everybody else what was laid before
/// them last (QC01-4.2). What is searched is what is shown, or the search would tell what is not.
macro_rules! shown {
    ($column:literal) => {
        concat!(
            "coalesce(i.",
            $column,
            ", o.",
            $column,
            ", ",
            laid_before!($column),
            ", s.",
            $column,
            ")"
        )
    };
}

/// What a row of a box is made of, before the place it is selected from.
macro_rules! columns {
    () => {
        concat!(
            "SELECT d.rank, d.object_id, d.kind, d.due_on, d.seen, ",
            shown!("subject"),
            " AS subject, \
             coalesce(i.type_key, o.type_key, '') AS type_key, coalesce(i.urgency, o.urgency, s.urgency) AS urgency, \
             coalesce(i.state, o.state, s.state) AS state, coalesce(i.arrival_number, o.number) AS number, i.number AS own_number, \
             coalesce(i.symbol, o.symbol) AS symbol, coalesce(i.issued_on, o.issued_on) AS issued_on, \
             coalesce(i.sender_name, a.full_name) AS party, o.year AS year, o.signed_at AS signed_at, o.on_paper AS on_paper, \
             i.completeness AS completeness, i.integrity AS integrity, i.authenticity AS authenticity, \
             (SELECT count(*) FROM urging g WHERE g.incoming_id = d.object_id AND g.post_id = d.owner_id) AS urged \
             FROM (SELECT owner_id, rank, object_id, kind, due_on, seen FROM "
        )
    };
}

/// The documents of a box as it is stored.
const STORED: &str = concat!(columns!(), "desk");
/// The rank of a signed document: the most urgent first, of those the longest signed. As in `place::urgent`, the urgency stands above
/// the microseconds.
macro_rules! signed_rank {
    () => {
        "(CASE o.urgency WHEN 'express' THEN 3 WHEN 'very_urgent' THEN 2 WHEN 'urgent' THEN 1 ELSE 0 END) * 9007199254740992 - o.signed_at"
    };
}

/// What the agency `$1` has signed and not sent to everybody.
const UNSENT: &str = concat!(
    columns!(),
    "(SELECT o.agency_id AS owner_id, ",
    signed_rank!(),
    " AS rank, o.id AS object_id, 'outgoing' AS kind, o.respond_by AS due_on, CAST(1 AS BIGINT) AS seen, \
     o.signed_at AS signed_at, o.urgency AS urgency, o.on_paper AS on_paper FROM outgoing o WHERE o.agency_id = $1 \
     AND o.state IN ('approved', 'numbered') UNION \
     SELECT o.agency_id, ",
    signed_rank!(),
    ", o.id, 'outgoing', o.respond_by, CAST(1 AS BIGINT), o.signed_at, o.urgency, o.on_paper \
     FROM delivery l JOIN outgoing o ON o.id = l.outgoing_id WHERE l.agency_id = $1 \
     AND l.state IN ('pending', 'sending', 'failed') AND o.recalled_at IS NULL) unsent"
);

/// What came to the agency `$1` and waits to be registered or presented.
const WAITING: &str = concat!(
    columns!(),
    "(SELECT w.owner_id, w.rank, w.object_id, w.kind, w.due_on, w.seen, w.box, n.urgency, n.delivered_at, n.arrived_on \
     FROM desk w JOIN incoming n ON n.id = w.object_id WHERE w.owner_id = $1 \
     AND w.box IN ('reception', 'presenting')) waiting"
);

/// The statement of a page of a box: one row more than the page has.
///
/// # Errors
/// When the agency's terms cannot be counted.
pub fn statement(
    app: &App,
    who: &Who,
    terms: &Terms<'_>,
    desk_box: DeskBox,
    query: &BoxQuery,
    place: Option<(i64, Uuid)>,
    backwards: bool,
) -> AppResult<Filter> {
    let owner = match desk_box.owner() {
        Owner::Post => who.post().as_uuid(),
        Owner::Clerks => who.agency().as_uuid(),
    };
    let q = clean(&query.q);
    let filtered = !q.is_empty() || query.urgency.is_some();
    // The narrow desk is paged first; the wide documents are joined to one page only.
    let mut inner = match desk_box {
        DeskBox::LateIssue => {
            let (electronic, paper) = terms.late_before()?;
            Filter::select_with(UNSENT, args![owner]).and(
                "signed_at IS NOT NULL AND (urgency <> 'normal' OR (on_paper = 0 AND signed_at < ?) \
                 OR (on_paper = 1 AND signed_at < ?))",
                args![electronic, paper],
            )
        }
        DeskBox::LateArrivals => {
            let (delivered, registered) = terms.arrivals_late_before()?;
            Filter::select_with(WAITING, args![owner]).and(
                "(urgency <> 'normal' OR (box = 'reception' AND delivered_at < ?) \
                 OR (box = 'presenting' AND arrived_on < ?))",
                args![delivered, registered],
            )
        }
        DeskBox::Overdue => Filter::select(STORED).and(
            "owner_id = ? AND due_on IS NOT NULL AND due_on < ?",
            args![owner, app.clock.today()],
        ),
        DeskBox::DueSoon => {
            let today = app.clock.today();
            Filter::select(STORED).and(
                "owner_id = ? AND due_on IS NOT NULL AND due_on >= ? AND due_on <= ?",
                args![owner, today, count::soon(app, today)],
            )
        }
        _ => Filter::select(STORED).and("owner_id = ? AND box = ?", args![owner, desk_box.key()]),
    };
    if let Some((rank, id)) = place {
        let condition = if backwards {
            "(rank, object_id) > (?, ?)"
        } else {
            "(rank, object_id) < (?, ?)"
        };
        inner = inner.and(condition, args![rank, id]);
    }
    let limit = if filtered { FILTERED } else { page_limit() };
    let order = if backwards {
        "ORDER BY rank, object_id LIMIT ?"
    } else {
        "ORDER BY rank DESC, object_id DESC LIMIT ?"
    };
    inner = inner.end(order, vec![Arg::from(limit)]).end(
        ") d LEFT JOIN incoming i ON i.id = d.object_id LEFT JOIN outgoing o ON o.id = d.object_id \
         LEFT JOIN slip s ON s.id = d.object_id LEFT JOIN post p ON p.id = coalesce(o.drafter_post, s.maker_post) LEFT JOIN account a ON a.id = p.account_id",
        args![],
    );
    let mut outer = inner.nested();
    if !q.is_empty() {
        let like = format!("%{}%", viet_text::fold(&q).replace(['%', '_'], " "));
        let exact = format!("%{}%", q.to_uppercase().replace(['%', '_'], " "));
        outer = outer.and(
            concat!(
                "(",
                shown!("folded_subject"),
                " LIKE ? OR upper(coalesce(i.number, '') || '/' || coalesce(i.symbol, o.symbol, '')) LIKE ?)"
            ),
            args![like, exact],
        );
    }
    outer = outer.and_if(
        "coalesce(i.urgency, o.urgency, s.urgency) = ?",
        query.urgency.map(Urgency::as_str),
    );
    let order = if backwards {
        "ORDER BY d.rank, d.object_id LIMIT ?"
    } else {
        "ORDER BY d.rank DESC, d.object_id DESC LIMIT ?"
    };
    Ok(outer.end(order, vec![Arg::from(page_limit())]))
}

#[cfg(test)]
mod tests {
    use store::{args, sql};

    use super::*;
    use crate::testing::Office;

    /// Documents in the inbox of the busiest officer, among those of everybody else.
    const BUSY: i64 = 5_000;
    const OTHERS: i64 = 20_000;

    #[tokio::test]
    async fn siga_1566_paperless_13192_the_inbox_of_the_busiest_is_read_by_its_index() {
        let office = Office::new().await;
        let busy = office.person("annv.stttt").await;
        let who = office.who(&busy).await;
        let app = &office.app;
        let mut tx = app.db.begin().await.unwrap();
        let mut rows = Vec::new();
        for n in 0..BUSY + OTHERS {
            let owner = if n < BUSY {
                who.post().as_uuid()
            } else {
                Uuid::from_u128(n as u128 % 500 + 1)
            };
            let id = Uuid::from_u128(n as u128 + (1 << 64));
            rows.push(args![
                owner,
                "handling",
                n,
                id,
                "incoming",
                app.clock.today(),
                0_i64
            ]);
        }
        tx.bulk(
            sql!("INSERT INTO desk (owner_id, box, rank, object_id, kind, due_on, seen) VALUES ($1, $2, $3, $4, $5, $6, $7)"),
            rows,
        )
        .await
        .unwrap();
        tx.run(sql!("ANALYZE desk"), args![]).await.unwrap();
        tx.commit().await.unwrap();
        let terms = Terms::of(app, who.agency()).await.unwrap();
        for (desk_box, place) in [
            (DeskBox::Handling, None),
            (DeskBox::Handling, Some((2_500, Uuid::from_u128(1)))),
            (DeskBox::Overdue, None),
        ] {
            let list = statement(app, &who, &terms, desk_box, &BoxQuery::default(), place, false).unwrap();
            let plan = store::testing::plan(&app.db, list).await.unwrap();
            // The desk is never read whole: neither that of the others nor, for a page, the own one.
            let by_index = if app.db.is_postgres() {
                !plan.contains("Seq Scan on desk")
            } else {
                plan.contains("SEARCH desk") && !plan.contains("SCAN desk")
            };
            assert!(by_index, "{desk_box:?}: {plan}");
        }
    }
}
