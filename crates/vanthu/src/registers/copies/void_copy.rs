//! Hủy số bản sao: the number of an electronic copy that will not be signed; it stays in the book with its reason (Phụ lục I Phần II Mục II
//! khoản 1c).

use axum::{
    Json,
    extract::{Path, State},
};
use axum_extra::extract::cookie::CookieJar;
use rules::{
    copies::{self as rule, VoidCopyFacts},
    ids::{CommandId, PostId},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Act, Begun, Entry, args, sql};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    detail, sealed,
    sign_copy::{COPY, Registered},
    source_now,
};
use crate::{
    act_names, api,
    context::{App, Who},
    error::{AppError, AppResult},
    signing::requests::{self, Subject},
    web::{Reply, Stay, Submitted, clean, see_other},
};

/// Hủy số bản sao.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct VoidCopy {
    /// Lý do. Never empty; it stands in the book of copies.
    pub reason: String,
}

/// A copy whose number is void.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CopyVoided {
    /// The copy.
    pub id: Uuid,
    /// Số và ký hiệu: `05/SY-UBND`.
    pub number_and_symbol: String,
}

/// Voids the number of an electronic copy that the agency has not signed; a request for the signature ends.
///
/// # Errors
/// Refusals of [`rule::void_copy`]; [`AppError::NotFound`] when the agency has no such copy.
pub async fn void_copy(
    app: &App,
    who: &Who,
    command: CommandId,
    id: Uuid,
    data: &VoidCopy,
) -> AppResult<CopyVoided> {
    super::super::may_read(who)?;
    let reason = clean(&data.reason);
    let lock = requests::lock(app, Subject::Copy(id)).await?;
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let row = act.opt(COPY, args![id, who.agency()]).await?;
    let copy = Registered::of(&row.ok_or(AppError::NotFound)?)?;
    let facts = VoidCopyFacts {
        agency: who.agency(),
        to: copy.to,
        is_signed: copy.is_signed,
        is_voided: copy.is_voided,
    };
    rule::void_copy(&who.actor, &facts, &reason)?;
    let now_is = source_now(&mut act, who, &copy.source_kind, copy.source).await?;
    mark(&mut act, id, Some(who.post()), &reason).await?;
    act.touch(who.agency().as_uuid());
    act.journal(Entry {
        act: act_names::VOID_COPY,
        object_kind: now_is.kind,
        object: now_is.id,
        agency: None,
        summary: format!(
            "Hủy số bản sao điện tử {}; số được giữ trong sổ, không cấp lại.",
            copy.number_and_symbol
        ),
        details: json!({ "copy": id, "number_and_symbol": copy.number_and_symbol, "note": reason }),
    })
    .await?;
    let answer = CopyVoided {
        id,
        number_and_symbol: copy.number_and_symbol,
    };
    app.commit(act, &answer).await?;
    if let Some(lock) = lock {
        requests::let_go(app, lock.batch).await;
    }
    Ok(answer)
}

/// Makes the number void and ends what waits for a signature. `by` is nobody when it happens by itself.
///
/// # Errors
/// `ND30-25.4` when it was signed or voided meanwhile.
pub(super) async fn mark(act: &mut Act, id: Uuid, by: Option<PostId>, reason: &str) -> AppResult<()> {
    let now = act.now();
    let changed = act
        .run(
            sql!(
                "UPDATE document_copy SET voided_at = $2, voided_by = $3, void_reason = $4 WHERE id = $1 AND signed_at IS NULL \
                 AND voided_at IS NULL"
            ),
            args![id, now, by, reason],
        )
        .await?;
    if changed == 0 {
        return Err(sealed::not_as_it_was());
    }
    let error = ("copies.voided", "Số của bản sao đã hủy.");
    requests::end_open(act, Subject::Copy(id), error).await
}

/// `POST /registers/copies/{id}/void`.
pub async fn submit(
    State(app): State<App>,
    jar: CookieJar,
    Path(id): Path<Uuid>,
    form: Submitted<VoidCopy>,
) -> Reply {
    match void_copy(&app, &form.who, form.command, id, &form.data).await {
        Ok(voided) => Ok(see_other(
            &app,
            &format!("/registers/copies/{id}"),
            &format!(
                "Đã hủy số bản sao {}. Số này vẫn ở trong Sổ bản sao kèm lý do và không cấp lại.",
                voided.number_and_symbol
            ),
        )),
        Err(AppError::Refused(refusal)) => {
            let mut page = detail::shown(&app, &form.who, &jar, id, Some(refusal)).await?;
            page.reason = form.data.reason;
            Stay::on(&page)
        }
        Err(error) => Err(error),
    }
}

/// Voids the number of an electronic copy that the agency has not signed. It stays in the book with its reason.
#[utoipa::path(post, path = "/api/v1/registers/copies/{id}/void", tag = "registers", params(("id" = Uuid, Path)),
    request_body = VoidCopy, responses((status = 200, body = CopyVoided), (status = 404), (status = 409)))]
pub async fn api_void_copy(
    State(app): State<App>,
    Path(id): Path<Uuid>,
    sent: api::Command<VoidCopy>,
) -> AppResult<Json<CopyVoided>> {
    Ok(Json(
        void_copy(&app, &sent.who, sent.command, id, &sent.data).await?,
    ))
}
