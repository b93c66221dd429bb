//! Keys that sign at once, for what has no request that waits: a copy. The same two steps and the same own check as for documents;
//! nothing is kept between them, because nothing is waited for.

use rules::{Refusal, signing::KeyOwner};
use signing_providers::{HashItem, HashRequest, Progress, ProviderError, Secret};

use super::{
    finish::{self, SignedFile},
    prepare::{self, Ink},
    row::unhex,
    run,
    work::WorkFile,
};
use crate::{
    context::App,
    error::{AppError, AppResult},
    signing::keys::{Binding, ProviderKind},
};

/// Refuses a key that signs only after somebody confirmed elsewhere: at a phone, on a page of a service, at the token of a PC.
///
/// # Errors
/// `KS-71`.
pub fn answers_at_once(bound: &Binding) -> AppResult<()> {
    match bound.kind {
        ProviderKind::Pkcs11 | ProviderKind::Software => Ok(()),
        ProviderKind::Csc | ProviderKind::Agent | ProviderKind::WholeFile => Err(elsewhere(bound)),
    }
}

fn elsewhere(bound: &Binding) -> AppError {
    Refusal::new(
        "KS-71",
        "signing.not_at_once",
        format!(
            "Khóa của cơ quan ở “{}” chỉ ký sau khi được xác nhận ở nơi khác, nên hệ thống chưa ký bản sao điện tử bằng khóa này. Vui lòng đề nghị quản trị gắn chứng thư số của cơ quan trên thiết bị hoặc HSM của máy chủ (PKCS#11), hoặc sao sang bản giấy.",
            bound.kind.label()
        ),
    )
    .into()
}

/// Makes all signatures that a file still needs, now. A PIN goes to the device and is kept nowhere.
///
/// # Errors
/// `KS-71` for a key that does not answer at once; `KS-02`, `KS-03`, `KS-04`, `KS-10` as for documents; what the key says.
pub async fn sign_at_once(
    app: &App,
    bound: &Binding,
    ink: &Ink,
    mut file: WorkFile,
    pin: Option<Secret>,
) -> AppResult<SignedFile> {
    answers_at_once(bound)?;
    while !file.todo.is_empty() {
        prepare::next(app, &mut file, ink).await?;
        let open = file.open.as_ref().ok_or_else(finish::missing)?;
        let hash: [u8; 32] = unhex(&open.hash)?
            .try_into()
            .map_err(|_| anyhow::anyhow!("a hash of another length"))?;
        let asked = HashRequest {
            key: bound.key.clone(),
            certificate: bound.certificate().to_vec(),
            items: vec![HashItem {
                hash,
                description: file.name.clone(),
                message: Some(unhex(&open.attributes)?),
            }],
            expires_at: run::expires_at(app, bound.kind.as_str()),
            authorization: pin.clone(),
        };
        let raw = ask(bound, &asked).await?;
        finish::put_in(app, bound, &mut file, &raw).await?;
    }
    let owner = if bound.account.is_some() {
        KeyOwner::Person
    } else {
        KeyOwner::Agency
    };
    let signed = finish::check_all(app, bound, std::slice::from_ref(&file), owner).await?;
    signed.into_iter().next().ok_or_else(finish::missing)
}

async fn ask(bound: &Binding, asked: &HashRequest) -> AppResult<Vec<u8>> {
    match bound.provider.start(asked).await {
        Ok(Progress::Done(raws)) => raws.into_iter().next().ok_or_else(finish::missing),
        Ok(Progress::Pending { transaction, .. } | Progress::NeedsUser { transaction, .. }) => {
            bound.provider.cancel(&transaction).await;
            Err(elsewhere(bound))
        }
        Err(error) => {
            let refusal = Refusal::new("KS-02", error.code(), error.to_string());
            Err(match error {
                ProviderError::PinNeeded | ProviderError::WrongPin | ProviderError::PinLocked => {
                    refusal.on("pin").into()
                }
                _ => refusal.into(),
            })
        }
    }
}
