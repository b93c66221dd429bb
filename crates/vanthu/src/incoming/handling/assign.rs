//! Phân công: what directing and passing down share. Posts are chosen; a unit is assigned through its head.

use std::ops::ControlFlow;

use jiff::civil::Date;
use rules::{
    access::Action,
    ids::{AssignmentId, CommandId, IncomingId, PostId},
    incoming::{
        Assignee, AssignmentFacts, AssignmentRequest, AssignmentRole, AssignmentState, Direction,
        PlannedAssignment,
    },
    people::Role,
};
use serde::{Deserialize, Serialize};
use store::{Act, Begun, args, sql};
use utoipa::ToSchema;

use crate::{
    context::{App, Who},
    error::{AppError, AppResult},
    incoming::{
        detail::Typed,
        load::{self, Doc},
        step::Done,
    },
    web::{blank_as_none, clean},
};

/// A directive (bút phê), or the words and people of passing down.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Directive {
    /// Nội dung chỉ đạo.
    pub text: String,
    /// Chủ trì: exactly one post; the head of a unit stands for the unit.
    #[serde(deserialize_with = "blank_as_none")]
    #[schema(value_type = Option<uuid::Uuid>)]
    pub lead: Option<PostId>,
    /// Phối hợp.
    #[schema(value_type = Vec<uuid::Uuid>)]
    pub cooperate: Vec<PostId>,
    /// Xem để biết.
    #[schema(value_type = Vec<uuid::Uuid>)]
    pub inform: Vec<PostId>,
    /// Thời hạn giải quyết of the lead; also of those who co-operate, unless they have their own.
    #[serde(deserialize_with = "blank_as_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub due_on: Option<Date>,
    /// Thời hạn of those who co-operate.
    #[serde(deserialize_with = "blank_as_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub cooperate_due_on: Option<Date>,
    /// Deadlines of single ones among those who co-operate.
    pub own_due_on: Vec<OwnDeadline>,
    /// As forms send the same: a post for each of the days in `own_due`, which may be empty.
    #[schema(ignore)]
    pub own_post: Vec<String>,
    /// See `own_post`.
    #[schema(ignore)]
    pub own_due: Vec<String>,
    /// Yêu cầu trả lời: only an issued reply ends the handling. `true`, or `on` as forms send it.
    #[serde(deserialize_with = "crate::web::checked")]
    #[schema(value_type = bool)]
    pub reply_required: bool,
}

/// The deadline of one who co-operates.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
pub struct OwnDeadline {
    /// Who.
    #[schema(value_type = uuid::Uuid)]
    pub post: PostId,
    /// Thời hạn.
    #[schema(value_type = String, format = Date)]
    pub due_on: Date,
}

impl Directive {
    /// What was typed, to show the form again.
    pub(in crate::incoming) fn typed(&self, act: &'static str) -> Typed {
        let text = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
        let posts = |posts: &[PostId]| posts.iter().map(ToString::to_string).collect();
        Typed {
            act,
            text: self.text.clone(),
            lead: self.lead.map(|post| post.to_string()).unwrap_or_default(),
            cooperate: posts(&self.cooperate),
            inform: posts(&self.inform),
            due_on: text(self.due_on),
            cooperate_due_on: text(self.cooperate_due_on),
            own_due: self
                .own_dues()
                .map(|(post, due)| (post.to_owned(), due.to_owned()))
                .collect(),
            reply_required: self.reply_required,
            ..Typed::default()
        }
    }

    /// The pairs of a form.
    fn own_dues(&self) -> impl Iterator<Item = (&str, &str)> {
        let pairs = self.own_post.iter().zip(&self.own_due);
        pairs.map(|(post, due)| (post.as_str(), due.trim()))
    }

    /// The own deadline of one who co-operates.
    fn own_due_of(&self, post: PostId) -> AppResult<Option<Date>> {
        if let Some(own) = self.own_due_on.iter().find(|own| own.post == post) {
            return Ok(Some(own.due_on));
        }
        let key = post.to_string();
        match self.own_dues().find(|(of, due)| *of == key && !due.is_empty()) {
            Some((_, due)) => due.parse().map(Some).map_err(|_| {
                AppError::BadInput(
                    "Thời hạn riêng của người phối hợp không đọc được. Vui lòng chọn lại ngày.".to_owned(),
                )
            }),
            None => Ok(self.cooperate_due_on),
        }
    }

    /// The words, cleaned.
    pub(in crate::incoming) fn words(&self) -> String {
        clean(&self.text)
    }
}

/// The lines of a directive, with the post that stands behind each.
pub(in crate::incoming) struct Lines {
    pub requests: Vec<AssignmentRequest>,
    posts: Vec<PostId>,
}

impl Lines {
    /// What the rules are asked about.
    pub(in crate::incoming) fn direction<'a>(&'a self, opinion: &'a str, today: Date) -> Direction<'a> {
        Direction {
            opinion,
            assignments: &self.requests,
            today,
        }
    }
}

/// An order that begins: what directing, passing down and assigning more load before their rule is asked.
pub(in crate::incoming) struct Order {
    pub act: Act,
    pub doc: Doc,
    pub words: String,
    pub lines: Lines,
}

/// Begins an order of `who`; breaks off with the answer that the same command got before.
///
/// # Errors
/// When the document may not be changed so, a post is no longer in force or the database fails.
pub(in crate::incoming) async fn begin(
    app: &App,
    who: &Who,
    command: CommandId,
    (id, action): (IncomingId, Action),
    data: &Directive,
    by_unit: bool,
) -> AppResult<ControlFlow<Done, Order>> {
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(ControlFlow::Break(answer)),
        Begun::Now(act) => act,
    };
    let doc = load::for_change(&mut act, who, id, action).await?;
    let lines = lines(&mut act, data, by_unit).await?;
    Ok(ControlFlow::Continue(Order {
        act,
        doc,
        words: data.words(),
        lines,
    }))
}

/// Turns chosen posts into lines. With `by_unit` the head of a unit stands for the unit.
///
/// # Errors
/// When a post is no longer in force or the database fails.
async fn lines(act: &mut Act, data: &Directive, by_unit: bool) -> AppResult<Lines> {
    let mut cooperate = Vec::new();
    for post in &data.cooperate {
        cooperate.push((*post, AssignmentRole::Cooperate, data.own_due_of(*post)?));
    }
    let wanted = data
        .lead
        .iter()
        .map(|post| (*post, AssignmentRole::Lead, data.due_on))
        .chain(cooperate)
        .chain(
            data.inform
                .iter()
                .map(|post| (*post, AssignmentRole::Inform, None)),
        );
    let mut lines = Lines {
        requests: Vec::new(),
        posts: Vec::new(),
    };
    for (post, role, deadline) in wanted {
        let holder = load::holder(act, post).await?;
        let title = title_of(act, post).await?;
        // A deputy head chosen by name is a person; only the head stands for the unit.
        let is_head = holder.role == Role::UnitHead && !is_deputy(&title);
        let assignee = match holder.unit {
            Some(unit) if by_unit && is_head => Assignee::Unit(unit),
            _ => Assignee::Person(post),
        };
        lines.requests.push(AssignmentRequest {
            assignee,
            agency: holder.agency,
            unit: holder.unit,
            role,
            deadline,
        });
        lines.posts.push(post);
    }
    Ok(lines)
}

/// Whether this is the title of a deputy head: “Phó Trưởng phòng”.
pub fn is_deputy(title: &str) -> bool {
    viet_text::fold(title).starts_with("pho ")
}

async fn title_of(act: &mut Act, post: PostId) -> AppResult<String> {
    let row = act
        .one(sql!("SELECT title FROM post WHERE id = $1"), args![post])
        .await?;
    Ok(row.get("title")?)
}

/// Name and title of a post, for the journal.
///
/// # Errors
/// When the database fails.
pub(in crate::incoming) async fn label_of(act: &mut Act, post: PostId) -> AppResult<String> {
    let row = act
        .one(
            sql!("SELECT a.full_name, p.title FROM post p JOIN account a ON a.id = p.account_id WHERE p.id = $1"),
            args![post],
        )
        .await?;
    Ok(format!(
        "{}, {}",
        row.get::<String>("full_name")?,
        row.get::<String>("title")?
    ))
}

/// Stores planned assignments; says who got what, for the journal, and which post leads.
///
/// # Errors
/// When the database fails.
pub(in crate::incoming) async fn save(
    act: &mut Act,
    who: &Who,
    id: IncomingId,
    lines: &Lines,
    planned: &[PlannedAssignment],
    words: &str,
) -> AppResult<Saved> {
    save_given_by(act, (who, who.post()), id, lines, planned, words).await
}

/// The same for parts that somebody else gives than who writes them down: the head, by the work rules.
///
/// # Errors
/// When the database fails.
pub(in crate::incoming) async fn save_given_by(
    act: &mut Act,
    (who, giver): (&Who, PostId),
    id: IncomingId,
    lines: &Lines,
    planned: &[PlannedAssignment],
    words: &str,
) -> AppResult<Saved> {
    let now = act.now();
    let mut saved = Saved::default();
    // The rules keep the order of the lines and refuse an assignee that stands in two of them.
    for plan in planned {
        let Some(post) = lines
            .requests
            .iter()
            .position(|request| request.assignee == plan.assignee)
            .and_then(|at| lines.posts.get(at))
        else {
            continue;
        };
        let unit = match plan.assignee {
            Assignee::Unit(unit) => Some(unit),
            Assignee::Person(_) => None,
        };
        let assignment = AssignmentId::from_uuid(act.new_id());
        act.run(
            sql!(
                "INSERT INTO assignment (id, incoming_id, parent_id, given_by, post_id, unit_id, role, instruction, due_on, \
                 state, given_at, agency_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
            ),
            args![
                assignment,
                id,
                plan.parent,
                giver,
                *post,
                unit,
                plan.role.as_str(),
                words,
                plan.deadline,
                AssignmentState::Open.as_str(),
                now,
                who.agency(),
            ],
        )
        .await?;
        let name = label_of(act, *post).await?;
        if plan.role == AssignmentRole::Lead {
            saved.lead = Some((*post, plan.deadline, name.clone()));
        }
        saved.details.push(serde_json::json!({
            "id": assignment, "post": post, "unit": unit, "name": name, "role": plan.role, "due_on": plan.deadline,
        }));
    }
    Ok(saved)
}

/// What [`save`] stored.
#[derive(Default)]
pub(in crate::incoming) struct Saved {
    /// Post, deadline and name of the lead.
    pub lead: Option<(PostId, Option<Date>, String)>,
    /// Everybody, for the journal.
    pub details: Vec<serde_json::Value>,
}

impl Saved {
    /// Everybody's names, for the sentence of the history.
    pub(in crate::incoming) fn names(&self) -> String {
        let names = self.details.iter().filter_map(|one| one["name"].as_str());
        names.collect::<Vec<_>>().join("; ")
    }
}

/// The open assignment that the person holds, the lead part first. When there is none, one that nobody holds: the
/// rule then says what is wrong.
pub(in crate::incoming) fn held(who: &Who, doc: &Doc) -> AssignmentFacts {
    doc.assignments
        .iter()
        .filter(|known| known.state == AssignmentState::Open && known.is_held_by(&who.actor))
        .min_by_key(|known| known.role)
        .or_else(|| doc.assignments.iter().find(|known| known.is_held_by(&who.actor)))
        .copied()
        .unwrap_or(AssignmentFacts {
            id: AssignmentId::from_uuid(uuid::Uuid::nil()),
            parent: None,
            given_by: PostId::from_uuid(uuid::Uuid::nil()),
            assignee: Assignee::Person(PostId::from_uuid(uuid::Uuid::nil())),
            role: AssignmentRole::Inform,
            opened: false,
            state: AssignmentState::Closed,
            deadline: None,
        })
}
