//! The second step: the raw signature is checked against the announced certificate, put into the file, stamped, checked by
//! the product's own verifier, and only then the file becomes the document's.

use pdf_signature::{
    cms,
    pki::Evidence,
    sign,
    verify::{Report, Verdict},
};
use rules::{
    Refusal,
    signing::{KeyOwner, RequestState, SignatureSeen, advance, only_new_signatures},
};
use sha2::{Digest as _, Sha256};

use super::{
    end, made, prepare,
    row::{self, Batch, Request, unhex},
    subject,
    work::WorkFile,
};
use crate::{
    context::{App, Who},
    error::{AppError, AppResult},
    signing::{
        keys::{self, Binding, WhenDown},
        trust,
        verdicts::{self, Checked},
    },
};

/// A file with all its signatures, found valid, not yet anybody's.
#[derive(Debug)]
pub struct SignedFile {
    /// What it was before.
    pub base: WorkFile,
    /// Its bytes in the store.
    pub blob: store::Blob,
    /// What the verifier said.
    pub checked: Checked,
    /// Fingerprint of the certificate that signed last, hex.
    pub certificate: String,
}

/// Takes the raw signatures of one round, in the order of the open items. Gives whether the key has to be asked again.
///
/// # Errors
/// When the database fails; what fails for one document ends that document's request only.
pub async fn round(
    app: &App,
    who: &Who,
    batch: &mut Batch,
    bound: &Binding,
    requests: Vec<Request>,
    raws: Vec<Vec<u8>>,
) -> AppResult<bool> {
    made::note(app, who, bound, &requests, &raws).await?;
    let mut raws = raws.into_iter();
    let mut again = false;
    let ink = subject::ink(app, who, &requests, batch.owner, bound).await?;
    for mut request in requests {
        let mine: Vec<Vec<u8>> = raws.by_ref().take(request.work.open().count()).collect();
        let state = match batch.state {
            RequestState::Prepared => advance(batch.state, RequestState::Sent)?,
            other => other,
        };
        match one(app, who, bound, &ink, &mut request, &mine, state).await {
            Ok(goes_on) => again |= goes_on,
            Err(error) => failed(app, who, &request, error).await?,
        }
    }
    if again {
        batch.state = RequestState::Prepared;
        row::keep(app, batch).await?;
    }
    Ok(again)
}

/// Ends one document's request for its own reason; the others go on.
async fn failed(app: &App, who: &Who, request: &Request, error: AppError) -> AppResult<()> {
    let problem = error.problem();
    end::request(
        app,
        Some(who),
        request,
        RequestState::Failed,
        (problem.code, &problem.message),
    )
    .await
}

async fn one(
    app: &App,
    who: &Who,
    bound: &Binding,
    ink: &prepare::Ink,
    request: &mut Request,
    raws: &[Vec<u8>],
    state: RequestState,
) -> AppResult<bool> {
    let mut raws = raws.iter();
    let state = advance(state, RequestState::Assembled)?;
    for file in &mut request.work.files {
        if file.open.is_some() {
            let raw = raws.next().ok_or_else(missing)?;
            put_in(app, bound, file, raw).await?;
        }
    }
    let state = advance(state, RequestState::Stamped)?;
    let mut again = false;
    for file in &mut request.work.files {
        prepare::next(app, file, ink).await?;
        again |= file.open.is_some();
    }
    if again {
        advance(state, RequestState::Prepared)?;
        row::keep_work(app, request).await?;
        return Ok(true);
    }
    let owner = if bound.account.is_some() {
        KeyOwner::Person
    } else {
        KeyOwner::Agency
    };
    let signed = check_all(app, bound, &request.work.files, owner).await?;
    let state = advance(state, RequestState::SelfChecked)?;
    advance(state, RequestState::Committed)?;
    subject::signed(app, who, bound, request, owner, signed).await?;
    Ok(false)
}

fn missing() -> AppError {
    Refusal::new(
        "KS-02",
        "signing.signature_missing",
        "Nơi ký trả về thiếu chữ ký so với yêu cầu nên không được ghi nhận. Vui lòng ký lại.",
    )
    .into()
}

/// Puts one raw signature into its file: checked, assembled, stamped, spliced.
///
/// # Errors
/// `KS-02` for a signature of another key, `KS-04` without a time stamp where one is demanded.
async fn put_in(app: &App, bound: &Binding, file: &mut WorkFile, raw: &[u8]) -> AppResult<()> {
    let Some(open) = file.open.take() else {
        return Ok(());
    };
    let attributes = unhex(&open.attributes)?;
    cms::check_raw(bound.certificate(), &attributes, raw).map_err(|error| wrong(&error))?;
    let mut assembled =
        cms::assemble(&bound.chain, &attributes, raw).map_err(|error| anyhow::anyhow!("CMS: {error}"))?;
    if let Some(stamper) = keys::time_stamper(app).await? {
        let value = cms::signature_value(&assembled).map_err(|error| anyhow::anyhow!("CMS: {error}"))?;
        match (
            stamper.stamp(&Sha256::digest(&value).into()).await,
            keys::when_down(app).await?,
        ) {
            (Ok(token), _) => {
                assembled = cms::with_timestamp(&assembled, &token)
                    .map_err(|error| anyhow::anyhow!("time stamp: {error}"))?;
            }
            (Err(error), WhenDown::SignWithWarning) => {
                tracing::warn!(%error, file = file.name, "signed without a time stamp, as the administrator allows");
                file.warning = Some(format!("Ký không có dấu thời gian: {error}"));
            }
            // Never a silent signature of a lower level: without the stamp nothing is signed.
            (Err(error), WhenDown::Queue) => {
                return Err(Refusal::new(
                    "KS-04",
                    "signing.no_time_stamp",
                    format!("Chưa lấy được dấu thời gian nên chưa ký: {error}"),
                )
                .into());
            }
        }
    }
    let mut prepared = prepare::read(app, &open).await?;
    prepared
        .finish(&assembled)
        .map_err(|error| anyhow::anyhow!("splicing: {error}"))?;
    let base = app.blobs.read(row::digest(&file.content)?).await?;
    let whole = prepared.append_to(base);
    file.content = app.blobs.put(&whole).await?.digest.to_string();
    if !file.todo.is_empty() {
        file.todo.remove(0);
    }
    Ok(())
}

fn wrong(error: &pdf_signature::cms::CmsError) -> AppError {
    tracing::warn!(%error, "a raw signature does not belong to the announced certificate");
    Refusal::new(
        "KS-02",
        "signing.wrong_key",
        "Chữ ký nhận được không khớp với chứng thư số đã chọn nên không được ghi nhận. Vui lòng kiểm tra thiết bị, chứng thư số rồi ký lại.",
    )
    .into()
}

/// Checks every file with the product's own verifier. A seal also gets its evidence for later years (B-LT) before.
///
/// # Errors
/// `KS-10` for what does not pass.
async fn check_all(
    app: &App,
    bound: &Binding,
    files: &[WorkFile],
    owner: KeyOwner,
) -> AppResult<Vec<SignedFile>> {
    let certificate = hex::encode(&bound.sha256);
    let mut signed = Vec::with_capacity(files.len());
    for file in files {
        let mut bytes = app.blobs.read(row::digest(&file.content)?).await?;
        let mut checked = verdicts::verify(app, &bytes).await?;
        passed(&checked.report, &file.name, &certificate)?;
        if owner == KeyOwner::Agency {
            bytes = with_evidence(bytes, &checked)?;
            checked = verdicts::verify(app, &bytes).await?;
            passed(&checked.report, &file.name, &certificate)?;
        }
        signed.push(SignedFile {
            base: file.clone(),
            blob: app.blobs.put(&bytes).await?,
            checked,
            certificate: certificate.clone(),
        });
    }
    Ok(signed)
}

/// The same file with certificates, lists and answers for later years at its end.
fn with_evidence(mut bytes: Vec<u8>, checked: &Checked) -> AppResult<Vec<u8>> {
    let mut evidence = Evidence::default();
    for material in &checked.material {
        let kind = match material.kind {
            "certificate" => &mut evidence.certificates,
            "crl" => &mut evidence.crls,
            _ => &mut evidence.ocsps,
        };
        kind.push(material.content.clone());
    }
    if evidence.crls.is_empty() && evidence.ocsps.is_empty() {
        return Ok(bytes);
    }
    let tail = sign::with_validation_data(&bytes, &evidence)
        .map_err(|error| anyhow::anyhow!("validation data: {error}"))?;
    bytes.extend_from_slice(&tail);
    Ok(bytes)
}

/// Refuses a result that is not valid as a whole, whose last signature is another's, or in which an earlier signature was
/// followed by anything but signatures.
///
/// # Errors
/// `KS-10`.
pub fn passed(report: &Report, name: &str, certificate: &str) -> AppResult<()> {
    let seen = seen(report);
    let is_ours = seen.iter().any(|signature| signature.certificate == certificate);
    if report.verdict == Verdict::TotalPassed && only_new_signatures(&seen) && is_ours {
        return Ok(());
    }
    let reason = report
        .unreadable
        .as_ref()
        .map(|note| note.sentence.clone())
        .or_else(|| {
            report
                .signatures
                .iter()
                .find(|signature| signature.verdict != Verdict::TotalPassed)
                .map(|signature| signature.reason.clone())
        })
        .unwrap_or_default();
    tracing::warn!(file = name, verdict = report.verdict.code(), %reason, "a signature did not pass the own check");
    Err(Refusal::new(
        "KS-10",
        "signing.self_check",
        format!("Tệp “{name}” sau khi ký không đạt khi hệ thống tự kiểm tra nên chưa ghi nhận. {reason}"),
    )
    .into())
}

/// The signatures of a report as the rules look at them; time stamps on the whole document are none.
pub fn seen(report: &Report) -> Vec<SignatureSeen> {
    use pdf_signature::verify::{LaterChanges, Role};
    report
        .signatures
        .iter()
        .filter(|signature| signature.role != Role::Timestamp)
        .map(|signature| SignatureSeen {
            verdict: verdicts::word(signature.verdict),
            certificate: signature.cert_sha256.clone().unwrap_or_default(),
            only_signatures_after: signature.later_changes != LaterChanges::Other,
        })
        .collect()
}

/// Checks the certificate before anything is prepared (KS-01): path, validity, revocation, use.
///
/// # Errors
/// `KS-01`, `KS-30` with the checker's reason.
pub async fn check_certificate(app: &App, owner: KeyOwner, bound: &Binding) -> AppResult<()> {
    use rules::signing::{CertificateCheck, may_use_certificate};
    let context = trust::context(app).await?;
    let verdict = pdf_signature::pki::check_certificate(&bound.chain, app.clock.now(), &context.borrow());
    let check = match verdict.verdict {
        Verdict::TotalPassed => CertificateCheck::Good,
        Verdict::TotalFailed => CertificateCheck::Bad,
        Verdict::Indeterminate => {
            // Expired and untrusted are open questions for old signatures; for a new one they are a no.
            if verdict.revocation.status == pdf_signature::verify::RevocationStatus::Unknown
                && verdict.anchor.is_some()
                && verdict.validity == pdf_signature::verify::CertAtSigning::Valid
            {
                CertificateCheck::Unknown
            } else {
                CertificateCheck::Bad
            }
        }
    };
    Ok(may_use_certificate(owner, check, &verdict.reason)?)
}
