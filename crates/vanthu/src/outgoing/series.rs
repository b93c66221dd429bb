//! Dãy số văn bản đi (ND30-15): the next number of a series, foreseen before the act and taken in it.
//!
//! A composed document carries its number in its text, and laying it out takes longer than anything else of an issue.
//! Done in the act it would make the whole house wait (on SQLite an act is the one writer). So the number is foreseen,
//! the PDF is made outside, and the act only finds that the number is still the one it has made.

use rules::{
    document_types::DocumentType,
    ids::AgencyId,
    numbering::{self, LastTaken, SeriesRule, Taken},
};
use store::{Act, Row, Sql, args, sql};
use tokio::sync::MutexGuard;

use crate::{context::App, error::AppResult};

const LAST: Sql = sql!(
    "SELECT last_number, last_date FROM number_counter WHERE agency_id = $1 AND series = $2 \
     AND last_number > 0 ORDER BY year DESC LIMIT 1"
);

/// One series of one agency.
#[derive(Debug)]
pub(super) struct Series {
    agency: AgencyId,
    key: String,
}

impl Series {
    /// The series in which documents of `kind` are numbered.
    pub fn of(agency: AgencyId, rule: &SeriesRule, kind: &DocumentType) -> Self {
        Self {
            agency,
            key: numbering::series_key(rule, kind),
        }
    }

    /// As it is written down.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Waits until nobody else of this node is between [`Self::foresee`] and the end of the act.
    pub async fn turn<'app>(&self, app: &'app App) -> MutexGuard<'app, ()> {
        app.turn(&(self.agency, &self.key)).await
    }

    /// What [`Self::take`] will give, unless another node or midnight comes in between.
    ///
    /// # Errors
    /// The refusal of [`numbering::next`]; when the database fails.
    pub async fn foresee(&self, app: &App) -> AppResult<Taken> {
        let last = app.db.opt(LAST, args![self.agency, self.key.as_str()]).await?;
        Ok(numbering::next(
            last.as_ref().map(last_taken).transpose()?,
            app.clock.today(),
        )?)
    }

    /// Takes the next number. The counter's row is locked from here to the end of the act, so that numbers are given
    /// one after another and a rolled-back act gives its number back.
    ///
    /// # Errors
    /// The refusal of [`numbering::next`]; when the database fails.
    pub async fn take(&self, act: &mut Act) -> AppResult<Taken> {
        let today = act.today();
        act.run(
            sql!(
                "INSERT INTO number_counter (agency_id, series, year, last_number, last_date) VALUES ($1, $2, $3, 0, $4) \
                 ON CONFLICT (agency_id, series, year) DO UPDATE SET last_number = number_counter.last_number"
            ),
            args![self.agency, self.key.as_str(), today.year(), today],
        )
        .await?;
        let last = act.opt(LAST, args![self.agency, self.key.as_str()]).await?;
        let taken = numbering::next(last.as_ref().map(last_taken).transpose()?, today)?;
        act.run(
            sql!(
                "UPDATE number_counter SET last_number = $4, last_date = $5 WHERE agency_id = $1 AND series = $2 AND year = $3"
            ),
            args![self.agency, self.key.as_str(), taken.year, taken.number, taken.date],
        )
        .await?;
        Ok(taken)
    }
}

fn last_taken(row: &Row) -> store::Result<LastTaken> {
    Ok(LastTaken {
        number: row.get("last_number")?,
        date: row.get("last_date")?,
    })
}
