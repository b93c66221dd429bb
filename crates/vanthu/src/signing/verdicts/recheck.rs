//! Kiểm tra lại (KS-24): somebody who may see a document has its signatures checked now, by the trust list and the evidence
//! of now. The earlier verdicts stay.

use axum::{
    Json,
    extract::{Path, State},
};
use rules::{ids::CommandId, legal_value::SignatureVerdict};
use serde::{Deserialize, Serialize};
use store::{Begun, Entry};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{job, object::Object, verify::legal};
use crate::{
    act_names, api,
    context::{App, Who},
    error::{AppError, AppResult},
    incoming,
    web::{Reply, Submitted, see_other},
};

/// Nothing to say.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Recheck {}

/// What the new check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Rechecked {
    /// Each PDF of the document.
    pub files: Vec<RecheckedFile>,
}

/// The new verdict on a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RecheckedFile {
    /// The file.
    pub file: Uuid,
    /// `TOTAL-PASSED`, `TOTAL-FAILED` or `INDETERMINATE`.
    pub verdict: String,
    /// The signer's signature: `valid`, `invalid`, `undetermined` or `absent`.
    pub person: String,
    /// The agency's signature.
    pub agency: String,
}

/// Checks all PDF files of an object again and keeps what was found.
///
/// # Errors
/// [`crate::error::AppError::NotFound`] for what is not visible; when the check cannot be done.
pub async fn recheck(app: &App, who: &Who, command: CommandId, object: Object) -> AppResult<Rechecked> {
    object.must_be_visible(app, who).await?;
    // One check of a document at a time: a double click does not keep two processes busy.
    let _turn = app.turn(&object.id()).await;
    // The check is long, so it comes before the transaction; whether the command came before is decided there.
    let fresh = job::check(app, object, |_| true).await?;
    let judged = match object {
        Object::Incoming(id) => incoming::judge(app, id, &fresh).await?,
        _ => None,
    };
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    if !fresh.is_empty() && object.is_cancelled(&mut act).await? {
        return Err(AppError::NotFound);
    }
    job::keep(&mut act, object, &fresh, judged.as_ref()).await?;
    act.journal(Entry {
        act: act_names::RECHECK_SIGNATURES,
        object_kind: object.kind(),
        object: object.id(),
        agency: None,
        summary: job::sentence("Kiểm tra lại chữ ký số", &fresh),
        details: job::details(&fresh),
    })
    .await?;
    let word = |verdict: SignatureVerdict| verdict.as_str().to_owned();
    let answer = Rechecked {
        files: fresh
            .iter()
            .map(|found| {
                let (person, agency) = legal(&found.checked);
                RecheckedFile {
                    file: found.file.as_uuid(),
                    verdict: found.checked.verdict.code().to_owned(),
                    person: word(person),
                    agency: word(agency),
                }
            })
            .collect(),
    };
    app.commit(act, &answer).await?;
    Ok(answer)
}

/// `POST /signing/verdicts/{kind}/{id}/recheck`.
pub async fn page(
    State(app): State<App>,
    Path((kind, id)): Path<(String, Uuid)>,
    form: Submitted<Recheck>,
) -> Reply {
    let object = Object::of(&kind, id)?;
    recheck(&app, &form.who, form.command, object).await?;
    Ok(see_other(
        &app,
        &object.href(),
        "Đã kiểm tra lại chữ ký số; kết quả mới được lưu cùng các lần kiểm tra trước.",
    ))
}

/// Check the signatures of a document again. The earlier verdicts stay.
#[utoipa::path(post, path = "/api/v1/signing/verdicts/{kind}/{id}/recheck", tag = "signing",
    params(("kind" = String, Path, description = "incoming, outgoing, slip, copy hoặc file"), ("id" = Uuid, Path)), request_body = Recheck,
    responses((status = 200, body = Rechecked), (status = 404)))]
pub async fn api(
    State(app): State<App>,
    Path((kind, id)): Path<(String, Uuid)>,
    command: api::Command<Recheck>,
) -> AppResult<Json<Rechecked>> {
    let object = Object::of(&kind, id)?;
    Ok(Json(recheck(&app, &command.who, command.command, object).await?))
}
