//! Thời hạn: the working calendar and the deadlines that law sets (ND30 14.5, QD28-6.2).

mod calendar;
mod days;
mod due;
mod holidays;
mod hours;

pub use calendar::{HalfDay, WorkingCalendar};
pub use days::{DayKind, DecidedDay, MAX_DAYS, decide_days};
pub(crate) use due::late_before;
pub use due::{
    DeadlineSettings, DeadlineState, arrivals_late_before, due_soon_until, present_by, register_by, send_by,
    state_of,
};
pub use holidays::{DayOff, MakeUpDay, SEED_DAYS_OFF, SEED_MAKE_UP_DAYS};
pub use hours::working_hours_before;
