//! Trust store, certification paths, revocation, time stamps, algorithm policy.
