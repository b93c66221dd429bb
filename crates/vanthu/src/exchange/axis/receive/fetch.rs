//! The bytes of a packet: streamed into the store, kept as they came for evidence.

use axis::client::{Advice, Operation};
use store::{Digest, args, sql};
use tokio::io::AsyncReadExt;

use super::{come_back, row::Incoming, settle};
use crate::{
    context::App,
    error::AppResult,
    exchange::axis::{
        calls::{Call, noted},
        connections::{self, Connection},
    },
};

const MB: u64 = 1024 * 1024;

/// The bytes of a packet, fetched unless they are here already. `None` when they could not be had now.
///
/// # Errors
/// When the database or the store fails.
pub async fn bytes(app: &App, connection: &Connection, packet: &Incoming) -> AppResult<Option<Digest>> {
    if let Some(known) = &packet.sha256 {
        let digest = Digest::from_slice(known)?;
        if app.blobs.is_intact(digest).await? {
            return Ok(Some(digest));
        }
    }
    let client = match connections::open(app, connection).await? {
        Ok(client) => client,
        Err(error) => {
            come_back(app, packet, &error.to_string()).await?;
            return Ok(None);
        }
    };
    let limit = u64::from(connection.options.packet_mb) * MB;
    let (mut into, mut out) = tokio::io::duplex(64 * 1024);
    let doc_id = packet.doc_id.as_str();
    let fetched = async {
        let call = Call::of(connection.id, Operation::GetPacket).packet(packet.id, Some(doc_id));
        let done = noted(
            app,
            call,
            client.get_packet(doc_id, &mut into, limit),
            |fetched| {
                Some(format!(
                    "{} byte, SHA-256 {}",
                    fetched.bytes,
                    hex::encode(fetched.sha256)
                ))
            },
        )
        .await;
        // The reading end sees the end.
        drop(into);
        done
    };
    // Owns its end: when the store fails the other end must not wait for a reader that is gone.
    let stored = async move {
        let mut writer = app.blobs.writer().await?;
        let mut piece = vec![0; 64 * 1024];
        loop {
            let read = out.read(&mut piece).await?;
            if read == 0 {
                return AppResult::Ok(writer);
            }
            writer.write(&piece[..read]).await?;
        }
    };
    let (fetched, writer) = tokio::join!(fetched, stored);
    let fetched = match fetched {
        Ok(fetched) => fetched,
        Err(error) if error.advice() == Advice::GiveUp => {
            settle::quarantine(app, connection, packet, &error.to_string()).await?;
            return Ok(None);
        }
        Err(error) => {
            come_back(app, packet, &error.to_string()).await?;
            return Ok(None);
        }
    };
    let blob = writer?.finish().await?;
    if blob.digest.as_bytes() != fetched.sha256 {
        come_back(app, packet, "Gói tin ghi xuống khác gói tin tải về.").await?;
        return Ok(None);
    }
    let size = i64::try_from(blob.size).map_err(anyhow::Error::from)?;
    let mut tx = app.db.begin().await?;
    tx.run(
        sql!("UPDATE axis_inbox SET sha256 = $2, size = $3, last_error = NULL WHERE id = $1 AND state = 'listed'"),
        args![packet.id, blob.digest.as_bytes(), size],
    )
    .await?;
    tx.commit().await?;
    Ok(Some(blob.digest))
}

/// Whether another packet of these bytes could not be read: the answer is the same again, never “done”. A packet that a
/// person had put back is read anew.
///
/// # Errors
/// When the database fails.
pub async fn is_known_unreadable(app: &App, packet: &Incoming, digest: Digest) -> AppResult<bool> {
    if packet.is_unreadable_again(digest) {
        return Ok(false);
    }
    let row = app
        .db
        .opt(
            sql!(
                "SELECT id FROM axis_inbox WHERE sha256 = $1 AND state = 'quarantined' AND id <> $2 LIMIT 1"
            ),
            args![digest.as_bytes(), packet.id],
        )
        .await?;
    Ok(row.is_some())
}
