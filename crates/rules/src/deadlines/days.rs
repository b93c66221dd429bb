//! Lịch làm việc as data: what is decided for single days, over the seeded calendar.

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

use super::{HalfDay, WorkingCalendar};
use crate::names::named_enum;
use crate::{Decision, Refusal};

named_enum! {
    /// What a day is.
    DayKind {
        /// Nghỉ: lễ, Tết, nghỉ bù, nghỉ hoán đổi.
        Off = "off", "Ngày nghỉ";
        /// Làm bù: a Saturday or Sunday that is worked.
        MakeUp = "make_up", "Ngày làm bù";
        /// Only the morning is worked.
        Morning = "morning", "Làm việc buổi sáng";
        /// Only the afternoon is worked.
        Afternoon = "afternoon", "Làm việc buổi chiều";
        /// As any other day of its weekday: takes back what the seeded calendar says.
        Ordinary = "ordinary", "Như ngày thường";
    }
}

/// What was decided for one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecidedDay {
    /// The day.
    pub day: Date,
    /// What it is.
    pub kind: DayKind,
    /// Why, as people call it: “Tết Nguyên đán”.
    pub name: String,
}

/// The longest stretch that is decided at once.
pub const MAX_DAYS: usize = 31;

/// The days from `from` to `to` as they are to be decided.
///
/// # Errors
/// `BLLD-112` without a name, for a stretch that ends before it begins or is longer than [`MAX_DAYS`], for a make-up day on
/// a weekday, for days outside of the years that a calendar is kept for.
pub fn decide_days(from: Date, to: Option<Date>, kind: DayKind, name: &str) -> Decision<Vec<DecidedDay>> {
    let refuse = |code, sentence: &str, field| Refusal::new("BLLD-112", code, sentence).on(field);
    let to = to.unwrap_or(from);
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        return Err(refuse(
            "calendar.no_name",
            "Vui lòng ghi tên ngày nghỉ hoặc lý do, kèm số văn bản nếu có.",
            "name",
        ));
    }
    if !(2000..=2100).contains(&from.year()) || !(2000..=2100).contains(&to.year()) {
        return Err(refuse(
            "calendar.out_of_range",
            "Lịch làm việc chỉ có từ năm 2000 đến năm 2100. Vui lòng kiểm tra lại ngày.",
            "from",
        ));
    }
    if to < from {
        return Err(refuse(
            "calendar.turned_round",
            "“Đến hết ngày” phải cùng hoặc sau “Từ ngày”.",
            "to",
        ));
    }
    let mut days = Vec::new();
    let mut day = from;
    while day <= to {
        if days.len() == MAX_DAYS {
            return Err(refuse(
                "calendar.too_long",
                "Mỗi lần đặt không quá 31 ngày. Vui lòng chia thành nhiều lần.",
                "to",
            ));
        }
        if kind == DayKind::MakeUp && !is_weekend(day) {
            return Err(refuse(
                "calendar.make_up_on_weekday",
                "Ngày làm bù phải là thứ Bảy hoặc Chủ nhật. Ngày nghỉ trong lịch muốn làm việc lại thì chọn “Như ngày thường”.",
                "kind",
            ));
        }
        days.push(DecidedDay {
            day,
            kind,
            name: name.clone(),
        });
        let Ok(tomorrow) = day.tomorrow() else { break };
        day = tomorrow;
    }
    Ok(days)
}

fn is_weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

impl WorkingCalendar {
    /// The calendar after these decisions: each takes the place of whatever was known of its day.
    #[must_use]
    pub fn with(mut self, decided: impl IntoIterator<Item = DecidedDay>) -> Self {
        for DecidedDay { day, kind, name } in decided {
            self.days_off.remove(&day);
            self.make_up_days.remove(&day);
            self.half_days.remove(&day);
            match kind {
                DayKind::Off => drop(self.days_off.insert(day, name)),
                DayKind::MakeUp => drop(self.make_up_days.insert(day)),
                DayKind::Morning => drop(self.half_days.insert(day, HalfDay::Morning)),
                DayKind::Afternoon => drop(self.half_days.insert(day, HalfDay::Afternoon)),
                DayKind::Ordinary => {}
            }
        }
        self
    }

    /// What `day` is; `None` for an ordinary day.
    #[must_use]
    pub fn kind_of(&self, day: Date) -> Option<DayKind> {
        if let Some(half) = self.half_days.get(&day) {
            return Some(match half {
                HalfDay::Morning => DayKind::Morning,
                HalfDay::Afternoon => DayKind::Afternoon,
            });
        }
        if self.make_up_days.contains(&day) {
            return Some(DayKind::MakeUp);
        }
        self.days_off.contains_key(&day).then_some(DayKind::Off)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    fn decided(day: Date, kind: DayKind) -> DecidedDay {
        DecidedDay {
            day,
            kind,
            name: "Nghỉ".to_owned(),
        }
    }

    #[rstest]
    #[case(date(2026, 1, 9), DayKind::Off, false)] // a Friday
    #[case(date(2026, 1, 10), DayKind::Ordinary, false)] // the seeded make-up Saturday is taken back
    #[case(date(2026, 1, 17), DayKind::MakeUp, true)]
    #[case(date(2026, 1, 17), DayKind::Morning, true)]
    #[case(date(2026, 2, 17), DayKind::Ordinary, true)] // a seeded holiday is taken back
    #[case(date(2026, 2, 17), DayKind::Afternoon, true)]
    fn blld_112_what_is_decided_takes_the_place_of_what_was_seeded(
        #[case] day: Date,
        #[case] kind: DayKind,
        #[case] worked: bool,
    ) {
        let calendar = WorkingCalendar::seeded().with([decided(day, kind)]);
        assert_eq!(calendar.is_working_day(day), worked);
        let shown = Some(kind).filter(|kind| *kind != DayKind::Ordinary);
        assert_eq!(calendar.kind_of(day), shown);
    }

    #[test]
    fn blld_112_a_stretch_is_decided_at_once() {
        let days = decide_days(
            date(2027, 2, 4),
            Some(date(2027, 2, 10)),
            DayKind::Off,
            " Tết  Nguyên đán ",
        )
        .unwrap();
        assert_eq!(days.len(), 7);
        assert_eq!(days[6].day, date(2027, 2, 10));
        assert!(days.iter().all(|day| day.name == "Tết Nguyên đán"));
        assert_eq!(
            decide_days(date(2027, 1, 4), None, DayKind::Off, "Nghỉ")
                .unwrap()
                .len(),
            1
        );
    }

    #[rstest]
    #[case(date(2026, 1, 9), None, DayKind::Off, " ", "calendar.no_name")]
    #[case(
        date(2026, 1, 9),
        Some(date(2026, 1, 8)),
        DayKind::Off,
        "Nghỉ",
        "calendar.turned_round"
    )]
    #[case(
        date(2026, 1, 9),
        Some(date(2026, 2, 9)),
        DayKind::Off,
        "Nghỉ",
        "calendar.too_long"
    )]
    #[case(
        date(2026, 1, 9),
        None,
        DayKind::MakeUp,
        "Làm bù",
        "calendar.make_up_on_weekday"
    )]
    #[case(date(1926, 1, 9), None, DayKind::Off, "Nghỉ", "calendar.out_of_range")]
    fn blld_112_what_makes_no_calendar_is_refused(
        #[case] from: Date,
        #[case] to: Option<Date>,
        #[case] kind: DayKind,
        #[case] name: &str,
        #[case] code: &str,
    ) {
        let refused = decide_days(from, to, kind, name).unwrap_err();
        assert_eq!((refused.clause, refused.code), ("BLLD-112", code));
    }

    proptest! {
        #[test]
        fn blld_112_the_last_decision_of_a_day_holds(offset in 0_i32..900, first in 0_usize..5, last in 0_usize..5) {
            let day = date(2025, 1, 1).checked_add(jiff::Span::new().days(offset)).unwrap();
            let (first, last) = (DayKind::ALL[first], DayKind::ALL[last]);
            let twice = WorkingCalendar::seeded().with([decided(day, first), decided(day, last)]);
            prop_assert_eq!(twice, WorkingCalendar::seeded().with([decided(day, last)]));
        }
    }
}
