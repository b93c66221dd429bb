//! What is moved when a unit is closed: everything open of its people and of the unit itself, each with its line in the minutes.
//! What was ended stays where it was, under the old post and the old unit.

use std::collections::BTreeSet;

use rules::{
    ids::{AssignmentId, IncomingId, OutgoingId, PostId, SlipId, UnitId},
    organization::Moved,
};
use store::{Act, Row, args, sql};
use uuid::Uuid;

use super::minutes::Line;
use crate::error::AppResult;

/// Somebody with a post, name and title.
#[derive(Debug, Clone)]
pub(super) struct Holder {
    pub post: PostId,
    pub label: String,
}

/// What was moved so far.
#[derive(Debug, Default)]
pub(super) struct Move {
    pub lines: Vec<Line>,
    pub incoming: BTreeSet<IncomingId>,
    pub outgoing: BTreeSet<OutgoingId>,
    pub slips: BTreeSet<SlipId>,
}

impl Move {
    fn line(&mut self, kind: Moved, object: Option<Uuid>, name: &str, from: &str, to: &str) {
        self.lines.push(Line {
            kind,
            object,
            name: name.to_owned(),
            from: from.to_owned(),
            to: to.to_owned(),
        });
    }
}

fn document(row: &Row) -> store::Result<(Uuid, String)> {
    Ok((row.get("id")?, row.get("subject")?))
}

/// The parts that lie with the unit itself, whoever heads it, and its drafts.
///
/// # Errors
/// When the database fails.
pub(super) async fn of_unit(
    act: &mut Act,
    unit: UnitId,
) -> AppResult<Vec<(AssignmentId, IncomingId, String)>> {
    let rows = act
        .all(
            sql!(
                "SELECT DISTINCT s.id, s.incoming_id, d.subject FROM participant t \
                 JOIN assignment s ON s.incoming_id = t.object_id AND s.unit_id = $1 AND s.state IN ('open', 'passed_down') \
                 JOIN incoming d ON d.id = s.incoming_id AND d.state IN ('assigned', 'in_progress') \
                 WHERE t.unit_id = $1 ORDER BY s.id"
            ),
            args![unit],
        )
        .await?;
    let part = |row: &Row| Ok((row.get("id")?, row.get("incoming_id")?, row.get("subject")?));
    Ok(rows.iter().map(part).collect::<store::Result<_>>()?)
}

/// Moves what lies with the unit itself to the successor, or to a named person.
///
/// # Errors
/// When the database fails.
pub(super) async fn unit_work(
    act: &mut Act,
    moved: &mut Move,
    unit: (UnitId, &str),
    successor: (UnitId, &str),
    receiver: &Holder,
    by_name: bool,
) -> AppResult<()> {
    let to = if by_name {
        receiver.label.as_str()
    } else {
        successor.1
    };
    for (part, document, subject) in of_unit(act, unit.0).await? {
        act.run(
            sql!("UPDATE assignment SET unit_id = $2, post_id = $3 WHERE id = $1"),
            args![part, (!by_name).then_some(successor.0), receiver.post],
        )
        .await?;
        moved.line(Moved::Part, Some(document.as_uuid()), &subject, unit.1, to);
        moved.incoming.insert(document);
    }
    Ok(())
}

/// The drafts of the unit go on under the successor, and its head sees what the unit took part in.
///
/// # Errors
/// When the database fails.
pub(super) async fn unit_drafts(
    act: &mut Act,
    moved: &mut Move,
    unit: (UnitId, &str),
    successor: (UnitId, &str),
) -> AppResult<()> {
    let rows = act
        .all(
            sql!(
                "SELECT DISTINCT o.id, o.subject FROM participant t JOIN outgoing o ON o.id = t.object_id \
                 WHERE t.unit_id = $1 AND o.unit_id = $1 AND o.state NOT IN ('issued', 'cancelled', 'voided') ORDER BY o.id"
            ),
            args![unit.0],
        )
        .await?;
    for row in &rows {
        let (id, subject) = document(row)?;
        act.run(
            sql!("UPDATE outgoing SET unit_id = $2, revision = revision + 1 WHERE id = $1"),
            args![id, successor.0],
        )
        .await?;
        moved.line(Moved::Draft, Some(id), &subject, unit.1, successor.1);
        moved.outgoing.insert(OutgoingId::from_uuid(id));
    }
    dossiers(act, moved, unit, successor).await?;
    act.run(
        sql!("UPDATE participant SET unit_id = $2 WHERE unit_id = $1"),
        args![unit.0, successor.0],
    )
    .await?;
    Ok(())
}

/// Dossiers that nobody of the unit has confirmed yet are confirmed by the successor.
async fn dossiers(
    act: &mut Act,
    moved: &mut Move,
    unit: (UnitId, &str),
    successor: (UnitId, &str),
) -> AppResult<()> {
    let rows = act
        .all(
            sql!("SELECT id, incoming_id, description FROM direct_dossier WHERE unit_id = $1 AND received_at IS NULL ORDER BY id"),
            args![unit.0],
        )
        .await?;
    for row in &rows {
        act.run(
            sql!("UPDATE direct_dossier SET unit_id = $2 WHERE id = $1"),
            args![row.get::<Uuid>("id")?, successor.0],
        )
        .await?;
        let document = Some(row.get("incoming_id")?);
        let name: String = row.get("description")?;
        moved.line(Moved::Dossier, document, &name, unit.1, successor.1);
    }
    Ok(())
}

/// Moves the open work of a post to another: to the person's new post, or to whoever takes over from somebody who has left.
///
/// # Errors
/// When the database fails.
pub(super) async fn post_work(
    act: &mut Act,
    moved: &mut Move,
    old: &Holder,
    new: &Holder,
    same_person: bool,
) -> AppResult<()> {
    drafts(act, moved, old, new).await?;
    parts(act, moved, old, new).await?;
    opinions(act, moved, old, new).await?;
    slips(act, moved, old, new).await?;
    if same_person {
        // The person goes on seeing what they took part in, is not thrown out, keeps devices and delegations.
        act.run(
            sql!(
                "INSERT INTO participant (object_id, post_id, unit_id, co_drafts, slip_id) \
                 SELECT t.object_id, $2, p.unit_id, t.co_drafts, t.slip_id FROM participant t JOIN post p ON p.id = $2 \
                 WHERE t.post_id = $1 ON CONFLICT DO NOTHING"
            ),
            args![old.post, new.post],
        )
        .await?;
        for statement in [
            sql!("UPDATE session SET post_id = $2, delegation_id = NULL WHERE post_id = $1"),
            sql!("UPDATE api_token SET post_id = $2 WHERE post_id = $1 AND revoked_at IS NULL"),
            sql!("UPDATE notice SET owner_id = $2 WHERE owner_id = $1"),
            sql!("UPDATE notice_reader SET post_id = $2 WHERE post_id = $1"),
        ] {
            act.run(statement, args![old.post, new.post]).await?;
        }
        devices(act, moved, old, new).await?;
        delegations(act, moved, old, new).await?;
        envelopes(act, moved, old, new).await?;
    }
    act.run(
        sql!("UPDATE participant SET co_drafts = 0 WHERE post_id = $1 AND co_drafts <> 0"),
        args![old.post],
    )
    .await?;
    // Whatever else waits on the old desk is looked at again from its facts.
    let rows = act
        .all(
            sql!("SELECT DISTINCT object_id, kind FROM desk WHERE owner_id = $1 AND box NOT IN ('handled', 'issued')"),
            args![old.post],
        )
        .await?;
    for row in &rows {
        let id: Uuid = row.get("object_id")?;
        match row.get::<String>("kind")?.as_str() {
            "incoming" => drop(moved.incoming.insert(IncomingId::from_uuid(id))),
            "slip" => drop(moved.slips.insert(SlipId::from_uuid(id))),
            _ => drop(moved.outgoing.insert(OutgoingId::from_uuid(id))),
        }
    }
    Ok(())
}

async fn drafts(act: &mut Act, moved: &mut Move, old: &Holder, new: &Holder) -> AppResult<()> {
    let rows = act
        .all(
            sql!(
                "SELECT o.id, o.subject FROM participant t JOIN outgoing o ON o.id = t.object_id WHERE t.post_id = $1 \
                 AND o.drafter_post = $1 AND o.state NOT IN ('issued', 'cancelled', 'voided') ORDER BY o.id"
            ),
            args![old.post],
        )
        .await?;
    for row in &rows {
        let (id, subject) = document(row)?;
        act.run(
            sql!("UPDATE outgoing SET drafter_post = $2, revision = revision + 1 WHERE id = $1"),
            args![id, new.post],
        )
        .await?;
        moved.line(Moved::Draft, Some(id), &subject, &old.label, &new.label);
        moved.outgoing.insert(OutgoingId::from_uuid(id));
    }
    Ok(())
}

async fn parts(act: &mut Act, moved: &mut Move, old: &Holder, new: &Holder) -> AppResult<()> {
    let rows = act
        .all(
            sql!(
                "SELECT s.id AS part, d.id, d.subject FROM assignment s JOIN incoming d ON d.id = s.incoming_id \
                 WHERE s.post_id = $1 AND s.state IN ('open', 'passed_down') AND d.state IN ('assigned', 'in_progress') ORDER BY s.id"
            ),
            args![old.post],
        )
        .await?;
    for row in &rows {
        let (id, subject) = document(row)?;
        act.run(
            sql!("UPDATE assignment SET post_id = $2 WHERE id = $1"),
            args![row.get::<AssignmentId>("part")?, new.post],
        )
        .await?;
        moved.line(Moved::Part, Some(id), &subject, &old.label, &new.label);
        moved.incoming.insert(IncomingId::from_uuid(id));
    }
    let rows = act
        .all(
            sql!(
                "SELECT DISTINCT d.id, d.subject FROM participant t JOIN assignment s ON s.incoming_id = t.object_id \
                 AND s.given_by = $1 JOIN incoming d ON d.id = s.incoming_id AND d.state IN ('assigned', 'in_progress') \
                 WHERE t.post_id = $1 ORDER BY d.id"
            ),
            args![old.post],
        )
        .await?;
    for row in &rows {
        let (id, subject) = document(row)?;
        act.run(
            sql!("UPDATE assignment SET given_by = $3 WHERE incoming_id = $1 AND given_by = $2"),
            args![id, old.post, new.post],
        )
        .await?;
        moved.line(Moved::Given, Some(id), &subject, &old.label, &new.label);
        moved.incoming.insert(IncomingId::from_uuid(id));
    }
    act.run(
        sql!(
            "UPDATE incoming SET lead_post = $2 WHERE lead_post = $1 AND state IN ('assigned', 'in_progress') \
             AND id IN (SELECT object_id FROM participant WHERE post_id = $1)"
        ),
        args![old.post, new.post],
    )
    .await?;
    Ok(())
}

/// Opinions on drafts: those that were asked of the person and not given, and the rounds that the person leads.
async fn opinions(act: &mut Act, moved: &mut Move, old: &Holder, new: &Holder) -> AppResult<()> {
    let rows = act
        .all(
            sql!(
                "SELECT c.id AS round, o.id, o.subject FROM participant t JOIN consultation c ON c.outgoing_id = t.object_id \
                 JOIN consultation_member m ON m.consultation_id = c.id AND m.post_id = $1 JOIN outgoing o ON o.id = c.outgoing_id \
                 WHERE t.post_id = $1 AND c.closed_at IS NULL AND NOT EXISTS (SELECT 1 FROM consultation_reply r \
                 WHERE r.consultation_id = c.id AND r.post_id = $1) AND NOT EXISTS (SELECT 1 FROM consultation_member n \
                 WHERE n.consultation_id = c.id AND n.post_id = $2) ORDER BY c.id"
            ),
            args![old.post, new.post],
        )
        .await?;
    for row in &rows {
        let (id, subject) = document(row)?;
        act.run(
            sql!("UPDATE consultation_member SET post_id = $3 WHERE consultation_id = $1 AND post_id = $2"),
            args![row.get::<Uuid>("round")?, old.post, new.post],
        )
        .await?;
        moved.line(Moved::Opinion, Some(id), &subject, &old.label, &new.label);
        moved.outgoing.insert(OutgoingId::from_uuid(id));
    }
    act.run(
        sql!(
            "UPDATE consultation SET asked_by = $2 WHERE asked_by = $1 AND closed_at IS NULL \
             AND outgoing_id IN (SELECT object_id FROM participant WHERE post_id = $1)"
        ),
        args![old.post, new.post],
    )
    .await?;
    Ok(())
}

/// Slips that the person made and that have not ended, and those that wait for the person's answer. What was answered stays
/// under the old post.
async fn slips(act: &mut Act, moved: &mut Move, old: &Holder, new: &Holder) -> AppResult<()> {
    let rows = act
        .all(
            sql!(
                "SELECT s.id, s.subject FROM slip s WHERE s.maker_post = $1 AND s.state IN ('draft', 'running', 'returned') \
                 UNION ALL SELECT s.id, s.subject FROM participant t JOIN slip s ON s.id = t.object_id AND s.state = 'running' \
                 JOIN slip_decider d ON d.slip_id = s.id AND d.round = s.round AND d.post_id = $1 AND d.answer IS NULL \
                 WHERE t.post_id = $1 ORDER BY 1"
            ),
            args![old.post],
        )
        .await?;
    for row in &rows {
        let (id, subject) = document(row)?;
        moved.line(Moved::Slip, Some(id), &subject, &old.label, &new.label);
        moved.slips.insert(SlipId::from_uuid(id));
    }
    for statement in [
        sql!(
            "UPDATE slip SET maker_post = $2, revision = revision + 1 WHERE maker_post = $1 AND state IN ('draft', 'running', 'returned')"
        ),
        sql!(
            "UPDATE slip_decider SET post_id = $2 WHERE post_id = $1 AND answer IS NULL AND EXISTS (SELECT 1 FROM slip s \
             WHERE s.id = slip_decider.slip_id AND s.round = slip_decider.round AND s.state = 'running')"
        ),
        // Whoever takes over and is asked already is not asked twice: advice holds nothing up (CN-304).
        sql!(
            "UPDATE slip_adviser SET post_id = $2 WHERE post_id = $1 AND EXISTS (SELECT 1 FROM slip s \
             WHERE s.id = slip_adviser.slip_id AND s.round = slip_adviser.round AND s.state = 'running') \
             AND NOT EXISTS (SELECT 1 FROM slip_adviser o WHERE o.slip_id = slip_adviser.slip_id \
             AND o.round = slip_adviser.round AND o.post_id = $2)"
        ),
    ] {
        act.run(statement, args![old.post, new.post]).await?;
    }
    Ok(())
}

/// Slips that cannot go to whoever takes over: nobody answers their own slip, or twice, in whatever posts.
///
/// # Errors
/// When the database fails.
pub(super) async fn slips_that_cannot_move(
    act: &mut Act,
    old: &Holder,
    new: &Holder,
) -> AppResult<Vec<String>> {
    let rows = act
        .all(
            sql!(
                "SELECT s.subject FROM slip s WHERE s.state = 'running' AND (\
                 (s.maker_post = $1 AND EXISTS (SELECT 1 FROM slip_decider d WHERE d.slip_id = s.id AND d.round = s.round AND d.post_id IN \
                 (SELECT q.id FROM post q JOIN post n ON n.account_id = q.account_id WHERE n.id = $2))) \
                 OR (s.id IN (SELECT d.slip_id FROM slip_decider d WHERE d.post_id = $1 AND d.round = s.round AND d.answer IS NULL) \
                 AND (s.maker_post IN (SELECT q.id FROM post q JOIN post n ON n.account_id = q.account_id WHERE n.id = $2) \
                 OR s.id IN (SELECT o.slip_id FROM slip_decider o WHERE o.post_id <> $1 AND o.round = s.round AND o.post_id IN \
                 (SELECT q.id FROM post q JOIN post n ON n.account_id = q.account_id WHERE n.id = $2))))) \
                 ORDER BY s.id"
            ),
            args![old.post, new.post],
        )
        .await?;
    let told = |row: &Row| {
        Ok(format!(
            "phiếu trình “{}” của {} đang chờ chính người nhận",
            row.get::<String>("subject")?,
            old.label
        ))
    };
    Ok(rows.iter().map(told).collect::<store::Result<_>>()?)
}

/// Envelopes that the person has not given back yet.
async fn envelopes(act: &mut Act, moved: &mut Move, old: &Holder, new: &Holder) -> AppResult<()> {
    let rows = act
        .all(
            sql!(
                "SELECT id, sender FROM unopened_mail WHERE addressee_post = $1 AND state IN ('forwarded', 'received') ORDER BY id"
            ),
            args![old.post],
        )
        .await?;
    for row in &rows {
        act.run(
            sql!("UPDATE unopened_mail SET addressee_post = $2 WHERE id = $1"),
            args![row.get::<Uuid>("id")?, new.post],
        )
        .await?;
        let sender: String = row.get("sender")?;
        moved.line(Moved::Envelope, None, &sender, &old.label, &new.label);
    }
    Ok(())
}

async fn devices(act: &mut Act, moved: &mut Move, old: &Holder, new: &Holder) -> AppResult<()> {
    let rows = act
        .all(
            sql!("SELECT id, label FROM custody_device WHERE holder = $1 AND retired_at IS NULL ORDER BY id"),
            args![old.post],
        )
        .await?;
    for row in &rows {
        act.run(
            sql!("UPDATE custody_device SET holder = $2 WHERE id = $1"),
            args![row.get::<Uuid>("id")?, new.post],
        )
        .await?;
        moved.line(
            Moved::Device,
            None,
            &row.get::<String>("label")?,
            &old.label,
            &new.label,
        );
    }
    Ok(())
}

async fn delegations(act: &mut Act, moved: &mut Move, old: &Holder, new: &Holder) -> AppResult<()> {
    let today = act.today();
    let rows = act
        .all(
            sql!(
                "SELECT id, functions FROM delegation WHERE (giver_post = $1 OR substitute_post = $1) AND revoked_at IS NULL \
                 AND to_on >= $2 ORDER BY id"
            ),
            args![old.post, today],
        )
        .await?;
    for row in &rows {
        let id: Uuid = row.get("id")?;
        act.run(
            sql!(
                "UPDATE delegation SET giver_post = CASE WHEN giver_post = $2 THEN $3 ELSE giver_post END, \
                 substitute_post = CASE WHEN substitute_post = $2 THEN $3 ELSE substitute_post END WHERE id = $1"
            ),
            args![id, old.post, new.post],
        )
        .await?;
        let scope = rules::delegation::Scope::read(&row.get::<String>("functions")?);
        moved.line(Moved::Delegation, None, &scope.label(), &old.label, &new.label);
    }
    Ok(())
}
