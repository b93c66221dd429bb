//! Nhóm nơi nhận (CN-215): recipients that an agency writes to again and again, saved under a name. A group is a help for whoever drafts and
//! says nothing of a document: what it puts into a draft is checked there like every other line.

use crate::ids::{AgencyId, PostId};
use crate::people::{Actor, Role};
use crate::{Decision, Refusal};

/// Groups of one agency.
pub const MOST_GROUPS: usize = 200;
/// Recipients of one group.
pub const MOST_MEMBERS: usize = 500;
/// Characters of a name.
pub const LONGEST_NAME: usize = 100;

/// A group that is to be saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Group<'a> {
    /// Its name.
    pub name: &'a str,
    /// How many recipients it has.
    pub members: usize,
    /// Another group of the agency has this name, with or without accents.
    pub name_is_taken: bool,
    /// How many groups the agency has besides this one.
    pub others: usize,
}

/// A group is saved; `made_by` is who saved it first, nobody for a new one.
///
/// # Errors
/// `CN-215` for who may not, for a name that is missing, too long or taken, for a group without recipients or with too many, and when the agency
/// has too many groups.
pub fn save(actor: &Actor, agency: AgencyId, made_by: Option<PostId>, group: Group<'_>) -> Decision<()> {
    if let Some(made_by) = made_by {
        change(actor, agency, made_by)?;
    } else if actor.agency != agency || actor.role == Role::Administrator {
        return Err(refusal(
            "recipient_group.not_allowed",
            "Chỉ cán bộ, công chức của cơ quan được lưu nhóm nơi nhận.",
        ));
    }
    let on = |field, code, message: String| Err(refusal(code, message).on(field));
    if group.name.is_empty() {
        let message = "Vui lòng đặt tên cho nhóm nơi nhận.".to_owned();
        return on("name", "recipient_group.no_name", message);
    }
    if group.name.chars().count() > LONGEST_NAME {
        let message = format!("Tên nhóm dài quá {LONGEST_NAME} ký tự. Vui lòng đặt tên ngắn hơn.");
        return on("name", "recipient_group.long_name", message);
    }
    if group.name_is_taken {
        let message = format!(
            "Cơ quan đã có nhóm nơi nhận tên “{}”. Vui lòng đặt tên khác.",
            group.name
        );
        return on("name", "recipient_group.name_taken", message);
    }
    if group.members == 0 {
        let message = "Nhóm chưa có nơi nhận nào. Vui lòng chọn ít nhất một nơi nhận.".to_owned();
        return on("recipients", "recipient_group.empty", message);
    }
    if group.members > MOST_MEMBERS {
        let message = format!(
            "Một nhóm có nhiều nhất {MOST_MEMBERS} nơi nhận; nhóm này có {}. Vui lòng chia thành nhiều nhóm.",
            group.members
        );
        return on("recipients", "recipient_group.too_many_members", message);
    }
    if made_by.is_none() && group.others >= MOST_GROUPS {
        return Err(refusal(
            "recipient_group.too_many",
            format!(
                "Cơ quan đã có {MOST_GROUPS} nhóm nơi nhận. Vui lòng xóa nhóm không còn dùng trước khi lưu nhóm mới."
            ),
        ));
    }
    Ok(())
}

/// Whoever saved a group changes and removes it; so do the clerks of the agency, who answer for its list of recipients.
///
/// # Errors
/// `CN-215` for anybody else.
pub fn change(actor: &Actor, agency: AgencyId, made_by: PostId) -> Decision<()> {
    if actor.agency == agency && (actor.post == made_by || actor.is_clerk_of(agency)) {
        return Ok(());
    }
    Err(refusal(
        "recipient_group.not_yours",
        "Chỉ người đã lưu nhóm và văn thư cơ quan được sửa, xóa nhóm nơi nhận.",
    ))
}

fn refusal(code: &'static str, message: impl Into<String>) -> Refusal {
    Refusal::new("CN-215", code, message)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use uuid::Uuid;

    use super::*;
    use crate::ids::AccountId;

    const AGENCY: AgencyId = AgencyId::from_uuid(Uuid::from_u128(1));

    fn person(post: u128, agency: u128, role: Role) -> Actor {
        Actor::new(
            AccountId::from_uuid(Uuid::from_u128(post)),
            PostId::from_uuid(Uuid::from_u128(post)),
            AgencyId::from_uuid(Uuid::from_u128(agency)),
            None,
            role,
        )
    }

    const GOOD: Group<'static> = Group {
        name: "UBND các huyện",
        members: 8,
        name_is_taken: false,
        others: 3,
    };

    fn code(made: Decision<()>) -> &'static str {
        made.map_or_else(|refusal| refusal.code, |()| "saved")
    }

    #[rstest]
    #[case(GOOD, "saved")]
    #[case(Group { name: "", ..GOOD }, "recipient_group.no_name")]
    #[case(Group { name_is_taken: true, ..GOOD }, "recipient_group.name_taken")]
    #[case(Group { members: 0, ..GOOD }, "recipient_group.empty")]
    #[case(Group { members: MOST_MEMBERS, ..GOOD }, "saved")]
    #[case(Group { members: MOST_MEMBERS + 1, ..GOOD }, "recipient_group.too_many_members")]
    #[case(Group { others: MOST_GROUPS - 1, ..GOOD }, "saved")]
    #[case(Group { others: MOST_GROUPS, ..GOOD }, "recipient_group.too_many")]
    fn cn_215_a_group_has_a_name_of_its_own_and_some_recipients(
        #[case] group: Group<'static>,
        #[case] expected: &str,
    ) {
        let drafter = person(7, 1, Role::Officer);
        assert_eq!(code(save(&drafter, AGENCY, None, group)), expected);
    }

    #[test]
    fn cn_215_the_name_of_a_group_has_an_end_and_a_full_agency_still_changes_its_groups() {
        let drafter = person(7, 1, Role::Officer);
        let (longest, longer) = ("ộ".repeat(LONGEST_NAME), "ộ".repeat(LONGEST_NAME + 1));
        let named = |name| code(save(&drafter, AGENCY, None, Group { name, ..GOOD }));
        assert_eq!(named(longest.as_str()), "saved");
        assert_eq!(named(longer.as_str()), "recipient_group.long_name");
        let full = Group {
            others: MOST_GROUPS,
            ..GOOD
        };
        assert_eq!(code(save(&drafter, AGENCY, Some(drafter.post), full)), "saved");
    }

    #[test]
    fn cn_215_whoever_saved_a_group_and_clerks_of_the_agency_change_it() {
        let made_by = person(7, 1, Role::Officer).post;
        for by in [person(7, 1, Role::Officer), person(8, 1, Role::Clerk)] {
            assert_eq!(change(&by, AGENCY, made_by), Ok(()), "{:?}", by.role);
        }
        for by in [
            person(8, 1, Role::Officer),
            person(8, 1, Role::Leader),
            person(8, 2, Role::Clerk),
        ] {
            let refused = save(&by, AGENCY, Some(made_by), GOOD);
            assert_eq!(code(refused), "recipient_group.not_yours", "{:?}", by.role);
        }
        for by in [person(9, 1, Role::Administrator), person(9, 2, Role::Officer)] {
            let refused = save(&by, AGENCY, None, GOOD);
            assert_eq!(code(refused), "recipient_group.not_allowed", "{:?}", by.role);
        }
    }
}
