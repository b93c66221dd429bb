//! Which algorithms and key lengths are accepted, and until when: rows of data with dates.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::reasons::Reason;

/// One row: this algorithm, from this length on, is accepted in this period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlgorithmRow {
    /// `RSA`, `ECDSA`, `SHA-256`, `SHA-384`, `SHA-512` …
    pub algorithm: String,
    /// Least key length in bits; 0 for hash functions.
    pub min_bits: u32,
    /// Accepted from this time on; without it always.
    pub from: Option<Timestamp>,
    /// Accepted before this time; without it without end.
    pub until: Option<Timestamp>,
}

/// What is not in a row is not accepted. SHA-1, MD5 and RSA-1024 are in none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlgorithmPolicy(pub Vec<AlgorithmRow>);

impl Default for AlgorithmPolicy {
    /// The list of the ministry's technical requirements: RSA from 2048, ECDSA from 256 bits, SHA-2 (TT 22/2020 Phụ lục II; KS-40, KS-41).
    fn default() -> Self {
        let row = |algorithm: &str, min_bits| AlgorithmRow {
            algorithm: algorithm.into(),
            min_bits,
            from: None,
            until: None,
        };
        Self(vec![
            row("RSA", 2048),
            row("ECDSA", 256),
            row("SHA-256", 0),
            row("SHA-384", 0),
            row("SHA-512", 0),
        ])
    }
}

impl AlgorithmPolicy {
    /// Is the algorithm with that length good at that time?
    #[must_use]
    pub fn accepts(&self, algorithm: &str, bits: u32, at: Timestamp) -> bool {
        self.0.iter().any(|row| {
            row.algorithm == algorithm
                && bits >= row.min_bits
                && row.from.is_none_or(|from| from <= at)
                && row.until.is_none_or(|until| at < until)
        })
    }

    /// Why it is not good at that time: never, or no longer.
    pub(crate) fn refusal(&self, algorithm: &str, bits: u32, at: Timestamp) -> Option<Reason> {
        if self.accepts(algorithm, bits, at) {
            return None;
        }
        let once = self
            .0
            .iter()
            .any(|row| row.algorithm == algorithm && bits >= row.min_bits);
        Some(if once {
            Reason::CryptoConstraintsNoPoe
        } else {
            Reason::CryptoConstraints
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ks_40_41_what_is_accepted() {
        let policy = AlgorithmPolicy::default();
        let now = Timestamp::UNIX_EPOCH;
        for (algorithm, bits, good) in [
            ("RSA", 2048, true),
            ("RSA", 4096, true),
            ("RSA", 1024, false),
            ("ECDSA", 256, true),
            ("ECDSA", 224, false),
            ("SHA-256", 0, true),
            ("SHA-512", 0, true),
            ("SHA-1", 0, false),
            ("MD5", 0, false),
            ("DSA", 2048, false),
        ] {
            assert_eq!(policy.accepts(algorithm, bits, now), good, "{algorithm} {bits}");
        }
    }

    #[test]
    fn ks_40_a_row_ends() {
        let end: Timestamp = "2031-01-01T00:00:00Z".parse().unwrap();
        let mut policy = AlgorithmPolicy::default();
        policy.0[0].until = Some(end);
        assert!(policy.accepts("RSA", 2048, "2030-12-31T23:59:59Z".parse().unwrap()));
        assert!(!policy.accepts("RSA", 2048, end));
    }
}
