//! Người ký và thẩm quyền ký (ND30 Điều 13): who signs in this agency, in what authority, and what is printed for it.

use jiff::civil::Date;
use rules::{
    ids::{AgencyId, PostId, UnitId},
    people::Role,
    signing_authority::{
        Authority, ByOrderRule, DelegationPaper, Regime, SignerPosition, SigningFacts, Titles, lines,
        may_sign,
    },
};
use serde::{Deserialize, de::DeserializeOwned};
use store::{Row, args, sql};

use crate::{
    agency_settings,
    context::App,
    error::{AppError, AppResult},
    organization,
    outgoing::load::Document,
};

/// The issuing agency as its documents print it.
#[derive(Debug, Clone)]
pub struct Issuing {
    /// The agency.
    pub id: AgencyId,
    /// Tên cơ quan.
    pub name: String,
    /// Tên cơ quan chủ quản trực tiếp, when it is printed.
    pub printed_parent: Option<String>,
    /// Viết tắt in symbols.
    pub abbr: String,
    /// Mã định danh.
    pub code: String,
    /// Địa danh.
    pub place: String,
    /// Whether it decides as a collective (ND30-13.2).
    pub regime: Regime,
    /// Chức vụ of its head.
    pub head_title: String,
}

impl Issuing {
    /// The words after `TM.`: `Ủy ban nhân dân` of `Ủy ban nhân dân tỉnh Đắk Nông`.
    pub fn collective(&self) -> &str {
        ["Ủy ban nhân dân", "Hội đồng nhân dân"]
            .into_iter()
            .find(|known| self.name.starts_with(known))
            .unwrap_or(&self.name)
    }
}

/// Reads the issuing agency.
///
/// # Errors
/// When the database fails.
pub async fn issuing(app: &App, agency: AgencyId) -> AppResult<Issuing> {
    let agency = organization::agency(app, agency).await?;
    Ok(Issuing {
        id: agency.id,
        name: agency.name,
        printed_parent: agency.printed_parent,
        abbr: agency.abbr,
        code: agency.code.unwrap_or_default(),
        place: agency.place_name,
        regime: if agency.collective {
            Regime::Collective
        } else {
            Regime::Head
        },
        head_title: agency.head_title,
    })
}

/// Somebody who may be named as signer.
#[derive(Debug, Clone)]
pub struct Signer {
    /// The post.
    pub post: PostId,
    /// Họ và tên.
    pub name: String,
    /// Chức vụ.
    pub title: String,
    /// What they are in the agency.
    pub position: SignerPosition,
    /// Their unit.
    pub unit: Option<UnitId>,
}

impl Signer {
    fn of(row: &Row) -> store::Result<Self> {
        let (role, title): (Role, String) = (row.parse("role")?, row.get("title")?);
        Ok(Self {
            post: row.get("id")?,
            name: row.get("full_name")?,
            position: position(role, row.get("is_agency_head")?, &title),
            title,
            unit: row.get("unit_id")?,
        })
    }

    /// The authority that this signer has by their position (ND30-13.1, 13.2, 13.4).
    pub fn usual_authority(&self, regime: Regime) -> Authority {
        match (self.position, regime) {
            (SignerPosition::AgencyHead, Regime::Head) => Authority::Own,
            (SignerPosition::AgencyHead, Regime::Collective) => Authority::Tm,
            (SignerPosition::ActingHead, _) => Authority::Q,
            (SignerPosition::AgencyDeputy, Regime::Head) => Authority::Kt,
            (SignerPosition::AgencyDeputy, Regime::Collective) => Authority::TmKt,
            (SignerPosition::UnitDeputy, _) => Authority::TlKt,
            (SignerPosition::UnitHead | SignerPosition::Officer, _) => Authority::Tl,
        }
    }
}

fn position(role: Role, is_head: bool, title: &str) -> SignerPosition {
    let title = title.trim();
    let deputy = title.starts_with("Phó ");
    match role {
        _ if is_head && (title.starts_with("Quyền ") || title.starts_with("Q. ")) => {
            SignerPosition::ActingHead
        }
        _ if is_head => SignerPosition::AgencyHead,
        Role::Leader => SignerPosition::AgencyDeputy,
        Role::UnitHead if deputy => SignerPosition::UnitDeputy,
        Role::UnitHead => SignerPosition::UnitHead,
        Role::Clerk | Role::Officer | Role::Administrator | Role::Archivist => SignerPosition::Officer,
    }
}

/// Everybody of the agency who may be named as signer: the head first, then deputies, then heads of units.
///
/// # Errors
/// When the database fails.
pub async fn signers(app: &App, agency: AgencyId) -> AppResult<Vec<Signer>> {
    let rows = app
        .db
        .all(
            sql!(
                "SELECT p.id, p.title, p.role, p.is_agency_head, p.unit_id, a.full_name FROM post p \
                 JOIN account a ON a.id = p.account_id WHERE p.agency_id = $1 AND p.role IN ('leader', 'unit_head') \
                 AND (p.valid_to IS NULL OR p.valid_to >= $2) AND a.closed_at IS NULL ORDER BY p.id"
            ),
            args![agency, app.clock.today()],
        )
        .await?;
    let mut signers: Vec<Signer> = rows.iter().map(Signer::of).collect::<store::Result<_>>()?;
    signers.sort_by_key(|signer| signer.position);
    Ok(signers)
}

/// A setting of the agency in force on `day`.
///
/// # Errors
/// When the database fails or the value has another shape.
pub async fn setting<T: DeserializeOwned>(
    app: &App,
    agency: AgencyId,
    key: &str,
    day: Date,
) -> AppResult<Option<T>> {
    agency_settings::read(app, agency, key, day).await
}

#[derive(Deserialize)]
struct StoredOrder {
    unit: UnitId,
    document_types: Vec<String>,
    #[serde(default)]
    deputy_may_sign: bool,
    valid_from: Date,
    valid_to: Option<Date>,
}

#[derive(Deserialize)]
struct StoredDelegation {
    delegate: PostId,
    paper: String,
    document_types: Vec<String>,
    valid_from: Date,
    valid_to: Date,
}

/// Refuses a document of `agency` whose named signer may not sign its kind in the chosen authority today (ND30 Điều 13). The
/// table of signing by order and the delegations are the settings `signing.by_order` and `signing.delegations`. A draft that
/// names nobody yet passes: other rules ask for the signer.
///
/// # Errors
/// The refusal of [`may_sign`]; `ND30-13.1` when the signer holds no such post any more.
pub async fn check(app: &App, agency: AgencyId, document: &Document) -> AppResult<()> {
    match document.signer() {
        Some(signer) => check_named(app, agency, signer, document.authority, &document.type_key).await,
        None => Ok(()),
    }
}

/// The same for a document that is not loaded whole.
///
/// # Errors
/// As [`check`].
pub async fn check_named(
    app: &App,
    agency: AgencyId,
    signer: PostId,
    authority: Authority,
    type_key: &str,
) -> AppResult<()> {
    let day = app.clock.today();
    let agency = issuing(app, agency).await?;
    let signers = signers(app, agency.id).await?;
    let signer = named(&signers, signer)?;
    let orders: Vec<StoredOrder> = setting(app, agency.id, "signing.by_order", day)
        .await?
        .unwrap_or_default();
    let by_order: Vec<ByOrderRule> = orders
        .into_iter()
        .map(|order| ByOrderRule {
            unit: order.unit,
            document_types: order.document_types,
            deputy_may_sign: order.deputy_may_sign,
            valid_from: order.valid_from,
            valid_to: order.valid_to,
        })
        .collect();
    let papers: Vec<StoredDelegation> = setting(app, agency.id, "signing.delegations", day)
        .await?
        .unwrap_or_default();
    let head = signers
        .first()
        .filter(|first| first.position <= SignerPosition::ActingHead);
    let delegation = papers
        .into_iter()
        .find(|paper| paper.delegate == signer.post)
        .and_then(|paper| {
            head.map(|head| DelegationPaper {
                delegator: head.post,
                delegator_position: head.position,
                delegate: paper.delegate,
                paper: paper.paper,
                document_types: paper.document_types,
                valid_from: paper.valid_from,
                valid_to: paper.valid_to,
            })
        });
    Ok(may_sign(&SigningFacts {
        authority,
        regime: agency.regime,
        signer: signer.post,
        position: signer.position,
        unit: signer.unit,
        document_type: type_key,
        on: day,
        by_order: &by_order,
        delegation: delegation.as_ref(),
    })?)
}

/// The signer of this post among `signers`.
///
/// # Errors
/// `ND30-13.1` when there is none.
pub fn named(signers: &[Signer], post: PostId) -> AppResult<&Signer> {
    signers.iter().find(|signer| signer.post == post).ok_or_else(|| {
        AppError::Refused(
            rules::Refusal::new(
                "ND30-13.1",
                "outgoing.unknown_signer",
                "Người ký đã chọn không phải lãnh đạo hoặc người đứng đầu đơn vị của cơ quan. Vui lòng chọn lại người ký.",
            )
            .on("signer"),
        )
    })
}

/// Quyền hạn ký as a message says it: `KT. CHỦ TỊCH`; nothing for a head who signs alone, or one who left since.
///
/// # Errors
/// When the database fails.
pub async fn competence(
    app: &App,
    agency: AgencyId,
    signer: PostId,
    authority: Authority,
) -> AppResult<Option<String>> {
    let (agency, signers) = (issuing(app, agency).await?, signers(app, agency).await?);
    let lines = named(&signers, signer)
        .and_then(|signer| printed_lines(&agency, &signers, signer, authority))
        .unwrap_or_default();
    Ok(lines
        .split_last()
        .map(|(_, before)| before.join(" "))
        .filter(|text| !text.is_empty()))
}

/// The lines of ô 7a for this signer.
///
/// # Errors
/// `PL1-7b` when a title is missing.
pub fn printed_lines(
    agency: &Issuing,
    signers: &[Signer],
    signer: &Signer,
    authority: Authority,
) -> AppResult<Vec<String>> {
    let unit_head = signers
        .iter()
        .find(|other| other.unit == signer.unit && other.position == SignerPosition::UnitHead)
        .map_or("", |head| head.title.as_str());
    Ok(lines(
        authority,
        &Titles {
            collective: agency.collective(),
            head: &agency.head_title,
            signer: &signer.title,
            unit_head,
        },
    )?)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(Role::Leader, true, "Chủ tịch", SignerPosition::AgencyHead)]
    #[case(Role::Leader, true, "Quyền Giám đốc", SignerPosition::ActingHead)]
    #[case(Role::Leader, false, "Phó Chủ tịch", SignerPosition::AgencyDeputy)]
    #[case(Role::UnitHead, false, "Trưởng phòng", SignerPosition::UnitHead)]
    #[case(Role::UnitHead, false, "Phó Trưởng phòng", SignerPosition::UnitDeputy)]
    #[case(Role::Officer, false, "Chuyên viên", SignerPosition::Officer)]
    fn nd30_13_the_position_follows_the_post(
        #[case] role: Role,
        #[case] head: bool,
        #[case] title: &str,
        #[case] expected: SignerPosition,
    ) {
        assert_eq!(position(role, head, title), expected);
    }
}
