//! Deadlines set by law, and how a deadline stands.

use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Time, time};
use serde::{Deserialize, Serialize};

use super::{HalfDay, WorkingCalendar};
use crate::names::named_enum;
use crate::urgency::Urgency;

named_enum! {
    /// How a piece of work stands against its deadline.
    DeadlineState {
        /// No deadline was set.
        NoDeadline = "no_deadline", "Không đặt hạn";
        /// Trong hạn.
        OnTime = "on_time", "Trong hạn";
        /// Sắp đến hạn.
        DueSoon = "due_soon", "Sắp đến hạn";
        /// Quá hạn.
        Overdue = "overdue", "Quá hạn";
    }
}

/// What an agency may set about deadlines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeadlineSettings {
    /// “Sắp đến hạn” from this many working days before the deadline; 0 is on the day itself.
    pub due_soon_working_days: u32,
    /// End of “buổi sáng” by which a document signed the day before is sent (QD28-6.2).
    pub morning_ends: Time,
    /// End of the working day.
    pub day_ends: Time,
}

impl Default for DeadlineSettings {
    fn default() -> Self {
        Self {
            due_soon_working_days: 2,
            morning_ends: time(12, 0, 0, 0),
            day_ends: time(17, 0, 0, 0),
        }
    }
}

/// How a deadline stands on `day`: today for open work, the day of finishing for finished work (which is then never
/// “sắp đến hạn”).
#[must_use]
pub fn state_of(
    deadline: Option<Date>,
    day: Date,
    finished: bool,
    calendar: &WorkingCalendar,
    settings: &DeadlineSettings,
) -> DeadlineState {
    let Some(deadline) = deadline else {
        return DeadlineState::NoDeadline;
    };
    if day > deadline {
        DeadlineState::Overdue
    } else if !finished && calendar.working_days_between(day, deadline) <= settings.due_soon_working_days {
        DeadlineState::DueSoon
    } else {
        DeadlineState::OnTime
    }
}

/// The last day on which a deadline counts as “sắp đến hạn” on `day`: what [`state_of`] says, turned round for lists.
#[must_use]
pub fn due_soon_until(day: Date, calendar: &WorkingCalendar, settings: &DeadlineSettings) -> Date {
    let beyond = calendar.add_working_days(day, settings.due_soon_working_days.saturating_add(1));
    beyond.yesterday().unwrap_or(beyond)
}

/// When a document signed and issued at `signed` (Vietnam time) must have been sent: an urgent one at once, others by
/// the end of the morning of the next working day (QD28-6.2, stricter than ND30-18.1).
#[must_use]
pub fn send_by(
    signed: DateTime,
    urgency: Urgency,
    calendar: &WorkingCalendar,
    settings: &DeadlineSettings,
) -> DateTime {
    if urgency.is_urgent() {
        return signed;
    }
    let next = calendar.next_working_day(signed.date());
    // Where only the afternoon is worked there is no morning to wait for.
    let hour = match calendar.half_days.get(&next) {
        Some(HalfDay::Afternoon) => settings.day_ends,
        Some(HalfDay::Morning) | None => settings.morning_ends,
    };
    next.to_datetime(hour)
}

/// When a document that arrived at `arrived` must be registered: an urgent one at once, others by the end of the next
/// working day (ND30-4.2c).
#[must_use]
pub fn register_by(
    arrived: DateTime,
    urgency: Urgency,
    calendar: &WorkingCalendar,
    settings: &DeadlineSettings,
) -> DateTime {
    if urgency.is_urgent() {
        return arrived;
    }
    calendar
        .next_working_day(arrived.date())
        .to_datetime(settings.day_ends)
}

/// When a registered document must be presented: an urgent one at once, others by the end of the working day after
/// registration (ND30-23.1).
#[must_use]
pub fn present_by(
    registered: DateTime,
    urgency: Urgency,
    calendar: &WorkingCalendar,
    settings: &DeadlineSettings,
) -> DateTime {
    register_by(registered, urgency, calendar, settings)
}

/// What arrived before this moment and is not registered yet is late at `now`, and so is what was registered before it and not
/// presented; what is urgent is late at once. The other side of [`register_by`] and [`present_by`], for lists.
#[must_use]
pub fn arrivals_late_before(
    now: DateTime,
    calendar: &WorkingCalendar,
    settings: &DeadlineSettings,
) -> DateTime {
    late_before(now, |arrived| {
        register_by(arrived, Urgency::Normal, calendar, settings)
    })
}

/// Work that began before this moment is late at `now`, where `by` says by when it must be done; it hangs on the day of the beginning
/// alone, and a later beginning never makes it due earlier.
pub(crate) fn late_before(now: DateTime, by: impl Fn(DateTime) -> DateTime) -> DateTime {
    let mut day = now.date();
    // The longest row of days off is a few weeks; a calendar that never works makes nothing late.
    for _ in 0..LONGEST_ROW_OF_DAYS_OFF {
        if now > by(day.to_datetime(Time::midnight())) {
            return day.saturating_add(1.day()).to_datetime(Time::midnight());
        }
        day = day.saturating_sub(1.day());
    }
    day.to_datetime(Time::midnight())
}

/// So far back [`late_before`] looks for a working day.
const LONGEST_ROW_OF_DAYS_OFF: u32 = 90;

#[cfg(test)]
mod tests {
    use jiff::civil::{date, datetime};
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    fn send(signed: DateTime, urgency: Urgency) -> DateTime {
        send_by(
            signed,
            urgency,
            &WorkingCalendar::seeded(),
            &DeadlineSettings::default(),
        )
    }

    #[test]
    fn qd28_6_2_signed_on_friday_afternoon_is_sent_by_monday_noon() {
        let limit = send(datetime(2026, 11, 20, 16, 50, 0, 0), Urgency::Normal);
        assert!(datetime(2026, 11, 23, 11, 59, 0, 0) <= limit);
        assert!(datetime(2026, 11, 23, 12, 1, 0, 0) > limit);
    }

    #[test]
    fn qd28_6_2_urgent_documents_are_sent_right_after_signing() {
        let signed = datetime(2026, 11, 20, 16, 50, 0, 0);
        for urgency in [Urgency::Urgent, Urgency::VeryUrgent, Urgency::Express] {
            assert_eq!(send(signed, urgency), signed);
        }
    }

    #[test]
    fn cn_004_nd30_4_2c_registered_by_the_next_working_day_urgent_at_once() {
        let arrived = datetime(2026, 2, 13, 8, 0, 0, 0);
        let by = |urgency| {
            register_by(
                arrived,
                urgency,
                &WorkingCalendar::seeded(),
                &DeadlineSettings::default(),
            )
        };
        assert_eq!(by(Urgency::Normal), datetime(2026, 2, 23, 17, 0, 0, 0));
        assert_eq!(by(Urgency::Express), arrived);
    }

    #[rstest]
    #[case(None, date(2026, 11, 23), false, DeadlineState::NoDeadline)]
    #[case(Some(date(2026, 11, 30)), date(2026, 11, 23), false, DeadlineState::OnTime)]
    #[case(Some(date(2026, 11, 30)), date(2026, 11, 26), false, DeadlineState::DueSoon)]
    #[case(Some(date(2026, 11, 30)), date(2026, 11, 30), false, DeadlineState::DueSoon)]
    #[case(Some(date(2026, 11, 30)), date(2026, 12, 1), false, DeadlineState::Overdue)]
    #[case(Some(date(2026, 11, 30)), date(2026, 11, 30), true, DeadlineState::OnTime)]
    #[case(Some(date(2026, 11, 30)), date(2026, 12, 1), true, DeadlineState::Overdue)]
    #[case(Some(date(2026, 2, 23)), date(2026, 2, 13), false, DeadlineState::DueSoon)] // Tết between
    fn nd30_24_2_deadlines_stand_on_the_working_calendar(
        #[case] deadline: Option<Date>,
        #[case] day: Date,
        #[case] finished: bool,
        #[case] expected: DeadlineState,
    ) {
        let state = state_of(
            deadline,
            day,
            finished,
            &WorkingCalendar::seeded(),
            &DeadlineSettings::default(),
        );
        assert_eq!(state, expected);
    }

    proptest! {
        #[test]
        fn cn_004_nd30_4_2c_the_list_of_what_is_late_agrees_with_the_deadline_of_each(arrived in 0_i64..525_600, later in 0_i64..30_000) {
            let arrived = datetime(2026, 1, 1, 0, 0, 0, 0) + jiff::Span::new().minutes(arrived);
            let now = arrived + jiff::Span::new().minutes(later);
            let (calendar, settings) = (WorkingCalendar::seeded(), DeadlineSettings::default());
            let by = register_by(arrived, Urgency::Normal, &calendar, &settings);
            prop_assert_eq!(arrived < arrivals_late_before(now, &calendar, &settings), now > by, "{} {}", arrived, now);
        }

        #[test]
        fn nd30_24_2_lists_and_badges_agree_on_what_is_due_soon(offset in 0_i32..400, ahead in 0_i32..40, days in 0_u32..6) {
            let calendar = WorkingCalendar::seeded();
            let settings = DeadlineSettings { due_soon_working_days: days, ..DeadlineSettings::default() };
            let day = date(2026, 1, 1).checked_add(jiff::Span::new().days(offset)).unwrap();
            let deadline = day.checked_add(jiff::Span::new().days(ahead)).unwrap();
            let listed = deadline <= due_soon_until(day, &calendar, &settings);
            let state = state_of(Some(deadline), day, false, &calendar, &settings);
            prop_assert_eq!(listed, state == DeadlineState::DueSoon);
        }

        #[test]
        fn nd30_24_2_time_only_makes_it_later(offset in 0_i32..300, ahead in 0_i32..40) {
            let calendar = WorkingCalendar::seeded();
            let settings = DeadlineSettings::default();
            let start = date(2026, 1, 1).checked_add(jiff::Span::new().days(offset)).unwrap();
            let deadline = start.checked_add(jiff::Span::new().days(ahead)).unwrap();
            let mut day = start;
            let mut before = DeadlineState::OnTime;
            for _ in 0..60 {
                let now = state_of(Some(deadline), day, false, &calendar, &settings);
                prop_assert!(now >= before);
                before = now;
                day = day.tomorrow().unwrap();
            }
            prop_assert_eq!(before, DeadlineState::Overdue);
        }
    }
}
