//! Dấu chỉ bí mật nhà nước (Điều 1.2): a document refused for its mark changes nothing, but that it was tried is in
//! the journal: who, when, which act, which file or field; never the content.

use rules::{Refusal, ids::AgencyId, ids::CommandId};
use serde_json::json;
use store::{Act, Begun, Digest, Entry};
use uuid::Uuid;

use crate::{
    act_names,
    context::{App, Who},
    error::{AppError, AppResult},
};

/// The code of the refusal, whatever clause it names.
const CODE: &str = "secrecy.state_secret";

/// Whether a refusal is about a mark of state secrecy.
pub fn is_mark(refusal: &Refusal) -> bool {
    refusal.code == CODE
}

/// What was tried.
#[derive(Debug, Clone, Copy)]
pub struct Attempt<'a> {
    /// The act, as the journal would have named it: `incoming.register_paper`.
    pub act: &'static str,
    /// The act in Vietnamese, after “khi”: `vào sổ văn bản giấy`.
    pub doing: &'static str,
    /// Kind of the object: `incoming`, `outgoing`, `file`.
    pub object_kind: &'static str,
    /// The object, when there was one before.
    pub object: Option<Uuid>,
    /// The file with the mark: its name as sent, its digest.
    pub file: Option<(&'a str, Digest)>,
}

impl Attempt<'_> {
    fn entry(&self, fresh: Uuid, agency: Option<AgencyId>, refusal: &Refusal) -> Entry {
        Entry {
            act: act_names::SECRET_REFUSED,
            object_kind: self.object_kind,
            object: self.object.unwrap_or(fresh),
            agency,
            summary: format!("Từ chối vì có dấu chỉ bí mật nhà nước khi {}.", self.doing),
            details: json!({
                "tried": self.act, "clause": refusal.clause, "field": refusal.field,
                "file_name": self.file.map(|(name, _)| name),
                "sha256": self.file.map(|(_, digest)| digest.to_string()),
            }),
        }
    }
}

/// Passes `outcome` on. When it is a refusal for a mark, the attempt of `who` is in the journal first, in an act of
/// its own: the one that was tried is undone.
///
/// # Errors
/// Those of `outcome`; when the database fails.
pub async fn journal_refusal<T>(
    app: &App,
    who: &Who,
    attempt: Attempt<'_>,
    outcome: AppResult<T>,
) -> AppResult<T> {
    if let Err(AppError::Refused(refusal)) = &outcome
        && is_mark(refusal)
    {
        let command = CommandId::from_uuid(app.ids.next());
        if let Begun::Now(mut act) = app.begin::<()>(who, command).await? {
            let entry = attempt.entry(act.new_id(), None, refusal);
            act.journal(entry).await?;
            app.commit(act, &()).await?;
        }
    }
    outcome
}

/// The same for what the hub brings to `agency`: the entry stands in the act that answers the sender.
///
/// # Errors
/// When the database fails.
pub async fn journal_refused_packet(
    act: &mut Act,
    agency: AgencyId,
    attempt: Attempt<'_>,
    refusal: &Refusal,
) -> AppResult<()> {
    let entry = attempt.entry(act.new_id(), Some(agency), refusal);
    Ok(act.journal(entry).await?)
}
