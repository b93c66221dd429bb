//! What the log of key uses says of outgoing documents (NĐ 30 Điều 32).

use rules::ids::OutgoingId;
use store::{Act, args, sql};

use crate::{
    error::AppResult,
    outgoing::load::Document,
    signing::{
        keys::{self, Binding},
        requests::SignedFile,
    },
};

/// Notes that a key was used (NĐ 30 Điều 32).
///
/// # Errors
/// When the database fails.
pub async fn log_use(
    act: &mut Act,
    bound: &Binding,
    document: &Document,
    named: &str,
    signed: &SignedFile,
) -> AppResult<()> {
    keys::log_use(
        act,
        &keys::KeyUse {
            binding: bound.id,
            agency: bound.agency,
            purpose: match (bound.account, signed.base.is_main) {
                (Some(_), _) => keys::Purpose::Person,
                (None, true) => keys::Purpose::Issue,
                (None, false) => keys::Purpose::Attachment,
            },
            object_kind: "outgoing",
            object: document.id.as_uuid(),
            document: named,
            sha256: Some(signed.blob.digest.as_bytes()),
        },
    )
    .await
}

/// How the log names a document, or one of its files that the agency signs, when nothing of it was kept.
///
/// # Errors
/// When the database fails.
pub async fn named_in_log(act: &mut Act, id: OutgoingId, file: Option<&str>) -> AppResult<String> {
    let row = act
        .one(
            sql!("SELECT subject, number, symbol FROM outgoing WHERE id = $1"),
            args![id],
        )
        .await?;
    let number: Option<u32> = row.get("number")?;
    let symbol: Option<String> = row.get("symbol")?;
    let Some(file) = file else {
        return Ok(row.get("subject")?);
    };
    Ok(match (number, symbol) {
        (Some(number), Some(symbol)) => {
            let named = rules::numbering::number_and_symbol(number, &symbol);
            format!("{named}: {file}")
        }
        _ => file.to_owned(),
    })
}
