//! Guessing passwords is slow: failures are counted by network address, and by address and account, before a password
//! is even hashed. So a stranger is stopped at the own address before the account locks for its owner.
//!
//! The counts are kept in memory, by each node for itself; the lock of the account is in the database.

use std::{
    collections::HashMap,
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::{Mutex, MutexGuard, PoisonError},
};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, request::Parts},
};
use jiff::{SignedDuration, Timestamp};
use rules::organization::{LockPolicy, LockState, after_failure, may_try_sign_in};

use super::authenticate::Denied;
use crate::{
    context::App,
    error::{AppError, AppResult},
};

/// The network that a request comes from: an IPv4 address, or the /64 of an IPv6 address, which is one household.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Origin(IpAddr);

impl Origin {
    /// Of an address.
    pub fn of(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V6(v6) => {
                let [a, b, c, d, ..] = v6.segments();
                IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
            }
            v4 @ IpAddr::V4(_) => v4,
        })
    }
}

impl FromRequestParts<App> for Origin {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let peer = || {
            parts
                .extensions
                .get::<ConnectInfo<SocketAddr>>()
                .map(|info| info.0.ip())
        };
        let named = app
            .settings
            .server
            .behind_proxy
            .then(|| named(&parts.headers))
            .flatten();
        // Without a socket (calls in process) everybody is the same neighbour.
        let address = named.or_else(peer).unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
        Ok(Self::of(address))
    }
}

/// The client as our own proxy names it: the last entry of the last line. Earlier ones anybody can write.
fn named(headers: &HeaderMap) -> Option<IpAddr> {
    let line = headers.get_all("x-forwarded-for").iter().next_back()?;
    let entry = line.to_str().ok()?.rsplit(',').next()?.trim();
    let bare = || entry.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    let with_port = || entry.parse::<SocketAddr>().ok().map(|address| address.ip());
    entry.parse().ok().or_else(with_port).or_else(bare)
}

/// Failures so far.
#[derive(Debug, Default)]
pub struct Attempts(Mutex<Counts>);

#[derive(Debug, Default)]
struct Counts {
    by_origin: HashMap<Origin, Minute>,
    by_account: HashMap<(Origin, String), Failures>,
    cleaned: Option<Timestamp>,
}

#[derive(Debug)]
struct Minute {
    began: Timestamp,
    failures: u32,
}

#[derive(Debug)]
struct Failures {
    state: LockState,
    forget_at: Timestamp,
}

const MINUTE: SignedDuration = SignedDuration::from_mins(1);

impl Attempts {
    fn counts(&self) -> MutexGuard<'_, Counts> {
        // Counts are whole after every statement.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Before a password is looked at: whether it may be tried now. It counts as a failure until
    /// [`Attempts::succeeded`], so that guesses at the same time are all counted.
    ///
    /// # Errors
    /// [`AppError::TooMany`] when this network failed too often in this minute, [`Denied::Locked`] when it failed too
    /// often with this account.
    pub fn begin(
        &self,
        origin: Origin,
        username: &str,
        policy: &LockPolicy,
        per_minute: u32,
        now: Timestamp,
    ) -> AppResult<Result<(), Denied>> {
        let mut counts = self.counts();
        counts.clean(now);
        let minute = counts.by_origin.entry(origin).or_insert(Minute {
            began: now,
            failures: 0,
        });
        let since = now.duration_since(minute.began);
        if since >= MINUTE {
            (minute.began, minute.failures) = (now, 0);
        } else if minute.failures >= per_minute.max(1) {
            let wait = (MINUTE - since).as_secs().max(1);
            return Err(AppError::TooMany(wait.unsigned_abs()));
        }
        minute.failures += 1;
        let policy = policy.of_one_network();
        let failures = counts
            .by_account
            .entry((origin, username.to_owned()))
            .or_insert(Failures {
                state: LockState::default(),
                forget_at: now,
            });
        if let Err(refusal) = may_try_sign_in(&failures.state, now) {
            return Ok(Err(Denied::Locked(refusal.message)));
        }
        failures.state = after_failure(&failures.state, &policy, now);
        failures.forget_at = now.saturating_add(policy.lock_for).unwrap_or(now);
        Ok(Ok(()))
    }

    /// The password was right: this try was no failure, and earlier ones are forgiven.
    pub fn succeeded(&self, origin: Origin, username: &str) {
        let mut counts = self.counts();
        if let Some(minute) = counts.by_origin.get_mut(&origin) {
            minute.failures = minute.failures.saturating_sub(1);
        }
        counts.by_account.remove(&(origin, username.to_owned()));
    }

    /// Until when some network may not try this account, if there is one.
    pub fn stopped_until(&self, username: &str, now: Timestamp) -> Option<Timestamp> {
        self.counts()
            .by_account
            .iter()
            .filter(|((_, name), _)| name == username)
            .filter_map(|(_, failures)| failures.state.locked_until)
            .filter(|until| *until > now)
            .max()
    }

    /// An administrator opened the account: it may be tried from everywhere.
    pub fn forgive(&self, username: &str) {
        self.counts().by_account.retain(|(_, name), _| name != username);
    }
}

impl Counts {
    /// Forgets, once a minute, what no longer counts.
    fn clean(&mut self, now: Timestamp) {
        if self.cleaned.is_some_and(|at| now.duration_since(at) < MINUTE) {
            return;
        }
        self.cleaned = Some(now);
        self.by_origin
            .retain(|_, minute| now.duration_since(minute.began) < MINUTE);
        self.by_account.retain(|_, failures| failures.forget_at > now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp::constant(1_795_000_000, 0);

    fn origin(text: &str) -> Origin {
        Origin::of(text.parse().unwrap())
    }

    #[test]
    fn the_proxys_own_line_names_the_client() {
        let of = |lines: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append("x-forwarded-for", axum::http::HeaderValue::from_static(line));
            }
            named(&headers).map(|address| address.to_string())
        };
        assert_eq!(of(&["203.0.113.9"]).as_deref(), Some("203.0.113.9"));
        assert_eq!(of(&["10.0.0.1, 203.0.113.9"]).as_deref(), Some("203.0.113.9"));
        // A proxy that adds a line of its own leaves the client's line as it was.
        assert_eq!(of(&["10.0.0.1", "203.0.113.9"]).as_deref(), Some("203.0.113.9"));
        assert_eq!(of(&["203.0.113.9:4711"]).as_deref(), Some("203.0.113.9"));
        assert_eq!(of(&["[2001:db8::1]:4711"]).as_deref(), Some("2001:db8::1"));
        assert_eq!(of(&["[2001:db8::1]"]).as_deref(), Some("2001:db8::1"));
        assert_eq!(of(&["unknown"]), None);
        assert_eq!(of(&[]), None);
    }

    #[test]
    fn one_household_is_one_origin() {
        assert_eq!(origin("2001:db8:1:2::1"), origin("2001:db8:1:2:ffff::9"));
        assert_ne!(origin("2001:db8:1:2::1"), origin("2001:db8:1:3::1"));
        assert_eq!(origin("::ffff:203.0.113.9"), origin("203.0.113.9"));
    }

    #[test]
    fn only_failures_count_and_a_minute_later_the_network_may_come_back() {
        let (attempts, policy) = (Attempts::default(), LockPolicy::default());
        let here = origin("203.0.113.9");
        let begin = |name: &str, now| attempts.begin(here, name, &policy, 3, now);
        for n in 0..50 {
            let name = format!("can-bo-{n}");
            begin(&name, NOON).unwrap().unwrap();
            attempts.succeeded(here, &name);
        }
        for n in 0..3 {
            begin(&format!("sai-{n}"), NOON).unwrap().unwrap();
        }
        let later = NOON + SignedDuration::from_secs(20);
        assert!(matches!(begin("annv.stttt", later), Err(AppError::TooMany(40))));
        attempts
            .begin(origin("203.0.113.10"), "annv.stttt", &policy, 3, later)
            .unwrap()
            .unwrap();
        begin("annv.stttt", NOON + MINUTE).unwrap().unwrap();
    }

    #[test]
    fn what_no_longer_counts_is_forgotten() {
        let (attempts, policy) = (Attempts::default(), LockPolicy::default());
        for n in 0..200_u32 {
            let address = Origin::of(IpAddr::V4(Ipv4Addr::from_bits(0x0a00_0000 + n)));
            attempts
                .begin(address, "khong-co", &policy, 60, NOON)
                .unwrap()
                .unwrap();
        }
        let later = NOON + policy.lock_for;
        attempts
            .begin(origin("203.0.113.9"), "annv.stttt", &policy, 60, later)
            .unwrap()
            .unwrap();
        let counts = attempts.counts();
        assert_eq!((counts.by_origin.len(), counts.by_account.len()), (1, 1));
    }
}
