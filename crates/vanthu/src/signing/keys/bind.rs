//! Gắn chứng thư: an act of the administrator (KS-72). A binding is never changed; it ends, and another begins.

use jiff::Timestamp;
use pdf_signature::pki::certificate_facts;
use rules::{
    Refusal,
    ids::{AccountId, AgencyId, CommandId},
    signing::binding::{BindingNote, Owner, may_bind},
};
use serde_json::json;
use store::{Act, Begun, Entry, args, sql};
use uuid::Uuid;

use super::{chain_text, key_name, rule_facts};
use crate::{
    act_names, administration,
    context::{App, Who},
    error::{AppError, AppResult},
    signing::trust,
    web::clean,
};

/// A certificate to bind.
#[derive(Debug, Clone)]
pub struct NewBinding {
    /// The agency; for a person the one of their post.
    pub agency: AgencyId,
    /// The person; `None` binds to the agency itself.
    pub account: Option<AccountId>,
    /// Where the key lies.
    pub provider: Uuid,
    /// The provider's name of the key.
    pub key: String,
    /// Certificates, DER, the owner's first.
    pub chain: Vec<Vec<u8>>,
    /// Why a certificate of an agency is the right one though its name differs.
    pub reason: String,
}

/// Binds a certificate.
///
/// # Errors
/// The refusal of [`may_bind`]; [`AppError::NotFound`] for a person, agency or place of keys that is not this
/// administrator's; a refusal when the certificate is bound to somebody else.
pub async fn bind(app: &App, who: &Who, command: CommandId, new: NewBinding) -> AppResult<Uuid> {
    administration::must_administer(who)?;
    if !administration::manages(who, new.agency) {
        return Err(AppError::NotFound);
    }
    let policy = trust::policy(app).await?;
    let mut act = match app.begin(who, command).await? {
        Begun::Before(id) => return Ok(id),
        Begun::Now(act) => act,
    };
    let id = insert(&mut act, &policy, &new).await?;
    app.commit(act, &id).await?;
    Ok(id)
}

/// Writes a binding within an act that already asked who may.
///
/// # Errors
/// As [`bind`].
pub async fn insert(
    act: &mut Act,
    policy: &pdf_signature::pki::AlgorithmPolicy,
    new: &NewBinding,
) -> AppResult<Uuid> {
    let now = act.now();
    let today = act.today();
    let provider = act
        .opt(
            sql!(
                "SELECT id FROM signing_provider WHERE id = $1 AND retired_at IS NULL \
                 AND (agency_id IS NULL OR agency_id = $2)"
            ),
            args![new.provider, new.agency],
        )
        .await?;
    if provider.is_none() {
        return Err(AppError::NotFound);
    }
    let owner = match new.account {
        Some(account) => act
            .opt(
                sql!(
                    "SELECT a.full_name AS name FROM account a JOIN post p ON p.account_id = a.id WHERE a.id = $1 \
                     AND p.agency_id = $2 AND a.closed_at IS NULL AND (p.valid_to IS NULL OR p.valid_to >= $3) LIMIT 1"
                ),
                args![account, new.agency, today],
            )
            .await?,
        None => {
            act.opt(sql!("SELECT name FROM agency WHERE id = $1"), args![new.agency])
                .await?
        }
    };
    let name: String = owner.ok_or(AppError::NotFound)?.get("name")?;
    let unreadable = || {
        Refusal::new(
            "KS-06",
            "certificate.unreadable",
            "Chứng thư số không đọc được. Vui lòng chọn chứng thư khác.",
        )
        .on("certificate")
    };
    let facts = certificate_facts(new.chain.first().ok_or_else(unreadable)?).map_err(|_| unreadable())?;
    let key = key_name(&facts);
    let reason = clean(&new.reason);
    let rule_owner = match new.account {
        Some(_) => Owner::Person(&name),
        None => Owner::Agency(&name),
    };
    let note = may_bind(&rule_facts(&facts, &key, policy, now), rule_owner, &reason, now)?;
    let sha256 = hex::decode(&facts.sha256).map_err(anyhow::Error::from)?;
    refuse_second_owner(act, &sha256, new).await?;
    let id = act.new_id();
    let subject = facts.subject_cn.clone().unwrap_or_else(|| facts.subject.clone());
    let (kind, note_text) = (
        if new.account.is_some() { "person" } else { "agency" },
        match note {
            BindingNote::Agrees => String::new(),
            BindingNote::WithoutMarks => "Tên trong chứng thư viết không dấu.".to_owned(),
            BindingNote::Vouched => {
                format!("Tên trong chứng thư khác tên cơ quan; quản trị xác nhận: {reason}")
            }
        },
    );
    let bound_by = act.actor().label.clone();
    act.run(
        sql!(
            "INSERT INTO key_binding (id, owner, account_id, agency_id, provider_id, key_name, label, chain, sha256, serial, \
             subject, issuer, not_before, not_after, note, bound_at, bound_by) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)"
        ),
        args![
            id,
            kind,
            new.account,
            new.agency,
            new.provider,
            new.key.as_str(),
            format!("{subject} ({key})"),
            chain_text(&new.chain)?,
            sha256,
            facts.serial.as_str(),
            subject.as_str(),
            facts.issuer.as_str(),
            facts.not_before,
            facts.not_after,
            note_text.as_str(),
            now,
            bound_by,
        ],
    )
    .await?;
    act.journal(Entry {
        act: act_names::CERTIFICATE_BIND,
        object_kind: "certificate",
        object: id,
        agency: Some(new.agency),
        summary: format!(
            "Gắn chứng thư số hiệu {} do {} cấp cho {name}.",
            facts.serial, facts.issuer
        ),
        details: json!({ "sha256": facts.sha256, "account": new.account, "provider": new.provider, "note": note_text }),
    })
    .await?;
    Ok(id)
}

/// A certificate has one owner: a key that two people use proves nothing of either.
async fn refuse_second_owner(act: &mut Act, sha256: &[u8], new: &NewBinding) -> AppResult<()> {
    let bound = act
        .opt(
            sql!(
                "SELECT account_id, agency_id FROM key_binding WHERE sha256 = $1 AND revoked_at IS NULL LIMIT 1"
            ),
            args![sha256],
        )
        .await?;
    let Some(row) = bound else { return Ok(()) };
    let (account, agency): (Option<AccountId>, AgencyId) = (row.get("account_id")?, row.get("agency_id")?);
    let is_same = account == new.account && (account.is_some() || agency == new.agency);
    let sentence = if is_same {
        "Chứng thư này đã được gắn. Vui lòng chọn chứng thư khác."
    } else {
        "Chứng thư này đang gắn với cán bộ hoặc cơ quan khác. Mỗi chứng thư chỉ gắn với một chủ thể."
    };
    Err(Refusal::new("KS-72", "binding.bound_already", sentence)
        .on("certificate")
        .into())
}

/// Ends a binding: the certificate no longer signs here. What it signed stays.
///
/// # Errors
/// [`AppError::NotFound`] for one that is not this administrator's; a refusal without a reason or when it ended before.
pub async fn unbind(app: &App, who: &Who, command: CommandId, id: Uuid, reason: &str) -> AppResult<()> {
    administration::must_administer(who)?;
    let mut act = match app.begin(who, command).await? {
        Begun::Before(()) => return Ok(()),
        Begun::Now(act) => act,
    };
    let row = act
        .opt(
            sql!(
                "UPDATE key_binding SET label = label WHERE id = $1 RETURNING agency_id, subject, serial, revoked_at"
            ),
            args![id],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    let agency: AgencyId = row.get("agency_id")?;
    if !administration::manages(who, agency) {
        return Err(AppError::NotFound);
    }
    if row.get::<Option<Timestamp>>("revoked_at")?.is_some() {
        return Err(Refusal::new("KS-72", "binding.ended", "Chứng thư này đã thôi dùng.").into());
    }
    let reason = clean(reason);
    if reason.is_empty() {
        return Err(Refusal::new(
            "KS-72",
            "binding.no_reason",
            "Vui lòng ghi lý do thôi dùng chứng thư (mất thiết bị, chuyển công tác, đã bị thu hồi…).",
        )
        .on("reason")
        .into());
    }
    let (now, label) = (act.now(), who.label());
    act.run(
        sql!("UPDATE key_binding SET revoked_at = $2, revoked_by = $3, revoked_why = $4 WHERE id = $1"),
        args![id, now, label, reason.as_str()],
    )
    .await?;
    act.journal(Entry {
        act: act_names::CERTIFICATE_UNBIND,
        object_kind: "certificate",
        object: id,
        agency: Some(agency),
        summary: format!(
            "Thôi dùng chứng thư số hiệu {} của {}.",
            row.get::<String>("serial")?,
            row.get::<String>("subject")?
        ),
        details: json!({ "note": reason }),
    })
    .await?;
    app.commit(act, &()).await
}
