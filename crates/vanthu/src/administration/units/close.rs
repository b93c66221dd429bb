//! Kết thúc hoạt động của đơn vị (giải thể, sáp nhập): its people take posts in the successor, everything open goes with them or to
//! whoever is named, and the minutes say what went where. The dry run is the act itself, not committed.

use std::collections::BTreeSet;

use axum::{
    Json,
    extract::{Path, State},
};
use rules::{
    ids::{AgencyId, CommandId, PostId, UnitId},
    organization::{Closing, Moved, close_unit},
    people::Role,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Act, Begun, Entry, args, sql};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    Unit, for_change,
    minutes::{self, Line},
    moving::{self, Holder, Move},
};
use crate::{
    act_names, api,
    context::{App, Who},
    desk,
    error::{AppError, AppResult},
    incoming,
    web::{blank_as_none, clean, format},
};

/// How a unit is closed.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct CloseUnit {
    /// Đơn vị kế thừa.
    #[serde(deserialize_with = "blank_as_none")]
    #[schema(value_type = Option<uuid::Uuid>)]
    pub successor: Option<UnitId>,
    /// Người nhận of what lies with the unit itself and with people who have left; left out: the head of the successor.
    #[serde(deserialize_with = "blank_as_none")]
    #[schema(value_type = Option<uuid::Uuid>)]
    pub receiver: Option<PostId>,
    /// Chức vụ that the former heads hold in the successor; left out: the same when nobody heads it, else Phó Trưởng phòng.
    pub head_title: String,
    /// Căn cứ.
    pub basis: String,
}

/// The answer: what was closed, and how much was handed over.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ClosedUnit {
    /// The unit.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Lines of the minutes.
    pub lines: usize,
}

/// A post of the unit that ends.
struct Member {
    old: Holder,
    account: Uuid,
    title: String,
    name: String,
    role: Role,
    checks_form: bool,
    has_left: bool,
}

impl Member {
    fn is_head(&self) -> bool {
        self.role == Role::UnitHead && !incoming::is_deputy(&self.title)
    }
}

async fn members(act: &mut Act, unit: UnitId) -> AppResult<Vec<Member>> {
    let today = act.today();
    let rows = act
        .all(
            sql!(
                "SELECT p.id, p.account_id, p.title, p.role, p.checks_form, a.full_name, a.closed_at FROM post p \
                 JOIN account a ON a.id = p.account_id WHERE p.unit_id = $1 AND (p.valid_to IS NULL OR p.valid_to >= $2) ORDER BY p.id"
            ),
            args![unit, today],
        )
        .await?;
    let member = |row: &store::Row| {
        let (name, title): (String, String) = (row.get("full_name")?, row.get("title")?);
        Ok(Member {
            old: Holder {
                post: row.get("id")?,
                label: format!("{name}, {title}"),
            },
            account: row.get("account_id")?,
            role: row.parse("role")?,
            checks_form: row.get("checks_form")?,
            has_left: row.get::<Option<i64>>("closed_at")?.is_some(),
            title,
            name,
        })
    };
    Ok(rows.iter().map(member).collect::<store::Result<_>>()?)
}

/// The open unit of the same agency that takes over.
async fn successor_of(
    act: &mut Act,
    unit: &Unit,
    wanted: Option<UnitId>,
) -> AppResult<Option<(UnitId, String)>> {
    let today = act.today();
    let row = act
        .opt(
            sql!(
                "SELECT id, name FROM unit WHERE id = $1 AND agency_id = $2 AND id <> $3 AND (valid_to IS NULL OR valid_to >= $4)"
            ),
            args![wanted, unit.agency, unit.id, today],
        )
        .await?;
    Ok(row
        .map(|row| Ok::<_, store::Error>((row.get("id")?, row.get("name")?)))
        .transpose()?)
}

/// A named person of the agency who is there.
async fn named(act: &mut Act, agency: AgencyId, unit: UnitId, post: PostId) -> AppResult<Holder> {
    let today = act.today();
    let row = act
        .opt(
            sql!(
                "SELECT a.full_name, p.title FROM post p JOIN account a ON a.id = p.account_id WHERE p.id = $1 AND p.agency_id = $2 \
                 AND (p.unit_id IS NULL OR p.unit_id <> $3) AND p.role <> 'administrator' AND a.closed_at IS NULL \
                 AND (p.valid_to IS NULL OR p.valid_to >= $4)"
            ),
            args![post, agency, unit, today],
        )
        .await?
        .ok_or_else(|| {
            AppError::BadInput(
                "Người nhận phải đang giữ chức vụ ở cơ quan, ngoài đơn vị kết thúc. Vui lòng chọn lại."
                    .to_owned(),
            )
        })?;
    Ok(Holder {
        post,
        label: format!(
            "{}, {}",
            row.get::<String>("full_name")?,
            row.get::<String>("title")?
        ),
    })
}

/// Drafts that somebody of the unit is to sign: who signs is chosen by the drafter, not by an administrator.
async fn to_be_signed(act: &mut Act, agency: AgencyId, members: &[Member]) -> AppResult<Vec<String>> {
    let mut stuck = Vec::new();
    for member in members {
        let rows = act
            .all(
                sql!(
                    "SELECT subject FROM outgoing WHERE agency_id = $1 AND year IS NULL AND signer_post = $2 \
                     AND state NOT IN ('issued', 'cancelled', 'voided') ORDER BY id"
                ),
                args![agency, member.old.post],
            )
            .await?;
        for row in &rows {
            stuck.push(format!(
                "dự thảo “{}” đang chọn {} ký, cần đổi người ký",
                row.get::<String>("subject")?,
                member.old.label
            ));
        }
    }
    Ok(stuck)
}

/// Gives the people of the unit their posts in the successor; whoever has left gets none.
async fn new_posts(
    act: &mut Act,
    unit: &Unit,
    successor: &(UnitId, String),
    members: &[Member],
    head_title: &str,
    is_headed: bool,
) -> AppResult<Vec<Option<Holder>>> {
    let today = act.today();
    let last_day = today.yesterday().unwrap_or(today);
    let mut all = Vec::with_capacity(members.len());
    for member in members {
        act.run(
            sql!("UPDATE post SET valid_to = $2 WHERE id = $1"),
            args![member.old.post, last_day],
        )
        .await?;
        if member.has_left {
            all.push(None);
            continue;
        }
        let title = match (member.is_head(), head_title.is_empty(), is_headed) {
            (true, false, _) => head_title.to_owned(),
            (true, true, true) => "Phó Trưởng phòng".to_owned(),
            _ => member.title.clone(),
        };
        let post = PostId::from_uuid(act.new_id());
        act.run(
            sql!(
                "INSERT INTO post (id, account_id, agency_id, unit_id, title, role, is_agency_head, checks_form, valid_from) \
                 VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8)"
            ),
            args![
                post,
                member.account,
                unit.agency,
                successor.0,
                title.as_str(),
                member.role.as_str(),
                member.checks_form,
                today
            ],
        )
        .await?;
        all.push(Some(Holder {
            post,
            label: format!("{}, {title}", member.name),
        }));
    }
    Ok(all)
}

/// The head of the successor: the first who is no deputy.
async fn head_of(act: &mut Act, unit: UnitId) -> AppResult<Option<Holder>> {
    let heads = members(act, unit).await?;
    Ok(heads
        .into_iter()
        .find(|member| member.is_head() && !member.has_left)
        .map(|member| member.old))
}

/// Carries the closing out within the act; the caller commits, or drops it for a dry run.
async fn carry_out(act: &mut Act, who: &Who, unit: &Unit, data: &CloseUnit) -> AppResult<Vec<Line>> {
    let (today, now) = (act.today(), act.now());
    let members = members(act, unit.id).await?;
    let successor = successor_of(act, unit, data.successor).await?;
    let by_name = match data.receiver {
        Some(post) => Some(named(act, unit.agency, unit.id, post).await?),
        None => None,
    };
    let head = match &successor {
        Some((id, _)) => head_of(act, *id).await?,
        None => None,
    };
    // A head who comes along heads the successor when nobody does.
    let comes_along = members.iter().any(|member| member.is_head() && !member.has_left);
    let waits = waiting(act, unit, &members).await?;
    let mut stuck = to_be_signed(act, unit.agency, &members).await?;
    if let Some(receiver) = by_name.as_ref().or(head.as_ref()) {
        for member in members.iter().filter(|member| member.has_left) {
            stuck.extend(moving::slips_that_cannot_move(act, &member.old, receiver).await?);
        }
    }
    let basis = clean(&data.basis);
    close_unit(&Closing {
        is_open: unit.is_open(today),
        has_successor: successor.is_some(),
        has_receiver: by_name.is_some() || head.is_some() || comes_along,
        waits_for_receiver: &waits,
        stuck: &stuck,
        basis: &basis,
    })?;
    let Some(successor) = successor else {
        return Err(AppError::NotFound);
    };
    let heirs = new_posts(
        act,
        unit,
        &successor,
        &members,
        &clean(&data.head_title),
        head.is_some(),
    )
    .await?;
    let came = members
        .iter()
        .zip(&heirs)
        .find(|(member, _)| member.is_head())
        .and_then(|(_, heir)| heir.clone());
    let receiver = by_name.clone().or(head).or(came);
    let mut moved = Move::default();
    for (member, heir) in members.iter().zip(&heirs) {
        let to = heir
            .as_ref()
            .map_or("đã thôi làm việc", |heir| heir.label.as_str());
        moved.lines.push(Line {
            kind: Moved::Person,
            object: None,
            name: member.name.clone(),
            from: format!("{}, {}", member.title, unit.name),
            to: format!("{to}, {}", successor.1),
        });
    }
    let (from, to) = ((unit.id, unit.name.as_str()), (successor.0, successor.1.as_str()));
    if let Some(receiver) = &receiver {
        moving::unit_work(act, &mut moved, from, to, receiver, by_name.is_some()).await?;
    }
    for (member, heir) in members.iter().zip(&heirs) {
        if let Some(new) = heir.as_ref().or(receiver.as_ref()) {
            moving::post_work(act, &mut moved, &member.old, new, heir.is_some()).await?;
        }
    }
    moving::unit_drafts(act, &mut moved, from, to).await?;
    act.run(
        sql!("UPDATE unit SET valid_to = $2, successor_id = $3 WHERE id = $1"),
        args![unit.id, today.yesterday().unwrap_or(today), successor.0],
    )
    .await?;
    tell(act, unit, &moved).await?;
    let closing = act.new_id();
    act.run(
        sql!(
            "INSERT INTO unit_closing (id, unit_id, successor_id, agency_id, basis, closed_on, closed_by, at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        ),
        args![
            closing,
            unit.id,
            successor.0,
            unit.agency,
            basis.as_str(),
            today.yesterday().unwrap_or(today),
            who.label(),
            now
        ],
    )
    .await?;
    minutes::keep(act, closing, &moved.lines).await?;
    act.journal(Entry {
        act: act_names::CLOSE_UNIT,
        object_kind: "unit",
        object: unit.id.as_uuid(),
        agency: Some(unit.agency),
        summary: format!(
            "{} kết thúc hoạt động từ {}, {} kế thừa; biên bản bàn giao {} dòng.",
            unit.name,
            format::date(today),
            successor.1,
            moved.lines.len()
        ),
        details: json!({
            "note": basis, "successor": successor.0, "lines": moved.lines.iter().map(|line| json!({
                "kind": line.kind, "object": line.object, "name": line.name, "from": line.from, "to": line.to,
            })).collect::<Vec<_>>(),
        }),
    })
    .await?;
    Ok(moved.lines)
}

/// What lies with the unit itself and with people who have left: it needs somebody who takes it.
async fn waiting(act: &mut Act, unit: &Unit, members: &[Member]) -> AppResult<Vec<String>> {
    let mut waits: Vec<String> = moving::of_unit(act, unit.id)
        .await?
        .into_iter()
        .map(|(_, _, subject)| format!("văn bản “{subject}”"))
        .collect();
    for member in members.iter().filter(|member| member.has_left) {
        let rows = act
            .all(
                sql!(
                    "SELECT DISTINCT coalesce(i.subject, o.subject, s.subject) AS subject FROM desk d \
                     LEFT JOIN incoming i ON i.id = d.object_id LEFT JOIN outgoing o ON o.id = d.object_id \
                     LEFT JOIN slip s ON s.id = d.object_id \
                     WHERE d.owner_id = $1 AND d.box NOT IN ('handled', 'issued', 'slips-own', 'slips-handled')"
                ),
                args![member.old.post],
            )
            .await?;
        for row in &rows {
            let subject: Option<String> = row.get("subject")?;
            waits.push(format!(
                "“{}” của {}",
                subject.unwrap_or_default(),
                member.old.label
            ));
        }
    }
    Ok(waits)
}

/// Desks follow, and the history of each document says what happened.
async fn tell(act: &mut Act, unit: &Unit, moved: &Move) -> AppResult<()> {
    for id in &moved.incoming {
        desk::refresh_incoming(act, *id).await?;
    }
    for id in &moved.outgoing {
        desk::refresh_outgoing(act, *id).await?;
    }
    for id in &moved.slips {
        desk::refresh_slip(act, *id).await?;
    }
    let mut told = BTreeSet::new();
    for line in &moved.lines {
        let Some(object) = line.object else { continue };
        if !told.insert((object, line.kind, line.from.clone())) {
            continue;
        }
        let object_kind = match line.kind {
            Moved::Part | Moved::Given | Moved::Dossier => "incoming",
            Moved::Slip => "slip",
            _ => "outgoing",
        };
        act.journal(Entry {
            act: act_names::UNIT_MOVED,
            object_kind,
            object,
            agency: Some(unit.agency),
            summary: format!(
                "{}: chuyển từ {} sang {} do {} kết thúc hoạt động.",
                line.kind.label(),
                line.from,
                line.to,
                unit.name
            ),
            details: json!({ "unit": unit.id }),
        })
        .await?;
    }
    Ok(())
}

/// Closes a unit.
///
/// # Errors
/// As [`for_change`]; the refusals of [`close_unit`].
pub async fn close(
    app: &App,
    who: &Who,
    command: CommandId,
    id: UnitId,
    data: &CloseUnit,
) -> AppResult<ClosedUnit> {
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let unit = for_change(&mut act, who, id).await?;
    let lines = carry_out(&mut act, who, &unit, data).await?;
    let answer = ClosedUnit {
        id: id.as_uuid(),
        name: unit.name,
        lines: lines.len(),
    };
    app.commit(act, &answer).await?;
    Ok(answer)
}

/// What closing the unit would do: the same act, rolled back.
///
/// # Errors
/// As [`close`].
pub(super) async fn dry_run(app: &App, who: &Who, id: UnitId, data: &CloseUnit) -> AppResult<Vec<Line>> {
    let command = CommandId::from_uuid(app.ids.next());
    let Begun::Now(mut act) = app.begin::<ClosedUnit>(who, command).await? else {
        return Ok(Vec::new());
    };
    let unit = for_change(&mut act, who, id).await?;
    let lines = carry_out(&mut act, who, &unit, data).await?;
    drop(act);
    Ok(lines)
}

/// Closes a unit; everything open goes to its successor.
#[utoipa::path(post, path = "/api/v1/units/{id}/close", tag = "accounts", params(("id" = Uuid, Path)), request_body = CloseUnit,
    responses((status = 200, body = ClosedUnit), (status = 404), (status = 409, description = "Còn việc sẽ không có người nhận")))]
pub async fn api(
    State(app): State<App>,
    Path(id): Path<UnitId>,
    sent: api::Command<CloseUnit>,
) -> AppResult<Json<ClosedUnit>> {
    Ok(Json(close(&app, &sent.who, sent.command, id, &sent.data).await?))
}
