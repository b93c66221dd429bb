//! Several documents of a box at once (CN-130): each is an act of its own with a line of its own, so that one that is refused
//! holds up no other.

use axum::{Json, extract::State};
use axum_extra::extract::cookie::CookieJar;
use rules::{
    ids::{CommandId, IncomingId, PostId},
    incoming::AssignmentRole,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::many::{self, Heading, Outcome};
use crate::{
    api,
    context::{App, Who},
    desk::DeskBox,
    error::{AppError, AppResult},
    incoming::{
        assign::Directive,
        complete::{self, Complete},
        finish::{self, Finish},
        mark_seen,
        pass_down::pass_down,
        present::{self, Present},
        seen,
        step::Done,
    },
    web::{
        Reply, Submitted, blank_as_none,
        page::{Badge, Tone},
    },
};

/// At most so many documents, or parts, in one call.
pub(in crate::incoming) const MANY: usize = 200;

/// Documents that somebody chose in a box, and what is the same for all of them.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct Several {
    /// Their ids.
    #[schema(value_type = Vec<uuid::Uuid>)]
    pub id: Vec<IncomingId>,
    /// The leader to whom they are presented, the person to whom they are passed on.
    #[serde(deserialize_with = "blank_as_none")]
    #[schema(value_type = Option<uuid::Uuid>)]
    pub to: Option<PostId>,
    /// The proposal to the leader, the words to the person, the result.
    pub words: String,
    /// The box of the page, to which the result leads back.
    #[serde(rename = "box")]
    #[schema(ignore)]
    pub desk_box: String,
}

impl Several {
    /// The chosen documents.
    ///
    /// # Errors
    /// [`AppError::BadInput`] for none or too many.
    pub(in crate::incoming) fn chosen(&self) -> AppResult<&[IncomingId]> {
        if self.id.is_empty() || self.id.len() > MANY {
            return Err(AppError::BadInput(format!(
                "Chọn từ 1 đến {MANY} văn bản để thực hiện cùng lúc."
            )));
        }
        Ok(&self.id)
    }
}

/// What became of one of them.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SeveralLine {
    /// The document.
    #[schema(value_type = uuid::Uuid)]
    pub id: IncomingId,
    /// Its state then; absent when nothing happened to it.
    pub state: Option<String>,
    /// Why nothing happened to it.
    pub problem: Option<String>,
    /// The clause that refuses.
    pub clause: Option<&'static str>,
}

/// What is done with each of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Present,
    PassDown,
    Complete,
    MarkSeen,
}

impl Wanted {
    fn title(self) -> &'static str {
        match self {
            Self::Present => "Kết quả trình lãnh đạo",
            Self::PassDown => "Kết quả chuyển xử lý",
            Self::Complete => "Kết quả hoàn thành xử lý",
            Self::MarkSeen => "Kết quả đánh dấu đã xem",
        }
    }

    fn done(self) -> &'static str {
        match self {
            Self::Present => "Đã trình",
            Self::PassDown => "Đã chuyển",
            Self::Complete => "Đã hoàn thành",
            Self::MarkSeen => "Đã xem",
        }
    }
}

async fn one(
    app: &App,
    who: &Who,
    command: CommandId,
    id: IncomingId,
    wanted: Wanted,
    data: &Several,
) -> AppResult<Done> {
    let words = data.words.clone();
    match wanted {
        Wanted::Present => {
            let data = Present {
                leader: data.to,
                note: words,
            };
            present::present(app, who, command, id, data).await
        }
        Wanted::PassDown => {
            let data = Directive {
                lead: data.to,
                text: words,
                ..Directive::default()
            };
            pass_down(app, who, command, id, data).await
        }
        Wanted::Complete => {
            if leads(app, who, id).await? {
                let data = Finish {
                    result: words,
                    ..Finish::default()
                };
                finish::finish(app, who, command, id, data).await
            } else {
                complete::complete(app, who, command, id, Complete { result: words }).await
            }
        }
        Wanted::MarkSeen => mark_seen::mark_seen(app, who, command, id).await,
    }
}

/// Whether the person's open part is the lead, which ends with the document. Of the same command sent again it is not any more, and
/// the answer given before is found by either act.
async fn leads(app: &App, who: &Who, id: IncomingId) -> AppResult<bool> {
    let seen = seen::for_view(app, who, id).await?;
    let mine = seen.mine(who);
    Ok(mine.is_some_and(|part| part.facts.role == AssignmentRole::Lead))
}

async fn each(
    app: &App,
    who: &Who,
    command: CommandId,
    wanted: Wanted,
    data: &Several,
) -> AppResult<Vec<SeveralLine>> {
    let chosen = data.chosen()?;
    let mut lines = Vec::with_capacity(chosen.len());
    for id in chosen {
        let own = command.part(id.as_uuid());
        lines.push(match one(app, who, own, *id, wanted, data).await {
            Ok(done) => SeveralLine {
                id: *id,
                state: Some(done.state),
                problem: None,
                clause: None,
            },
            Err(AppError::Internal(error)) => return Err(AppError::Internal(error)),
            Err(error) => {
                let problem = error.problem();
                SeveralLine {
                    id: *id,
                    state: None,
                    problem: Some(problem.message),
                    clause: problem.clause,
                }
            }
        });
    }
    Ok(lines)
}

async fn page(app: &App, jar: &CookieJar, form: &Submitted<Several>, wanted: Wanted) -> Reply {
    let lines = each(app, &form.who, form.command, wanted, &form.data).await?;
    let done = lines.iter().filter(|line| line.state.is_some()).count();
    let heading = Heading {
        title: wanted.title(),
        summary: format!("{done}/{} văn bản đã thực hiện", lines.len()),
        desk_box: DeskBox::by_key(&form.data.desk_box),
    };
    let outcomes = lines.into_iter().map(|line| Outcome {
        id: line.id,
        badge: match line.state {
            Some(_) => Badge::new(wanted.done(), Tone::Good),
            None => Badge::new("Chưa thực hiện", Tone::Bad),
        },
        problem: line.problem.unwrap_or_default(),
    });
    many::page(app, &form.who, jar, heading, outcomes.collect()).await
}

/// `POST /incoming/present`.
pub async fn present_page(State(app): State<App>, jar: CookieJar, form: Submitted<Several>) -> Reply {
    page(&app, &jar, &form, Wanted::Present).await
}

/// `POST /incoming/pass-down`.
pub async fn pass_down_page(State(app): State<App>, jar: CookieJar, form: Submitted<Several>) -> Reply {
    page(&app, &jar, &form, Wanted::PassDown).await
}

/// `POST /incoming/complete`.
pub async fn complete_page(State(app): State<App>, jar: CookieJar, form: Submitted<Several>) -> Reply {
    page(&app, &jar, &form, Wanted::Complete).await
}

/// `POST /incoming/seen`.
pub async fn mark_seen_page(State(app): State<App>, jar: CookieJar, form: Submitted<Several>) -> Reply {
    page(&app, &jar, &form, Wanted::MarkSeen).await
}

async fn told(
    app: &App,
    command: &api::Command<Several>,
    wanted: Wanted,
) -> AppResult<Json<Vec<SeveralLine>>> {
    Ok(Json(
        each(app, &command.who, command.command, wanted, &command.data).await?,
    ))
}

/// Present several documents to one leader: one result line each.
#[utoipa::path(post, path = "/api/v1/incoming/present", tag = "incoming", request_body = Several,
    responses((status = 200, body = Vec<SeveralLine>)))]
pub async fn present_api(
    State(app): State<App>,
    command: api::Command<Several>,
) -> AppResult<Json<Vec<SeveralLine>>> {
    told(&app, &command, Wanted::Present).await
}

/// Pass several lead parts down to one person, with the deadlines that they have: one result line each.
#[utoipa::path(post, path = "/api/v1/incoming/pass-down", tag = "incoming", request_body = Several,
    responses((status = 200, body = Vec<SeveralLine>)))]
pub async fn pass_down_api(
    State(app): State<App>,
    command: api::Command<Several>,
) -> AppResult<Json<Vec<SeveralLine>>> {
    told(&app, &command, Wanted::PassDown).await
}

/// Complete the own parts of several documents with one result; a lead part ends its document. One result line each.
#[utoipa::path(post, path = "/api/v1/incoming/complete", tag = "incoming", request_body = Several,
    responses((status = 200, body = Vec<SeveralLine>)))]
pub async fn complete_api(
    State(app): State<App>,
    command: api::Command<Several>,
) -> AppResult<Json<Vec<SeveralLine>>> {
    told(&app, &command, Wanted::Complete).await
}

/// Mark several documents that are for information as seen: one result line each.
#[utoipa::path(post, path = "/api/v1/incoming/seen", tag = "incoming", request_body = Several,
    responses((status = 200, body = Vec<SeveralLine>)))]
pub async fn mark_seen_api(
    State(app): State<App>,
    command: api::Command<Several>,
) -> AppResult<Json<Vec<SeveralLine>>> {
    told(&app, &command, Wanted::MarkSeen).await
}
