//! The days of a report and what its reader answers for: asked the same for the numbers and for the lists behind them.

use jiff::{Timestamp, civil::Date};
use rules::{
    deadlines::DeadlineSettings,
    ids::UnitId,
    office_time::VIETNAM,
    workload::{self, Period, View},
};

use crate::{
    context::{App, Who},
    error::AppResult,
};

/// The days of a report.
pub(super) struct Days<'a> {
    app: &'a App,
    view: View,
    from: Date,
    to: Date,
    /// The first moment.
    pub begin: Timestamp,
    /// The first moment after the last day.
    pub end: Timestamp,
    settings: DeadlineSettings,
}

impl<'a> Days<'a> {
    /// These days, for this reader.
    ///
    /// # Errors
    /// The refusals of [`workload::view_of`] and [`workload::days`].
    pub fn new(app: &'a App, who: &Who, from: Date, to: Date) -> AppResult<Self> {
        let view = workload::view_of(&who.actor)?;
        workload::days(from, to)?;
        let midnight = |day: Date| {
            VIETNAM
                .to_timestamp(day.at(0, 0, 0, 0))
                .map_err(anyhow::Error::from)
        };
        Ok(Self {
            app,
            view,
            from,
            to,
            begin: midnight(from)?,
            end: midnight(to.tomorrow().unwrap_or(to))?,
            settings: DeadlineSettings {
                due_soon_working_days: app.settings.documents.due_soon_days,
                ..DeadlineSettings::default()
            },
        })
    }

    /// As the rule wants to know them.
    pub fn period(&self) -> Period<'_> {
        Period {
            from: self.from,
            to: self.to,
            today: self.app.clock.today(),
            calendar: &self.app.calendar,
            settings: &self.settings,
        }
    }

    /// Whether the reader answers for the work of this unit.
    pub fn shows(&self, unit: Option<UnitId>) -> bool {
        match self.view {
            View::Agency => true,
            View::Unit(own) => unit == Some(own),
        }
    }
}
