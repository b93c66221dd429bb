//! Khối lượng, tiến độ và trách nhiệm của từng đơn vị, cá nhân (QC01-12): how parts of incoming documents are counted.
//!
//! A part counts where the work lies: what was passed on counts for whoever has it now, what came back or was taken back counts for
//! nobody, and who only has to know is never counted (CN-124).

use std::ops::AddAssign;

use jiff::civil::Date;

use crate::deadlines::{DeadlineSettings, DeadlineState, WorkingCalendar, state_of};
use crate::ids::UnitId;
use crate::incoming::{AssignmentRole, AssignmentState};
use crate::names::named_enum;
use crate::people::{Actor, Role};
use crate::{Decision, Refusal};

named_enum! {
    /// A column of the report; the list behind each opens with one click.
    Column {
        /// Given within the days.
        Received = "received", "Tiếp nhận trong kỳ";
        /// Passed on to others, with whom they are counted.
        PassedOn = "passed_on", "Đã chuyển tiếp";
        /// Open at the end of the days.
        Open = "open", "Đang xử lý";
        /// Of the open ones: soon due.
        DueSoon = "due_soon", "Sắp đến hạn";
        /// Of the open ones: late.
        Overdue = "overdue", "Quá hạn";
        /// Done within the days, in time or without a deadline.
        DoneInTime = "done_in_time", "Hoàn thành đúng hạn";
        /// Done within the days, after the deadline.
        DoneLate = "done_late", "Hoàn thành quá hạn";
        /// Ended within the days together with the document, before its holder had done it.
        Ended = "ended", "Kết thúc theo văn bản";
    }
}

/// A part, as the report looks at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartFacts {
    /// Chủ trì, phối hợp, xem để biết.
    pub role: AssignmentRole,
    /// How far.
    pub state: AssignmentState,
    /// The day on which it was given.
    pub given_on: Date,
    /// Thời hạn.
    pub due_on: Option<Date>,
    /// The day on which it ended.
    pub ended_on: Option<Date>,
    /// Whether it was passed on to others who have it, or had it until it was done.
    pub passed_on: bool,
}

/// The days that are counted: from, to, both included; and how deadlines stand.
#[derive(Debug, Clone, Copy)]
pub struct Period<'a> {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// Today: what is open is looked at on the last day, or today when that is still to come.
    pub today: Date,
    /// Working days.
    pub calendar: &'a WorkingCalendar,
    /// What “sắp đến hạn” means.
    pub settings: &'a DeadlineSettings,
}

/// The columns in which a part stands; none when it is not counted.
#[must_use]
pub fn columns(part: &PartFacts, period: &Period<'_>) -> Vec<Column> {
    let came_back = matches!(
        part.state,
        AssignmentState::GivenBack | AssignmentState::TakenBack
    );
    if part.role == AssignmentRole::Inform || came_back || part.given_on > period.to {
        return Vec::new();
    }
    let day = period.to.min(period.today);
    let is_within = |date: Date| period.from <= date && date <= period.to;
    if part.passed_on || part.state == AssignmentState::PassedDown {
        return if is_within(part.given_on) {
            vec![Column::PassedOn]
        } else {
            Vec::new()
        };
    }
    let mut columns = Vec::new();
    if is_within(part.given_on) {
        columns.push(Column::Received);
    }
    match part.ended_on.filter(|ended| *ended <= day) {
        None => {
            columns.push(Column::Open);
            match state_of(part.due_on, day, false, period.calendar, period.settings) {
                DeadlineState::DueSoon => columns.push(Column::DueSoon),
                DeadlineState::Overdue => columns.push(Column::Overdue),
                DeadlineState::OnTime | DeadlineState::NoDeadline => {}
            }
        }
        Some(ended) if is_within(ended) => columns.push(if part.state == AssignmentState::Closed {
            Column::Ended
        } else if part.due_on.is_some_and(|due| ended > due) {
            Column::DoneLate
        } else {
            Column::DoneInTime
        }),
        Some(_) => {}
    }
    columns
}

/// How many parts stand in each column.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally([u64; Column::ALL.len()]);

impl Tally {
    /// Counts so many parts that stand in the same columns.
    pub fn add(&mut self, columns: &[Column], many: u64) {
        for column in columns {
            self.0[*column as usize] += many;
        }
    }

    /// How many stand in this column.
    #[must_use]
    pub const fn of(&self, column: Column) -> u64 {
        self.0[column as usize]
    }

    /// Whether there is nothing at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|count| *count == 0)
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        for (own, more) in self.0.iter_mut().zip(other.0) {
            *own += more;
        }
    }
}

/// Whose work somebody looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// The whole agency.
    Agency,
    /// One unit.
    Unit(UnitId),
}

/// Who sees the report: leaders and clerks that of the agency (ND30-24.1), heads that of their unit.
///
/// # Errors
/// `QC01-12` for everybody else, and for whoever works in somebody's place.
pub fn view_of(actor: &Actor) -> Decision<View> {
    match (actor.role, actor.unit) {
        _ if actor.in_place.is_some() => {}
        (Role::Leader | Role::Clerk, _) => return Ok(View::Agency),
        (Role::UnitHead, Some(unit)) => return Ok(View::Unit(unit)),
        _ if actor.is_agency_head => return Ok(View::Agency),
        _ => {}
    }
    Err(Refusal::new(
        "QC01-12",
        "workload.not_allowed",
        "Báo cáo khối lượng, tiến độ dành cho lãnh đạo, văn thư cơ quan và người đứng đầu đơn vị.",
    ))
}

/// The days of a report.
///
/// # Errors
/// `QC01-12` when they are no stretch of at most a year.
pub fn days(from: Date, to: Date) -> Decision<()> {
    let length = from.until(to).map_or(i32::MAX, |span| span.get_days());
    if from > to || length > 366 {
        return Err(Refusal::new(
            "QC01-12",
            "workload.days",
            "Ngày cuối phải từ ngày đầu trở đi và kỳ báo cáo không quá một năm.",
        )
        .on("to"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;
    use rstest::rstest;
    use uuid::Uuid;

    use super::*;
    use crate::ids::{AccountId, AgencyId, PostId};

    fn part(state: AssignmentState, due: Option<Date>, ended: Option<Date>) -> PartFacts {
        PartFacts {
            role: AssignmentRole::Lead,
            state,
            given_on: date(2026, 1, 5),
            due_on: due,
            ended_on: ended,
            passed_on: false,
        }
    }

    fn counted(part: &PartFacts) -> Vec<Column> {
        let calendar = WorkingCalendar::seeded();
        columns(
            part,
            &Period {
                from: date(2026, 1, 1),
                to: date(2026, 1, 31),
                today: date(2026, 1, 15),
                calendar: &calendar,
                settings: &DeadlineSettings::default(),
            },
        )
    }

    #[rstest]
    #[case::far(Some(date(2026, 1, 30)), &[Column::Received, Column::Open])]
    #[case::soon(Some(date(2026, 1, 16)), &[Column::Received, Column::Open, Column::DueSoon])]
    #[case::late(Some(date(2026, 1, 14)), &[Column::Received, Column::Open, Column::Overdue])]
    #[case::none(None, &[Column::Received, Column::Open])]
    fn qc01_12_open_work_stands_by_its_deadline(#[case] due: Option<Date>, #[case] expected: &[Column]) {
        assert_eq!(counted(&part(AssignmentState::Open, due, None)), expected);
    }

    #[rstest]
    #[case::in_time(AssignmentState::Done, date(2026, 1, 12), Column::DoneInTime)]
    #[case::on_the_day(AssignmentState::Done, date(2026, 1, 13), Column::DoneInTime)]
    #[case::late(AssignmentState::Done, date(2026, 1, 14), Column::DoneLate)]
    #[case::with_the_document(AssignmentState::Closed, date(2026, 1, 14), Column::Ended)]
    fn qc01_12_ended_work_is_in_time_or_late(
        #[case] state: AssignmentState,
        #[case] ended: Date,
        #[case] expected: Column,
    ) {
        let part = part(state, Some(date(2026, 1, 13)), Some(ended));
        assert_eq!(counted(&part), [Column::Received, expected]);
    }

    #[test]
    fn cn_124_who_only_has_to_know_is_never_counted() {
        for state in AssignmentState::ALL {
            let known = PartFacts {
                role: AssignmentRole::Inform,
                ..part(*state, Some(date(2026, 1, 6)), None)
            };
            assert!(counted(&known).is_empty());
        }
    }

    #[test]
    fn cn_124_what_was_passed_on_counts_for_whoever_has_it() {
        let due = Some(date(2026, 1, 6));
        assert_eq!(
            counted(&part(AssignmentState::PassedDown, due, None)),
            [Column::PassedOn]
        );
        let done = PartFacts {
            passed_on: true,
            ..part(AssignmentState::Done, due, Some(date(2026, 1, 14)))
        };
        assert_eq!(counted(&done), [Column::PassedOn]);
        for state in [AssignmentState::GivenBack, AssignmentState::TakenBack] {
            assert!(counted(&part(state, due, Some(date(2026, 1, 7)))).is_empty());
        }
    }

    #[test]
    fn qc01_12_a_past_period_is_counted_as_it_stood_on_its_last_day() {
        let calendar = WorkingCalendar::seeded();
        let december = Period {
            from: date(2025, 12, 1),
            to: date(2025, 12, 31),
            today: date(2026, 1, 15),
            calendar: &calendar,
            settings: &DeadlineSettings::default(),
        };
        let mut done = part(
            AssignmentState::Done,
            Some(date(2025, 12, 20)),
            Some(date(2026, 1, 3)),
        );
        done.given_on = date(2025, 12, 10);
        assert_eq!(
            columns(&done, &december),
            [Column::Received, Column::Open, Column::Overdue]
        );
        assert!(
            columns(&part(AssignmentState::Open, None, None), &december).is_empty(),
            "not given yet"
        );
    }

    #[test]
    fn qc01_12_heads_see_their_unit_leaders_the_agency_officers_nothing() {
        let unit = UnitId::from_uuid(Uuid::from_u128(1));
        let actor = |role| {
            Actor::new(
                AccountId::from_uuid(Uuid::from_u128(1)),
                PostId::from_uuid(Uuid::from_u128(1)),
                AgencyId::from_uuid(Uuid::from_u128(1)),
                Some(unit),
                role,
            )
        };
        assert_eq!(view_of(&actor(Role::Leader)), Ok(View::Agency));
        assert_eq!(view_of(&actor(Role::Clerk)), Ok(View::Agency));
        assert_eq!(view_of(&actor(Role::UnitHead)), Ok(View::Unit(unit)));
        for role in [Role::Officer, Role::Administrator, Role::Archivist] {
            assert!(view_of(&actor(role)).is_err());
        }
        assert!(days(date(2026, 1, 1), date(2026, 12, 31)).is_ok());
        assert!(days(date(2026, 1, 2), date(2026, 1, 1)).is_err());
        assert!(days(date(2026, 1, 1), date(2027, 6, 1)).is_err());
    }

    proptest! {
        #[test]
        fn qc01_12_what_was_received_is_open_done_or_ended(
            given in 0_i64..31, due in proptest::option::of(0_i64..40), ended in proptest::option::of(0_i64..15), closed in any::<bool>(),
        ) {
            use jiff::ToSpan;
            let first = date(2026, 1, 1);
            let given_on = first.checked_add(given.days()).unwrap();
            let ended_on = ended.map(|after| given_on.checked_add(after.days()).unwrap());
            let part = PartFacts {
                role: AssignmentRole::Lead,
                state: match (ended_on, closed) {
                    (None, _) => AssignmentState::Open,
                    (Some(_), true) => AssignmentState::Closed,
                    (Some(_), false) => AssignmentState::Done,
                },
                given_on,
                due_on: due.map(|after| first.checked_add(after.days()).unwrap()),
                ended_on,
                passed_on: false,
            };
            let columns = counted(&part);
            let ends = columns
                .iter()
                .filter(|column| matches!(column, Column::Open | Column::DoneInTime | Column::DoneLate | Column::Ended))
                .count();
            // Given within the month: it is somewhere, and in one place only.
            prop_assert!(columns.contains(&Column::Received));
            prop_assert_eq!(ends, 1);
        }
    }
}
