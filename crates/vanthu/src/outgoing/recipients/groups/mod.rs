//! Nhóm nơi nhận (CN-215): recipients that the agency writes to again and again, saved under a name. The drafting form puts a whole group into
//! the draft at once; from then on its lines are like those that were chosen one by one. A group that changes changes no draft.

pub mod api;
mod members;
pub mod page;

use rules::{
    access::{Action, ObjectFacts},
    ids::{CommandId, PostId},
    recipients::groups as rule,
    secrecy::{SecretMarks, refuse_state_secret},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Act, Begun, Entry, Row, args, sql};
use utoipa::ToSchema;
use uuid::Uuid;

pub use members::add;

use super::addresses::{self, Recipients};
use crate::{
    access, act_names,
    context::{App, Who},
    documents::state_secret::{self, Attempt},
    error::{AppError, AppResult},
    web::{clean, page::Choice},
};

/// Nothing to say.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct RemoveRecipientGroup {}

/// The group of an act.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RecipientGroupDone {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// How many recipients it has.
    pub members: u32,
}

/// A group of the agency.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RecipientGroup {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// How many recipients were saved.
    pub members: u32,
    /// Who saved it first.
    pub made_by: String,
    /// Whether the caller may change and remove it.
    pub may_change: bool,
}

impl RecipientGroup {
    /// As a form offers it.
    pub fn choice(&self) -> Choice {
        Choice::new(self.id.to_string(), self.name.as_str()).hint(format!("{} nơi nhận", self.members))
    }

    fn read(row: &Row, who: &Who) -> AppResult<Self> {
        let made_by: PostId = row.get("made_by")?;
        Ok(Self {
            id: row.get("id")?,
            name: row.get("name")?,
            members: row.get("member_count")?,
            made_by: row.get("full_name")?,
            may_change: rule::change(&who.actor, who.agency(), made_by).is_ok(),
        })
    }
}

/// Groups are for those who draft.
fn may_draft(who: &Who) -> AppResult<()> {
    access::may(who, Action::CreateDraft, &ObjectFacts::agency(who.agency()))
}

/// The groups of the reader's agency, by name.
///
/// # Errors
/// The refusal for who does not draft; when the database fails.
pub async fn of(app: &App, who: &Who) -> AppResult<Vec<RecipientGroup>> {
    may_draft(who)?;
    let rows = app
        .db
        .all(
            sql!(
                "SELECT g.id, g.name, g.member_count, g.made_by, a.full_name FROM recipient_group g \
                 JOIN post p ON p.id = g.made_by JOIN account a ON a.id = p.account_id \
                 WHERE g.agency_id = $1 ORDER BY g.folded_name, g.id"
            ),
            args![who.agency()],
        )
        .await?;
    rows.iter().map(|row| RecipientGroup::read(row, who)).collect()
}

/// A group of the reader's agency with its recipients as they were saved.
///
/// # Errors
/// [`AppError::NotFound`] for one of another agency.
pub async fn open(app: &App, who: &Who, id: Uuid) -> AppResult<(RecipientGroup, Recipients)> {
    may_draft(who)?;
    let row = app
        .db
        .opt(
            sql!(
                "SELECT g.id, g.name, g.member_count, g.made_by, g.members, a.full_name FROM recipient_group g \
                 JOIN post p ON p.id = g.made_by JOIN account a ON a.id = p.account_id WHERE g.id = $1 AND g.agency_id = $2"
            ),
            args![id, who.agency()],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    Ok((RecipientGroup::read(&row, who)?, row.json("members")?))
}

/// Saves a new group (`id` is `None`) or another state of one: its name and all its recipients are those that are given.
///
/// # Errors
/// The refusals of [`rule::save`]; those of a draft for its recipients; of state secrets.
pub async fn save(
    app: &App,
    who: &Who,
    command: CommandId,
    id: Option<Uuid>,
    name: &str,
    chosen: Recipients,
) -> AppResult<RecipientGroupDone> {
    let attempt = Attempt {
        act: act_names::SAVE_RECIPIENT_GROUP,
        doing: "lưu nhóm nơi nhận",
        object_kind: "recipient_group",
        object: id,
        file: None,
    };
    let saved = save_checked(app, who, command, id, name, chosen).await;
    state_secret::journal_refusal(app, who, attempt, saved).await
}

async fn save_checked(
    app: &App,
    who: &Who,
    command: CommandId,
    id: Option<Uuid>,
    name: &str,
    chosen: Recipients,
) -> AppResult<RecipientGroupDone> {
    may_draft(who)?;
    let name = clean(name).split_whitespace().collect::<Vec<_>>().join(" ");
    let members = addresses::settle(app, who.agency(), chosen).await?;
    members::refuse_gone(app, &members).await?;
    // The drafting form looks for marks in what it saves itself, and a group is no draft.
    let mut texts = vec![name.as_str()];
    for paper in &members.paper {
        texts.extend([paper.name.as_str(), paper.reason.as_str()]);
    }
    refuse_state_secret(&SecretMarks {
        texts: &texts,
        ..SecretMarks::default()
    })?;
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    // Two that save at once wait for each other: a name is given once, and the groups are counted.
    act.run(
        sql!("UPDATE agency SET abbr = abbr WHERE id = $1"),
        args![who.agency()],
    )
    .await?;
    let group = id.unwrap_or_else(|| act.new_id());
    let made_by = match id {
        Some(id) => Some(maker(&mut act, who, id).await?),
        None => None,
    };
    let others = others(&mut act, who, group).await?;
    let folded = viet_text::fold(&name);
    let facts = rule::Group {
        name: &name,
        members: members.count(),
        name_is_taken: others.contains(&folded),
        others: others.len(),
    };
    rule::save(&who.actor, who.agency(), made_by, facts)?;
    let done = RecipientGroupDone {
        id: group,
        members: u32::try_from(members.count()).unwrap_or(u32::MAX),
        name,
    };
    keep(&mut act, who, made_by.is_none(), &done, folded, &members).await?;
    act.journal(Entry {
        act: act_names::SAVE_RECIPIENT_GROUP,
        object_kind: "recipient_group",
        object: group,
        agency: Some(who.agency()),
        summary: format!("Lưu nhóm nơi nhận “{}” gồm {} nơi.", done.name, done.members),
        details: json!({ "name": done.name, "members": members }),
    })
    .await?;
    app.commit(act, &done).await?;
    Ok(done)
}

/// Who saved the group first.
async fn maker(act: &mut Act, who: &Who, id: Uuid) -> AppResult<PostId> {
    let row = act
        .opt(
            sql!("SELECT made_by FROM recipient_group WHERE id = $1 AND agency_id = $2"),
            args![id, who.agency()],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    Ok(row.get("made_by")?)
}

/// The names of the other groups of the agency, folded.
async fn others(act: &mut Act, who: &Who, id: Uuid) -> AppResult<Vec<String>> {
    let rows = act
        .all(
            sql!("SELECT folded_name FROM recipient_group WHERE agency_id = $1 AND id <> $2"),
            args![who.agency(), id],
        )
        .await?;
    Ok(rows
        .iter()
        .map(|row| row.get("folded_name"))
        .collect::<store::Result<_>>()?)
}

async fn keep(
    act: &mut Act,
    who: &Who,
    is_new: bool,
    group: &RecipientGroupDone,
    folded: String,
    members: &Recipients,
) -> AppResult<()> {
    let (now, members) = (act.now(), serde_json::to_string(members)?);
    if is_new {
        act.run(
            sql!(
                "INSERT INTO recipient_group (id, agency_id, name, folded_name, members, member_count, made_by, changed_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
            ),
            args![
                group.id,
                who.agency(),
                group.name.as_str(),
                folded,
                members,
                group.members,
                who.post(),
                now
            ],
        )
        .await?;
    } else {
        act.run(
            sql!(
                "UPDATE recipient_group SET name = $2, folded_name = $3, members = $4, member_count = $5, changed_at = $6 \
                 WHERE id = $1"
            ),
            args![
                group.id,
                group.name.as_str(),
                folded,
                members,
                group.members,
                now
            ],
        )
        .await?;
    }
    Ok(())
}

/// Removes a group; drafts that it was put into keep their recipients.
///
/// # Errors
/// The refusals of [`rule::change`]; [`AppError::NotFound`] for one of another agency.
pub async fn remove(app: &App, who: &Who, command: CommandId, id: Uuid) -> AppResult<RecipientGroupDone> {
    may_draft(who)?;
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let row = act
        .opt(
            sql!(
                "DELETE FROM recipient_group WHERE id = $1 AND agency_id = $2 RETURNING name, member_count, made_by"
            ),
            args![id, who.agency()],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    rule::change(&who.actor, who.agency(), row.get("made_by")?)?;
    let done = RecipientGroupDone {
        id,
        name: row.get("name")?,
        members: row.get("member_count")?,
    };
    act.journal(Entry {
        act: act_names::REMOVE_RECIPIENT_GROUP,
        object_kind: "recipient_group",
        object: id,
        agency: Some(who.agency()),
        summary: format!("Xóa nhóm nơi nhận “{}” gồm {} nơi.", done.name, done.members),
        details: json!({ "name": done.name }),
    })
    .await?;
    app.commit(act, &done).await?;
    Ok(done)
}
