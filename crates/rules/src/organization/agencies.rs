//! Levels of agencies and who heads one.

use jiff::civil::Date;

use crate::ids::PostId;
use crate::names::named_enum;
use crate::people::Role;
use crate::{Decision, Refusal};

named_enum! {
    /// Where an agency stands. The tree itself has any depth; the level is for grouping and for lists of recipients.
    AgencyLevel {
        /// UBND tỉnh and its office.
        Province = "province", "Cấp tỉnh";
        /// Sở, ban, ngành.
        Department = "department", "Sở, ban, ngành";
        /// UBND cấp huyện; historical since 01/7/2025.
        District = "district", "Cấp huyện";
        /// UBND cấp xã.
        Commune = "commune", "Cấp xã";
        /// A unit under another agency.
        Subordinate = "subordinate", "Đơn vị trực thuộc";
        /// An organisation outside the province's agencies (QC01-2.3).
        Partner = "partner", "Cơ quan, tổ chức ngoài hệ thống";
    }
}

/// Whether the administrators of an agency are the province's: only those of UBND tỉnh, the agency that all others of the
/// province stand under (QC01-23.1đ). Having nothing above it makes no other agency that: partners, agencies split off.
#[must_use]
pub fn administers_province(role: Role, level: AgencyLevel, stands_under_another: bool) -> bool {
    role == Role::Administrator && level == AgencyLevel::Province && !stands_under_another
}

/// Whether an agency of this level may have posts of this role.
///
/// # Errors
/// `QC01-23.1đ` for an administrator at a partner: administration is delegated to agencies of the province only.
pub fn may_have_post(level: AgencyLevel, role: Role) -> Decision<()> {
    if level == AgencyLevel::Partner && role == Role::Administrator {
        return Err(Refusal::new(
            "QC01-23.1đ",
            "account.partner_administrator",
            "Cơ quan, tổ chức ngoài hệ thống không có tài khoản quản trị. Vui lòng chọn vai trò khác.",
        )
        .on("role"));
    }
    Ok(())
}

/// A post that heads an agency or unit for some time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeadTerm {
    /// The post.
    pub post: PostId,
    /// First day.
    pub valid_from: Date,
    /// Last day; open when `None`.
    pub valid_to: Option<Date>,
}

/// Who heads on `day`: exactly one post.
///
/// # Errors
/// `QC01-23.1` when nobody or more than one does.
pub fn head_on(terms: &[HeadTerm], day: Date) -> Decision<PostId> {
    let mut heads = terms
        .iter()
        .filter(|term| term.valid_from <= day && term.valid_to.is_none_or(|last| day <= last));
    match (heads.next(), heads.next()) {
        (Some(head), None) => Ok(head.post),
        (None, _) => Err(Refusal::new(
            "QC01-23.1",
            "organization.no_head",
            "Cơ quan, đơn vị chưa có người đứng đầu. Vui lòng đề nghị quản trị cập nhật.",
        )),
        (Some(_), Some(_)) => Err(Refusal::new(
            "QC01-23.1",
            "organization.two_heads",
            "Cơ quan, đơn vị đang có hơn một người đứng đầu. Vui lòng đề nghị quản trị kết thúc nhiệm kỳ cũ.",
        )),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn qc01_23_1_only_the_provinces_own_administrator_is_the_provinces() {
        for level in AgencyLevel::ALL {
            for role in Role::ALL {
                let of_province = *level == AgencyLevel::Province && *role == Role::Administrator;
                assert_eq!(
                    administers_province(*role, *level, false),
                    of_province,
                    "{level:?} {role:?}"
                );
                assert!(!administers_province(*role, *level, true));
                let partner_administrator = *level == AgencyLevel::Partner && *role == Role::Administrator;
                assert_eq!(may_have_post(*level, *role).is_err(), partner_administrator);
            }
        }
    }

    #[test]
    fn qc01_23_1_an_agency_has_one_head_at_a_time() {
        let post = |id| PostId::from_uuid(Uuid::from_u128(id));
        let old = HeadTerm {
            post: post(1),
            valid_from: date(2020, 1, 1),
            valid_to: Some(date(2026, 6, 30)),
        };
        let new = HeadTerm {
            post: post(2),
            valid_from: date(2026, 7, 1),
            valid_to: None,
        };
        assert_eq!(head_on(&[old, new], date(2026, 6, 30)), Ok(post(1)));
        assert_eq!(head_on(&[old, new], date(2026, 7, 1)), Ok(post(2)));
        assert_eq!(
            head_on(&[new], date(2026, 6, 30)).unwrap_err().code,
            "organization.no_head"
        );
        let open = HeadTerm {
            valid_to: None,
            ..old
        };
        assert_eq!(
            head_on(&[open, new], date(2026, 7, 1)).unwrap_err().code,
            "organization.two_heads"
        );
    }
}
