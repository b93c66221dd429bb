//! Liên kết văn bản (PL6-III.4; CN-127): what a document is based on and what it has to do with, shown at both documents, to everybody
//! only as far as they may see the other one. Replies and replacements are linked by the acts that make them.

mod end;
mod page;
#[cfg(test)]
mod tests;

use axum::{
    Json, Router,
    extract::{Path, State},
    routing::{get, post},
};
use rules::{
    ids::{CommandId, PostId},
    links::LinkKind,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Act, Begun, Entry, args, sql};
use utoipa::ToSchema;
use uuid::Uuid;

pub use end::End;
pub use page::Part;

use crate::{
    act_names, api,
    context::{App, Who},
    error::{AppError, AppResult},
};

/// A document is shown with so many links at most.
const MOST: i64 = 100;

/// `/links`.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/links/{kind}/{id}", get(page::show).post(page::link))
        .route("/links/{kind}/{id}/{link}/remove", post(page::unlink))
}

/// `/api/v1/links`.
pub fn api_routes() -> Router<App> {
    Router::new()
        .route("/api/v1/links/{kind}/{id}", get(api_list).post(api_link))
        .route("/api/v1/links/{kind}/{id}/{link}/remove", post(api_unlink))
}

/// This room's part of the OpenAPI document.
pub fn api_document() -> utoipa::openapi::OpenApi {
    use utoipa::OpenApi;
    #[derive(OpenApi)]
    #[openapi(paths(api_list, api_link, api_unlink))]
    struct Document;
    Document::openapi()
}

/// A link to be made.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct NewLink {
    /// `basis`: the document is based on the other one; `related`: they have to do with each other.
    #[schema(value_type = String)]
    pub link_kind: LinkKind,
    /// `incoming` or `outgoing`.
    pub to_kind: String,
    /// The other document.
    pub to_id: Uuid,
}

/// Nothing to say.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Unlink {}

/// A link of an act.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
pub struct LinkDone {
    /// Its id.
    pub id: Uuid,
}

/// A link, seen from one of its documents.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Link {
    /// Its id.
    pub id: Uuid,
    /// `basis` or `related`.
    #[schema(value_type = String)]
    pub link_kind: LinkKind,
    /// What the other document is to this one, in Vietnamese.
    pub label: &'static str,
    /// `incoming` or `outgoing`: the other document.
    pub kind: &'static str,
    /// Its id.
    pub document: Uuid,
    /// Số, ký hiệu and from whom it is.
    pub name: String,
    /// Whether the caller may take the link away.
    pub may_remove: bool,
}

impl Link {
    /// Where the other document is.
    pub fn href(&self) -> String {
        format!("/{}/{}", self.kind, self.document)
    }
}

/// The links of a document whose other side the reader may see, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn of(app: &App, who: &Who, here: End) -> AppResult<Vec<Link>> {
    let rows = app
        .db
        .all(
            sql!(
                "SELECT id, kind, from_kind, from_id, to_kind, to_id, made_by FROM document_link \
                 WHERE agency_id = $1 AND (from_id = $2 OR to_id = $2) ORDER BY id LIMIT $3"
            ),
            args![who.agency(), here.id(), MOST],
        )
        .await?;
    let mut links = Vec::with_capacity(rows.len());
    for row in &rows {
        let link_kind: LinkKind = row.parse("kind")?;
        let goes_out = row.get::<Uuid>("from_id")? == here.id();
        let (kind, id, label) = if goes_out {
            ("to_kind", "to_id", link_kind.label())
        } else {
            ("from_kind", "from_id", link_kind.label_at_other())
        };
        let other = End::read(&row.get::<String>(kind)?, row.get(id)?)?;
        if !other.is_visible(app, who).await? {
            continue;
        }
        let made_by: PostId = row.get("made_by")?;
        links.push(Link {
            id: row.get("id")?,
            link_kind,
            label,
            kind: other.kind(),
            document: other.id(),
            name: other.name(app).await?,
            may_remove: rules::links::unlink(&who.actor, who.agency(), made_by).is_ok(),
        });
    }
    Ok(links)
}

/// Links two documents that the person sees.
///
/// # Errors
/// The refusals of [`rules::links::link`]; [`AppError::NotFound`] for a document that is not visible.
pub async fn link(
    app: &App,
    who: &Who,
    command: CommandId,
    from: End,
    data: &NewLink,
) -> AppResult<LinkDone> {
    let to = End::read(&data.to_kind, data.to_id)?;
    for end in [from, to] {
        if !end.is_visible(app, who).await? {
            return Err(AppError::NotFound);
        }
    }
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let linked = act
        .opt(
            sql!(
                "SELECT id FROM document_link WHERE kind = $3 AND ((from_id = $1 AND to_id = $2) \
                 OR (kind = 'related' AND from_id = $2 AND to_id = $1))"
            ),
            args![from.id(), to.id(), data.link_kind.as_str()],
        )
        .await?;
    rules::links::link(from == to, linked.is_some())?;
    let (id, now) = (act.new_id(), act.now());
    act.run(
        sql!(
            "INSERT INTO document_link (id, agency_id, kind, from_kind, from_id, to_kind, to_id, made_by, made_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        ),
        args![
            id,
            who.agency(),
            data.link_kind.as_str(),
            from.kind(),
            from.id(),
            to.kind(),
            to.id(),
            who.post(),
            now
        ],
    )
    .await?;
    tell(
        &mut act,
        act_names::LINK,
        id,
        data.link_kind,
        (from.id(), to.id()),
    )
    .await?;
    let answer = LinkDone { id };
    app.commit(act, &answer).await?;
    Ok(answer)
}

/// Takes a link of a document away.
///
/// # Errors
/// The refusals of [`rules::links::unlink`]; [`AppError::NotFound`] for a link or a document that is not visible.
pub async fn unlink(app: &App, who: &Who, command: CommandId, here: End, id: Uuid) -> AppResult<LinkDone> {
    if !here.is_visible(app, who).await? {
        return Err(AppError::NotFound);
    }
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let row = act
        .opt(
            sql!(
                "DELETE FROM document_link WHERE id = $1 AND agency_id = $2 AND (from_id = $3 OR to_id = $3) \
                 RETURNING kind, from_kind, from_id, to_kind, to_id, made_by"
            ),
            args![id, who.agency(), here.id()],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    let from = End::read(&row.get::<String>("from_kind")?, row.get("from_id")?)?;
    let to = End::read(&row.get::<String>("to_kind")?, row.get("to_id")?)?;
    let other = if from == here { to } else { from };
    if !other.is_visible(app, who).await? {
        return Err(AppError::NotFound);
    }
    rules::links::unlink(&who.actor, who.agency(), row.get("made_by")?)?;
    tell(
        &mut act,
        act_names::UNLINK,
        id,
        row.parse("kind")?,
        (from.id(), to.id()),
    )
    .await?;
    let answer = LinkDone { id };
    app.commit(act, &answer).await?;
    Ok(answer)
}

/// A line of the journal about the link itself: the histories of its documents are read by people who do not see the other one.
async fn tell(
    act: &mut Act,
    name: &'static str,
    link: Uuid,
    kind: LinkKind,
    (from, to): (Uuid, Uuid),
) -> AppResult<()> {
    let done = if name == act_names::LINK {
        "Liên kết"
    } else {
        "Bỏ liên kết"
    };
    act.journal(Entry {
        act: name,
        object_kind: "link",
        object: link,
        agency: None,
        summary: format!("{done} hai văn bản: {}.", kind.label()),
        details: json!({ "kind": kind, "from": from, "to": to }),
    })
    .await?;
    Ok(())
}

/// The links of a document, as far as the caller may see the other document.
#[utoipa::path(get, path = "/api/v1/links/{kind}/{id}", tag = "links",
    params(("kind" = String, Path, description = "incoming, outgoing"), ("id" = Uuid, Path)),
    responses((status = 200, body = [Link]), (status = 404)))]
pub async fn api_list(
    State(app): State<App>,
    who: Who,
    Path((kind, id)): Path<(String, Uuid)>,
) -> AppResult<Json<Vec<Link>>> {
    let here = End::read(&kind, id)?;
    if !here.is_visible(&app, &who).await? {
        return Err(AppError::NotFound);
    }
    Ok(Json(of(&app, &who, here).await?))
}

/// Links the document with another one.
#[utoipa::path(post, path = "/api/v1/links/{kind}/{id}", tag = "links",
    params(("kind" = String, Path, description = "incoming, outgoing"), ("id" = Uuid, Path)), request_body = NewLink,
    responses((status = 200, body = LinkDone), (status = 409, description = "Quy tắc không cho phép"), (status = 404)))]
pub async fn api_link(
    State(app): State<App>,
    Path((kind, id)): Path<(String, Uuid)>,
    command: api::Command<NewLink>,
) -> AppResult<Json<LinkDone>> {
    let here = End::read(&kind, id)?;
    Ok(Json(
        link(&app, &command.who, command.command, here, &command.data).await?,
    ))
}

/// Takes a link of the document away.
#[utoipa::path(post, path = "/api/v1/links/{kind}/{id}/{link}/remove", tag = "links",
    params(("kind" = String, Path, description = "incoming, outgoing"), ("id" = Uuid, Path), ("link" = Uuid, Path)),
    request_body = Unlink,
    responses((status = 200, body = LinkDone), (status = 409, description = "Quy tắc không cho phép"), (status = 404)))]
pub async fn api_unlink(
    State(app): State<App>,
    Path((kind, id, link)): Path<(String, Uuid, Uuid)>,
    command: api::Command<Unlink>,
) -> AppResult<Json<LinkDone>> {
    let here = End::read(&kind, id)?;
    Ok(Json(
        unlink(&app, &command.who, command.command, here, link).await?,
    ))
}
