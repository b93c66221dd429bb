//! What came of it.

use std::fmt::Write as _;
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use super::desk::{Miss, Verdict};
use super::{Scenario, Setup};

/// How a scenario ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// As it should.
    Pass,
    /// Not as it should.
    Fail,
    /// It could not be played here.
    NotApplicable,
}

/// One scenario.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Result {
    /// Its name.
    pub name: &'static str,
    /// What it is, in Vietnamese.
    pub title: &'static str,
    /// Clauses and sections it rests on.
    pub basis: &'static str,
    /// How it ended.
    pub outcome: Outcome,
    /// What was seen, or why not.
    pub detail: String,
    /// How long it took.
    pub seconds: f64,
}

impl Result {
    pub(super) fn new(scenario: &Scenario, verdict: Verdict, took: Duration) -> Self {
        let (outcome, detail) = match verdict {
            Ok(seen) => (Outcome::Pass, seen),
            Err(Miss::Failed(why)) => (Outcome::Fail, why),
            Err(Miss::NotApplicable(why)) => (Outcome::NotApplicable, why),
        };
        Self {
            name: scenario.name,
            title: scenario.title,
            basis: scenario.basis,
            outcome,
            detail,
            seconds: (took.as_secs_f64() * 10.0).round() / 10.0,
        }
    }

    /// One line of the report.
    pub fn line(&self) -> String {
        let mark = match self.outcome {
            Outcome::Pass => "ĐẠT      ",
            Outcome::Fail => "KHÔNG ĐẠT",
            Outcome::NotApplicable => "KHÔNG THỬ",
        };
        let (name, title, detail, basis) = (self.name, self.title, &self.detail, self.basis);
        format!(
            "{mark}  {name}: {title} — {detail} [{basis}] ({:.1} giây)",
            self.seconds
        )
    }
}

/// All of them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// The agency whose system was judged.
    pub partner: String,
    /// The kit's agency.
    pub from: String,
    /// When it began.
    pub started_at: Timestamp,
    /// The scenarios, in their order.
    pub results: Vec<Result>,
}

impl Report {
    pub(super) fn new(setup: &Setup, started_at: Timestamp) -> Self {
        Self {
            partner: setup.partner_code.clone(),
            from: setup.our_code.clone(),
            started_at,
            results: Vec::new(),
        }
    }

    /// How many ended so.
    pub fn count(&self, outcome: Outcome) -> usize {
        self.results.iter().filter(|r| r.outcome == outcome).count()
    }

    /// The last line.
    pub fn summary(&self) -> String {
        let mut text = String::new();
        // Writing to a String cannot fail.
        let _ = write!(
            text,
            "{} kịch bản: {} đạt, {} không đạt, {} không thử được",
            self.results.len(),
            self.count(Outcome::Pass),
            self.count(Outcome::Fail),
            self.count(Outcome::NotApplicable)
        );
        text
    }

    /// 0 when all passed, 1 when one did not, 2 when none failed but not all could be played.
    pub fn exit_code(&self) -> u8 {
        if self.count(Outcome::Fail) > 0 {
            1
        } else if self.count(Outcome::NotApplicable) > 0 || self.results.is_empty() {
            2
        } else {
            0
        }
    }
}
