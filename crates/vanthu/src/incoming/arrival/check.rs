//! Kiểm tra tính đầy đủ, toàn vẹn, xác thực (QD28-9.1, QC01-13.1b): what was announced against what is stored, and what the
//! check of signatures found.

use rules::{
    ids::{FileId, IncomingId},
    incoming::{
        AnnouncedFile, DeliveryCheck, DeliveryFacts, ReceivedFile, SignedBy, check_delivery, names_agree,
    },
    legal_value::{LegalValue, Signatory, SignatureVerdict},
};
use store::{Act, Digest, Row, args, sql};

use super::arrive::{Announced, Arrival, ArrivalDetails, is_from_exchange};
use crate::{
    act_names,
    context::App,
    error::AppResult,
    signing::verdicts::{self, Fresh},
};

/// A delivered file: name, digest, whether its bytes are there whole.
struct Received {
    name: String,
    sha256: String,
    readable: bool,
}

/// The three checks of a delivered document and what follows from them.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The three results.
    pub check: DeliveryCheck,
    /// What the document is worth.
    pub legal_value: LegalValue,
    /// Whether a PDF of it was not checked yet.
    pub is_pending: bool,
}

/// The check when the packet arrives: every file of the set was just stored, so its bytes are taken as read; its
/// signatures are checked by a job of this act.
///
/// # Errors
/// When the database fails.
pub(in crate::incoming) async fn at_arrival(act: &mut Act, packet: &Arrival) -> AppResult<Judged> {
    let received = act
        .all(
            sql!(
                "SELECT f.name, f.sha256 FROM file_set_item i JOIN file f ON f.id = i.file_id WHERE i.set_id = $1 ORDER BY i.sort"
            ),
            args![packet.file_set],
        )
        .await?
        .iter()
        .map(|row| {
            Ok(Received {
                name: row.get("name")?,
                sha256: hex::encode(row.get::<Vec<u8>>("sha256")?),
                readable: true,
            })
        })
        .collect::<store::Result<Vec<_>>>()?;
    let in_directory = act
        .opt(
            sql!("SELECT 1 AS one FROM directory_code WHERE code = $1 AND confirmed = 1 LIMIT 1"),
            args![packet.sender_code.as_deref()],
        )
        .await?
        .is_some();
    Ok(decide(
        &packet.announced,
        &received,
        packet.sender_id.is_some() || in_directory,
        &Signatures::waiting(),
    ))
}

/// What the signatures of the files were found to be.
struct Signatures {
    person: SignatureVerdict,
    person_reason: String,
    person_is_announced: bool,
    agency: SignatureVerdict,
    agency_reason: String,
    agency_is_announced: bool,
    broken_attachments: Vec<String>,
    is_pending: bool,
}

impl Signatures {
    const fn of_nobody() -> Self {
        Self {
            person: SignatureVerdict::Absent,
            person_reason: String::new(),
            person_is_announced: false,
            agency: SignatureVerdict::Absent,
            agency_reason: String::new(),
            agency_is_announced: false,
            broken_attachments: Vec::new(),
            is_pending: false,
        }
    }

    fn waiting() -> Self {
        let reason = || "hệ thống chưa kiểm tra xong, sẽ kiểm tra trước khi vào sổ".to_owned();
        Self {
            person: SignatureVerdict::Undetermined,
            person_reason: reason(),
            agency: SignatureVerdict::Undetermined,
            agency_reason: reason(),
            is_pending: true,
            ..Self::of_nobody()
        }
    }
}

/// The check of a delivered or registered document: announced files from the journal of the arrival, stored files with
/// their bytes verified against the digest, signatures from the newest verdicts or from what was just found. `None` for a
/// document on paper: there was no delivery.
///
/// # Errors
/// When the database or the blob store fails.
pub async fn judge(app: &App, id: IncomingId, fresh: &Fresh) -> AppResult<Option<Judged>> {
    let document = app
        .db
        .one(
            sql!(
                "SELECT d.source, d.sender_name, d.sender_code, d.signer_name, \
                 (SELECT count(*) FROM agency a WHERE a.id = d.sender_id) \
                 + (SELECT count(*) FROM directory_code c WHERE c.code = d.sender_code AND c.confirmed = 1) AS sender_known \
                 FROM incoming d WHERE d.id = $1"
            ),
            args![id],
        )
        .await?;
    if !is_from_exchange(&document.get::<String>("source")?) {
        return Ok(None);
    }
    let announced = match app
        .db
        .opt(
            sql!(
                "SELECT details FROM journal WHERE object_id = $1 AND (act = $2 OR (act = $3 AND details LIKE '%\"announced\":%')) \
                 ORDER BY seq DESC LIMIT 1"
            ),
            args![id, act_names::ARRIVE, act_names::TAKE_UPDATE],
        )
        .await?
    {
        Some(row) => row.json::<ArrivalDetails>("details")?.announced,
        None => Vec::new(),
    };
    let rows = app
        .db
        .all(
            sql!(
                "SELECT f.id, f.name, f.sha256, f.media_type, i.role FROM incoming d JOIN file_set_item i ON i.set_id = d.file_set \
                 JOIN file f ON f.id = i.file_id WHERE d.id = $1 ORDER BY i.sort"
            ),
            args![id],
        )
        .await?;
    let mut received = Vec::with_capacity(rows.len());
    for row in &rows {
        let digest = row.get::<Vec<u8>>("sha256")?;
        received.push(Received {
            name: row.get("name")?,
            readable: app.blobs.is_intact(Digest::from_slice(&digest)?).await?,
            sha256: hex::encode(digest),
        });
    }
    let signatures = signatures(app, id, &document, &rows, fresh).await?;
    let sender_known = document.get::<i64>("sender_known")? > 0;
    Ok(Some(decide(&announced, &received, sender_known, &signatures)))
}

async fn signatures(
    app: &App,
    id: IncomingId,
    document: &Row,
    files: &[Row],
    fresh: &Fresh,
) -> AppResult<Signatures> {
    let known = verdicts::of_object(app, id.as_uuid()).await?;
    let mut found = Signatures::of_nobody();
    for row in files {
        if row.get::<String>("media_type")? != "application/pdf" {
            continue;
        }
        let file: FileId = row.get("id")?;
        let is_main = row.get::<String>("role")? == "main";
        let report = fresh
            .iter()
            .find(|found| found.file == file)
            .map(|found| &found.checked.report)
            .or_else(|| {
                known
                    .iter()
                    .find(|stored| stored.file == file)
                    .map(|stored| &stored.report)
            });
        let Some(report) = report else {
            found.is_pending = true;
            if is_main {
                let waiting = Signatures::waiting();
                found.person = waiting.person;
                found.person_reason = waiting.person_reason;
                found.agency = waiting.agency;
                found.agency_reason = waiting.agency_reason;
            }
            continue;
        };
        let (person, agency) = verdicts::legal(report);
        if !is_main {
            if [person, agency].contains(&SignatureVerdict::Invalid) {
                found.broken_attachments.push(row.get("name")?);
            }
            continue;
        }
        let unreadable = report.unreadable.as_ref().map(|note| note.sentence.as_str());
        let of = |whose| verdicts::deciding(report, whose);
        let reason = |whose| {
            unreadable
                .or_else(|| of(whose).map(|one| one.reason.as_str()))
                .unwrap_or_default()
                .to_owned()
        };
        found.person = person;
        found.person_reason = reason(Signatory::Person);
        let signer: String = document.get("signer_name")?;
        found.person_is_announced = of(Signatory::Person)
            .and_then(|one| one.signer_cn.as_deref())
            .is_some_and(|name| names_agree(&signer, name));
        found.agency = agency;
        found.agency_reason = if verdicts::is_painted_over(report) {
            verdicts::PAINTED_OVER.to_owned()
        } else {
            reason(Signatory::Agency)
        };
        let (sender, code): (String, Option<String>) =
            (document.get("sender_name")?, document.get("sender_code")?);
        found.agency_is_announced = of(Signatory::Agency).is_some_and(|one| {
            let same_code = code
                .as_deref()
                .is_some_and(|code| !code.is_empty() && one.org_id.as_deref() == Some(code));
            let named =
                |name: &Option<String>| name.as_deref().is_some_and(|name| names_agree(&sender, name));
            same_code || named(&one.signer_cn) || named(&one.org)
        });
    }
    Ok(found)
}

fn decide(
    announced: &[Announced],
    received: &[Received],
    sender_known: bool,
    signatures: &Signatures,
) -> Judged {
    let announced: Vec<_> = announced
        .iter()
        .map(|file| AnnouncedFile {
            name: &file.name,
            sha256: file.sha256.as_deref(),
        })
        .collect();
    let received: Vec<_> = received
        .iter()
        .map(|file| ReceivedFile {
            name: &file.name,
            sha256: &file.sha256,
            readable: file.readable,
        })
        .collect();
    let broken: Vec<&str> = signatures.broken_attachments.iter().map(String::as_str).collect();
    let facts = DeliveryFacts {
        announced: &announced,
        received: &received,
        // The hub delivers by the recipient's own line.
        addressed_to_us: true,
        sender_known,
        person: SignedBy {
            verdict: signatures.person,
            reason: &signatures.person_reason,
            is_announced: signatures.person_is_announced,
        },
        agency: SignedBy {
            verdict: signatures.agency,
            reason: &signatures.agency_reason,
            is_announced: signatures.agency_is_announced,
        },
        broken_attachments: &broken,
    };
    let check = check_delivery(&facts);
    Judged {
        legal_value: check.legal_value(&facts),
        check,
        is_pending: signatures.is_pending,
    }
}

/// Writes down what a check of the signatures means for a document that was delivered: the checks of integrity and
/// authenticity, and the legal value, which a document loses with its signatures (QD28 Điều 4).
///
/// # Errors
/// When the database fails.
pub async fn note_signatures(act: &mut Act, id: IncomingId, judged: &Judged) -> AppResult<()> {
    act.run(
        sql!(
            "UPDATE incoming SET integrity = $2, authenticity = $3, legal_value = $4 WHERE id = $1 AND source IN ('hub', 'axis')"
        ),
        args![
            id,
            judged.check.integrity.outcome.as_str(),
            judged.check.authenticity.outcome.as_str(),
            judged.legal_value.as_str(),
        ],
    )
    .await?;
    Ok(())
}
