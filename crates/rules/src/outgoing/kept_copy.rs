//! Sử dụng bản lưu (ND30-19.1, Phụ lục IV mẫu IV): who looks at the original that văn thư keeps is on record, with who allowed
//! it and when it came back.

use jiff::civil::Date;

use crate::ids::AgencyId;
use crate::people::Actor;
use crate::{Decision, Refusal};

/// A use of a kept copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeptCopyUse<'a> {
    /// The agency that keeps it.
    pub agency: AgencyId,
    /// Whether the document is issued; nothing else has a kept copy.
    pub is_issued: bool,
    /// Họ tên người sử dụng.
    pub user: &'a str,
    /// Người cho phép sử dụng.
    pub permitted_by: &'a str,
    /// Ngày tháng: when it was handed over.
    pub used_on: Date,
    /// The day of issue of the document.
    pub issued_on: Option<Date>,
    /// Today.
    pub today: Date,
}

/// Records that a kept copy was handed over to be used at văn thư.
///
/// # Errors
/// `ND30-4.2b` for anybody but a clerk of the agency; `ND30-19.1` for a document that is not issued, without user or
/// permission, for a day before the issue or in the future.
pub fn use_kept_copy(actor: &Actor, used: &KeptCopyUse<'_>) -> Decision<()> {
    if !actor.is_clerk_of(used.agency) {
        return Err(Refusal::new(
            "ND30-4.2b",
            "kept_copy.not_clerk",
            "Chỉ văn thư của cơ quan giao bản lưu và ghi sổ sử dụng bản lưu.",
        ));
    }
    let refuse = |code, field, message: &str| Err(Refusal::new("ND30-19.1", code, message).on(field));
    if !used.is_issued {
        return refuse(
            "kept_copy.not_issued",
            "document",
            "Chỉ văn bản đã ban hành mới có bản lưu tại Văn thư. Vui lòng kiểm tra lại số, ký hiệu.",
        );
    }
    if used.user.trim().is_empty() {
        return refuse(
            "kept_copy.no_user",
            "user",
            "Vui lòng ghi họ tên người sử dụng bản lưu.",
        );
    }
    if used.permitted_by.trim().is_empty() {
        return refuse(
            "kept_copy.no_permission",
            "permitted_by",
            "Vui lòng ghi người cho phép sử dụng bản lưu.",
        );
    }
    if used.used_on > used.today || used.issued_on.is_some_and(|issued| used.used_on < issued) {
        return refuse(
            "kept_copy.wrong_day",
            "used_on",
            "Ngày sử dụng không được trước ngày ban hành văn bản và không được sau hôm nay.",
        );
    }
    Ok(())
}

/// Records that a kept copy came back.
///
/// # Errors
/// `ND30-19.1` when it came back before, for a day before it was handed over or in the future.
pub fn return_kept_copy(used_on: Date, returned_on: Option<Date>, day: Date, today: Date) -> Decision<()> {
    let refuse = |code, message: &str| Err(Refusal::new("ND30-19.1", code, message).on("returned_on"));
    if returned_on.is_some() {
        return refuse(
            "kept_copy.returned_before",
            "Bản lưu này đã được ghi trả trước đó. Vui lòng tải lại trang.",
        );
    }
    if day < used_on || day > today {
        return refuse(
            "kept_copy.wrong_return",
            "Ngày trả không được trước ngày sử dụng và không được sau hôm nay.",
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
    use crate::ids::{AccountId, PostId};
    use crate::people::Role;

    fn agency() -> AgencyId {
        AgencyId::from_uuid(Uuid::from_u128(1))
    }

    fn actor(role: Role, agency: AgencyId) -> Actor {
        let id = Uuid::from_u128(2);
        Actor::new(
            AccountId::from_uuid(id),
            PostId::from_uuid(id),
            agency,
            None,
            role,
        )
    }

    fn used() -> KeptCopyUse<'static> {
        KeptCopyUse {
            agency: agency(),
            is_issued: true,
            user: "Nguyễn Văn An",
            permitted_by: "Chánh Văn phòng",
            used_on: date(2026, 1, 8),
            issued_on: Some(date(2026, 1, 7)),
            today: date(2026, 1, 8),
        }
    }

    #[rstest]
    #[case(used(), None)]
    #[case(KeptCopyUse { is_issued: false, ..used() }, Some("kept_copy.not_issued"))]
    #[case(KeptCopyUse { user: " ", ..used() }, Some("kept_copy.no_user"))]
    #[case(KeptCopyUse { permitted_by: "", ..used() }, Some("kept_copy.no_permission"))]
    #[case(KeptCopyUse { used_on: date(2026, 1, 9), ..used() }, Some("kept_copy.wrong_day"))]
    #[case(KeptCopyUse { used_on: date(2026, 1, 6), ..used() }, Some("kept_copy.wrong_day"))]
    #[case(KeptCopyUse { agency: AgencyId::from_uuid(Uuid::from_u128(9)), ..used() }, Some("kept_copy.not_clerk"))]
    fn nd30_19_1_the_clerk_records_who_uses_a_kept_copy_and_who_allowed_it(
        #[case] used: KeptCopyUse<'_>,
        #[case] refused: Option<&str>,
    ) {
        let answer = use_kept_copy(&actor(Role::Clerk, agency()), &used);
        assert_eq!(answer.err().map(|refusal| refusal.code), refused);
        let officer = use_kept_copy(&actor(Role::Officer, agency()), &used);
        assert_eq!(officer.unwrap_err().clause, "ND30-4.2b");
    }

    #[rstest]
    #[case(None, date(2026, 1, 8), None)]
    #[case(None, date(2026, 1, 7), Some("kept_copy.wrong_return"))]
    #[case(None, date(2026, 1, 10), Some("kept_copy.wrong_return"))]
    #[case(Some(date(2026, 1, 8)), date(2026, 1, 9), Some("kept_copy.returned_before"))]
    fn nd30_19_1_a_kept_copy_comes_back_once(
        #[case] before: Option<Date>,
        #[case] day: Date,
        #[case] refused: Option<&str>,
    ) {
        let answer = return_kept_copy(date(2026, 1, 8), before, day, date(2026, 1, 9));
        assert_eq!(answer.err().map(|refusal| refusal.code), refused);
    }
}
