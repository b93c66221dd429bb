//! A bundle of evidence is made from what the journal took down: facts, digests, states; the bytes come from the blob store.

use std::{
    collections::HashSet,
    fs::File,
    io::{Seek, SeekFrom, Write},
};

use axum::{
    extract::{Path, State},
    response::Response,
};
use rules::{
    Refusal,
    ids::{DeliveryId, IncomingId, OutgoingId},
    incoming::IncomingState,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{
    Act, Digest, args,
    journal::{Proof, SealedEntry},
    sql,
};
use uuid::Uuid;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::format::{Event, FORMAT, JOURNAL, MANIFEST, Manifest, Part, Party, Role, Side};
use crate::{
    act_names,
    context::{App, Who},
    error::{AppError, AppResult},
    incoming, outgoing,
    web::zip_to_save,
};

/// The chain of seals in a bundle ends after so many.
const MOST_SEALS: u32 = 50_000;

/// What the journal takes down of a packet when it is sent and when it arrives, so that a bundle can be made and checked from
/// the journal alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noted {
    /// Mã định danh văn bản.
    pub document_code: Option<String>,
    /// Số, ký hiệu.
    pub number_and_symbol: String,
    /// Trích yếu.
    pub subject: String,
    /// Who sent it.
    pub sender: Party,
    /// To whom.
    pub recipient: Party,
    /// `internal` or `axis`.
    pub channel: String,
    /// The document's files.
    pub files: Vec<NotedFile>,
    /// The packet as it went over the axis.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub packet: Option<NotedFile>,
}

/// A file by name and digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotedFile {
    /// Its name.
    pub name: String,
    /// SHA-256, hex.
    pub sha256: String,
}

impl NotedFile {
    /// The files of a set.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn of_set(act: &mut Act, set: Option<Uuid>) -> AppResult<Vec<Self>> {
        let rows = act
            .all(
                sql!("SELECT f.name, f.sha256 FROM file_set_item i JOIN file f ON f.id = i.file_id WHERE i.set_id = $1 ORDER BY i.sort"),
                args![set],
            )
            .await?;
        let files = rows.iter().map(|row| {
            Ok(Self {
                name: row.get("name")?,
                sha256: Digest::from_slice(&row.get::<Vec<u8>>("sha256")?)?.to_string(),
            })
        });
        Ok(files.collect::<store::Result<_>>()?)
    }
}

/// `GET /outgoing/{id}/evidence/{delivery}`: the sender's bundle about one recipient.
pub async fn of_delivery(
    State(app): State<App>,
    who: Who,
    Path((document, delivery)): Path<(OutgoingId, DeliveryId)>,
) -> AppResult<Response> {
    outgoing::may_view(&app, &who, document).await?;
    let line = app
        .db
        .opt(
            sql!("SELECT state FROM delivery WHERE id = $1 AND outgoing_id = $2"),
            args![delivery, document],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    let id = delivery.to_string();
    let proof = prove(&app, document.as_uuid(), |entry, details| {
        is_exchange(entry) && details["delivery"] == id
    })
    .await?;
    let events = app
        .db
        .all(
            sql!(
                "SELECT code, description, staff, at, received_at FROM delivery_event WHERE delivery_id = $1 \
                 ORDER BY received_at, at, code"
            ),
            args![delivery],
        )
        .await?
        .iter()
        .map(|row| {
            Ok(Event {
                code: row.get("code")?,
                description: row.get::<Option<String>>("description")?.unwrap_or_default(),
                staff: row.get::<Option<String>>("staff")?.unwrap_or_default(),
                at: row.get("at")?,
                received_at: row.get("received_at")?,
            })
        })
        .collect::<store::Result<Vec<_>>>()?;
    let story = Story {
        side: Side::Sender,
        object: document.as_uuid(),
        delivery: Some(delivery.as_uuid()),
        state: line.get("state")?,
        events,
    };
    bundle(&app, &who, story, proof).await
}

/// `GET /incoming/{id}/evidence`: the recipient's bundle.
pub async fn of_incoming(
    State(app): State<App>,
    who: Who,
    Path(id): Path<IncomingId>,
) -> AppResult<Response> {
    incoming::may_view(&app, &who, id).await?;
    let row = app
        .db
        .one(
            sql!("SELECT state, delivery_id FROM incoming WHERE id = $1"),
            args![id],
        )
        .await?;
    let state: String = row.get("state")?;
    if state == IncomingState::Recalled.as_str() {
        return Err(Refusal::new(
            "ND30-18.4b",
            "exchange.evidence_recalled",
            "Văn bản đã bị bên gửi thu hồi, nội dung đã hủy nên không lập được gói chứng cứ.",
        )
        .into());
    }
    let proof = prove(&app, id.as_uuid(), |entry, _| {
        is_exchange(entry)
            || [
                act_names::ARRIVE,
                act_names::REGISTER,
                act_names::REFUSE,
                act_names::REQUESTED,
                act_names::WITHDRAW,
                act_names::TAKE_UPDATE,
                act_names::REDELIVER,
                act_names::REFUSE_REQUEST,
            ]
            .contains(&entry.act.as_str())
    })
    .await?;
    let story = Story {
        side: Side::Recipient,
        object: id.as_uuid(),
        delivery: row.get("delivery_id")?,
        state,
        events: Vec::new(),
    };
    bundle(&app, &who, story, proof).await
}

/// What the tables say, besides what the journal proves.
struct Story {
    side: Side,
    object: Uuid,
    delivery: Option<Uuid>,
    state: String,
    events: Vec<Event>,
}

fn is_exchange(entry: &SealedEntry) -> bool {
    entry.act.starts_with("exchange.")
}

/// Seals what waits, so that the newest state is among the proved ones.
async fn prove(app: &App, object: Uuid, keep: impl Fn(&SealedEntry, &Value) -> bool) -> AppResult<Proof> {
    while store::journal::seal(&app.db, app.clock.now()).await? > 0 {}
    let mut proof = store::journal::prove(&app.db, object, MOST_SEALS).await?;
    proof.entries.retain(|one| {
        let details = serde_json::from_str(&one.entry.details).unwrap_or_default();
        keep(&one.entry, &details)
    });
    Ok(proof)
}

/// A part and where its bytes are.
struct Content {
    part: Part,
    file: File,
}

async fn bundle(app: &App, who: &Who, story: Story, proof: Proof) -> AppResult<Response> {
    let noted = proof
        .entries
        .iter()
        .find_map(|one| serde_json::from_str::<Noted>(&one.entry.details).ok())
        .ok_or(AppError::NotFound)?;
    let contents = contents(app, &proof).await?;
    let name = format!(
        "chung-cu-{}.zip",
        viet_text::corrected_file_name(&noted.number_and_symbol.replace('/', "-")).trim_end_matches('.')
    );
    let manifest = Manifest {
        format: FORMAT.to_owned(),
        made_at: app.clock.now(),
        made_by: who.label(),
        side: story.side,
        object: story.object,
        delivery: story.delivery,
        channel: noted.channel,
        document_code: noted.document_code,
        number_and_symbol: noted.number_and_symbol,
        subject: noted.subject,
        sender: noted.sender,
        recipient: noted.recipient,
        state: story.state,
        events: story.events,
        parts: contents.iter().map(|content| content.part.clone()).collect(),
    };
    let file = tokio::task::spawn_blocking(move || write(&manifest, &proof, contents))
        .await
        .map_err(anyhow::Error::from)??;
    Ok(zip_to_save(file, &name)?)
}

/// Everything that the journal names by digest, each once.
async fn contents(app: &App, proof: &Proof) -> AppResult<Vec<Content>> {
    let mut found = Vec::new();
    let mut known = HashSet::new();
    for one in &proof.entries {
        let details: Value = serde_json::from_str(&one.entry.details).unwrap_or_default();
        let is_sending = [act_names::SEND, act_names::ARRIVE].contains(&one.entry.act.as_str());
        let packet = if is_sending { Role::Packet } else { Role::Receipt };
        let named = [(packet, vec![&details["packet"]])].into_iter().chain(
            details["files"]
                .as_array()
                .map(|files| (Role::File, files.iter().collect())),
        );
        for (role, values) in named {
            for value in values {
                let Ok(file) = NotedFile::deserialize(value) else {
                    continue;
                };
                if known.insert(file.sha256.clone()) {
                    found.push(content(app, role, file, found.len() + 1).await?);
                }
            }
        }
    }
    Ok(found)
}

async fn content(app: &App, role: Role, noted: NotedFile, place: usize) -> AppResult<Content> {
    let digest = hex::decode(&noted.sha256).map_err(anyhow::Error::from)?;
    let file = app.blobs.open_verified(Digest::from_slice(&digest)?).await?;
    let folder = if role == Role::File { "tep" } else { "goi-tin" };
    Ok(Content {
        part: Part {
            path: format!(
                "{folder}/{place:02}-{}",
                viet_text::corrected_file_name(&noted.name)
            ),
            role,
            size: file.metadata().await?.len(),
            sha256: noted.sha256,
            name: noted.name,
        },
        file: file.into_std().await,
    })
}

fn write(manifest: &Manifest, proof: &Proof, contents: Vec<Content>) -> anyhow::Result<File> {
    let mut zip = ZipWriter::new(tempfile::tempfile()?);
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .large_file(true);
    zip.start_file(MANIFEST, options)?;
    zip.write_all(&serde_json::to_vec_pretty(manifest)?)?;
    zip.start_file(JOURNAL, options)?;
    zip.write_all(&serde_json::to_vec_pretty(proof)?)?;
    for mut content in contents {
        zip.start_file(content.part.path, options)?;
        std::io::copy(&mut content.file, &mut zip)?;
    }
    let mut file = zip.finish()?;
    file.seek(SeekFrom::Start(0))?;
    Ok(file)
}
