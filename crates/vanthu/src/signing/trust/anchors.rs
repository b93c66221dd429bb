//! The acts on anchors: one is added, one is removed. What was removed stays on record.

use jiff::{Timestamp, civil::Date};
use pdf_signature::pki::{Anchor, Purpose, certificate_facts};
use rules::{Refusal, ids::CommandId, office_time::VIETNAM, signing::binding::may_anchor};
use serde_json::json;
use store::{Act, Begun, Entry, args, sql};
use uuid::Uuid;

use super::{anchor, count_up};
use crate::{
    act_names, administration,
    context::{App, Who},
    error::{AppError, AppResult},
    signing::keys::{key_name, rule_facts},
    web::clean,
};

/// A certificate to trust.
#[derive(Debug, Clone)]
pub struct NewAnchor {
    /// DER.
    pub certificate: Vec<u8>,
    /// What reports call it; empty: the name in the certificate.
    pub label: String,
    /// What it is trusted for; at least one.
    pub purposes: Vec<Purpose>,
    /// Trusted from this day on.
    pub valid_from: Option<Date>,
    /// Trusted until this day, it included.
    pub valid_to: Option<Date>,
}

/// Adds a certificate to the trust list.
///
/// # Errors
/// `QC01-23.4` for everybody but the administrator of the province; the refusal of [`may_anchor`]; a refusal without a
/// purpose, for days in the wrong order, for one that is in the list.
pub async fn add(app: &App, who: &Who, command: CommandId, new: NewAnchor) -> AppResult<Uuid> {
    administration::must_administer_province(who)?;
    let policy = super::policy(app).await?;
    let mut act = match app.begin(who, command).await? {
        Begun::Before(id) => return Ok(id),
        Begun::Now(act) => act,
    };
    let id = insert(&mut act, &policy, new).await?;
    app.commit(act, &id).await?;
    Ok(id)
}

/// Adds a certificate within an act that already asked who may.
///
/// # Errors
/// As [`add`].
pub async fn insert(
    act: &mut Act,
    policy: &pdf_signature::pki::AlgorithmPolicy,
    new: NewAnchor,
) -> AppResult<Uuid> {
    let refuse = |code, sentence: &str, field| Refusal::new("KS-05", code, sentence).on(field);
    let now = act.now();
    let facts = certificate_facts(&new.certificate)
        .map_err(|error| refuse("anchor.unreadable", &error.to_string(), "certificate"))?;
    let key = key_name(&facts);
    may_anchor(&rule_facts(&facts, &key, policy, now), now)?;
    if new.purposes.is_empty() {
        return Err(refuse(
            "anchor.no_purpose",
            "Vui lòng chọn ít nhất một mục đích tin cậy.",
            "purposes",
        )
        .into());
    }
    if let (Some(from), Some(to)) = (new.valid_from, new.valid_to)
        && to < from
    {
        return Err(refuse(
            "anchor.days",
            "Ngày kết thúc tin cậy không được trước ngày bắt đầu.",
            "valid_to",
        )
        .into());
    }
    let valid_from = new.valid_from.map(begin_of).transpose()?;
    // Until the end of that day: the first moment of the next one.
    let valid_to = new
        .valid_to
        .map(|day| begin_of(day.tomorrow().map_err(anyhow::Error::from)?))
        .transpose()?;
    let mut label = clean(&new.label);
    if label.is_empty() {
        label = facts.subject_cn.clone().unwrap_or_else(|| facts.subject.clone());
    }
    let label: String = label.chars().take(200).collect();
    let sha256 = hex::decode(&facts.sha256).map_err(anyhow::Error::from)?;
    // Takes the lock of the list before it looks whether the certificate is there.
    let version = count_up(act).await?;
    let known = act
        .opt(
            sql!("SELECT id FROM trust_anchor WHERE sha256 = $1 AND removed_at IS NULL"),
            args![sha256.as_slice()],
        )
        .await?;
    if known.is_some() {
        return Err(refuse(
            "anchor.known",
            "Chứng thư này đã có trong danh sách tin cậy. Muốn đổi mục đích hoặc thời hạn, vui lòng bỏ ra rồi thêm lại.",
            "certificate",
        )
        .into());
    }
    let id = act.new_id();
    let who = act.actor().label.clone();
    act.run(
        sql!(
            "INSERT INTO trust_anchor (id, sha256, certificate, label, subject, issuer, key_name, purposes, not_before, \
             not_after, valid_from, valid_to, added_at, added_by) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
        ),
        args![
            id,
            sha256,
            new.certificate,
            label.as_str(),
            facts.subject.as_str(),
            facts.issuer.as_str(),
            key.as_str(),
            serde_json::to_string(&new.purposes)?,
            facts.not_before,
            facts.not_after,
            valid_from,
            valid_to,
            now,
            who,
        ],
    )
    .await?;
    act.journal(Entry {
        act: act_names::TRUST_ADD,
        object_kind: "trust",
        object: id,
        agency: None,
        summary: format!("Thêm “{label}” vào danh sách tin cậy, phiên bản {version}."),
        details: json!({ "sha256": facts.sha256, "purposes": new.purposes, "valid_from": valid_from, "valid_to": valid_to }),
    })
    .await?;
    Ok(id)
}

/// Midnight in Viet Nam.
pub fn begin_of(day: Date) -> AppResult<Timestamp> {
    Ok(VIETNAM
        .to_timestamp(day.at(0, 0, 0, 0))
        .map_err(anyhow::Error::from)?)
}

/// Takes a certificate out of the trust list: from now on nothing is judged by it.
///
/// # Errors
/// As [`add`]; [`AppError::NotFound`] when it is not there; a refusal without a reason.
pub async fn remove(app: &App, who: &Who, command: CommandId, id: Uuid, reason: &str) -> AppResult<()> {
    administration::must_administer_province(who)?;
    let reason = clean(reason);
    if reason.is_empty() {
        return Err(Refusal::new(
            "KS-05",
            "anchor.no_reason",
            "Vui lòng ghi lý do bỏ khỏi danh sách tin cậy.",
        )
        .on("reason")
        .into());
    }
    let mut act = match app.begin(who, command).await? {
        Begun::Before(()) => return Ok(()),
        Begun::Now(act) => act,
    };
    let version = count_up(&mut act).await?;
    let (now, label) = (act.now(), who.label());
    let row = act
        .opt(
            sql!(
                "UPDATE trust_anchor SET removed_at = $2, removed_by = $3, removed_why = $4 \
                 WHERE id = $1 AND removed_at IS NULL RETURNING label"
            ),
            args![id, now, label, reason.as_str()],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    act.journal(Entry {
        act: act_names::TRUST_REMOVE,
        object_kind: "trust",
        object: id,
        agency: None,
        summary: format!(
            "Bỏ “{}” khỏi danh sách tin cậy, phiên bản {version}.",
            row.get::<String>("label")?
        ),
        details: json!({ "note": reason }),
    })
    .await?;
    app.commit(act, &()).await
}

/// Everything in the list. Its windows are judged at the time of a signature, not here.
pub async fn in_use(app: &App) -> AppResult<Vec<Anchor>> {
    let rows = app
        .db
        .all(
            sql!(
                "SELECT certificate, label, purposes, valid_from, valid_to FROM trust_anchor WHERE removed_at IS NULL \
                 ORDER BY id"
            ),
            args![],
        )
        .await?;
    Ok(rows.iter().map(anchor).collect::<store::Result<_>>()?)
}
