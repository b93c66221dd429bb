//! Kiểm tra tính đầy đủ, toàn vẹn, xác thực (QD28-9.1): what was announced against what is stored.

use rules::{
    ids::IncomingId,
    incoming::{AnnouncedFile, DeliveryCheck, DeliveryFacts, ReceivedFile, check_delivery},
    legal_value::SignatureVerdict,
};
use store::{Act, Digest, args, sql};

use super::arrive::{Announced, Arrival, ArrivalDetails};
use crate::{act_names, context::App, error::AppResult};

/// A delivered file: name, digest, whether its bytes are there whole.
struct Received {
    name: String,
    sha256: String,
    readable: bool,
}

/// The check when the packet arrives: every file of the set was just stored, so its bytes are taken as read.
///
/// # Errors
/// When the database fails.
pub(super) async fn at_arrival(act: &mut Act, packet: &Arrival) -> AppResult<DeliveryCheck> {
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
    Ok(judge(&packet.announced, &received, packet.sender_id.is_some()))
}

/// The check before accepting: announced files from the journal of the arrival, stored files with their bytes
/// verified against the digest.
///
/// # Errors
/// When the database or the blob store fails.
pub(super) async fn before_accepting(app: &App, id: IncomingId) -> AppResult<DeliveryCheck> {
    let announced = match app
        .db
        .opt(
            sql!("SELECT details FROM journal WHERE object_id = $1 AND act = $2 ORDER BY seq LIMIT 1"),
            args![id, act_names::ARRIVE],
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
                "SELECT f.name, f.sha256 FROM incoming d JOIN file_set_item i ON i.set_id = d.file_set \
                 JOIN file f ON f.id = i.file_id WHERE d.id = $1 ORDER BY i.sort"
            ),
            args![id],
        )
        .await?;
    let sender_known = app
        .db
        .opt(
            sql!("SELECT 1 AS one FROM incoming d JOIN agency a ON a.id = d.sender_id WHERE d.id = $1"),
            args![id],
        )
        .await?
        .is_some();
    let mut received = Vec::with_capacity(rows.len());
    for row in rows {
        let digest = row.get::<Vec<u8>>("sha256")?;
        received.push(Received {
            name: row.get("name")?,
            readable: app.blobs.is_intact(Digest::from_slice(&digest)?).await?,
            sha256: hex::encode(digest),
        });
    }
    Ok(judge(&announced, &received, sender_known))
}

fn judge(announced: &[Announced], received: &[Received], sender_known: bool) -> DeliveryCheck {
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
    check_delivery(&DeliveryFacts {
        announced: &announced,
        received: &received,
        // The hub delivers by the recipient's own line.
        addressed_to_us: true,
        sender_known,
        person_signature: SignatureVerdict::Absent,
        agency_signature: SignatureVerdict::Absent,
    })
}
