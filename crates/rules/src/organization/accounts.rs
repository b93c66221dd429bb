//! Account names and locks.

use jiff::{SignedDuration, Timestamp};

use crate::{Decision, Refusal};

/// The account name of a new officer by Điều 7; when it is taken, the next free number is put behind the person's part.
///
/// # Errors
/// `QC01-7.2a` when no name can be built from what was given.
pub fn propose_account_name(
    full_name: &str,
    agency_abbr: &str,
    is_taken: impl Fn(&str) -> bool,
) -> Decision<String> {
    let name = viet_text::account_name(full_name, agency_abbr).ok_or_else(|| {
        Refusal::new(
            "QC01-7.2a",
            "account.no_name",
            "Không lập được tên tài khoản. Vui lòng kiểm tra họ tên và chữ viết tắt của đơn vị.",
        )
        .on("full_name")
    })?;
    (1..=9_999)
        .map(|n| name.with_suffix(n))
        .find(|candidate| !is_taken(candidate))
        .ok_or_else(|| {
            Refusal::new(
                "QC01-7.2b",
                "account.names_exhausted",
                "Tên tài khoản đã trùng quá nhiều. Vui lòng tự đặt tên khác.",
            )
            .on("account_name")
        })
}

/// When an account locks after failed sign-ins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LockPolicy {
    /// Consecutive failures that lock it.
    pub max_failures: u32,
    /// How long it stays locked unless an administrator opens it.
    pub lock_for: SignedDuration,
}

impl Default for LockPolicy {
    /// Five failures; 12 hours, the shortest time after which a lock may open by itself.
    fn default() -> Self {
        Self {
            max_failures: 5,
            lock_for: SignedDuration::from_hours(12),
        }
    }
}

impl LockPolicy {
    /// For tries from one network: it is stopped one failure before the account itself locks, so that a stranger alone
    /// cannot lock out the owner.
    #[must_use]
    pub fn of_one_network(&self) -> Self {
        Self {
            max_failures: self.max_failures.saturating_sub(1).max(1),
            ..*self
        }
    }
}

/// Failures of an account since its last sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LockState {
    /// Consecutive failures.
    pub failures: u32,
    /// Until when it is locked, if it is.
    pub locked_until: Option<Timestamp>,
}

/// Whether a password may be tried now.
///
/// # Errors
/// `QC01-4.2` while the account is locked; the message names the time in Vietnam.
pub fn may_try_sign_in(state: &LockState, now: Timestamp) -> Decision<()> {
    match state.locked_until {
        Some(until) if now < until => {
            let until = crate::office_time::civil(until);
            Err(Refusal::new(
                "QC01-4.2",
                "account.locked",
                format!(
                    "Tài khoản tạm khóa do nhập sai mật khẩu nhiều lần, sẽ mở lại lúc {:02}:{:02} ngày {}. Vui lòng liên hệ quản trị nếu cần mở sớm.",
                    until.hour(),
                    until.minute(),
                    crate::office_time::short_date(until.date())
                ),
            ))
        }
        _ => Ok(()),
    }
}

/// The state after a wrong password. A lock that ran out starts the count anew.
#[must_use]
pub fn after_failure(state: &LockState, policy: &LockPolicy, now: Timestamp) -> LockState {
    let ran_out = state.locked_until.is_some_and(|until| until <= now);
    let failures = if ran_out {
        1
    } else {
        state.failures.saturating_add(1)
    };
    let locks = failures >= policy.max_failures;
    LockState {
        failures,
        locked_until: if locks {
            now.checked_add(policy.lock_for).ok()
        } else {
            None
        },
    }
}

/// The state after a right password, or after an administrator opened the account.
#[must_use]
pub fn after_success() -> LockState {
    LockState::default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOON: Timestamp = Timestamp::constant(1_795_000_000, 0);

    #[test]
    fn qc01_7_2b_duplicates_get_the_next_free_number() {
        let taken = ["annv.stttt", "annv2.stttt"];
        let name = propose_account_name("Nguyễn Văn An", "STTTT", |name| taken.contains(&name)).unwrap();
        assert_eq!(name, "annv3.stttt");
        assert_eq!(
            propose_account_name("Nguyễn Văn An", "STTTT", |_| false).unwrap(),
            "annv.stttt"
        );
    }

    #[test]
    fn qc01_7_2a_a_name_without_letters_is_refused() {
        let refusal = propose_account_name("--", "STTTT", |_| false).unwrap_err();
        assert_eq!((refusal.clause, refusal.field), ("QC01-7.2a", Some("full_name")));
        assert_eq!(
            propose_account_name("An", "SNV", |_| true).unwrap_err().clause,
            "QC01-7.2b"
        );
    }

    #[test]
    fn qc01_4_2_five_failures_lock_for_twelve_hours() {
        let policy = LockPolicy::default();
        let mut state = LockState::default();
        for _ in 0..4 {
            state = after_failure(&state, &policy, NOON);
            assert_eq!(may_try_sign_in(&state, NOON), Ok(()));
        }
        state = after_failure(&state, &policy, NOON);
        let almost = NOON.checked_add(SignedDuration::from_mins(719)).unwrap();
        let over = NOON.checked_add(SignedDuration::from_hours(12)).unwrap();
        assert_eq!(
            may_try_sign_in(&state, almost).unwrap_err().code,
            "account.locked"
        );
        assert_eq!(may_try_sign_in(&state, over), Ok(()));
        assert_eq!(
            after_failure(&state, &policy, over),
            LockState {
                failures: 1,
                locked_until: None
            }
        );
        assert_eq!(may_try_sign_in(&after_success(), NOON), Ok(()));
    }

    proptest! {
        #[test]
        fn qc01_4_2_never_more_than_five_tries_in_twelve_hours(gaps in proptest::collection::vec(0_i64..3_000, 1..60)) {
            let policy = LockPolicy::default();
            let mut state = LockState::default();
            let mut now = NOON;
            let mut tried = 0;
            for gap in gaps {
                now = now.checked_add(SignedDuration::from_secs(gap)).unwrap();
                if now.duration_since(NOON) >= policy.lock_for {
                    break;
                }
                if may_try_sign_in(&state, now).is_ok() {
                    tried += 1;
                    state = after_failure(&state, &policy, now);
                }
            }
            prop_assert!(tried <= 5);
        }
    }
}
