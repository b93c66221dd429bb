//! The check of a bundle with no server: are all parts there and unchanged, does the journal prove them, do the states
//! follow from the messages.

use std::{
    collections::HashSet,
    io::{Read, Seek},
};

use rules::exchange::{self, DeliveryState, StatusCode};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest as _, Sha256};
use store::journal::{Mark, Proof, SealedEntry};
use zip::ZipArchive;

use super::{
    export::Noted,
    format::{Event, FORMAT, JOURNAL, MANIFEST, Manifest, Part, Role, Side},
};
use crate::act_names;

/// Largest manifest or proof, in bytes.
const MOST_JSON: u64 = 64 * 1024 * 1024;
/// Most parts in a bundle.
const MOST_PARTS: usize = 10_000;
/// Largest part: a packet of several files of 50 MB.
const MOST_PART: u64 = 1024 * 1024 * 1024;

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What.
    pub what: String,
    /// Whether it holds.
    pub holds: bool,
    /// What does not fit, or what the figure is.
    pub detail: String,
}

/// What the check found.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// What the bundle says it is about.
    pub manifest: Manifest,
    /// Everything that was looked at, in order.
    pub findings: Vec<Finding>,
    /// Whether a mark from elsewhere stands in the chain; without one the chain proves only that it fits together.
    pub has_mark: Option<bool>,
}

impl Report {
    /// Whether everything holds.
    pub fn is_whole(&self) -> bool {
        self.findings.iter().all(|finding| finding.holds)
    }
}

/// Reads and checks a bundle.
///
/// # Errors
/// A Vietnamese sentence when the file is not a bundle that this program reads.
pub fn verify(bundle: impl Read + Seek, mark: Option<&Mark>) -> Result<Report, String> {
    let mut zip = ZipArchive::new(bundle).map_err(|_| "tệp không phải là gói chứng cứ (ZIP).".to_owned())?;
    if zip.len() > MOST_PARTS {
        return Err("gói có quá nhiều tệp.".to_owned());
    }
    let manifest: Manifest = json(&mut zip, MANIFEST)?;
    if manifest.format != FORMAT {
        return Err(format!(
            "gói có phiên bản “{}”, chương trình chỉ đọc “{FORMAT}”.",
            manifest.format
        ));
    }
    let proof: Proof = json(&mut zip, JOURNAL)?;
    let story = Story {
        manifest: &manifest,
        proof: &proof,
    };
    let mut findings = parts(&mut zip, &manifest);
    let problem = proof.problem(mark).map_err(|error| error.to_string())?;
    findings.push(Finding {
        what: "Nhật ký nghiệp vụ".to_owned(),
        holds: problem.is_none() && !proof.entries.is_empty(),
        detail: problem.unwrap_or_else(|| match proof.entries.len() {
            0 => "Không có mục nhật ký nào: gói không chứng minh được gì.".to_owned(),
            count => format!("{count} mục, {} niêm phong nối tiếp nhau.", proof.chain.len()),
        }),
    });
    findings.extend(story.check());
    Ok(Report {
        has_mark: mark.map(|mark| proof.chain.iter().any(|seal| seal.hash == mark.hash)),
        manifest,
        findings,
    })
}

fn json<T: DeserializeOwned>(zip: &mut ZipArchive<impl Read + Seek>, name: &str) -> Result<T, String> {
    let file = zip.by_name(name).map_err(|_| format!("gói thiếu “{name}”."))?;
    let mut text = Vec::new();
    file.take(MOST_JSON)
        .read_to_end(&mut text)
        .map_err(|_| format!("không đọc được “{name}” trong gói."))?;
    serde_json::from_slice(&text).map_err(|error| format!("“{name}” không đúng định dạng: {error}."))
}

/// Every part against its digest, and nothing besides.
fn parts(zip: &mut ZipArchive<impl Read + Seek>, manifest: &Manifest) -> Vec<Finding> {
    let mut findings: Vec<Finding> = manifest.parts.iter().map(|part| one_part(zip, part)).collect();
    let known: HashSet<&str> = manifest
        .parts
        .iter()
        .map(|part| part.path.as_str())
        .chain([MANIFEST, JOURNAL])
        .collect();
    let strangers: Vec<String> = zip
        .file_names()
        .map(|name| name.map_or_else(|_| "(tên hỏng)".to_owned(), std::borrow::Cow::into_owned))
        .filter(|name| !known.contains(name.as_str()))
        .collect();
    if !strangers.is_empty() {
        findings.push(Finding {
            what: "Tệp trong gói".to_owned(),
            holds: false,
            detail: format!("Có tệp không được kê khai: {}.", strangers.join(", ")),
        });
    }
    findings
}

fn one_part(zip: &mut ZipArchive<impl Read + Seek>, part: &Part) -> Finding {
    let digest = zip.by_name(&part.path).ok().and_then(|file| {
        let mut hasher = Sha256::new();
        let mut file = file.take(part.size.min(MOST_PART).saturating_add(1));
        let (mut size, mut piece) = (0_u64, vec![0_u8; 64 * 1024]);
        loop {
            let read = file.read(&mut piece).ok()?;
            if read == 0 {
                break;
            }
            size += u64::try_from(read).ok()?;
            hasher.update(piece.get(..read)?);
        }
        (size == part.size).then(|| hex::encode(hasher.finalize()))
    });
    let holds = digest.as_deref() == Some(part.sha256.as_str());
    Finding {
        what: format!("Tệp {}", part.path),
        holds,
        detail: match digest {
            None => "Thiếu, không đọc được, hoặc không đúng kích thước đã kê khai.".to_owned(),
            Some(_) if holds => format!("{}, {} byte, nguyên vẹn.", part.name, part.size),
            Some(_) => "Nội dung đã bị thay đổi: mã băm không khớp.".to_owned(),
        },
    }
}

/// The manifest's story against what the journal proves.
struct Story<'a> {
    manifest: &'a Manifest,
    proof: &'a Proof,
}

impl Story<'_> {
    fn check(&self) -> Vec<Finding> {
        let mut findings = vec![self.subject(), self.facts()];
        findings.extend(self.content());
        if self.manifest.side == Side::Sender {
            findings.extend(self.manifest.events.iter().map(|event| self.event(event)));
            findings.push(self.state());
        }
        findings
    }

    /// The entries, with their details as JSON.
    fn entries(&self) -> impl Iterator<Item = (&SealedEntry, serde_json::Value)> {
        self.proof.entries.iter().map(|one| {
            let details = serde_json::from_str(&one.entry.details).unwrap_or_default();
            (&one.entry, details)
        })
    }

    fn is_ours(&self, details: &serde_json::Value) -> bool {
        match (self.manifest.side, self.manifest.delivery) {
            (Side::Sender, Some(delivery)) => details["delivery"] == delivery.to_string(),
            (Side::Sender, None) => false,
            (Side::Recipient, _) => true,
        }
    }

    fn subject(&self) -> Finding {
        let strange = self
            .proof
            .entries
            .iter()
            .find(|one| one.entry.object != self.manifest.object);
        Finding {
            what: "Đối tượng của nhật ký".to_owned(),
            holds: strange.is_none(),
            detail: strange.map_or_else(
                || "Mọi mục đều thuộc về văn bản này.".to_owned(),
                |one| format!("Mục nhật ký {} thuộc về văn bản khác.", one.entry.seq),
            ),
        }
    }

    /// What the manifest says of the document and the two agencies is what the journal took down.
    fn facts(&self) -> Finding {
        let about = self.manifest;
        let noted = self
            .entries()
            .filter(|(_, details)| self.is_ours(details))
            .find_map(|(_, details)| serde_json::from_value::<Noted>(details).ok());
        let holds = noted.as_ref().is_some_and(|noted| {
            noted.document_code == about.document_code
                && noted.number_and_symbol == about.number_and_symbol
                && noted.subject == about.subject
                && noted.sender == about.sender
                && noted.recipient == about.recipient
                && noted.channel == about.channel
        });
        Finding {
            what: "Thông tin văn bản, bên gửi, bên nhận".to_owned(),
            holds,
            detail: match noted {
                None => "Nhật ký không có mục gửi, nhận của văn bản.".to_owned(),
                Some(_) if holds => "Khớp với nhật ký.".to_owned(),
                Some(_) => "Không khớp với nhật ký.".to_owned(),
            },
        }
    }

    /// Packets and files are those whose digests the journal took down when they were sent or arrived.
    fn content(&self) -> Vec<Finding> {
        let mut noted = HashSet::new();
        for (_, details) in self.entries().filter(|(_, details)| self.is_ours(details)) {
            digests(&details, &mut noted);
        }
        self.manifest
            .parts
            .iter()
            .map(|part| {
                let holds = noted.contains(&part.sha256);
                let kind = match part.role {
                    Role::Packet => "Gói tin",
                    Role::Receipt => "Gói tin trạng thái",
                    Role::File => "Tệp văn bản",
                };
                Finding {
                    what: format!("{kind} {}", part.name),
                    holds,
                    detail: if holds {
                        "Nhật ký đã ghi mã băm này khi gửi, nhận.".to_owned()
                    } else {
                        "Nhật ký không ghi mã băm này: không chứng minh được đã gửi, nhận.".to_owned()
                    },
                }
            })
            .collect()
    }

    fn event(&self, event: &Event) -> Finding {
        let holds = self.entries().any(|(entry, details)| {
            [act_names::STATUS, act_names::STATUS_REFUSED].contains(&entry.act.as_str())
                && self.is_ours(&details)
                && details["code"] == event.code
                && details["at"] == event.at.as_microsecond()
                && details["staff"] == event.staff
                && details["note"] == event.description
        });
        Finding {
            what: format!("Trạng thái {} lúc {}", event.code, event.at),
            holds,
            detail: if holds {
                format!("{} – {}", event.staff, event.description)
            } else {
                "Không có trong nhật ký.".to_owned()
            },
        }
    }

    fn state(&self) -> Finding {
        let sent = self
            .entries()
            .any(|(entry, details)| entry.act == act_names::SEND && self.is_ours(&details));
        let reached = self
            .manifest
            .events
            .iter()
            .filter_map(|event| StatusCode::from_wire(&event.code))
            .fold(DeliveryState::Sent, exchange::advance);
        let holds = sent && reached.as_str() == self.manifest.state;
        Finding {
            what: "Tình trạng gửi".to_owned(),
            holds,
            detail: if !sent {
                "Nhật ký không có mục gửi đi.".to_owned()
            } else if holds {
                reached.label().to_owned()
            } else {
                format!(
                    "Các trạng thái cho kết quả “{}”, gói lại ghi “{}”.",
                    reached.label(),
                    self.manifest.state
                )
            },
        }
    }
}

/// Every `sha256` in the details of an entry.
fn digests(value: &serde_json::Value, found: &mut HashSet<String>) {
    match value {
        serde_json::Value::Object(fields) => {
            for (name, value) in fields {
                if let (true, Some(digest)) = (name == "sha256", value.as_str()) {
                    found.insert(digest.to_owned());
                }
                digests(value, found);
            }
        }
        serde_json::Value::Array(values) => values.iter().for_each(|value| digests(value, found)),
        _ => {}
    }
}
