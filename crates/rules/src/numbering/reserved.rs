//! Giữ số, hủy số đã giữ (ND30-15.1, 15.3): a number that is kept for a document to come is a fact of the register, with its reason;
//! it is used once or made void, and dates never go backwards.

use jiff::civil::Date;

use super::Taken;
use crate::ids::AgencyId;
use crate::names::named_enum;
use crate::people::Actor;
use crate::{Decision, Refusal};

named_enum! {
    /// What became of a reserved number.
    ReservedState {
        /// Kept for a document to come.
        Held = "held", "Đang giữ";
        /// A document bears it.
        Used = "used", "Đã dùng";
        /// Nobody will bear it.
        Void = "void", "Đã hủy";
    }
}

/// So many numbers are kept at once; more is a mistake in typing.
pub const MAX_RESERVED: u32 = 20;
/// The longest reason.
const MAX_REASON_CHARS: usize = 500;

/// A reserved number as it is stored, and what came after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reserved {
    /// The number.
    pub number: u32,
    /// The year of its series.
    pub year: i16,
    /// The day on which it was reserved.
    pub reserved_on: Date,
    /// What became of it.
    pub state: ReservedState,
    /// The earliest date that a document with a larger number of the series bears.
    pub next_on: Option<Date>,
}

fn clerk(actor: &Actor, agency: AgencyId) -> Decision<()> {
    if actor.is_clerk_of(agency) {
        return Ok(());
    }
    Err(Refusal::new(
        "ND30-4.2b",
        "numbering.not_clerk",
        "Chỉ văn thư cơ quan được giữ số, dùng số đã giữ, hủy số đã giữ.",
    ))
}

fn reasoned(reason: &str, message: &str) -> Decision<()> {
    if reason.trim().is_empty() {
        return Err(Refusal::new("ND30-15.1", "numbering.no_reason", message).on("reason"));
    }
    if reason.chars().count() > MAX_REASON_CHARS {
        return Err(Refusal::new(
            "ND30-15.1",
            "numbering.reason_too_long",
            format!("Lý do dài quá {MAX_REASON_CHARS} ký tự. Vui lòng viết gọn lại."),
        )
        .on("reason"));
    }
    Ok(())
}

/// The clerk keeps the next numbers of a series for documents to come.
///
/// # Errors
/// `ND30-4.2b` for anybody but a clerk of the agency; `ND30-15.1` for none or too many, without a reason.
pub fn reserve(actor: &Actor, agency: AgencyId, count: u32, reason: &str) -> Decision<()> {
    clerk(actor, agency)?;
    if count == 0 || count > MAX_RESERVED {
        return Err(Refusal::new(
            "ND30-15.1",
            "numbering.reserved_count",
            format!("Mỗi lần giữ từ 1 đến {MAX_RESERVED} số."),
        )
        .on("count"));
    }
    reasoned(
        reason,
        "Vui lòng ghi lý do giữ số; lý do được ghi vào cột Ghi chú của sổ đăng ký văn bản đi.",
    )
}

/// The clerk makes a reserved number void.
///
/// # Errors
/// `ND30-4.2b` for anybody but a clerk; `ND30-15.1` for a number that was used or is void, without a reason.
pub fn void_reserved(actor: &Actor, agency: AgencyId, state: ReservedState, reason: &str) -> Decision<()> {
    clerk(actor, agency)?;
    held(state)?;
    reasoned(
        reason,
        "Vui lòng ghi lý do hủy số; lý do được ghi vào cột Ghi chú của sổ đăng ký văn bản đi.",
    )
}

/// The clerk says which document shall take a reserved number, or that none shall.
///
/// # Errors
/// `ND30-4.2b` for anybody but a clerk; `ND30-15.1` for a document that does not wait for its number, for a number that was used or is
/// void, or of another series.
pub fn assign_reserved(
    actor: &Actor,
    agency: AgencyId,
    state: ReservedState,
    same_series: bool,
    is_approved: bool,
) -> Decision<()> {
    clerk(actor, agency)?;
    if !is_approved {
        return Err(Refusal::new(
            "ND30-15.1",
            "numbering.not_approved",
            "Chỉ chọn số đã giữ cho văn bản đã được duyệt, đang chờ cấp số, phát hành.",
        ));
    }
    held(state)?;
    if same_series {
        return Ok(());
    }
    Err(other_series())
}

/// The refusal for a reserved number of another series than the document's.
#[must_use]
pub fn other_series() -> Refusal {
    Refusal::new(
        "ND30-15.1",
        "numbering.other_series",
        "Số đã giữ không thuộc dãy số của văn bản này. Vui lòng bỏ chọn số đã giữ, hoặc chọn số khác.",
    )
    .on("reserved")
}

fn held(state: ReservedState) -> Decision<()> {
    match state {
        ReservedState::Held => Ok(()),
        ReservedState::Used => Err(Refusal::new(
            "ND30-15.1",
            "numbering.reserved_used",
            "Số này đã cấp cho một văn bản. Vui lòng tải lại trang.",
        )),
        ReservedState::Void => Err(Refusal::new(
            "ND30-15.1",
            "numbering.reserved_void",
            "Số này đã hủy nên không dùng lại. Vui lòng tải lại trang.",
        )),
    }
}

/// The number that a document takes which bears a reserved one: it is dated on the day on which it takes it, as every document, so that
/// is possible only as long as no larger number bears an earlier date.
///
/// # Errors
/// `ND30-15.1` for a number that was used or is void, of another year, or after which numbers of earlier days were given.
pub fn use_reserved(reserved: &Reserved, today: Date) -> Decision<Taken> {
    held(reserved.state)?;
    let refuse = |code, message: String| Err(Refusal::new("ND30-15.1", code, message).on("reserved"));
    if today.year() != reserved.year || today < reserved.reserved_on {
        return refuse(
            "numbering.reserved_year",
            format!(
                "Số {} được giữ trong năm {} nên không cấp cho văn bản của ngày khác năm. Vui lòng hủy số đã giữ và cấp số mới.",
                super::printed_number(reserved.number),
                reserved.year
            ),
        );
    }
    if let Some(next) = reserved.next_on.filter(|next| *next < today) {
        return refuse(
            "numbering.reserved_backwards",
            format!(
                "Không lùi ngày: sau số {} đã giữ đã có văn bản ghi ngày {}. Vui lòng bỏ chọn để cấp số tiếp theo, và hủy số đã giữ kèm lý do.",
                super::printed_number(reserved.number),
                crate::office_time::short_date(next)
            ),
        );
    }
    Ok(Taken {
        number: reserved.number,
        date: today,
        year: reserved.year,
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use rstest::rstest;
    use uuid::Uuid;

    use super::*;
    use crate::ids::{AccountId, PostId};
    use crate::people::Role;

    fn agency(n: u128) -> AgencyId {
        AgencyId::from_uuid(Uuid::from_u128(n))
    }

    fn actor(role: Role) -> Actor {
        let id = Uuid::from_u128(2);
        Actor::new(
            AccountId::from_uuid(id),
            PostId::from_uuid(id),
            agency(1),
            None,
            role,
        )
    }

    #[test]
    fn nd30_15_1_the_clerk_keeps_numbers_with_a_reason() {
        let by = |role, of, count, reason: &str| {
            reserve(&actor(role), agency(of), count, reason).map_err(|refusal| refusal.code)
        };
        assert_eq!(by(Role::Clerk, 1, 1, "Chờ ký trực tiếp"), Ok(()));
        assert_eq!(by(Role::Clerk, 1, 20, "Chờ ký trực tiếp"), Ok(()));
        assert_eq!(by(Role::Leader, 1, 1, "Chờ ký"), Err("numbering.not_clerk"));
        assert_eq!(by(Role::Clerk, 2, 1, "Chờ ký"), Err("numbering.not_clerk"));
        assert_eq!(by(Role::Clerk, 1, 0, "Chờ ký"), Err("numbering.reserved_count"));
        assert_eq!(by(Role::Clerk, 1, 21, "Chờ ký"), Err("numbering.reserved_count"));
        assert_eq!(by(Role::Clerk, 1, 1, " "), Err("numbering.no_reason"));
        let long = "a".repeat(501);
        assert_eq!(by(Role::Clerk, 1, 1, &long), Err("numbering.reason_too_long"));
    }

    #[rstest]
    #[case(ReservedState::Held, Ok(()))]
    #[case(ReservedState::Used, Err("numbering.reserved_used"))]
    #[case(ReservedState::Void, Err("numbering.reserved_void"))]
    fn nd30_15_1_a_number_is_used_or_void_once(
        #[case] state: ReservedState,
        #[case] expected: Result<(), &str>,
    ) {
        let clerk = actor(Role::Clerk);
        let void = void_reserved(&clerk, agency(1), state, "Không ban hành");
        assert_eq!(void.map_err(|refusal| refusal.code), expected);
        let assigned = assign_reserved(&clerk, agency(1), state, true, true);
        assert_eq!(assigned.map_err(|refusal| refusal.code), expected);
        assert!(void_reserved(&clerk, agency(1), state, " ").is_err());
        assert!(assign_reserved(&clerk, agency(1), state, false, true).is_err());
        assert!(assign_reserved(&clerk, agency(1), state, true, false).is_err());
        assert!(void_reserved(&actor(Role::Officer), agency(1), state, "x").is_err());
    }

    #[rstest]
    #[case::the_same_day(date(2026, 1, 8), None, Ok(date(2026, 1, 8)))]
    #[case::later_when_nothing_came_after(date(2026, 1, 12), None, Ok(date(2026, 1, 12)))]
    #[case::on_the_day_of_the_next(date(2026, 1, 9), Some(date(2026, 1, 9)), Ok(date(2026, 1, 9)))]
    #[case::after_the_next(
        date(2026, 1, 10),
        Some(date(2026, 1, 9)),
        Err("numbering.reserved_backwards")
    )]
    #[case::in_the_next_year(date(2027, 1, 4), None, Err("numbering.reserved_year"))]
    #[case::before_it_was_kept(date(2026, 1, 7), None, Err("numbering.reserved_year"))]
    fn nd30_15_1_a_reserved_number_never_takes_dates_backwards(
        #[case] today: Date,
        #[case] next_on: Option<Date>,
        #[case] expected: Result<Date, &str>,
    ) {
        let reserved = Reserved {
            number: 5,
            year: 2026,
            reserved_on: date(2026, 1, 8),
            state: ReservedState::Held,
            next_on,
        };
        let taken = use_reserved(&reserved, today);
        assert_eq!(
            taken.map(|taken| taken.date).map_err(|refusal| refusal.code),
            expected
        );
    }
}
