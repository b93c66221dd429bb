//! Ký số bản sao điện tử (ND30-25.1c, 32.2, 33.2; Phụ lục I Phần II Mục I, mẫu 3.2): the form of copy, the agency and the time at the top
//! right of the first page, without the image of the seal, as the appearance of the agency's signature. Only a file that passed the own
//! check becomes the copy.

use anyhow::anyhow;
use axum::{
    Json,
    extract::{Path, State},
};
use axum_extra::extract::cookie::CookieJar;
use rules::{
    Refusal,
    copies::{CopyKind, Medium, SealCopyFacts, seal_copy},
    ids::{AgencyId, CommandId},
    numbering,
    signing::KeyOwner,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use signing_providers::Secret;
use store::{Begun, Entry, Row, Sql, args, sql};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Source, base, detail, source, source_now};
use crate::{
    act_names, api,
    context::{App, Who},
    documents,
    error::{AppError, AppResult},
    outgoing::{self, Issuing, signers},
    signing::{
        custody,
        keys::{self, Binding},
        requests::{self, Ink, Mark},
        verdicts,
    },
    web::{Reply, Stay, Submitted, see_other},
};

/// Ký số bản sao.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct SignCopy {
    /// PIN of the device, when it asks for it each time. It goes to the device and is kept nowhere.
    pub pin: String,
}

/// A copy that the agency has signed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CopySigned {
    /// The copy.
    pub id: Uuid,
    /// Số và ký hiệu: `05/SY-UBND`.
    pub number_and_symbol: String,
    /// The signed file.
    pub file: Uuid,
    /// SHA-256 of the signed file, hex.
    pub sha256: String,
    /// What the own check said: `TOTAL-PASSED`.
    pub verdict: String,
}

/// The agency's key for copies, with what its signature looks like.
pub(super) struct Key {
    pub(super) bound: Binding,
    pub(super) ink: Ink,
}

/// The key with which the agency signs copies now.
///
/// # Errors
/// `KS-72` without a certificate, `KS-71` for a key that does not answer at once, `KS-01`, `KS-30` for a certificate that is not valid.
pub(super) async fn key(app: &App, agency: AgencyId) -> AppResult<Key> {
    let bound = keys::agency(app, agency).await?.ok_or_else(|| {
        Refusal::new(
            "KS-72",
            "signing.no_agency_certificate",
            "Cơ quan chưa gắn chứng thư số nên chưa lập được bản sao điện tử. Vui lòng đề nghị quản trị gắn chứng thư số của cơ quan, hoặc sao sang bản giấy.",
        )
    })?;
    requests::answers_at_once(&bound)?;
    requests::check_certificate(app, KeyOwner::Agency, &bound).await?;
    let ink = outgoing::ink_of_text(app, &bound).await?;
    Ok(Key { bound, ink })
}

/// Whether the device of the agency asks for its PIN at every signature.
///
/// # Errors
/// When the database fails.
pub(super) async fn asks_for_pin(app: &App, agency: AgencyId) -> AppResult<bool> {
    let bound = keys::agency(app, agency).await?;
    Ok(bound.is_some_and(|bound| bound.provider.asks_for_pin()))
}

/// What stands at the top right of the first page (mẫu 3.2); the time comes when it is signed.
pub(super) fn mark(kind: CopyKind, agency: &Issuing) -> Mark {
    Mark::Copy {
        form: kind.printed().to_owned(),
        agency: agency.name.clone(),
    }
}

const COPY: Sql = sql!(
    "SELECT kind, number, symbol, to_medium, source_kind, source_id, source_name, base_set, file_set FROM document_copy \
     WHERE id = $1 AND agency_id = $2"
);

/// A copy as it is registered.
struct Registered {
    number_and_symbol: String,
    kind: CopyKind,
    to: Medium,
    source_kind: String,
    source: Uuid,
    source_name: String,
    base_set: Option<Uuid>,
    is_signed: bool,
}

impl Registered {
    fn of(row: &Row) -> store::Result<Self> {
        Ok(Self {
            number_and_symbol: numbering::number_and_symbol(
                row.get("number")?,
                &row.get::<String>("symbol")?,
            ),
            kind: row.parse("kind")?,
            to: row.parse("to_medium")?,
            source_kind: row.get("source_kind")?,
            source: row.get("source_id")?,
            source_name: row.get("source_name")?,
            base_set: row.get("base_set")?,
            is_signed: row.get::<Option<Uuid>>("file_set")?.is_some(),
        })
    }

    fn may_be_signed(&self, who: &Who, source: &Source) -> AppResult<()> {
        Ok(seal_copy(
            &who.actor,
            &SealCopyFacts {
                agency: who.agency(),
                in_person: who.in_person,
                to: self.to,
                is_signed: self.is_signed,
                is_recalled: source.is_recalled,
            },
        )?)
    }
}

/// Signs a registered electronic copy with the agency's key. A copy is signed once: asked again, the same person gets the same answer.
///
/// # Errors
/// Refusals of [`seal_copy`] and of who keeps the device; of the certificate, the key and the own check: the copy keeps its number and
/// waits. [`AppError::NotFound`] for a copy that is not there or not visible.
pub async fn sign(app: &App, who: &Who, id: Uuid, pin: &str) -> AppResult<CopySigned> {
    let _turn = app.turn(&id).await;
    let row = app.db.opt(COPY, args![id, who.agency()]).await?;
    let copy = Registered::of(&row.ok_or(AppError::NotFound)?)?;
    let seen = source(app, who, &copy.source_kind, copy.source).await?;
    // Named by the copy, not by what was sent: that may hold a PIN.
    let command = CommandId::from_uuid(Uuid::new_v5(&id, b"sign"));
    if app.was_carried_out(who, command).await?
        && let Begun::Before(answer) = app.begin::<CopySigned>(who, command).await?
    {
        return Ok(answer);
    }
    copy.may_be_signed(who, &seen)?;
    custody::may_use(app, who, who.agency()).await?;
    let key = key(app, who.agency()).await?;
    let (agency, _) = signers(app, who.agency()).await?;
    let files = documents::files_of(app, copy.base_set).await?;
    let main = files
        .iter()
        .find(|item| item.is_main)
        .ok_or_else(|| AppError::Internal(anyhow!("an electronic copy of no file")))?;
    let work = base::work_file(
        main.file.id,
        &main.file.name,
        main.file.pages,
        main.file.digest,
        mark(copy.kind, &agency),
    );
    let pin = (!pin.is_empty()).then(|| Secret::new(pin));
    let signed = requests::sign_at_once(app, &key.bound, &key.ink, work, pin).await?;

    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let copy = Registered::of(&act.one(COPY, args![id, who.agency()]).await?)?;
    let now_is = source_now(&mut act, who, &copy.source_kind, copy.source).await?;
    copy.may_be_signed(who, &now_is)?;
    custody::may_use_in(&mut act, who, who.agency()).await?;
    let name = format!("{}.pdf", copy.number_and_symbol).replace('/', "-");
    let name = viet_text::corrected_file_name(&name);
    let file = outgoing::record_signed(&mut act, who, &signed, &name).await?;
    let set = documents::new_set(&mut act, Some(file), &[]).await?;
    let now = act.now();
    let changed = act
        .run(
            sql!("UPDATE document_copy SET file_set = $2, signed_at = $3 WHERE id = $1 AND file_set IS NULL"),
            args![id, set, now],
        )
        .await?;
    if changed == 0 {
        // Another node was faster.
        return Err(Refusal::new(
            "ND30-25.4",
            "copies.signed_before",
            "Bản sao này đã có chữ ký số của cơ quan. Vui lòng tải lại trang để xem.",
        )
        .into());
    }
    verdicts::store(&mut act, "copy", id, file, &signed.checked).await?;
    let document = format!("{}: {}", copy.number_and_symbol, copy.source_name);
    keys::log_use(
        &mut act,
        &keys::KeyUse {
            binding: key.bound.id,
            agency: key.bound.agency,
            purpose: keys::Purpose::Copy,
            object_kind: "copy",
            object: id,
            document: &document,
            sha256: Some(signed.blob.digest.as_bytes()),
        },
    )
    .await?;
    let answer = CopySigned {
        id,
        number_and_symbol: copy.number_and_symbol,
        file: file.as_uuid(),
        sha256: signed.blob.digest.to_string(),
        verdict: signed.checked.report.verdict.code().to_owned(),
    };
    act.journal(Entry {
        act: act_names::SIGN_COPY,
        object_kind: now_is.kind,
        object: now_is.id,
        agency: None,
        summary: format!(
            "Ký số của cơ quan trên bản sao điện tử số {} ({}).",
            answer.number_and_symbol,
            copy.kind.label().to_lowercase()
        ),
        details: json!({
            "copy": id, "number_and_symbol": answer.number_and_symbol, "file": file, "sha256": answer.sha256,
            "certificate": signed.certificate, "verdict": answer.verdict, "warning": signed.base.warning,
        }),
    })
    .await?;
    app.commit(act, &answer).await?;
    Ok(answer)
}

/// `POST /registers/copies/{id}/sign`.
pub async fn submit(
    State(app): State<App>,
    jar: CookieJar,
    Path(id): Path<Uuid>,
    form: Submitted<SignCopy>,
) -> Reply {
    match sign(&app, &form.who, id, &form.data.pin).await {
        Ok(signed) => Ok(see_other(
            &app,
            &format!("/registers/copies/{id}"),
            &format!("Đã ký số bản sao điện tử số {}.", signed.number_and_symbol),
        )),
        Err(AppError::Refused(refusal)) => {
            Stay::on(&detail::shown(&app, &form.who, &jar, id, Some(refusal)).await?)
        }
        Err(error) => Err(error),
    }
}

/// Signs an electronic copy with the agency's key. That is done on the page only, by the clerk in person: 409 with ND30-32.2c.
#[utoipa::path(post, path = "/api/v1/registers/copies/{id}/sign", tag = "registers", params(("id" = Uuid, Path)),
    request_body = SignCopy, responses((status = 200, body = CopySigned), (status = 404), (status = 409)))]
pub async fn api_sign_copy(
    State(app): State<App>,
    Path(id): Path<Uuid>,
    sent: api::Command<SignCopy>,
) -> AppResult<Json<CopySigned>> {
    Ok(Json(sign(&app, &sent.who, id, &sent.data.pin).await?))
}
