//! `vanthu admin`: what the operator does on the machine itself.

use anyhow::Context;
use clap::Subcommand;
use store::{args, sql};

use crate::{context::App, sign_in};

/// What the operator wants.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Tạo mã truy cập API cho một tài khoản; mã chỉ hiện một lần.
    Token {
        /// Tên tài khoản.
        username: String,
        /// Dùng cho việc gì.
        #[arg(long, default_value = "vanthu admin token")]
        label: String,
        /// Số ngày có hiệu lực.
        #[arg(long, default_value_t = 30)]
        days: u32,
    },
}

/// Carries the command out.
pub async fn run(app: &App, command: Command) -> anyhow::Result<()> {
    let Command::Token {
        username,
        label,
        days,
    } = command;
    let row = app
        .db
        .opt(
            sql!(
                "SELECT a.id, p.id AS post_id FROM account a JOIN post p ON p.account_id = a.id \
                 WHERE a.username = $1 ORDER BY p.id LIMIT 1"
            ),
            args![username.as_str()],
        )
        .await?
        .with_context(|| format!("không có tài khoản {username}"))?;
    let token = sign_in::create_token(app, row.get("id")?, row.get("post_id")?, &label, days).await?;
    println!("{}", token.token);
    Ok(())
}
