//! Who may sign in which authority (ND30 Điều 13).

use jiff::civil::Date;

use super::{Authority, Regime};
use crate::ids::{PostId, UnitId};
use crate::names::named_enum;
use crate::{Decision, Refusal};

named_enum! {
    /// What the signer is in the agency.
    SignerPosition {
        /// Người đứng đầu cơ quan.
        AgencyHead = "agency_head", "Người đứng đầu cơ quan";
        /// Người được giao quyền cấp trưởng.
        ActingHead = "acting_head", "Người được giao quyền cấp trưởng";
        /// Cấp phó, also one put in charge of the agency.
        AgencyDeputy = "agency_deputy", "Cấp phó của người đứng đầu cơ quan";
        /// Người đứng đầu đơn vị.
        UnitHead = "unit_head", "Người đứng đầu đơn vị thuộc cơ quan";
        /// Cấp phó của người đứng đầu đơn vị.
        UnitDeputy = "unit_deputy", "Cấp phó của người đứng đầu đơn vị";
        /// Anybody else.
        Officer = "officer", "Công chức, viên chức";
    }
}

/// One row of the table of the agency's working regulation: which unit signs which kinds by order (ND30-13.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByOrderRule {
    /// The unit.
    pub unit: UnitId,
    /// Keys of the kinds of document.
    pub document_types: Vec<String>,
    /// Whether the unit head may pass it to a deputy.
    pub deputy_may_sign: bool,
    /// First day.
    pub valid_from: Date,
    /// Last day; open when `None`.
    pub valid_to: Option<Date>,
}

/// A written delegation (văn bản ủy quyền, ND30-13.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DelegationPaper {
    /// Who delegates.
    pub delegator: PostId,
    /// What the delegator is in the agency: only the head (or acting head) delegates, so nobody delegates further.
    pub delegator_position: SignerPosition,
    /// Who may sign.
    pub delegate: PostId,
    /// Number and symbol of the paper.
    pub paper: String,
    /// Kinds of document it covers.
    pub document_types: Vec<String>,
    /// First day.
    pub valid_from: Date,
    /// Last day: a delegation always ends.
    pub valid_to: Date,
}

/// What decides whether somebody may sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SigningFacts<'a> {
    /// In what authority.
    pub authority: Authority,
    /// How the agency decides.
    pub regime: Regime,
    /// The signer.
    pub signer: PostId,
    /// What the signer is.
    pub position: SignerPosition,
    /// The signer's unit.
    pub unit: Option<UnitId>,
    /// Key of the kind of document.
    pub document_type: &'a str,
    /// The day of signing.
    pub on: Date,
    /// The agency's table of signing by order.
    pub by_order: &'a [ByOrderRule],
    /// The delegation that the signer relies on.
    pub delegation: Option<&'a DelegationPaper>,
}

/// Whether the signer may sign this document in this authority.
///
/// # Errors
/// `ND30-13.1` to `ND30-13.4`, by the authority that was chosen.
pub fn may_sign(facts: &SigningFacts<'_>) -> Decision<()> {
    match facts.authority {
        Authority::Own => position(facts, SignerPosition::AgencyHead, "ND30-13.1"),
        Authority::Q => position(facts, SignerPosition::ActingHead, "ND30-13.1"),
        Authority::Kt => position(facts, SignerPosition::AgencyDeputy, "ND30-13.1"),
        Authority::Tm => {
            collective(facts)?;
            position(facts, SignerPosition::AgencyHead, "ND30-13.2")
        }
        Authority::TmKt => {
            collective(facts)?;
            position(facts, SignerPosition::AgencyDeputy, "ND30-13.2")
        }
        Authority::Tl => {
            position(facts, SignerPosition::UnitHead, "ND30-13.4")?;
            by_order(facts, false)
        }
        Authority::TlKt => {
            position(facts, SignerPosition::UnitDeputy, "ND30-13.4")?;
            by_order(facts, true)
        }
        Authority::Tuq => by_delegation(facts),
    }
}

fn refuse(clause: &'static str, code: &'static str, message: impl Into<String>) -> Decision<()> {
    Err(Refusal::new(clause, code, message).on("authority"))
}

/// The authority belongs to one position.
fn position(facts: &SigningFacts<'_>, needed: SignerPosition, clause: &'static str) -> Decision<()> {
    if facts.position == needed {
        return Ok(());
    }
    refuse(
        clause,
        "signing_authority.wrong_position",
        format!(
            "Hình thức “{}” chỉ dành cho: {}. Vui lòng chọn lại thẩm quyền ký hoặc người ký.",
            facts.authority.label(),
            needed.label().to_lowercase()
        ),
    )
}

fn collective(facts: &SigningFacts<'_>) -> Decision<()> {
    if facts.regime == Regime::Collective {
        return Ok(());
    }
    refuse(
        "ND30-13.2",
        "signing_authority.not_collective",
        "Cơ quan làm việc theo chế độ thủ trưởng không ký thay mặt tập thể (TM.). Vui lòng chọn lại thẩm quyền ký.",
    )
}

fn by_order(facts: &SigningFacts<'_>, by_deputy: bool) -> Decision<()> {
    let covers = |rule: &&ByOrderRule| {
        Some(rule.unit) == facts.unit
            && rule.document_types.iter().any(|key| key == facts.document_type)
            && rule.valid_from <= facts.on
            && rule.valid_to.is_none_or(|last| facts.on <= last)
    };
    match facts.by_order.iter().find(covers) {
        Some(rule) if by_deputy && !rule.deputy_may_sign => refuse(
            "ND30-13.4",
            "signing_authority.deputy_not_allowed",
            "Người đứng đầu đơn vị chưa giao cấp phó ký thay loại văn bản này.",
        ),
        Some(_) => Ok(()),
        None => refuse(
            "ND30-13.4",
            "signing_authority.not_in_table",
            "Quy chế của cơ quan chưa giao đơn vị này ký thừa lệnh loại văn bản đã chọn. Vui lòng chọn người ký khác hoặc bổ sung quy chế.",
        ),
    }
}

fn by_delegation(facts: &SigningFacts<'_>) -> Decision<()> {
    const CLAUSE: &str = "ND30-13.3";
    let Some(paper) = facts
        .delegation
        .filter(|paper| paper.delegate == facts.signer && !paper.paper.trim().is_empty())
    else {
        return refuse(
            CLAUSE,
            "signing_authority.no_paper",
            "Ký thừa ủy quyền phải có văn bản ủy quyền cho người ký. Vui lòng chọn văn bản ủy quyền.",
        );
    };
    if facts.position != SignerPosition::UnitHead {
        return refuse(
            CLAUSE,
            "signing_authority.not_unit_head",
            "Chỉ ủy quyền cho người đứng đầu đơn vị thuộc cơ cấu tổ chức của cơ quan.",
        );
    }
    if !matches!(
        paper.delegator_position,
        SignerPosition::AgencyHead | SignerPosition::ActingHead
    ) {
        return refuse(
            CLAUSE,
            "signing_authority.chained",
            "Người được ủy quyền không được ủy quyền lại; văn bản ủy quyền phải do người đứng đầu cơ quan ký.",
        );
    }
    if facts.on < paper.valid_from || paper.valid_to < facts.on {
        return refuse(
            CLAUSE,
            "signing_authority.out_of_period",
            format!(
                "Văn bản ủy quyền {} chỉ có hiệu lực từ {} đến {}.",
                paper.paper,
                crate::office_time::short_date(paper.valid_from),
                crate::office_time::short_date(paper.valid_to)
            ),
        );
    }
    if !paper.document_types.iter().any(|key| key == facts.document_type) {
        return refuse(
            CLAUSE,
            "signing_authority.out_of_scope",
            format!("Văn bản ủy quyền {} không bao gồm loại văn bản này.", paper.paper),
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use rstest::rstest;
    use uuid::Uuid;

    use super::*;

    const UNIT: UnitId = UnitId::from_uuid(Uuid::from_u128(1));
    const SIGNER: PostId = PostId::from_uuid(Uuid::from_u128(2));
    const HEAD: PostId = PostId::from_uuid(Uuid::from_u128(3));

    fn facts(authority: Authority, position: SignerPosition) -> SigningFacts<'static> {
        SigningFacts {
            authority,
            regime: Regime::Collective,
            signer: SIGNER,
            position,
            unit: Some(UNIT),
            document_type: "cong_van",
            on: date(2026, 11, 22),
            by_order: &[],
            delegation: None,
        }
    }

    fn table(deputy_may_sign: bool) -> Vec<ByOrderRule> {
        vec![ByOrderRule {
            unit: UNIT,
            document_types: vec!["cong_van".into()],
            deputy_may_sign,
            valid_from: date(2026, 1, 1),
            valid_to: Some(date(2026, 12, 31)),
        }]
    }

    fn paper() -> DelegationPaper {
        DelegationPaper {
            delegator: HEAD,
            delegator_position: SignerPosition::AgencyHead,
            delegate: SIGNER,
            paper: "12/GUQ-STTTT".into(),
            document_types: vec!["cong_van".into()],
            valid_from: date(2026, 11, 1),
            valid_to: date(2026, 11, 30),
        }
    }

    #[test]
    fn nd30_13_cn_206_each_authority_belongs_to_one_position() {
        let table = table(true);
        let paper = paper();
        for authority in Authority::ALL {
            let allowed: Vec<_> = SignerPosition::ALL
                .iter()
                .copied()
                .filter(|position| {
                    let facts = SigningFacts {
                        by_order: &table,
                        delegation: Some(&paper),
                        ..facts(*authority, *position)
                    };
                    may_sign(&facts).is_ok()
                })
                .collect();
            let expected = match authority {
                Authority::Own | Authority::Tm => SignerPosition::AgencyHead,
                Authority::Kt | Authority::TmKt => SignerPosition::AgencyDeputy,
                Authority::Q => SignerPosition::ActingHead,
                Authority::Tl | Authority::Tuq => SignerPosition::UnitHead,
                Authority::TlKt => SignerPosition::UnitDeputy,
            };
            assert_eq!(allowed, [expected], "{authority}");
        }
    }

    #[rstest]
    #[case(Authority::Tm, SignerPosition::AgencyHead)]
    #[case(Authority::TmKt, SignerPosition::AgencyDeputy)]
    fn nd30_13_2_only_a_collective_is_signed_for(
        #[case] authority: Authority,
        #[case] position: SignerPosition,
    ) {
        let facts = SigningFacts {
            regime: Regime::Head,
            ..facts(authority, position)
        };
        assert_eq!(
            may_sign(&facts).unwrap_err().code,
            "signing_authority.not_collective"
        );
    }

    #[test]
    fn nd30_13_4_by_order_needs_the_agencys_table() {
        let full = table(false);
        let head = facts(Authority::Tl, SignerPosition::UnitHead);
        assert_eq!(
            may_sign(&head).unwrap_err().code,
            "signing_authority.not_in_table"
        );
        assert!(
            may_sign(&SigningFacts {
                by_order: &full,
                ..head
            })
            .is_ok()
        );
        let other_kind = SigningFacts {
            by_order: &full,
            document_type: "quyet_dinh",
            ..head
        };
        assert_eq!(may_sign(&other_kind).unwrap_err().clause, "ND30-13.4");
        let later = SigningFacts {
            by_order: &full,
            on: date(2027, 1, 1),
            ..head
        };
        assert!(may_sign(&later).is_err());
        let deputy = SigningFacts {
            by_order: &full,
            ..facts(Authority::TlKt, SignerPosition::UnitDeputy)
        };
        assert_eq!(
            may_sign(&deputy).unwrap_err().code,
            "signing_authority.deputy_not_allowed"
        );
    }

    #[rstest]
    #[case(DelegationPaper { delegate: HEAD, ..paper() }, "signing_authority.no_paper")]
    #[case(DelegationPaper { paper: " ".into(), ..paper() }, "signing_authority.no_paper")]
    #[case(DelegationPaper { valid_from: date(2026, 11, 23), ..paper() }, "signing_authority.out_of_period")]
    #[case(DelegationPaper { valid_to: date(2026, 11, 21), ..paper() }, "signing_authority.out_of_period")]
    #[case(DelegationPaper { document_types: vec!["bao_cao".into()], ..paper() }, "signing_authority.out_of_scope")]
    #[case(DelegationPaper { delegator_position: SignerPosition::UnitHead, ..paper() }, "signing_authority.chained")]
    fn nd30_13_3_cn_206_a_delegation_is_written_limited_and_not_passed_on(
        #[case] paper: DelegationPaper,
        #[case] code: &str,
    ) {
        let facts = SigningFacts {
            delegation: Some(&paper),
            ..facts(Authority::Tuq, SignerPosition::UnitHead)
        };
        let refusal = may_sign(&facts).unwrap_err();
        assert_eq!((refusal.clause, refusal.code), ("ND30-13.3", code));
    }

    #[test]
    fn nd30_13_3_a_delegation_holds_on_its_first_and_last_day() {
        let paper = paper();
        for on in [paper.valid_from, paper.valid_to] {
            let facts = SigningFacts {
                delegation: Some(&paper),
                on,
                ..facts(Authority::Tuq, SignerPosition::UnitHead)
            };
            assert_eq!(may_sign(&facts), Ok(()));
        }
    }
}
