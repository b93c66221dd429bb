//! Quản lý, sử dụng con dấu và thiết bị lưu khóa bí mật (ND30 Điều 32, 33): who keeps the device, how it changes hands,
//! who may use it.

use jiff::Timestamp;

use crate::ids::{AgencyId, PostId};
use crate::names::named_enum;
use crate::people::Actor;
use crate::{Decision, Refusal};

named_enum! {
    /// What is kept.
    DeviceKind {
        /// The seal itself, of rubber or metal.
        Seal = "seal", "Con dấu";
        /// The token, card or account that holds the agency's secret key.
        SecretKey = "secret_key", "Thiết bị lưu khóa bí mật";
    }
}

/// Who keeps a device now, and since when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    /// The post that keeps it; `None` as long as nobody was given it.
    pub holder: Option<PostId>,
    /// Name and title of the holder, for the refusal.
    pub label: String,
    /// Since when.
    pub since: Timestamp,
}

/// A device about to change hands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handover<'a> {
    /// Who receives it.
    pub to: PostId,
    /// The agency of the receiving post.
    pub to_agency: AgencyId,
    /// Whether the receiving post is văn thư.
    pub to_is_clerk: bool,
    /// Văn bản giao nhiệm vụ or văn bản cho phép: number, date, who signed.
    pub permission: &'a str,
    /// Biên bản bàn giao: number and date.
    pub minutes: &'a str,
    /// When it was handed over.
    pub at: Timestamp,
}

/// Whether the agency's secret key may be used by `actor`: only văn thư of the agency, in person (ND30-32.2c), who keeps
/// the device now (ND30-32.1, 32.2b).
///
/// # Errors
/// `ND30-32.2c` for anybody but a clerk of the agency, `ND30-32.1` when the device was given to nobody, `ND30-32.2b` when
/// somebody else keeps it.
pub fn may_use(actor: &Actor, agency: AgencyId, holding: Option<&Holding>) -> Decision<()> {
    if !actor.is_clerk_of(agency) {
        return Err(Refusal::new(
            "ND30-32.2c",
            "custody.not_clerk",
            "Chỉ văn thư cơ quan được trực tiếp ký số bằng khóa bí mật của cơ quan. Vui lòng chuyển văn thư thực hiện.",
        ));
    }
    let Some((holder, holding)) = holding.and_then(|holding| Some((holding.holder?, holding))) else {
        return Err(Refusal::new(
            "ND30-32.1",
            "custody.not_assigned",
            "Chưa có ghi nhận người đứng đầu giao văn thư quản lý thiết bị lưu khóa bí mật của cơ quan. Vui lòng đề nghị \
             quản trị ghi nhận việc giao thiết bị rồi ký số.",
        ));
    };
    if holder != actor.post {
        return Err(Refusal::new(
            "ND30-32.2b",
            "custody.other_holder",
            format!(
                "Thiết bị lưu khóa bí mật của cơ quan đang do {} giữ. Việc giao cho người khác phải được phép bằng văn bản \
                 và lập biên bản bàn giao; vui lòng ghi nhận bàn giao trước khi ký số.",
                holding.label
            ),
        ));
    }
    Ok(())
}

/// Whether a device of `agency` may go over into other hands as recorded.
///
/// # Errors
/// `ND30-32.1` when the first holder is not văn thư or the head's assignment is not named; `ND30-32.2b` without the
/// written permission, without minutes, or to who has it already; `ND30-32.2a` for a post of another agency; for a
/// time in the future or before the last handover.
pub fn hand_over(
    agency: AgencyId,
    now: Timestamp,
    holding: Option<&Holding>,
    handover: &Handover<'_>,
) -> Decision<()> {
    let refuse = |clause, code, sentence: &str, field| Err(Refusal::new(clause, code, sentence).on(field));
    if handover.to_agency != agency {
        return refuse(
            "ND30-32.2a",
            "custody.other_agency",
            "Con dấu, thiết bị lưu khóa bí mật phải được bảo quản, sử dụng tại trụ sở cơ quan. Vui lòng chọn người của cơ \
             quan.",
            "to",
        );
    }
    let before = holding.filter(|holding| holding.holder.is_some());
    if before.is_none() && !handover.to_is_clerk {
        return refuse(
            "ND30-32.1",
            "custody.first_is_clerk",
            "Người đứng đầu giao văn thư cơ quan quản lý, sử dụng con dấu, thiết bị lưu khóa bí mật. Vui lòng chọn văn thư.",
            "to",
        );
    }
    if before.is_some_and(|holding| holding.holder == Some(handover.to)) {
        return refuse(
            "ND30-32.2b",
            "custody.same_holder",
            "Người này đang giữ thiết bị. Vui lòng chọn người nhận khác.",
            "to",
        );
    }
    if handover.permission.trim().is_empty() {
        return if before.is_none() {
            refuse(
                "ND30-32.1",
                "custody.no_assignment",
                "Vui lòng ghi số, ngày văn bản của người đứng đầu giao văn thư quản lý thiết bị.",
                "permission",
            )
        } else {
            refuse(
                "ND30-32.2b",
                "custody.no_permission",
                "Chỉ giao thiết bị cho người khác khi được phép bằng văn bản của người có thẩm quyền. Vui lòng ghi số, ngày \
                 văn bản cho phép.",
                "permission",
            )
        };
    }
    if handover.minutes.trim().is_empty() {
        return refuse(
            "ND30-32.2b",
            "custody.no_minutes",
            "Việc bàn giao phải được lập biên bản. Vui lòng ghi số, ngày biên bản bàn giao.",
            "minutes",
        );
    }
    if handover.at > now {
        return refuse(
            "ND30-32.2b",
            "custody.in_future",
            "Thời điểm bàn giao không được sau thời điểm hiện tại. Vui lòng kiểm tra lại.",
            "at",
        );
    }
    // Minutes of a handover name the minute, not the second.
    let minute = |at: Timestamp| at.as_second().div_euclid(60);
    if holding.is_some_and(|holding| minute(handover.at) < minute(holding.since)) {
        return refuse(
            "ND30-32.2b",
            "custody.before_last",
            "Thời điểm bàn giao không được trước lần bàn giao gần nhất đã ghi nhận. Vui lòng kiểm tra lại.",
            "at",
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use uuid::Uuid;

    use super::*;
    use crate::ids::AccountId;
    use crate::people::Role;

    const AGENCY: AgencyId = AgencyId::from_uuid(Uuid::from_u128(1));
    const OTHER_AGENCY: AgencyId = AgencyId::from_uuid(Uuid::from_u128(2));
    const CLERK: PostId = PostId::from_uuid(Uuid::from_u128(10));
    const SECOND_CLERK: PostId = PostId::from_uuid(Uuid::from_u128(11));
    const SINCE: Timestamp = Timestamp::UNIX_EPOCH;

    fn actor(post: PostId, agency: AgencyId, role: Role) -> Actor {
        Actor::new(AccountId::from_uuid(Uuid::from_u128(5)), post, agency, None, role)
    }

    fn held_by(holder: Option<PostId>) -> Holding {
        Holding {
            holder,
            label: "Lê Thị Ngọc Ánh, Văn thư".to_owned(),
            since: SINCE,
        }
    }

    #[rstest]
    #[case(actor(CLERK, AGENCY, Role::Clerk), Some(held_by(Some(CLERK))), None)]
    #[case(
        actor(SECOND_CLERK, AGENCY, Role::Clerk),
        Some(held_by(Some(CLERK))),
        Some("ND30-32.2b")
    )]
    #[case(actor(CLERK, AGENCY, Role::Clerk), None, Some("ND30-32.1"))]
    #[case(actor(CLERK, AGENCY, Role::Clerk), Some(held_by(None)), Some("ND30-32.1"))]
    #[case(
        actor(CLERK, OTHER_AGENCY, Role::Clerk),
        Some(held_by(Some(CLERK))),
        Some("ND30-32.2c")
    )]
    #[case(
        actor(CLERK, AGENCY, Role::Leader),
        Some(held_by(Some(CLERK))),
        Some("ND30-32.2c")
    )]
    #[case(
        actor(CLERK, AGENCY, Role::Administrator),
        Some(held_by(Some(CLERK))),
        Some("ND30-32.2c")
    )]
    fn nd30_32_2c_only_the_clerk_who_keeps_the_device_uses_the_key(
        #[case] actor: Actor,
        #[case] holding: Option<Holding>,
        #[case] refused: Option<&str>,
    ) {
        let decided = may_use(&actor, AGENCY, holding.as_ref());
        assert_eq!(decided.err().map(|refusal| refusal.clause), refused);
    }

    fn handover(to: PostId) -> Handover<'static> {
        Handover {
            to,
            to_agency: AGENCY,
            to_is_clerk: true,
            permission: "Quyết định 12/QĐ-STTTT ngày 02/01/2026",
            minutes: "Biên bản 01/BB-STTTT ngày 05/01/2026",
            at: SINCE,
        }
    }

    #[test]
    fn nd30_32_2b_a_device_changes_hands_only_with_permission_and_minutes() {
        let now = SINCE + jiff::SignedDuration::from_hours(1);
        let held = held_by(Some(CLERK));
        let decide = |held: Option<&Holding>, handover: &Handover<'_>| {
            hand_over(AGENCY, now, held, handover)
                .err()
                .map(|refusal| (refusal.clause, refusal.code))
        };
        assert_eq!(decide(None, &handover(CLERK)), None);
        assert_eq!(decide(Some(&held), &handover(SECOND_CLERK)), None);
        let mut wrong = handover(SECOND_CLERK);
        wrong.permission = " ";
        assert_eq!(
            decide(Some(&held), &wrong),
            Some(("ND30-32.2b", "custody.no_permission"))
        );
        assert_eq!(decide(None, &wrong), Some(("ND30-32.1", "custody.no_assignment")));
        let mut wrong = handover(SECOND_CLERK);
        wrong.minutes = "";
        assert_eq!(
            decide(Some(&held), &wrong),
            Some(("ND30-32.2b", "custody.no_minutes"))
        );
        assert_eq!(
            decide(Some(&held), &handover(CLERK)),
            Some(("ND30-32.2b", "custody.same_holder"))
        );
        let mut wrong = handover(SECOND_CLERK);
        wrong.to_agency = OTHER_AGENCY;
        assert_eq!(
            decide(Some(&held), &wrong),
            Some(("ND30-32.2a", "custody.other_agency"))
        );
        // A deputy of the clerk for a leave of absence, with permission: yes. As the first holder: no.
        let mut officer = handover(SECOND_CLERK);
        officer.to_is_clerk = false;
        assert_eq!(decide(Some(&held), &officer), None);
        assert_eq!(
            decide(None, &officer),
            Some(("ND30-32.1", "custody.first_is_clerk"))
        );
    }

    #[test]
    fn nd30_32_2b_handovers_stand_in_the_order_of_time() {
        let later = SINCE + jiff::SignedDuration::from_hours(1);
        let held = held_by(Some(CLERK));
        // Within the same minute: forms of people have no seconds.
        let mut same_minute = held_by(Some(CLERK));
        same_minute.since = SINCE + jiff::SignedDuration::from_secs(59);
        assert_eq!(
            hand_over(AGENCY, later, Some(&same_minute), &handover(SECOND_CLERK)),
            Ok(())
        );
        let mut early = handover(SECOND_CLERK);
        early.at = SINCE - jiff::SignedDuration::from_secs(1);
        assert_eq!(
            hand_over(AGENCY, later, Some(&held), &early).unwrap_err().code,
            "custody.before_last"
        );
        let mut late = handover(SECOND_CLERK);
        late.at = later + jiff::SignedDuration::from_secs(1);
        assert_eq!(
            hand_over(AGENCY, later, Some(&held), &late).unwrap_err().code,
            "custody.in_future"
        );
    }
}
