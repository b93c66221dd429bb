//! Văn bản thay thế: a document that arrives is linked to the earlier ones of the same sender that it replaces (ND30-18.3),
//! in whichever order they come.

use rules::ids::IncomingId;
use serde_json::json;
use store::{Act, Entry, args, sql};

use super::{Arrival, load::printed};
use crate::{act_names, error::AppResult};

/// Notes what the arrived document replaces, and links it both ways.
///
/// # Errors
/// When the database fails.
pub(super) async fn link(act: &mut Act, id: IncomingId, packet: &Arrival) -> AppResult<()> {
    for code in &packet.replaces {
        act.run(
            sql!(
                "INSERT INTO incoming_replaces (incoming_id, document_code, agency_id) VALUES ($1, $2, $3) \
                 ON CONFLICT DO NOTHING"
            ),
            args![id, code.as_str(), packet.agency],
        )
        .await?;
        // Only the issuer itself replaces its documents.
        let replaced = act
            .all(
                sql!(
                    "SELECT id FROM incoming WHERE agency_id = $1 AND document_code = $2 AND id <> $3 \
                     AND (sender_id = $4 OR sender_code = $5) AND replaced_by IS NULL AND state <> 'recalled'"
                ),
                args![
                    packet.agency,
                    code.as_str(),
                    id,
                    packet.sender_id,
                    packet.sender_code.clone()
                ],
            )
            .await?;
        for row in replaced {
            mark(
                act,
                row.get("id")?,
                id,
                packet,
                &printed(&packet.number, &packet.symbol),
            )
            .await?;
        }
    }
    if let Some(code) = &packet.document_code {
        // The one that replaces it was faster.
        let replacing = act
            .opt(
                sql!(
                    "SELECT i.id, i.number, i.symbol FROM incoming_replaces r JOIN incoming i ON i.id = r.incoming_id \
                     WHERE r.agency_id = $1 AND r.document_code = $2 AND i.id <> $3 AND i.state <> 'recalled' \
                     AND (i.sender_id = $4 OR i.sender_code = $5) ORDER BY i.id LIMIT 1"
                ),
                args![packet.agency, code.as_str(), id, packet.sender_id, packet.sender_code.clone()],
            )
            .await?;
        if let Some(row) = replacing {
            let name = printed(&row.get::<String>("number")?, &row.get::<String>("symbol")?);
            mark(act, id, row.get("id")?, packet, &name).await?;
        }
    }
    Ok(())
}

async fn mark(
    act: &mut Act,
    replaced: IncomingId,
    replacing: IncomingId,
    packet: &Arrival,
    name: &str,
) -> AppResult<()> {
    act.run(
        sql!("UPDATE incoming SET replaced_by = $2 WHERE id = $1"),
        args![replaced, replacing],
    )
    .await?;
    act.journal(Entry {
        act: act_names::REPLACED,
        object_kind: "incoming",
        object: replaced.as_uuid(),
        agency: Some(packet.agency),
        summary: format!("{} thay thế văn bản này bằng văn bản {name}.", packet.sender_name),
        details: json!({ "replaced_by": replacing }),
    })
    .await?;
    Ok(())
}
