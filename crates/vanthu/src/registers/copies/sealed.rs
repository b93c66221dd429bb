//! The agency's signature on an electronic copy is there, or did not come about: what follows for the copy (ND30-25, 32, 33.2).

use rules::{Refusal, copies::CopyKind, ids::CommandId, numbering, signing::RequestState};
use serde_json::json;
use store::{Act, Begun, Entry, args, sql};
use uuid::Uuid;

use super::{
    sign_copy::{COPY, Registered},
    source_now,
};
use crate::{
    act_names,
    context::{App, Who},
    documents,
    error::{AppError, AppResult},
    outgoing,
    signing::{
        custody,
        keys::{self, Binding},
        requests::{self, Request, SignedFile},
        verdicts,
    },
};

/// What the log of keys calls a copy. What was copied may be recalled later, so it keeps no content.
///
/// # Errors
/// When the database fails.
pub async fn named_in_log(act: &mut Act, id: Uuid) -> AppResult<String> {
    let row = act
        .one(
            sql!("SELECT kind, number, symbol FROM document_copy WHERE id = $1"),
            args![id],
        )
        .await?;
    let kind: CopyKind = row.parse("kind")?;
    Ok(format!(
        "Bản {} điện tử số {}",
        kind.label().to_lowercase(),
        numbering::number_and_symbol(row.get("number")?, &row.get::<String>("symbol")?)
    ))
}

/// The file is signed and passed the own check: it becomes the copy, once.
///
/// # Errors
/// Refusals of [`rules::copies::seal_copy`] and of who keeps the device as they are now; when the request has ended or the file is no longer
/// the one that was prepared.
pub async fn signed(
    app: &App,
    who: &Who,
    bound: &Binding,
    request: &Request,
    id: Uuid,
    signed: Vec<SignedFile>,
) -> AppResult<()> {
    let Some(signed) = signed.first() else {
        return Err(AppError::Internal(anyhow::anyhow!("a signature without a file")));
    };
    let command = CommandId::from_uuid(Uuid::new_v5(&request.id, b"commit"));
    let Begun::Now(mut act) = app.begin::<bool>(who, command).await? else {
        return Ok(());
    };
    let copy = Registered::of(&act.one(COPY, args![id, who.agency()]).await?)?;
    let now_is = source_now(&mut act, who, &copy.source_kind, copy.source).await?;
    // The clerk began and confirmed in person. Who only asks a remote service whether it is ready may be a program.
    copy.may_be_signed(who, true, &now_is)?;
    custody::may_use_in(&mut act, who, who.agency()).await?;
    if copy.base_set != request.base_set {
        return Err(not_as_it_was());
    }
    let name = format!("{}.pdf", copy.number_and_symbol).replace('/', "-");
    let name = viet_text::corrected_file_name(&name);
    let file = outgoing::record_signed(&mut act, who, signed, &name).await?;
    let set = documents::new_set(&mut act, Some(file), &[]).await?;
    let now = act.now();
    let changed = act
        .run(
            sql!(
                "UPDATE document_copy SET file_set = $2, signed_at = $3 WHERE id = $1 AND file_set IS NULL AND signed_at IS NULL \
                 AND voided_at IS NULL"
            ),
            args![id, set, now],
        )
        .await?;
    if changed == 0 {
        // Another node was faster.
        return Err(not_as_it_was());
    }
    act.touch(who.agency().as_uuid());
    requests::end(&mut act, request, RequestState::Committed, Some(set), None).await?;
    verdicts::store(&mut act, "copy", id, file, &signed.checked).await?;
    let named = named_in_log(&mut act, id).await?;
    keys::log_use(
        &mut act,
        &keys::KeyUse {
            binding: bound.id,
            agency: bound.agency,
            purpose: keys::Purpose::Copy,
            object_kind: "copy",
            object: id,
            document: &named,
            sha256: Some(signed.blob.digest.as_bytes()),
        },
    )
    .await?;
    act.journal(Entry {
        act: act_names::SIGN_COPY,
        object_kind: now_is.kind,
        object: now_is.id,
        agency: None,
        summary: format!(
            "Ký số của cơ quan trên bản sao điện tử số {} ({}).",
            copy.number_and_symbol,
            copy.kind.label().to_lowercase()
        ),
        details: json!({
            "copy": id, "number_and_symbol": copy.number_and_symbol, "request": request.id, "file": file,
            "sha256": signed.blob.digest.to_string(), "certificate": signed.certificate,
            "verdict": signed.checked.report.verdict.code(), "warning": signed.base.warning,
        }),
    })
    .await?;
    app.commit(act, &true).await
}

pub(super) fn not_as_it_was() -> AppError {
    Refusal::new(
        "ND30-25.4",
        "copies.changed_meanwhile",
        "Bản sao vừa được ký số hoặc hủy số ở nơi khác nên thao tác này không được ghi nhận. Vui lòng tải lại trang để xem tình trạng mới nhất.",
    )
    .into()
}

/// A signature did not come about (expired, rejected, cancelled, failed): the copy keeps its number and waits as before.
///
/// # Errors
/// When the database fails.
pub async fn signing_ended(
    act: &mut Act,
    request: &Request,
    id: Uuid,
    state: RequestState,
    error: (&str, &str),
) -> AppResult<()> {
    let row = act
        .one(
            sql!("SELECT agency_id, source_kind, source_id, number, symbol FROM document_copy WHERE id = $1"),
            args![id],
        )
        .await?;
    let number_and_symbol =
        rules::numbering::number_and_symbol(row.get("number")?, &row.get::<String>("symbol")?);
    act.journal(Entry {
        act: act_names::SIGN_COPY_END,
        object_kind: match row.get::<String>("source_kind")?.as_str() {
            "outgoing" => "outgoing",
            _ => "incoming",
        },
        object: row.get("source_id")?,
        agency: Some(row.get("agency_id")?),
        summary: format!(
            "Việc ký số bản sao điện tử số {number_and_symbol} chưa hoàn thành: {}.",
            state.label().to_lowercase()
        ),
        details: json!({
            "copy": id, "number_and_symbol": number_and_symbol, "request": request.id, "outcome": state.as_str(),
            "code": error.0, "note": error.1,
        }),
    })
    .await?;
    Ok(())
}
