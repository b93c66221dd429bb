//! Copies of an incoming document that its sender recalled (ND30-18.4b): their numbers stay in the book, nothing of the content is left.

use jiff::Timestamp;
use rules::{copies::Medium, ids::AgencyId, numbering};
use serde_json::json;
use store::{Act, Entry, args, sql};
use uuid::Uuid;

use super::{INCOMING, Source, void_copy};
use crate::{act_names, error::AppResult};

/// Why a copy that waited for the signature of the agency is void.
const REASON: &str = "Văn bản được sao đã bị bên gửi thu hồi.";

/// Takes the content out of the copies of a document, within the act that took it out of the document itself: the book calls it what the
/// register calls it. What waits for a signature is void.
///
/// # Errors
/// When the database fails.
pub async fn source_recalled(act: &mut Act, agency: AgencyId, id: Uuid) -> AppResult<()> {
    let rows = act
        .all(
            sql!(
                "SELECT id, number, symbol, to_medium, signed_at, voided_at FROM document_copy WHERE source_id = $1 AND agency_id = $2 \
                 AND source_kind = 'incoming' ORDER BY id"
            ),
            args![id, agency],
        )
        .await?;
    for row in &rows {
        let is_done = row.get::<Option<Timestamp>>("signed_at")?.is_some()
            || row.get::<Option<Timestamp>>("voided_at")?.is_some();
        if is_done || row.parse::<Medium>("to_medium")? == Medium::Paper {
            continue;
        }
        let copy: Uuid = row.get("id")?;
        let number_and_symbol =
            numbering::number_and_symbol(row.get("number")?, &row.get::<String>("symbol")?);
        void_copy::mark(act, copy, None, REASON).await?;
        act.journal(Entry {
            act: act_names::VOID_COPY,
            object_kind: "incoming",
            object: id,
            agency: Some(agency),
            summary: format!(
                "Hủy số bản sao điện tử {number_and_symbol} do bên gửi thu hồi văn bản; số được giữ trong sổ, không cấp lại."
            ),
            details: json!({ "copy": copy, "number_and_symbol": number_and_symbol, "note": REASON }),
        })
        .await?;
    }
    if rows.is_empty() {
        return Ok(());
    }
    let source = Source::incoming(id, &act.one(INCOMING, args![id, agency]).await?)?;
    act.run(
        sql!(
            "UPDATE document_copy SET source_name = $3, extract = '', extract_text = '', base_set = NULL, file_set = NULL \
             WHERE source_id = $1 AND agency_id = $2 AND source_kind = 'incoming'"
        ),
        args![id, agency, source.name.as_str()],
    )
    .await?;
    Ok(())
}
