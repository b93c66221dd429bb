//! Public holidays as data. They are decided every year, so an installation edits them.

use jiff::civil::{Date, date};

/// A day off that falls, or may fall, on a weekday.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayOff {
    /// The day.
    pub date: Date,
    /// Why.
    pub name: &'static str,
    /// Whether the official schedule of the year was not yet known when this was written.
    pub provisional: bool,
}

/// A Saturday or Sunday on which people work for a weekday off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MakeUpDay {
    /// The day.
    pub date: Date,
    /// What it makes up for.
    pub name: &'static str,
}

const fn off(year: i16, month: i8, day: i8, name: &'static str) -> DayOff {
    DayOff {
        date: date(year, month, day),
        name,
        provisional: false,
    }
}

const fn expected(year: i16, month: i8, day: i8, name: &'static str) -> DayOff {
    DayOff {
        provisional: true,
        ..off(year, month, day, name)
    }
}

const NEW_YEAR: &str = "Tết Dương lịch";
const TET: &str = "Tết Nguyên đán";
const HUNG_KINGS: &str = "Giỗ Tổ Hùng Vương";
const VICTORY: &str = "Ngày Chiến thắng";
const LABOUR: &str = "Ngày Quốc tế lao động";
const NATIONAL: &str = "Quốc khánh";
const IN_LIEU: &str = "Nghỉ bù";
const SWAPPED: &str = "Nghỉ hoán đổi";

/// Days off of 2025 to 2027. The lunar days of 2027 (Tết on 06/02/2027, Giỗ Tổ on 16/4/2027) are calculated; how many
/// days are given around them is provisional.
pub const SEED_DAYS_OFF: &[DayOff] = &[
    off(2025, 1, 1, NEW_YEAR),
    off(2025, 1, 27, TET),
    off(2025, 1, 28, TET),
    off(2025, 1, 29, TET),
    off(2025, 1, 30, TET),
    off(2025, 1, 31, TET),
    off(2025, 4, 7, HUNG_KINGS),
    off(2025, 4, 30, VICTORY),
    off(2025, 5, 1, LABOUR),
    off(2025, 5, 2, SWAPPED),
    off(2025, 9, 1, NATIONAL),
    off(2025, 9, 2, NATIONAL),
    off(2026, 1, 1, NEW_YEAR),
    off(2026, 1, 2, SWAPPED),
    off(2026, 2, 16, TET),
    off(2026, 2, 17, TET),
    off(2026, 2, 18, TET),
    off(2026, 2, 19, TET),
    off(2026, 2, 20, TET),
    off(2026, 4, 26, HUNG_KINGS),
    off(2026, 4, 27, IN_LIEU),
    off(2026, 4, 30, VICTORY),
    off(2026, 5, 1, LABOUR),
    off(2026, 8, 31, SWAPPED),
    off(2026, 9, 1, NATIONAL),
    off(2026, 9, 2, NATIONAL),
    off(2027, 1, 1, NEW_YEAR),
    expected(2027, 2, 5, TET),
    off(2027, 2, 6, TET),
    off(2027, 2, 7, TET),
    off(2027, 2, 8, TET),
    expected(2027, 2, 9, TET),
    expected(2027, 2, 10, IN_LIEU),
    expected(2027, 2, 11, IN_LIEU),
    off(2027, 4, 16, HUNG_KINGS),
    off(2027, 4, 30, VICTORY),
    off(2027, 5, 1, LABOUR),
    expected(2027, 5, 3, IN_LIEU),
    off(2027, 9, 2, NATIONAL),
    expected(2027, 9, 3, NATIONAL),
];

/// Saturdays worked for a swapped weekday.
pub const SEED_MAKE_UP_DAYS: &[MakeUpDay] = &[
    MakeUpDay {
        date: date(2025, 4, 26),
        name: "Làm bù cho ngày 02/5/2025",
    },
    MakeUpDay {
        date: date(2026, 1, 10),
        name: "Làm bù cho ngày 02/01/2026",
    },
    MakeUpDay {
        date: date(2026, 8, 22),
        name: "Làm bù cho ngày 31/8/2026",
    },
];
