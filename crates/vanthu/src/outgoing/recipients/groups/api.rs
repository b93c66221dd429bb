//! Groups of recipients for programs.

use axum::{
    Json,
    extract::{Path, State},
};
use rules::ids::AgencyId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{RecipientGroup, RecipientGroupDone, RemoveRecipientGroup, members, of, open, remove, save};
use crate::{
    api,
    context::{App, Who},
    error::AppResult,
    outgoing::{
        drafting::content::{AxisRecipient, PaperRecipient},
        recipients::addresses::Recipients,
    },
};

/// A group to be saved: its name and its recipients, as a draft names them.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRecipientGroup {
    /// Its name, the only one of the agency.
    pub name: String,
    /// Recipients in the installation, to act.
    #[serde(default)]
    #[schema(value_type = Vec<Uuid>)]
    pub recipients: Vec<AgencyId>,
    /// Recipients in the installation, to know.
    #[serde(default)]
    #[schema(value_type = Vec<Uuid>)]
    pub to_know: Vec<AgencyId>,
    /// Recipients outside the installation, by their codes in the directory.
    #[serde(default)]
    pub axis: Vec<AxisRecipient>,
    /// Recipients on paper.
    #[serde(default)]
    pub paper: Vec<PaperRecipient>,
}

impl NewRecipientGroup {
    fn parts(self) -> (String, Recipients) {
        let chosen = Recipients {
            act: self.recipients,
            know: self.to_know,
            axis: self.axis,
            paper: self.paper,
        };
        (self.name, chosen)
    }
}

/// A group with whom it stands for today, as a draft names them.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RecipientGroupMembers {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Whether the caller may change and remove it.
    pub may_change: bool,
    /// Recipients in the installation, to act.
    #[schema(value_type = Vec<Uuid>)]
    pub recipients: Vec<AgencyId>,
    /// Recipients in the installation, to know.
    #[schema(value_type = Vec<Uuid>)]
    pub to_know: Vec<AgencyId>,
    /// Recipients outside the installation.
    pub axis: Vec<AxisRecipient>,
    /// Recipients on paper.
    pub paper: Vec<PaperRecipient>,
    /// What is to be said of recipients that were saved and are not there any more, in Vietnamese.
    pub notes: Vec<String>,
}

/// The groups of the caller's agency.
#[utoipa::path(get, path = "/api/v1/outgoing/groups", tag = "outgoing", responses((status = 200, body = [RecipientGroup])))]
pub async fn api_groups(State(app): State<App>, who: Who) -> AppResult<Json<Vec<RecipientGroup>>> {
    Ok(Json(of(&app, &who).await?))
}

/// A group with the recipients that can be written to today.
#[utoipa::path(get, path = "/api/v1/outgoing/groups/{id}", tag = "outgoing", params(("id" = Uuid, Path)),
    responses((status = 200, body = RecipientGroupMembers), (status = 404)))]
pub async fn api_group(
    State(app): State<App>,
    who: Who,
    Path(id): Path<Uuid>,
) -> AppResult<Json<RecipientGroupMembers>> {
    let (group, saved) = open(&app, &who, id).await?;
    let today = members::add(&app, who.agency(), saved, &Recipients::default()).await?;
    Ok(Json(RecipientGroupMembers {
        id: group.id,
        name: group.name,
        may_change: group.may_change,
        recipients: today.recipients.act,
        to_know: today.recipients.know,
        axis: today.recipients.axis,
        paper: today.recipients.paper,
        notes: today.notes,
    }))
}

/// Saves a new group of recipients.
#[utoipa::path(post, path = "/api/v1/outgoing/groups", tag = "outgoing", request_body = NewRecipientGroup,
    responses((status = 200, body = RecipientGroupDone), (status = 409, description = "Quy tắc không cho phép")))]
pub async fn api_save_group(
    State(app): State<App>,
    sent: api::Command<NewRecipientGroup>,
) -> AppResult<Json<RecipientGroupDone>> {
    let (name, chosen) = sent.data.parts();
    Ok(Json(
        save(&app, &sent.who, sent.command, None, &name, chosen).await?,
    ))
}

/// Changes a group: its name and all its recipients are those that are sent.
#[utoipa::path(post, path = "/api/v1/outgoing/groups/{id}", tag = "outgoing", params(("id" = Uuid, Path)),
    request_body = NewRecipientGroup,
    responses((status = 200, body = RecipientGroupDone), (status = 404), (status = 409, description = "Quy tắc không cho phép")))]
pub async fn api_change_group(
    State(app): State<App>,
    Path(id): Path<Uuid>,
    sent: api::Command<NewRecipientGroup>,
) -> AppResult<Json<RecipientGroupDone>> {
    let (name, chosen) = sent.data.parts();
    Ok(Json(
        save(&app, &sent.who, sent.command, Some(id), &name, chosen).await?,
    ))
}

/// Removes a group; drafts keep their recipients.
#[utoipa::path(post, path = "/api/v1/outgoing/groups/{id}/remove", tag = "outgoing", params(("id" = Uuid, Path)),
    request_body = RemoveRecipientGroup,
    responses((status = 200, body = RecipientGroupDone), (status = 404), (status = 409, description = "Quy tắc không cho phép")))]
pub async fn api_remove_group(
    State(app): State<App>,
    Path(id): Path<Uuid>,
    sent: api::Command<RemoveRecipientGroup>,
) -> AppResult<Json<RecipientGroupDone>> {
    Ok(Json(remove(&app, &sent.who, sent.command, id).await?))
}
