//! Văn bản thay thế: a document that arrives is linked to the earlier ones of the same sender that it replaces (ND30-18.3),
//! in whichever order they come.

use rules::ids::{AgencyId, IncomingId};
use serde_json::json;
use store::{Act, Entry, args, sql};

use crate::{act_names, error::AppResult, incoming::seen::printed};

/// A document of ours to receive, as far as replacing goes.
struct Party {
    agency: AgencyId,
    sender: Option<AgencyId>,
    sender_code: Option<String>,
    sender_name: String,
    code: Option<String>,
    /// Số, ký hiệu.
    printed: String,
}

/// Notes what the arrived document says it replaces, and links it both ways.
///
/// # Errors
/// When the database fails.
pub async fn link(act: &mut Act, id: IncomingId, replaces: &[String]) -> AppResult<()> {
    let this = party(act, id).await?;
    for code in replaces {
        act.run(
            sql!(
                "INSERT INTO incoming_replaces (incoming_id, document_code, agency_id) VALUES ($1, $2, $3) \
                 ON CONFLICT DO NOTHING"
            ),
            args![id, code.as_str(), this.agency],
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
                    this.agency,
                    code.as_str(),
                    id,
                    this.sender,
                    this.sender_code.clone()
                ],
            )
            .await?;
        for row in replaced {
            mark(act, row.get("id")?, id, &this, &this.printed).await?;
        }
    }
    if let Some(code) = &this.code {
        // The one that replaces it was faster.
        let replacing = act
            .opt(
                sql!(
                    "SELECT i.id, i.number, i.symbol FROM incoming_replaces r JOIN incoming i ON i.id = r.incoming_id \
                     WHERE r.agency_id = $1 AND r.document_code = $2 AND i.id <> $3 AND i.state <> 'recalled' \
                     AND (i.sender_id = $4 OR i.sender_code = $5) ORDER BY i.id LIMIT 1"
                ),
                args![this.agency, code.as_str(), id, this.sender, this.sender_code.clone()],
            )
            .await?;
        if let Some(row) = replacing {
            let name = printed(&row.get::<String>("number")?, &row.get::<String>("symbol")?);
            mark(act, id, row.get("id")?, &this, &name).await?;
        }
    }
    Ok(())
}

async fn party(act: &mut Act, id: IncomingId) -> AppResult<Party> {
    let row = act
        .one(
            sql!(
                "SELECT agency_id, sender_id, sender_code, sender_name, document_code, number, symbol FROM incoming WHERE id = $1"
            ),
            args![id],
        )
        .await?;
    let (number, symbol): (String, String) = (row.get("number")?, row.get("symbol")?);
    Ok(Party {
        agency: row.get("agency_id")?,
        sender: row.get("sender_id")?,
        sender_code: row.get("sender_code")?,
        sender_name: row.get("sender_name")?,
        code: row.get("document_code")?,
        printed: printed(&number, &symbol),
    })
}

async fn mark(
    act: &mut Act,
    replaced: IncomingId,
    replacing: IncomingId,
    party: &Party,
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
        agency: Some(party.agency),
        summary: format!("{} thay thế văn bản này bằng văn bản {name}.", party.sender_name),
        details: json!({ "replaced_by": replacing }),
    })
    .await?;
    Ok(())
}
