//! A made-up certification authority for the demo province and for tests.
