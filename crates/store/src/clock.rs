//! Time and ids as values: the program asks these, tests set them.

use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicU64, Ordering},
};

use jiff::{Timestamp, Zoned, civil::Date, tz::TimeZone};
use uuid::Uuid;

/// Where the time comes from. Cheap to clone.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// A clock that a test moves by hand; microseconds since 1970.
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `at` until [`Clock::set`] moves it.
    pub fn manual(at: Timestamp) -> Self {
        Self::Manual(Arc::new(AtomicI64::new(at.as_microsecond())))
    }

    /// The time now, cut to microseconds as the database keeps it.
    pub fn now(&self) -> Timestamp {
        let micros = match self {
            #[expect(clippy::disallowed_methods, reason = "the one place that asks the machine")]
            Self::System => Timestamp::now().as_microsecond(),
            Self::Manual(at) => at.load(Ordering::SeqCst),
        };
        Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// The civil date in Viet Nam.
    pub fn today(&self) -> Date {
        vietnam(self.now()).date()
    }

    /// Moves a manual clock; the machine's clock cannot be moved.
    pub fn set(&self, to: Timestamp) {
        if let Self::Manual(at) = self {
            at.store(to.as_microsecond(), Ordering::SeqCst);
        }
    }
}

/// The time as a clock in Viet Nam shows it (Asia/Ho_Chi_Minh; QĐ 28/2018 Điều 14.4).
pub fn vietnam(at: Timestamp) -> Zoned {
    let zone = TimeZone::get("Asia/Ho_Chi_Minh").unwrap_or_else(|_| TimeZone::fixed(jiff::tz::offset(7)));
    at.to_zoned(zone)
}

/// Where new ids come from. Cheap to clone.
#[derive(Debug, Clone)]
pub enum Ids {
    /// Time-ordered random ids (UUIDv7).
    Random,
    /// Counting ids for tests whose output is compared.
    Counting(Arc<AtomicU64>),
}

impl Ids {
    /// Ids that count from 1.
    pub fn counting() -> Self {
        Self::Counting(Arc::new(AtomicU64::new(1)))
    }

    /// A new id.
    pub fn next(&self) -> Uuid {
        match self {
            #[expect(clippy::disallowed_methods, reason = "the one place that makes ids")]
            Self::Random => Uuid::now_v7(),
            Self::Counting(next) => Uuid::from_u128(u128::from(next.fetch_add(1, Ordering::SeqCst))),
        }
    }
}
