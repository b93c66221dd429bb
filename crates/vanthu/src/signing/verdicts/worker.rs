//! Signatures of foreign files are checked in a process of their own ([`crate::confined`]), whose memory and processor time the
//! system limits and which can write no file. Beside that it has the rights of the program's account; that it calls no network
//! and reads no file is so because its code does not.
//!
//! What goes in: a head of JSON that names lengths, then the raw bytes of anchors, evidence and document. What comes out:
//! JSON. The same program can be asked on a machine without a database, by `vanthu signature verify`.

use std::{io::Read, path::PathBuf, sync::Arc, time::Duration};

use jiff::Timestamp;
use pdf_signature::{
    pki::{self, AlgorithmPolicy, Anchor, Evidence, Purpose, TrustStore, Wanted},
    verify::{ENGINE, Note, Report, Verdict},
};
use serde::{Deserialize, Serialize};
use store::Digest;

use crate::{
    confined::{self, Limits},
    context::App,
    error::AppResult,
    signing::trust::OwnedContext,
};

/// Word by which the program is told to be the checker; see [`serve_one`].
pub const COMMAND: &str = "check-signatures";

/// What the checker may use.
const LIMITS: Limits = Limits {
    memory: 1024 * 1024 * 1024,
    seconds: 20,
    patience: Duration::from_secs(45),
};
/// Of everything that goes in together: the document and what the trust list and the evidence weigh.
const MAX_INPUT: u64 = 512 * 1024 * 1024;
/// The head names lengths and labels only.
const MAX_HEAD: u64 = 8 * 1024 * 1024;

/// What the checker says.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Found {
    /// The report.
    pub report: Report,
    /// DER of the signers' certificates, lower-case hex.
    pub certificates: Vec<String>,
    /// What would help to judge and is not at hand.
    pub wanted: Vec<Wanted>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Head {
    now: Timestamp,
    policy: AlgorithmPolicy,
    trust_version: String,
    anchors: Vec<AnchorHead>,
    certificates: Vec<u64>,
    crls: Vec<u64>,
    ocsps: Vec<u64>,
    document: u64,
}

#[derive(Debug, Serialize, Deserialize)]
struct AnchorHead {
    length: u64,
    label: String,
    purposes: Vec<Purpose>,
    valid_from: Option<Timestamp>,
    valid_to: Option<Timestamp>,
}

fn lengths(parts: &[Vec<u8>]) -> Vec<u64> {
    parts.iter().map(|part| part.len() as u64).collect()
}

fn pack(basis: &OwnedContext, document: &[u8]) -> serde_json::Result<Vec<u8>> {
    let head = serde_json::to_vec(&Head {
        now: basis.now,
        policy: AlgorithmPolicy::clone(&basis.policy),
        trust_version: basis.trust.version.clone(),
        anchors: basis
            .trust
            .anchors
            .iter()
            .map(|anchor| AnchorHead {
                length: anchor.certificate.len() as u64,
                label: anchor.label.clone(),
                purposes: anchor.purposes.clone(),
                valid_from: anchor.valid_from,
                valid_to: anchor.valid_to,
            })
            .collect(),
        certificates: lengths(&basis.evidence.certificates),
        crls: lengths(&basis.evidence.crls),
        ocsps: lengths(&basis.evidence.ocsps),
        document: document.len() as u64,
    })?;
    let mut packed = (head.len() as u64).to_be_bytes().to_vec();
    packed.extend_from_slice(&head);
    for anchor in &basis.trust.anchors {
        packed.extend_from_slice(&anchor.certificate);
    }
    let Evidence {
        certificates,
        crls,
        ocsps,
    } = basis.evidence.as_ref();
    for part in certificates.iter().chain(crls).chain(ocsps) {
        packed.extend_from_slice(part);
    }
    packed.extend_from_slice(document);
    Ok(packed)
}

fn unpack(input: impl Read) -> std::io::Result<(OwnedContext, Vec<u8>)> {
    fn part(input: &mut impl Read, length: u64) -> std::io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        input.take(length).read_to_end(&mut bytes)?;
        if bytes.len() as u64 == length {
            Ok(bytes)
        } else {
            Err(std::io::ErrorKind::UnexpectedEof.into())
        }
    }
    fn parts(input: &mut impl Read, lengths: &[u64]) -> std::io::Result<Vec<Vec<u8>>> {
        lengths.iter().map(|length| part(input, *length)).collect()
    }
    let mut input = input.take(MAX_INPUT);
    let mut length = [0; 8];
    input.read_exact(&mut length)?;
    let length = u64::from_be_bytes(length);
    if length > MAX_HEAD {
        return Err(std::io::ErrorKind::InvalidData.into());
    }
    let head: Head = serde_json::from_slice(&part(&mut input, length)?)?;
    let mut anchors = Vec::with_capacity(head.anchors.len());
    for anchor in head.anchors {
        anchors.push(Anchor {
            certificate: part(&mut input, anchor.length)?,
            label: anchor.label,
            purposes: anchor.purposes,
            valid_from: anchor.valid_from,
            valid_to: anchor.valid_to,
        });
    }
    let evidence = Evidence {
        certificates: parts(&mut input, &head.certificates)?,
        crls: parts(&mut input, &head.crls)?,
        ocsps: parts(&mut input, &head.ocsps)?,
    };
    let document = part(&mut input, head.document)?;
    let basis = OwnedContext {
        trust: Arc::new(TrustStore {
            version: head.trust_version,
            anchors,
        }),
        evidence: Arc::new(evidence),
        policy: Arc::new(head.policy),
        now: head.now,
    };
    Ok((basis, document))
}

/// The check itself: pure, where it is called.
pub fn check(basis: &OwnedContext, document: &[u8]) -> Found {
    let context = basis.borrow();
    Found {
        report: pdf_signature::verify::verify(document, &context),
        certificates: pdf_signature::verify::signer_certificates(document)
            .iter()
            .map(hex::encode)
            .collect(),
        wanted: pki::wanted_evidence(document, &context),
    }
}

/// Checks a document: in a process of its own when this program serves, otherwise (tests in process, commands that seed)
/// here.
///
/// # Errors
/// When no process can be started.
pub async fn run(app: &App, basis: &OwnedContext, document: &[u8]) -> AppResult<Found> {
    let Some(program) = app.program() else {
        let (basis, document) = (basis.clone(), document.to_vec());
        return app.heavy(move |_| check(&basis, &document)).await;
    };
    let _permit = app.heavy.acquire().await.map_err(anyhow::Error::from)?;
    Ok(in_process(program.clone(), basis, document).await?)
}

/// Checks a document in the process of `program`.
///
/// # Errors
/// When no process can be started. A process that does not answer within its limits is no error: the report says that the
/// document could not be read.
pub async fn in_process(program: PathBuf, basis: &OwnedContext, document: &[u8]) -> std::io::Result<Found> {
    let packed = pack(basis, document)?;
    let found = confined::ask(program, &[COMMAND], LIMITS, packed).await?;
    Ok(found.unwrap_or_else(|| {
        tracing::warn!("the signatures of a file could not be checked within the limits");
        beyond_limits(basis, document)
    }))
}

fn beyond_limits(basis: &OwnedContext, document: &[u8]) -> Found {
    Found {
        report: Report {
            verdict: Verdict::Indeterminate,
            sub_reason: Some("LIMITS_EXCEEDED".to_owned()),
            signatures: Vec::new(),
            warnings: Vec::new(),
            unreadable: Some(Note::new(
                "limits_exceeded",
                "Tệp vượt quá giới hạn bộ nhớ hoặc thời gian dành cho việc kiểm tra nên không xác minh được chữ ký số.",
            )),
            checked_at: basis.now,
            engine: ENGINE.to_owned(),
            trust_list_version: basis.trust.version.clone(),
            evidence_sha256: Vec::new(),
            file_sha256: Digest::of(document).to_string(),
            revisions: 0,
        },
        certificates: Vec::new(),
        wanted: Vec::new(),
    }
}

/// The checker's side: limits itself, reads from the standard input, tells what it found as JSON.
///
/// # Errors
/// When the pipes break or the input is not what [`in_process`] sends; then the caller takes the document for unreadable.
pub fn serve_one() -> anyhow::Result<()> {
    confined::limit(LIMITS)?;
    let (basis, document) = unpack(std::io::stdin().lock())?;
    confined::tell(&check(&basis, &document))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn basis() -> OwnedContext {
        OwnedContext {
            trust: Arc::new(TrustStore {
                version: "7".to_owned(),
                anchors: vec![Anchor {
                    certificate: vec![1, 2, 3],
                    label: "Gốc".to_owned(),
                    purposes: vec![Purpose::Signing, Purpose::TimeStamping],
                    valid_from: None,
                    valid_to: Some(Timestamp::UNIX_EPOCH),
                }],
            }),
            evidence: Arc::new(Evidence {
                certificates: vec![vec![4], vec![]],
                crls: vec![vec![5; 70_000]],
                ocsps: vec![vec![6, 6]],
            }),
            policy: Arc::new(AlgorithmPolicy::default()),
            now: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn what_is_packed_is_unpacked() {
        let packed = pack(&basis(), b"%PDF-1.7 ...").unwrap();
        let (back, document) = unpack(packed.as_slice()).unwrap();
        assert_eq!(document, b"%PDF-1.7 ...");
        assert_eq!(
            (back.trust, back.evidence, back.policy, back.now),
            (basis().trust, basis().evidence, basis().policy, basis().now)
        );
    }

    #[test]
    fn a_cut_or_swollen_input_is_an_error() {
        let packed = pack(&basis(), b"%PDF-1.7 ...").unwrap();
        for end in [0, 7, 8, 100, packed.len() - 1] {
            assert!(unpack(&packed[..end]).is_err(), "cut at {end}");
        }
        let mut swollen = packed;
        swollen[0] = 1;
        assert!(unpack(swollen.as_slice()).is_err());
    }
}
