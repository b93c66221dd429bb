//! The conformance kit: it connects to an axis as a system of its own, plays scenarios to a partner, and judges what the
//! partner sends back.
//!
//! What it can see is what any system sees: the state of its packets at the recipient (`list_sent`: `done`, `fail`), and
//! the status messages that come back. What a clerk of the partner must do is asked of a [`Clerk`].

mod clerk;
mod desk;
mod report;
mod scenarios;

use std::sync::Arc;
use std::time::{Duration, Instant};

use axis::client::AxisTransport;

pub use clerk::{Act, Alone, Asked, Clerk, Nobody, Program};
pub use report::{Outcome, Report, Result as ScenarioResult};
pub use scenarios::{SCENARIOS, Scenario};

use crate::emulator::Clock;
use desk::Desk;

/// What is judged, from where, and how long to wait.
pub struct Setup {
    /// The connection of the kit's own system.
    pub axis: Arc<dyn AxisTransport>,
    /// The same with a wrong secret: whether the axis checks it. Not checked when missing.
    pub axis_with_wrong_secret: Option<Arc<dyn AxisTransport>>,
    /// An agency of the kit's system.
    pub our_code: String,
    /// The agency whose system is judged.
    pub partner_code: String,
    /// The old code of that agency, when it has one.
    pub partner_old_code: Option<String>,
    /// How long the partner may take.
    pub within: Duration,
    /// How long to wait for what must not come.
    pub settle: Duration,
    /// Time between two looks.
    pub poll: Duration,
    /// Bytes of the large attachment.
    pub large_bytes: usize,
    /// How many documents a series has.
    pub series: usize,
    /// The time.
    pub clock: Clock,
    /// Who does what a clerk of the partner must do.
    pub clerk: Arc<dyn Clerk>,
}

impl std::fmt::Debug for Setup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Setup")
            .field("our_code", &self.our_code)
            .field("partner_code", &self.partner_code)
            .field("within", &self.within)
            .finish_non_exhaustive()
    }
}

/// Plays the scenarios of these names, or all, in their order. `told` hears each result at once.
///
/// # Errors
/// The first name that no scenario has.
pub async fn run(
    setup: Setup,
    names: &[String],
    mut told: impl FnMut(&ScenarioResult),
) -> Result<Report, String> {
    let unknown = names
        .iter()
        .find(|name| !SCENARIOS.iter().any(|s| s.name == **name));
    if let Some(name) = unknown {
        return Err(name.clone());
    }
    let mut desk = Desk::new(setup);
    let mut report = Report::new(desk.setup(), (desk.setup().clock)());
    let chosen = SCENARIOS
        .iter()
        .filter(|s| names.is_empty() || names.iter().any(|name| name == s.name));
    for scenario in chosen {
        let started = Instant::now();
        let verdict = (scenario.run)(&mut desk).await;
        let result = ScenarioResult::new(scenario, verdict, started.elapsed());
        told(&result);
        report.results.push(result);
    }
    Ok(report)
}
