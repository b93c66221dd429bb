//! The demo authority as the independent tool sees it: every structure is judged by the `openssl` command.

#![expect(clippy::expect_used, reason = "helpers of tests fail loudly, as tests do")]

mod desk;
mod evidence;
mod issued;
