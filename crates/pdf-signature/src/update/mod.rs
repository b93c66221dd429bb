//! Incremental writer.
