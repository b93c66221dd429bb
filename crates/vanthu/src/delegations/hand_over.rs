//! Ủy quyền: work is handed over, by the person or, on a paper, by the administrator of the agency.

use axum::{Json, extract::State};
use axum_extra::extract::cookie::CookieJar;
use jiff::civil::Date;
use rules::{
    delegation::{self, Function, Grant, Party, Scope},
    ids::{CommandId, PostId},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Act, Begun, Entry, args, sql};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{HREF, page};
use crate::{
    act_names, administration, api,
    context::{App, Who},
    error::{AppError, AppResult},
    web::{Reply, Submitted, blank_as_none, clean, format, see_other},
};

/// What is handed over.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct HandOver {
    /// Whose work it is; left out: the own. Only an administrator names somebody else.
    #[serde(deserialize_with = "blank_as_none")]
    #[schema(value_type = Option<uuid::Uuid>)]
    pub giver: Option<PostId>,
    /// Who does it.
    #[serde(deserialize_with = "blank_as_none")]
    #[schema(value_type = Option<uuid::Uuid>)]
    pub substitute: Option<PostId>,
    /// `handle`, `content`, `prepare`.
    #[schema(value_type = Vec<String>)]
    pub functions: Vec<Function>,
    /// The first day.
    #[serde(deserialize_with = "blank_as_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub from_on: Option<Date>,
    /// The last day.
    #[serde(deserialize_with = "blank_as_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub to_on: Option<Date>,
    /// Căn cứ: đơn nghỉ phép, giấy đi công tác, văn bản ủy quyền.
    pub basis: String,
}

/// The answer.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct HandedOver {
    /// The delegation.
    pub id: Uuid,
    /// Who does the work, name and title.
    pub substitute: String,
}

/// A post in force, as the rules see it, with name and title.
async fn party(act: &mut Act, post: PostId) -> AppResult<(Party, String)> {
    let today = act.today();
    let row = act
        .opt(
            sql!(
                "SELECT p.account_id, p.agency_id, p.role, p.is_agency_head, p.title, a.full_name FROM post p \
                 JOIN account a ON a.id = p.account_id \
                 WHERE p.id = $1 AND (p.valid_to IS NULL OR p.valid_to >= $2) AND a.closed_at IS NULL"
            ),
            args![post, today],
        )
        .await?
        .ok_or_else(|| {
            AppError::BadInput("Người được chọn không còn giữ chức vụ này. Vui lòng chọn lại.".to_owned())
        })?;
    let party = Party {
        account: row.get("account_id")?,
        post,
        agency: row.get("agency_id")?,
        role: row.parse("role")?,
        is_agency_head: row.get("is_agency_head")?,
    };
    let label = format!(
        "{}, {}",
        row.get::<String>("full_name")?,
        row.get::<String>("title")?
    );
    Ok((party, label))
}

/// Hands work over.
///
/// # Errors
/// The refusals of [`delegation::grant`].
pub async fn hand_over(app: &App, who: &Who, command: CommandId, data: HandOver) -> AppResult<HandedOver> {
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let today = act.today();
    let (giver, giver_label) = party(&mut act, data.giver.unwrap_or(who.post())).await?;
    let Some(substitute) = data.substitute else {
        return Err(rules::Refusal::new(
            "QC01-4.2",
            "delegation.no_substitute",
            "Vui lòng chọn người được ủy quyền.",
        )
        .on("substitute")
        .into());
    };
    let (substitute, substitute_label) = party(&mut act, substitute).await?;
    let administers = administration::manages(who, giver.agency);
    if giver.agency != who.agency() && !administers {
        return Err(AppError::NotFound);
    }
    // Two that hand the same work over at once wait for each other.
    act.run(
        sql!("UPDATE post SET title = title WHERE id = $1"),
        args![giver.post],
    )
    .await?;
    let clashes = act
        .opt(
            sql!(
                "SELECT 1 AS one FROM delegation WHERE giver_post = $1 AND substitute_post = $2 AND revoked_at IS NULL \
                 AND from_on <= $4 AND to_on >= $3 LIMIT 1"
            ),
            args![giver.post, substitute.post, data.from_on, data.to_on],
        )
        .await?
        .is_some();
    let basis = clean(&data.basis);
    let scope = Scope::of(&data.functions);
    let grant = Grant {
        giver,
        substitute,
        scope,
        from: data.from_on,
        to: data.to_on,
        basis: &basis,
        clashes,
    };
    let (from, to) = delegation::grant(&who.actor, administers, &grant, today)?;
    let (id, now) = (act.new_id(), act.now());
    act.run(
        sql!(
            "INSERT INTO delegation (id, agency_id, giver_post, substitute_post, functions, from_on, to_on, basis, given_by, given_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        ),
        args![
            id,
            giver.agency,
            giver.post,
            substitute.post,
            scope.stored(),
            from,
            to,
            basis.as_str(),
            who.label(),
            now
        ],
    )
    .await?;
    act.journal(Entry {
        act: act_names::DELEGATE,
        object_kind: "delegation",
        object: id,
        agency: Some(giver.agency),
        summary: format!(
            "{giver_label} ủy quyền cho {substitute_label} từ {} đến {}: {}.",
            format::date(from),
            format::date(to),
            scope.label()
        ),
        details: json!({ "giver": giver.post, "substitute": substitute.post, "functions": scope.stored(), "note": basis }),
    })
    .await?;
    act.touch(substitute.post.as_uuid());
    let answer = HandedOver {
        id,
        substitute: substitute_label,
    };
    app.commit(act, &answer).await?;
    Ok(answer)
}

/// `POST /delegations`.
pub async fn submit(State(app): State<App>, jar: CookieJar, form: Submitted<HandOver>) -> Reply {
    match hand_over(&app, &form.who, form.command, form.data.clone()).await {
        Ok(done) => Ok(see_other(
            &app,
            HREF,
            &format!(
                "Đã ủy quyền cho {}. Ông/Bà vẫn giữ nguyên quyền của mình.",
                done.substitute
            ),
        )),
        Err(error @ (AppError::Refused(_) | AppError::BadInput(_))) => {
            page::stay(&app, &form.who, &jar, form.data, error).await
        }
        Err(error) => Err(error),
    }
}

/// Hands work over to a colleague for a time.
#[utoipa::path(post, path = "/api/v1/delegations", tag = "delegations", request_body = HandOver,
    responses((status = 200, body = HandedOver), (status = 409, description = "Quy tắc không cho phép")))]
pub async fn api(State(app): State<App>, sent: api::Command<HandOver>) -> AppResult<Json<HandedOver>> {
    Ok(Json(hand_over(&app, &sent.who, sent.command, sent.data).await?))
}
