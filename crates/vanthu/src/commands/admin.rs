//! `vanthu admin`: what the operator does on the machine itself.

use anyhow::Context;
use clap::{ArgAction, Args, Subcommand};
use rules::{
    identifiers::AgencyCode,
    ids::{AccountId, AgencyId, CommandId, PostId},
    organization::{AgencyLevel, propose_account_name},
    people::Role,
};
use serde_json::json;
use store::{Act, Actor, Begun, Entry, args, sql};

use super::Open;
use crate::{act_names, administration::random_password, context::App, sign_in};

/// What the operator wants.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Bắt đầu một hệ thống mới: cơ quan đứng đầu và tài khoản quản trị đầu tiên; mật khẩu chỉ hiện một lần.
    Init(Box<Init>),
    /// Đặt lại mật khẩu một tài khoản và mở khóa; mật khẩu chỉ hiện một lần.
    ResetPassword {
        /// Tên tài khoản.
        username: String,
    },
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

impl Command {
    /// Only the beginning makes a database.
    pub fn opens(&self) -> Open {
        match self {
            Self::Init(_) => Open::Made,
            Self::ResetPassword { .. } | Self::Token { .. } => Open::AsItIs,
        }
    }
}

/// The first agency and its administrator.
#[derive(Debug, Args)]
pub struct Init {
    /// Tên cơ quan đứng đầu, thường là Ủy ban nhân dân tỉnh.
    #[arg(long)]
    agency: String,
    /// Mã định danh của cơ quan (Quyết định 20/2020/QĐ-TTg), ví dụ H16.
    #[arg(long)]
    code: String,
    /// Địa danh ghi trên văn bản, ví dụ “Đắk Nông”.
    #[arg(long)]
    place: String,
    /// Chữ viết tắt tên cơ quan trong ký hiệu văn bản.
    #[arg(long, default_value = "UBND")]
    abbr: String,
    /// Phần sau dấu chấm của tên tài khoản.
    #[arg(long, default_value = "ubnd")]
    suffix: String,
    /// Chức vụ người đứng đầu.
    #[arg(long, default_value = "Chủ tịch")]
    head_title: String,
    /// Chức vụ cấp phó.
    #[arg(long, default_value = "Phó Chủ tịch")]
    deputy_title: String,
    /// Cơ quan làm việc theo chế độ tập thể (ký TM.).
    #[arg(long, default_value_t = true, action = ArgAction::Set)]
    collective: bool,
    /// Họ và tên người quản trị.
    #[arg(long)]
    administrator: String,
    /// Tên tài khoản quản trị; để trống: đặt theo họ tên (Điều 7).
    #[arg(long)]
    username: Option<String>,
}

/// Carries the command out.
pub async fn run(app: &App, command: Command) -> anyhow::Result<()> {
    match command {
        Command::Init(first) => {
            let (username, password) = init(app, &first).await?;
            println!(
                "Đã thiết lập cơ quan đầu tiên.\nTài khoản quản trị: {username}\nMật khẩu (chỉ hiện lần này, phải đổi khi đăng nhập): {password}"
            );
        }
        Command::ResetPassword { username } => {
            let password = reset_password(app, &username).await?;
            println!("Mật khẩu mới của {username} (chỉ hiện lần này, phải đổi khi đăng nhập): {password}");
        }
        Command::Token {
            username,
            label,
            days,
        } => {
            let (account, post, _) = account(app, &username).await?;
            let token = sign_in::create_token(app, account, post, &label, days).await?;
            println!("{}", token.token);
        }
    }
    Ok(())
}

async fn account(app: &App, username: &str) -> anyhow::Result<(AccountId, PostId, AgencyId)> {
    let row = app
        .db
        .opt(
            sql!(
                "SELECT a.id, p.id AS post_id, p.agency_id FROM account a JOIN post p ON p.account_id = a.id \
                 WHERE a.username = $1 AND a.closed_at IS NULL ORDER BY p.id LIMIT 1"
            ),
            args![username],
        )
        .await?
        .with_context(|| format!("không có tài khoản {username}, hoặc tài khoản đã khóa hẳn"))?;
    Ok((row.get("id")?, row.get("post_id")?, row.get("agency_id")?))
}

async fn begin(app: &App) -> anyhow::Result<Act> {
    let command = CommandId::from_uuid(app.ids.next());
    match Act::begin::<()>(&app.db, &app.clock, &app.ids, Actor::system(), command).await? {
        Begun::Now(act) => Ok(act),
        Begun::Before(()) => anyhow::bail!("an id was given out twice"),
    }
}

/// Writes the first agency with its administrator, who is the province's. Gives the account name and the password.
///
/// # Errors
/// When there is an agency already, or a value is not usable; then nothing was changed.
async fn init(app: &App, first: &Init) -> anyhow::Result<(String, String)> {
    let code = AgencyCode::parse(&first.code)?;
    let username = match &first.username {
        Some(name) => name.trim().to_lowercase(),
        None => propose_account_name(&first.administrator, &first.suffix, |_| false)?,
    };
    let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_');
    anyhow::ensure!(
        !username.is_empty() && username.chars().all(letters),
        "tên tài khoản chỉ gồm chữ thường không dấu, chữ số, dấu chấm"
    );
    for (value, what) in [
        (&first.agency, "--agency"),
        (&first.place, "--place"),
        (&first.administrator, "--administrator"),
    ] {
        anyhow::ensure!(!value.trim().is_empty(), "{what} không được để trống");
    }
    let password = random_password(&username);
    let hash = sign_in::hash(app, password.clone()).await?;
    let mut act = begin(app).await?;
    let any = act.opt(sql!("SELECT id FROM agency LIMIT 1"), args![]).await?;
    anyhow::ensure!(
        any.is_none(),
        "Hệ thống đã có cơ quan: lệnh này chỉ dùng cho cơ sở dữ liệu trống. Không có gì thay đổi."
    );
    let (now, today) = (act.now(), act.today());
    let agency = AgencyId::from_uuid(act.new_id());
    let (account, post) = (
        AccountId::from_uuid(act.new_id()),
        PostId::from_uuid(act.new_id()),
    );
    let (name, full_name) = (first.agency.trim(), first.administrator.trim());
    act.run(
        sql!(
            "INSERT INTO agency (id, level, name, abbr, account_suffix, code, place_name, collective, head_title, \
             deputy_title, folded_name, valid_from) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
        ),
        args![
            agency,
            AgencyLevel::Province.as_str(),
            name,
            first.abbr.as_str(),
            first.suffix.as_str(),
            code.as_str(),
            first.place.trim(),
            first.collective,
            first.head_title.as_str(),
            first.deputy_title.as_str(),
            viet_text::fold(name),
            today,
        ],
    )
    .await?;
    act.run(
        sql!(
            "INSERT INTO account (id, username, full_name, sort_name, password, must_change_password, failures, created_at) \
             VALUES ($1, $2, $3, $4, $5, 1, 0, $6)"
        ),
        args![account, username.as_str(), full_name, viet_text::person_sort_key(full_name), hash, now],
    )
    .await?;
    act.run(
        sql!(
            "INSERT INTO post (id, account_id, agency_id, title, role, is_agency_head, checks_form, valid_from) \
             VALUES ($1, $2, $3, 'Quản trị hệ thống', $4, 0, 0, $5)"
        ),
        args![post, account, agency, Role::Administrator.as_str(), today],
    )
    .await?;
    act.journal(Entry {
        act: act_names::BEGIN_INSTALLATION,
        object_kind: "installation",
        object: uuid::Uuid::nil(),
        agency: Some(agency),
        summary: format!("Thiết lập {name}; tài khoản quản trị {username}."),
        details: json!({ "agency": agency, "account": account }),
    })
    .await?;
    app.commit(act, &()).await?;
    Ok((username, password))
}

/// Gives an account a new password and opens it; its sessions and tokens end.
async fn reset_password(app: &App, username: &str) -> anyhow::Result<String> {
    let (id, _, agency) = account(app, username).await?;
    let password = random_password(username);
    let hash = sign_in::hash(app, password.clone()).await?;
    let mut act = begin(app).await?;
    act.run(
        sql!(
            "UPDATE account SET password = $2, must_change_password = 1, failures = 0, locked_until = NULL WHERE id = $1"
        ),
        args![id, hash],
    )
    .await?;
    sign_in::end_all(&mut act, id).await?;
    act.journal(Entry {
        act: act_names::RESET_PASSWORD,
        object_kind: "account",
        object: id.as_uuid(),
        agency: Some(agency),
        summary: format!("Người vận hành đặt lại mật khẩu tài khoản {username} trên máy chủ."),
        details: json!({}),
    })
    .await?;
    app.commit(act, &()).await?;
    Ok(password)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{commands::open, settings::Settings, sign_in::who_of_token, testing::Office};

    fn first() -> Init {
        Init {
            agency: "Ủy ban nhân dân tỉnh Đắk Nông".to_owned(),
            code: "H16".to_owned(),
            place: "Đắk Nông".to_owned(),
            abbr: "UBND".to_owned(),
            suffix: "ubnd".to_owned(),
            head_title: "Chủ tịch".to_owned(),
            deputy_title: "Phó Chủ tịch".to_owned(),
            collective: true,
            administrator: "Đỗ Tiến Đạt".to_owned(),
            username: None,
        }
    }

    #[tokio::test]
    async fn qc01_11_2_an_empty_installation_is_begun_with_one_agency_and_its_administrator() {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = Settings::default();
        settings.data.folder = folder.path().to_owned();
        let app = open(settings, Open::Made).await.unwrap();
        let wrong = Init {
            code: "tỉnh nào đó".to_owned(),
            ..first()
        };
        assert!(init(&app, &wrong).await.is_err());
        let (username, password) = init(&app, &first()).await.unwrap();
        assert_eq!(username, "datdt.ubnd");
        let again = init(&app, &first()).await.unwrap_err().to_string();
        assert!(again.contains("đã có cơ quan"), "{again}");

        let origin = sign_in::Origin::of("127.0.0.1".parse().unwrap());
        let known = sign_in::authenticate(&app, origin, &username, password)
            .await
            .unwrap();
        let (act, known) = known.ok().unwrap();
        assert!(known.must_change_password);
        drop(act);
        let (account, post, _) = account(&app, &username).await.unwrap();
        let mut tx = app.db.begin().await.unwrap();
        tx.run(sql!("UPDATE account SET must_change_password = 0"), args![])
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let token = sign_in::create_token(&app, account, post, "x", 1)
            .await
            .unwrap()
            .token;
        let who = who_of_token(&app, &token).await.unwrap();
        assert!(who.actor.is_province_administrator);
        assert!(!app.has_sample_data());
    }

    #[tokio::test]
    async fn the_operator_opens_an_account_with_a_new_password() {
        let office = Office::new().await;
        let officer = office.person("annv.stttt").await;
        let password = reset_password(&office.app, "annv.stttt").await.unwrap();
        assert!(officer.get("/").await.location.starts_with("/sign-in"));
        assert!(who_of_token(&office.app, &officer.token).await.is_err());
        let origin = sign_in::Origin::of("127.0.0.1".parse().unwrap());
        let known = sign_in::authenticate(&office.app, origin, "annv.stttt", password)
            .await
            .unwrap();
        assert!(known.ok().unwrap().1.must_change_password);
        assert!(reset_password(&office.app, "khong.co").await.is_err());
    }
}
