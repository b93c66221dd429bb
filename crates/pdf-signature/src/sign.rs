//! Signing in two steps.
