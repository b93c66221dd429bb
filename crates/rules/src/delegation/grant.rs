//! Who may hand over what, to whom, for how long.

use jiff::{ToSpan, civil::Date};

use super::{Function, Scope};
use crate::ids::{AccountId, AgencyId, PostId};
use crate::people::{Actor, Role};
use crate::{Decision, Refusal};

/// One side of a delegation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Party {
    /// The person.
    pub account: AccountId,
    /// In which post.
    pub post: PostId,
    /// Of which agency.
    pub agency: AgencyId,
    /// What the post is for.
    pub role: Role,
    /// Whether the post heads the agency.
    pub is_agency_head: bool,
}

impl Party {
    fn leads(&self) -> bool {
        self.role == Role::Leader || self.is_agency_head
    }
}

/// What is handed over.
#[derive(Debug, Clone, Copy)]
pub struct Grant<'a> {
    /// Whose work it is.
    pub giver: Party,
    /// Who does it.
    pub substitute: Party,
    /// Which part of it.
    pub scope: Scope,
    /// The first day.
    pub from: Option<Date>,
    /// The last day.
    pub to: Option<Date>,
    /// The paper behind it; needed when an administrator enters it.
    pub basis: &'a str,
    /// Whether the same two have a delegation in force within these days.
    pub clashes: bool,
}

/// No delegation is longer than a year; it is renewed, not forgotten.
const LONGEST_DAYS: i64 = 366;

fn refuse<T>(clause: &'static str, code: &'static str, message: &str, field: &'static str) -> Decision<T> {
    Err(Refusal::new(clause, code, message).on(field))
}

/// Hands work over; gives the first and the last day.
///
/// # Errors
/// `ND30-13.3` for what was itself handed over, and for a period that is none; `QC01-23.1` for somebody else's work;
/// `ND30-6.3` for work that goes with a post; `QC01-4.2` for a substitute who cannot be one.
pub fn grant(by: &Actor, administers: bool, wanted: &Grant<'_>, today: Date) -> Decision<(Date, Date)> {
    if by.in_place.is_some() {
        return refuse(
            "ND30-13.3",
            "delegation.chain",
            "Người được ủy quyền không được ủy quyền lại. Vui lòng đề nghị người ủy quyền chọn người khác.",
            "substitute",
        );
    }
    let own = by.post == wanted.giver.post;
    if !own && !administers {
        return refuse(
            "QC01-23.1",
            "delegation.not_own",
            "Chỉ người giữ chức vụ hoặc quản trị của cơ quan được ghi nhận việc ủy quyền này.",
            "giver",
        );
    }
    if !own && wanted.basis.is_empty() {
        return refuse(
            "QC01-23.1",
            "delegation.no_basis",
            "Vui lòng ghi văn bản, đơn nghỉ hoặc ý kiến của người ủy quyền làm căn cứ.",
            "basis",
        );
    }
    if matches!(
        wanted.giver.role,
        Role::Clerk | Role::Administrator | Role::Archivist
    ) {
        return refuse(
            "ND30-6.3",
            "delegation.duty",
            "Nhiệm vụ văn thư, lưu trữ, quản trị do người đứng đầu cơ quan phân công. Vui lòng đề nghị phân công người khác giữ nhiệm vụ này.",
            "giver",
        );
    }
    if wanted.substitute.account == wanted.giver.account {
        return refuse(
            "QC01-4.2",
            "delegation.same_person",
            "Vui lòng chọn người khác với người ủy quyền.",
            "substitute",
        );
    }
    if wanted.substitute.agency != wanted.giver.agency || wanted.substitute.role == Role::Administrator {
        return refuse(
            "QC01-4.2",
            "delegation.outsider",
            "Người được ủy quyền phải là cán bộ, công chức của cùng cơ quan và không phải quản trị hệ thống.",
            "substitute",
        );
    }
    functions(wanted)?;
    let (Some(from), Some(to)) = (wanted.from, wanted.to) else {
        return refuse(
            "ND30-13.3",
            "delegation.no_period",
            "Việc ủy quyền phải có thời hạn. Vui lòng chọn từ ngày, đến ngày.",
            if wanted.from.is_none() { "from_on" } else { "to_on" },
        );
    };
    if from < today {
        return refuse(
            "ND30-13.3",
            "delegation.past",
            "Ngày bắt đầu không được trước hôm nay.",
            "from_on",
        );
    }
    let last = from.checked_add(LONGEST_DAYS.days()).unwrap_or(Date::MAX);
    if to < from || to > last {
        return refuse(
            "ND30-13.3",
            "delegation.period",
            "Ngày kết thúc phải từ ngày bắt đầu trở đi và không quá một năm.",
            "to_on",
        );
    }
    if wanted.clashes {
        return refuse(
            "ND30-13.3",
            "delegation.twice",
            "Hai người này đã có một ủy quyền còn hiệu lực trong thời gian đó. Vui lòng kết thúc ủy quyền cũ trước.",
            "substitute",
        );
    }
    Ok((from, to))
}

fn functions(wanted: &Grant<'_>) -> Decision<()> {
    if wanted.scope.functions().is_empty() {
        return refuse(
            "QC01-4.2",
            "delegation.nothing",
            "Vui lòng chọn ít nhất một việc được ủy quyền.",
            "functions",
        );
    }
    if wanted.scope.has(Function::Prepare) && !wanted.giver.leads() {
        return refuse(
            "ND30-23.2",
            "delegation.assistant",
            "Việc chuẩn bị ý kiến chỉ đạo chỉ dành cho trợ lý, thư ký của lãnh đạo cơ quan.",
            "functions",
        );
    }
    if wanted.scope.has(Function::Content) && !wanted.giver.leads() && wanted.giver.role != Role::UnitHead {
        return refuse(
            "ND30-12.1",
            "delegation.content",
            "Chỉ người đứng đầu đơn vị hoặc lãnh đạo cơ quan chịu trách nhiệm về nội dung dự thảo nên mới ủy quyền được việc này.",
            "functions",
        );
    }
    Ok(())
}

/// Ends a delegation before its last day.
///
/// # Errors
/// `ND30-13.3` when it has ended; `QC01-23.1` for everybody but whoever handed it over, the substitute and an administrator.
pub fn end(
    by: &Actor,
    administers: bool,
    giver: PostId,
    substitute: PostId,
    to: Date,
    is_revoked: bool,
    today: Date,
) -> Decision<()> {
    if is_revoked || to < today {
        return Err(Refusal::new(
            "ND30-13.3",
            "delegation.ended",
            "Việc ủy quyền này đã kết thúc.",
        ));
    }
    let own = by.in_place.is_none() && (by.post == giver || by.post == substitute);
    if own || administers {
        return Ok(());
    }
    Err(Refusal::new(
        "QC01-23.1",
        "delegation.not_own",
        "Chỉ người ủy quyền, người được ủy quyền hoặc quản trị của cơ quan được kết thúc việc ủy quyền này.",
    ))
}
