//! Thời hạn phát hành và gửi (ND30 Điều 18.1; QD28 Điều 6.2; CN-214).
//!
//! Paper is issued on the day of signing, at the latest on the next working day. What goes electronically is issued and sent
//! by the morning of the next working day. Urgent documents go right after signing.

use jiff::civil::{DateTime, Time};
use serde::{Deserialize, Serialize};

use crate::deadlines::{self, DeadlineSettings, WorkingCalendar};
use crate::names::named_enum;
use crate::urgency::Urgency;
use crate::{Decision, Refusal};

named_enum! {
    /// How the recipients of a document are reached, as far as its deadline depends on it.
    Reach {
        /// At least one recipient gets it electronically.
        Electronic = "electronic", "Có nơi nhận điện tử";
        /// Every recipient gets it on paper.
        PaperOnly = "paper_only", "Chỉ gửi bản giấy";
    }
}

named_enum! {
    /// How the issue of a document stands against its deadline.
    Timeliness {
        /// There is still time: not before another working day.
        InTime = "in_time", "Trong hạn";
        /// The day of the deadline has come.
        Today = "today", "Đến hạn hôm nay";
        /// The deadline has passed.
        Late = "late", "Quá hạn";
    }
}

/// Hours that the agency sets for its outgoing documents, with the day from which they hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficeHours {
    /// End of “buổi sáng” (QD28-6.2).
    pub morning_ends: Time,
    /// End of the working day.
    pub day_ends: Time,
}

impl Default for OfficeHours {
    fn default() -> Self {
        let usual = DeadlineSettings::default();
        Self {
            morning_ends: usual.morning_ends,
            day_ends: usual.day_ends,
        }
    }
}

impl OfficeHours {
    /// The hours as an administrator sets them.
    ///
    /// # Errors
    /// `QD28-6.2` when the morning does not end in the morning, or the day not after it.
    pub fn checked(self) -> Decision<Self> {
        let refuse =
            |field, message: &str| Err(Refusal::new("QD28-6.2", "outgoing.office_hours", message).on(field));
        if !(9..=13).contains(&self.morning_ends.hour()) {
            return refuse(
                "morning_ends",
                "Giờ kết thúc buổi sáng phải trong khoảng 9 giờ đến 13 giờ 59.",
            );
        }
        if self.day_ends <= self.morning_ends {
            return refuse(
                "day_ends",
                "Giờ kết thúc ngày làm việc phải sau giờ kết thúc buổi sáng.",
            );
        }
        Ok(self)
    }
}

/// By when a document signed at `signed` (Vietnam time) must have been issued and, electronically, sent.
#[must_use]
pub fn issue_by(
    signed: DateTime,
    urgency: Urgency,
    reach: Reach,
    calendar: &WorkingCalendar,
    hours: OfficeHours,
) -> DateTime {
    let settings = DeadlineSettings {
        morning_ends: hours.morning_ends,
        day_ends: hours.day_ends,
        ..DeadlineSettings::default()
    };
    match reach {
        Reach::Electronic => deadlines::send_by(signed, urgency, calendar, &settings),
        Reach::PaperOnly if urgency.is_urgent() => signed,
        Reach::PaperOnly => calendar
            .next_working_day(signed.date())
            .to_datetime(hours.day_ends),
    }
}

/// What was signed before this moment and is not out yet is late at `now`, unless it is urgent, which is late at once: the other side
/// of [`issue_by`], for lists that look for what is late. A deadline hangs on the day of signing alone.
#[must_use]
pub fn late_before(now: DateTime, reach: Reach, calendar: &WorkingCalendar, hours: OfficeHours) -> DateTime {
    deadlines::late_before(now, |signed| {
        issue_by(signed, Urgency::Normal, reach, calendar, hours)
    })
}

/// How a document that is not issued, or not sent to everybody, stands at `now` (Vietnam time).
#[must_use]
pub fn timeliness(by: DateTime, now: DateTime) -> Timeliness {
    if now > by {
        Timeliness::Late
    } else if now.date() == by.date() {
        Timeliness::Today
    } else {
        Timeliness::InTime
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{datetime, time};
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    fn by(signed: DateTime, urgency: Urgency, reach: Reach) -> DateTime {
        issue_by(
            signed,
            urgency,
            reach,
            &WorkingCalendar::seeded(),
            OfficeHours::default(),
        )
    }

    #[rstest]
    // Signed on Friday at 16:50.
    #[case(datetime(2026, 11, 20, 17, 30, 0, 0), Timeliness::InTime)]
    #[case(datetime(2026, 11, 22, 9, 0, 0, 0), Timeliness::InTime)]
    #[case(datetime(2026, 11, 23, 11, 59, 0, 0), Timeliness::Today)]
    #[case(datetime(2026, 11, 23, 12, 1, 0, 0), Timeliness::Late)]
    fn qd28_16_1_signed_on_friday_is_sent_by_monday_noon(
        #[case] now: DateTime,
        #[case] expected: Timeliness,
    ) {
        let by = by(
            datetime(2026, 11, 20, 16, 50, 0, 0),
            Urgency::Normal,
            Reach::Electronic,
        );
        assert_eq!(timeliness(by, now), expected);
    }

    #[test]
    fn nd30_18_1_paper_is_issued_at_the_latest_on_the_next_working_day() {
        let signed = datetime(2026, 11, 20, 16, 50, 0, 0);
        assert_eq!(
            by(signed, Urgency::Normal, Reach::PaperOnly),
            datetime(2026, 11, 23, 17, 0, 0, 0)
        );
        // Over Tết.
        assert_eq!(
            by(
                datetime(2026, 2, 13, 8, 0, 0, 0),
                Urgency::Normal,
                Reach::PaperOnly
            ),
            datetime(2026, 2, 23, 17, 0, 0, 0)
        );
    }

    #[test]
    fn nd30_18_1_urgent_documents_are_issued_right_after_signing() {
        let signed = datetime(2026, 11, 20, 16, 50, 0, 0);
        for reach in Reach::ALL {
            assert_eq!(by(signed, Urgency::Urgent, *reach), signed);
        }
    }

    #[test]
    fn cn_214_the_hour_is_a_setting_of_the_agency() {
        let hours = OfficeHours {
            morning_ends: time(11, 30, 0, 0),
            day_ends: time(16, 30, 0, 0),
        }
        .checked()
        .unwrap();
        let signed = datetime(2026, 11, 20, 16, 50, 0, 0);
        let by = |reach| issue_by(signed, Urgency::Normal, reach, &WorkingCalendar::seeded(), hours);
        assert_eq!(by(Reach::Electronic), datetime(2026, 11, 23, 11, 30, 0, 0));
        assert_eq!(by(Reach::PaperOnly), datetime(2026, 11, 23, 16, 30, 0, 0));
    }

    #[rstest]
    #[case(time(15, 0, 0, 0), time(17, 0, 0, 0), "morning_ends")]
    #[case(time(12, 0, 0, 0), time(11, 0, 0, 0), "day_ends")]
    fn cn_214_hours_that_are_none_are_refused(
        #[case] morning_ends: jiff::civil::Time,
        #[case] day_ends: jiff::civil::Time,
        #[case] field: &str,
    ) {
        let refused = OfficeHours {
            morning_ends,
            day_ends,
        }
        .checked()
        .unwrap_err();
        assert_eq!((refused.clause, refused.field), ("QD28-6.2", Some(field)));
    }

    proptest! {
        #[test]
        fn cn_214_the_list_of_what_is_late_agrees_with_the_deadline_of_each(signed in 0_i64..525_600, later in 0_i64..30_000) {
            let signed = datetime(2026, 1, 1, 0, 0, 0, 0) + jiff::Span::new().minutes(signed);
            let now = signed + jiff::Span::new().minutes(later);
            for reach in Reach::ALL {
                let late = timeliness(by(signed, Urgency::Normal, *reach), now) == Timeliness::Late;
                let before = late_before(now, *reach, &WorkingCalendar::seeded(), OfficeHours::default());
                prop_assert_eq!(signed < before, late, "{} {} {:?}", signed, now, reach);
            }
        }

        #[test]
        fn cn_214_what_is_sent_electronically_is_never_later_than_paper(minutes in 0_i64..525_600) {
            let signed = datetime(2026, 1, 1, 0, 0, 0, 0) + jiff::Span::new().minutes(minutes);
            for urgency in Urgency::ALL {
                let electronic = by(signed, *urgency, Reach::Electronic);
                prop_assert!(electronic >= signed);
                prop_assert!(electronic <= by(signed, *urgency, Reach::PaperOnly));
            }
        }
    }
}
