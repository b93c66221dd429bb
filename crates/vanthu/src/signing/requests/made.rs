//! What a key has signed, noted before anything else is done with the signature: from then on the key was used (NĐ 30 Điều 32), whether the
//! document takes the signature or not. The act that takes it writes the log itself ([`super::end`] forgets the notes); in every other
//! ending the notes become lines of the log. So a recall in between, a check that fails, a node that stops leave no use untold.

use jiff::Timestamp;
use pdf_signature::cms;
use rules::{
    ids::CommandId,
    signing::{KeyOwner, RequestState},
};
use serde_json::json;
use store::{Act, Begun, Entry, Row, Tx, args, sql};
use uuid::Uuid;

use super::{
    end,
    row::{self, Request, unhex},
    subject::Subject,
    work::WorkFile,
};
use crate::{
    act_names,
    context::{App, Who},
    error::AppResult,
    outgoing, registers,
    signing::keys::{self, Binding, Circumstances, KeyUse, Purpose},
    slips,
};

/// Notes the signatures of one round, in the order of the open items. What another key has made is no use of this one.
///
/// # Errors
/// When the database fails.
pub async fn note(
    app: &App,
    who: &Who,
    bound: &Binding,
    requests: &[Request],
    raws: &[Vec<u8>],
) -> AppResult<()> {
    let now = app.clock.now();
    let open: Vec<_> = requests
        .iter()
        .flat_map(|request| {
            request
                .work
                .open()
                .map(move |(file, open)| (request.id, file, open))
        })
        .collect();
    let mut tx = app.db.begin().await?;
    for ((request, file, open), raw) in open.into_iter().zip(raws) {
        if cms::check_raw(bound.certificate(), &unhex(&open.attributes)?, raw).is_ok() {
            insert(&mut tx, now, who, request, file, &unhex(&open.hash)?).await?;
        }
    }
    Ok(tx.commit().await?)
}

/// Notes a file that came back signed from an agent that signs whole files; `digest` is that of the file.
///
/// # Errors
/// When the database fails.
pub async fn note_file(
    app: &App,
    who: &Who,
    request: &Request,
    file: &WorkFile,
    digest: &[u8],
) -> AppResult<()> {
    let mut tx = app.db.begin().await?;
    insert(&mut tx, app.clock.now(), who, request.id, file, digest).await?;
    Ok(tx.commit().await?)
}

/// Two nodes that fetch the same signature note it once; what was committed meanwhile is in the log already.
async fn insert(
    tx: &mut Tx,
    now: Timestamp,
    who: &Who,
    request: Uuid,
    file: &WorkFile,
    digest: &[u8],
) -> AppResult<()> {
    tx.run(
        sql!(
            "INSERT INTO key_made (request_id, digest, file, is_main, account_id, who, at) \
             SELECT id, $2, $3, $4, $5, $6, $7 FROM signing_request WHERE id = $1 AND state <> 'committed' \
             ON CONFLICT (request_id, digest) DO NOTHING"
        ),
        args![
            request,
            digest,
            file.name.as_str(),
            file.is_main,
            who.account(),
            who.label(),
            now
        ],
    )
    .await?;
    Ok(())
}

/// Turns the notes of a request that ended as `outcome`, without a signature, into lines of the log; gives the digests that were signed.
///
/// # Errors
/// When the database fails.
pub async fn log(act: &mut Act, request: &Request, outcome: RequestState) -> AppResult<Vec<String>> {
    let rows = act
        .all(
            sql!(
                "SELECT m.digest, m.file, m.is_main, m.account_id, m.who, m.at, b.owner, k.id AS binding_id, k.agency_id \
                 FROM key_made m JOIN signing_request r ON r.id = m.request_id JOIN signing_batch b ON b.id = r.batch_id \
                 JOIN key_binding k ON k.id = b.binding_id WHERE m.request_id = $1 ORDER BY m.at, m.file"
            ),
            args![request.id],
        )
        .await?;
    let mut told = Vec::with_capacity(rows.len());
    for row in &rows {
        let digest: Vec<u8> = row.get("digest")?;
        let mine = act
            .run(
                sql!("DELETE FROM key_made WHERE request_id = $1 AND digest = $2"),
                args![request.id, digest.as_slice()],
            )
            .await?;
        if mine == 0 {
            // Another node told it.
            continue;
        }
        let (purpose, document) = named(act, request, row).await?;
        let used = KeyUse {
            binding: row.get("binding_id")?,
            agency: row.get("agency_id")?,
            purpose,
            object_kind: request.subject.kind(),
            object: request.subject.id(),
            document: &document,
            sha256: None,
        };
        let circumstances = Circumstances {
            at: row.get("at")?,
            account: row.get("account_id")?,
            who: row.get("who")?,
            outcome,
        };
        keys::log_past_use(act, &used, circumstances).await?;
        told.push(hex::encode(digest));
    }
    Ok(told)
}

/// What a key was used for and on what, as the log says it of signatures that are kept.
async fn named(act: &mut Act, request: &Request, row: &Row) -> AppResult<(Purpose, String)> {
    let owner: KeyOwner = row.parse("owner")?;
    Ok(match (request.subject, owner) {
        (Subject::Slip { .. }, _) => (Purpose::Slip, slips::named_in_log(request.version)),
        (Subject::Copy(id), _) => (Purpose::Copy, registers::copy_named_in_log(act, id).await?),
        (Subject::Outgoing(id), KeyOwner::Person) => {
            (Purpose::Person, outgoing::named_in_log(act, id, None).await?)
        }
        (Subject::Outgoing(id), KeyOwner::Agency) => {
            let purpose = if row.get::<bool>("is_main")? {
                Purpose::Issue
            } else {
                Purpose::Attachment
            };
            let file: String = row.get("file")?;
            (purpose, outgoing::named_in_log(act, id, Some(&file)).await?)
        }
    })
}

/// Tells in an act of its own what the key has signed for a request that was ended by somebody else.
///
/// # Errors
/// When the database fails.
pub async fn tell(app: &App, who: Option<&Who>, request: &Request, outcome: RequestState) -> AppResult<()> {
    let left = app
        .db
        .opt(
            sql!("SELECT request_id FROM key_made WHERE request_id = $1 LIMIT 1"),
            args![request.id],
        )
        .await?;
    if left.is_none() {
        return Ok(());
    }
    let batch = row::batch(app, request.batch).await?;
    let command = CommandId::from_uuid(app.ids.next());
    let Begun::Now(mut act) = end::begin(app, who, command).await? else {
        return Ok(());
    };
    let told = log(&mut act, request, outcome).await?;
    if told.is_empty() {
        return Ok(());
    }
    act.journal(Entry {
        act: act_names::KEY_USED_IN_VAIN,
        object_kind: request.subject.kind(),
        object: request.subject.id(),
        agency: Some(batch.agency),
        summary: "Khóa đã ký nhưng chữ ký không được ghi nhận.".to_owned(),
        details: json!({ "request": request.id, "outcome": outcome.as_str(), "signed": told }),
    })
    .await?;
    app.commit(act, &true).await
}
