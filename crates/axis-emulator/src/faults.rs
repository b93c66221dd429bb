//! What goes wrong, and when: rules, each drawn from the seed and the number of the request that it looks at, so that a
//! run can be repeated.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axis::client::Operation;
use serde::{Deserialize, Serialize};

/// One kind of trouble.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case", deny_unknown_fields)]
pub enum Fault {
    /// What was asked is done at once, the answer comes later: a caller that does not wait cannot know.
    Delay {
        /// By how much.
        millis: u64,
    },
    /// The connection is closed before anything was taken.
    DropBefore,
    /// What was asked is done, and the connection is closed without an answer: the caller cannot know.
    TakeThenDrop,
    /// The axis says no and does nothing.
    Refuse {
        /// `ErrorCode`.
        code: String,
    },
    /// A proxy answers with this HTTP status; nothing is done.
    Http {
        /// The status.
        status: u16,
    },
    /// What was asked is done, and the answer has no body.
    EmptyAnswer,
    /// What was asked is done, and the answer ends in the middle although its length is right.
    TruncatedAnswer,
    /// What was asked is done, and the connection breaks in the middle of the answer.
    CutAnswer,
    /// What was asked is done, and the answer is a page of HTML.
    GarbageAnswer,
    /// The answer's body comes in pieces with pauses.
    SlowBody {
        /// Bytes of a piece.
        piece: usize,
        /// Pause between two.
        millis: u64,
    },
    /// A sent packet lies there twice, under two ids (operation `send`).
    Duplicate,
    /// A packet whose status became `done` lies there again under the same id (operation `update_status`).
    Again,
    /// Lists come in another order.
    Reorder,
    /// A sent packet is written anew as the real axis does, even if the axis otherwise keeps bytes (operation `send`).
    Reserialise,
    /// A sent packet is not in the lists for a while (operation `send`).
    Hide {
        /// For how long.
        millis: u64,
        /// Also from the sender's list: looking it up finds nothing.
        #[serde(default)]
        from_sender: bool,
    },
    /// A packet is fetched with some bytes changed, once for each packet (operations `get_packet`, `download_packet`).
    Damage,
}

/// A trouble, and for which requests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultRule {
    /// The trouble.
    #[serde(flatten)]
    pub fault: Fault,
    /// Of a thousand requests that the rule looks at.
    #[serde(default = "always")]
    pub per_mille: u32,
    /// Operations it looks at; none named means all.
    #[serde(default)]
    pub operations: Vec<Operation>,
    /// Systems it looks at; none named means all.
    #[serde(default)]
    pub systems: Vec<String>,
    /// How many of its requests pass before it begins.
    #[serde(default)]
    pub after: u64,
    /// How often at most.
    #[serde(default)]
    pub times: Option<u64>,
}

fn always() -> u32 {
    1000
}

impl FaultRule {
    /// Always, for every request.
    pub fn always(fault: Fault) -> Self {
        Self {
            fault,
            per_mille: always(),
            operations: Vec::new(),
            systems: Vec::new(),
            after: 0,
            times: None,
        }
    }

    /// Only of these operations.
    #[must_use]
    pub fn on(mut self, operations: &[Operation]) -> Self {
        self.operations = operations.to_vec();
        self
    }

    /// Only so often.
    #[must_use]
    pub fn times(mut self, times: u64) -> Self {
        self.times = Some(times);
        self
    }

    /// Only of so many in a thousand.
    #[must_use]
    pub fn per_mille(mut self, per_mille: u32) -> Self {
        self.per_mille = per_mille;
        self
    }

    fn looks_at(&self, operation: Operation, system: &str) -> bool {
        (self.operations.is_empty() || self.operations.contains(&operation))
            && (self.systems.is_empty() || self.systems.iter().any(|s| s == system))
    }
}

/// What the control API takes and shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FaultSet {
    /// Another seed than that of the start.
    pub seed: Option<u64>,
    /// Nobody listens at the axis' port.
    pub down: bool,
    /// The rules, looked at in this order; all that hit are applied.
    pub rules: Vec<FaultRule>,
}

#[derive(Debug, Default)]
struct Counted {
    set: FaultSet,
    /// Requests looked at and hits, for each rule.
    counts: Vec<(u64, u64)>,
}

/// The troubles of an emulator, shared by all who set and feel them.
#[derive(Debug, Clone)]
pub struct Faults {
    seed: u64,
    inner: Arc<Mutex<Counted>>,
    down: tokio::sync::watch::Sender<bool>,
}

impl Faults {
    /// None, with this seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            seed,
            inner: Arc::default(),
            down: tokio::sync::watch::Sender::new(false),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Counted> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Replaces all rules; counting begins anew.
    pub fn set(&self, set: FaultSet) {
        self.down.send_replace(set.down);
        let counts = vec![(0, 0); set.rules.len()];
        *self.lock() = Counted { set, counts };
    }

    /// Replaces all rules by these.
    pub fn rules(&self, rules: impl IntoIterator<Item = FaultRule>) {
        self.set(FaultSet {
            rules: rules.into_iter().collect(),
            ..FaultSet::default()
        });
    }

    /// Nothing goes wrong any more.
    pub fn clear(&self) {
        self.set(FaultSet::default());
    }

    /// Closes or opens the port of the axis; rules stay.
    pub fn set_down(&self, down: bool) {
        self.lock().set.down = down;
        self.down.send_replace(down);
    }

    /// The rules, and how often each hit.
    pub fn shown(&self) -> (FaultSet, Vec<u64>) {
        let inner = self.lock();
        let hits = inner.counts.iter().map(|(_, hits)| *hits).collect();
        (inner.set.clone(), hits)
    }

    pub(crate) fn watch_down(&self) -> tokio::sync::watch::Receiver<bool> {
        self.down.subscribe()
    }

    /// The troubles of this request.
    pub(crate) fn of(&self, operation: Operation, system: &str) -> Vec<Fault> {
        let mut inner = self.lock();
        let Counted { set, counts } = &mut *inner;
        let seed = set.seed.unwrap_or(self.seed);
        let mut hit = Vec::new();
        for (number, (rule, (seen, hits))) in set.rules.iter().zip(counts).enumerate() {
            if !rule.looks_at(operation, system) {
                continue;
            }
            *seen += 1;
            let drawn = mix(seed ^ mix(number as u64 + 1) ^ *seen) % 1000;
            let open = *seen > rule.after && rule.times.is_none_or(|times| *hits < times);
            if open && drawn < u64::from(rule.per_mille) {
                *hits += 1;
                hit.push(rule.fault.clone());
            }
        }
        hit
    }
}

/// SplitMix64: a number that looks random, from one that does not.
pub(crate) fn mix(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(seed: u64) -> Vec<bool> {
        let faults = Faults::new(seed);
        faults.rules([FaultRule::always(Fault::DropBefore).per_mille(300)]);
        (0..1000)
            .map(|_| !faults.of(Operation::Send, "A").is_empty())
            .collect()
    }

    #[test]
    fn the_same_seed_gives_the_same_troubles() {
        assert_eq!(drawn(7), drawn(7));
        assert_ne!(drawn(7), drawn(8));
        let hits = drawn(7).iter().filter(|hit| **hit).count();
        assert!((250..350).contains(&hits), "{hits}");
    }

    #[test]
    fn a_rule_looks_only_at_its_requests_and_stops() {
        let faults = Faults::new(1);
        let mut rule = FaultRule::always(Fault::EmptyAnswer)
            .on(&[Operation::Send])
            .times(2);
        rule.after = 1;
        rule.systems = vec!["A".to_owned()];
        faults.rules([rule]);
        let send = |system| faults.of(Operation::Send, system).len();
        assert_eq!(faults.of(Operation::ListSent, "A").len(), 0);
        assert_eq!(send("B"), 0);
        assert_eq!([send("A"), send("A"), send("A"), send("A")], [0, 1, 1, 0]);
        assert_eq!(faults.shown().1, [2]);
    }

    #[test]
    fn rules_are_json() {
        let text = r#"{"seed":7,"rules":[
            {"fault":"take_then_drop","operations":["send"],"per_mille":100,"times":3},
            {"fault":"delay","millis":200}]}"#;
        let set: FaultSet = serde_json::from_str(text).unwrap();
        assert_eq!(set.rules[0].times, Some(3));
        assert_eq!(set.rules[1].fault, Fault::Delay { millis: 200 });
        assert!(serde_json::from_str::<FaultSet>(r#"{"rules":[{"fault":"earthquake"}]}"#).is_err());
        let shown = serde_json::to_string(&set).unwrap();
        assert_eq!(serde_json::from_str::<FaultSet>(&shown).unwrap(), set);
    }
}
