//! Copies of a document that was recalled. Of an incoming one that its sender recalled (ND30-18.4b) the numbers stay in the book, nothing of
//! the content is left. A document that the agency itself recalled is frozen, not removed (PL6-III.8a), so its copies stay whole; only
//! what waits for a signature is void, because the key signs no copy of a recalled document.

use rules::{
    ids::{AgencyId, OutgoingId},
    numbering,
};
use serde_json::json;
use store::{Act, Entry, args, sql};
use uuid::Uuid;

use super::{INCOMING, Source, void_copy};
use crate::{
    act_names, documents,
    error::AppResult,
    signing::{
        requests::{self, Subject},
        verdicts,
    },
};

/// Who recalled what was copied, and how the book and the history of the document say it.
struct Cause {
    /// `outgoing` or `incoming`.
    source_kind: &'static str,
    /// Why a copy that waited for the signature of the agency is void.
    reason: &'static str,
    /// The same within a sentence.
    words: &'static str,
}

const BY_ITS_SENDER: Cause = Cause {
    source_kind: "incoming",
    reason: "Văn bản được sao đã bị bên gửi thu hồi.",
    words: "do bên gửi thu hồi văn bản",
};
const BY_THE_AGENCY: Cause = Cause {
    source_kind: "outgoing",
    reason: "Văn bản được sao đã được cơ quan thu hồi.",
    words: "do văn bản được sao đã thu hồi",
};

/// Takes the content out of the copies of a document, within the act that took it out of the document itself: the book calls it what the
/// register calls it. What waits for a signature is void.
///
/// # Errors
/// When the database fails.
pub async fn source_recalled(act: &mut Act, agency: AgencyId, id: Uuid) -> AppResult<()> {
    void_waiting(act, agency, id, &BY_ITS_SENDER).await?;
    let source = Source::incoming(id, &act.one(INCOMING, args![id, agency]).await?)?;
    let copies = act
        .all(
            sql!(
                "SELECT id, base_set, file_set FROM document_copy WHERE source_id = $1 AND agency_id = $2 \
                 AND source_kind = 'incoming' ORDER BY id"
            ),
            args![id, agency],
        )
        .await?;
    act.run(
        sql!(
            "UPDATE document_copy SET source_name = $3, extract = '', extract_text = '', base_set = NULL, file_set = NULL \
             WHERE source_id = $1 AND agency_id = $2 AND source_kind = 'incoming'"
        ),
        args![id, agency, source.name.as_str()],
    )
    .await?;
    let mut sets: Vec<Uuid> = Vec::new();
    for copy in &copies {
        verdicts::forget(act, copy.get("id")?).await?;
        sets.extend(copy.get::<Option<Uuid>>("base_set")?);
        sets.extend(copy.get::<Option<Uuid>>("file_set")?);
    }
    // A copy that somebody put into a draft is in a set of that draft too, and stays there.
    documents::let_go_of_sets(act, &sets).await
}

/// Voids the copies of an own document that wait for a signature, within the act that recalls it.
///
/// # Errors
/// When the database fails.
pub async fn own_recalled(act: &mut Act, agency: AgencyId, id: OutgoingId) -> AppResult<()> {
    void_waiting(act, agency, id.as_uuid(), &BY_THE_AGENCY).await
}

async fn void_waiting(act: &mut Act, agency: AgencyId, id: Uuid, cause: &Cause) -> AppResult<()> {
    let rows = act
        .all(
            sql!(
                "SELECT id, number, symbol FROM document_copy WHERE source_id = $1 AND agency_id = $2 AND source_kind = $3 \
                 AND to_medium = 'electronic' AND signed_at IS NULL AND voided_at IS NULL ORDER BY id"
            ),
            args![id, agency, cause.source_kind],
        )
        .await?;
    for row in &rows {
        let copy: Uuid = row.get("id")?;
        let number_and_symbol =
            numbering::number_and_symbol(row.get("number")?, &row.get::<String>("symbol")?);
        // Else a confirmation given afterwards would use the key for nothing.
        requests::let_go_later(act, Subject::Copy(copy)).await?;
        void_copy::mark(act, copy, None, cause.reason).await?;
        act.touch(agency.as_uuid());
        act.journal(Entry {
            act: act_names::VOID_COPY,
            object_kind: cause.source_kind,
            object: id,
            agency: Some(agency),
            summary: format!(
                "Hủy số bản sao điện tử {number_and_symbol} {}; số được giữ trong sổ, không cấp lại.",
                cause.words
            ),
            details: json!({ "copy": copy, "number_and_symbol": number_and_symbol, "note": cause.reason }),
        })
        .await?;
    }
    Ok(())
}
