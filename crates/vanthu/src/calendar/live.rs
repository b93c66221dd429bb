//! The calendar that is in force now. It is asked everywhere and changes a few times a year, so it lies in memory.

use std::{ops::Deref, sync::RwLock, time::Duration};

use rules::deadlines::{DecidedDay, WorkingCalendar};
use store::{Row, args, sql};

use crate::{context::App, error::AppResult};

/// Reads as the [`WorkingCalendar`] in force. A calendar once read stays in memory until the program ends: a few kilobytes
/// for each change, so that nobody who counts days holds a lock.
pub struct LiveCalendar(RwLock<&'static WorkingCalendar>);

impl LiveCalendar {
    /// The seeded calendar, until [`load`] was called.
    pub fn seeded() -> Self {
        let calendar: &'static WorkingCalendar = Box::leak(Box::new(WorkingCalendar::seeded()));
        Self(RwLock::new(calendar))
    }

    fn current(&self) -> &'static WorkingCalendar {
        match self.0.read() {
            Ok(current) => *current,
            Err(poisoned) => *poisoned.into_inner(),
        }
    }

    fn replace(&self, calendar: WorkingCalendar) {
        if *self.current() == calendar {
            return;
        }
        let calendar: &'static WorkingCalendar = Box::leak(Box::new(calendar));
        match self.0.write() {
            Ok(mut current) => *current = calendar,
            Err(poisoned) => *poisoned.into_inner() = calendar,
        }
    }
}

impl Deref for LiveCalendar {
    type Target = WorkingCalendar;
    fn deref(&self) -> &WorkingCalendar {
        self.current()
    }
}

/// Brings the calendar in memory to what the database says.
///
/// # Errors
/// When the database fails.
pub async fn load(app: &App) -> AppResult<()> {
    let rows = app
        .db
        .all(
            sql!("SELECT day, kind, name FROM calendar_day ORDER BY day"),
            args![],
        )
        .await?;
    let decided = rows
        .iter()
        .map(decided)
        .collect::<store::Result<Vec<DecidedDay>>>()?;
    app.calendar.replace(WorkingCalendar::seeded().with(decided));
    Ok(())
}

pub(super) fn decided(row: &Row) -> store::Result<DecidedDay> {
    Ok(DecidedDay {
        day: row.get("day")?,
        kind: row.parse("kind")?,
        name: row.get("name")?,
    })
}

/// Another node may have changed the calendar: looks once a minute.
pub async fn refresh_regularly(app: App) {
    loop {
        tokio::time::sleep(Duration::from_secs(60)).await;
        if let Err(error) = load(&app).await {
            tracing::warn!(%error, "the calendar could not be read; tried again in a minute");
        }
    }
}
