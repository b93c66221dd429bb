//! `vanthu demo`: the made-up province, and a believable history of documents.

mod directory;
pub mod history;
mod issued;
mod keys;
mod people;
mod received;
mod samples;
mod tables;
#[cfg(test)]
mod tests;
mod told;

use std::{collections::HashMap, sync::atomic::Ordering};

use clap::Args;
use demo_province::{DEFAULT_SEED, Level, Province, Size};
use jiff::civil::Date;
use rules::ids::{AccountId, AgencyId, PostId, UnitId};
use serde_json::json;
use store::{Act, Actor, Begun, Entry, args, sql};

pub use keys::Keys;

use crate::{act_names, context::App, sign_in};

/// Password of every demo account.
pub const PASSWORD: &str = "vanthu-demo-2026";

/// Arguments of `vanthu demo`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Số cơ quan của tỉnh mẫu.
    #[arg(long, default_value_t = 300)]
    agencies: usize,
    /// Số văn bản (đi và đến) của lịch sử mẫu, gần đúng; 0 là không dựng lịch sử.
    #[arg(long, default_value_t = SMALL_HISTORY)]
    documents: usize,
}

/// Documents of the history that `vanthu serve --demo` writes on its first start.
pub const SMALL_HISTORY: usize = 400;

/// Seeds the province and its history into an empty database; one that is not empty is refused and left alone.
///
/// # Errors
/// When the database already has agencies, or fails.
pub async fn run(app: &App, arguments: Arguments) -> anyhow::Result<()> {
    anyhow::ensure!(
        is_empty(app).await?,
        "Cơ sở dữ liệu đã có cơ quan: tỉnh mẫu chỉ dựng được vào cơ sở dữ liệu trống. Không có gì thay đổi."
    );
    let written = seed_with_history(app, arguments.agencies, arguments.documents, Keys::Real).await?;
    println!(
        "Đã dựng lịch sử mẫu: {} văn bản đi, {} văn bản đến.",
        written.outgoing, written.incoming
    );
    print!("{}", logins());
    Ok(())
}

/// Whether no agency has been made yet.
///
/// # Errors
/// When the database fails.
pub async fn is_empty(app: &App) -> anyhow::Result<bool> {
    let any = app.db.opt(sql!("SELECT id FROM agency LIMIT 1"), args![]).await?;
    Ok(any.is_none())
}

/// Notes whether this database was seeded with the made-up province, whenever that was: its passwords are known.
///
/// # Errors
/// When the database fails.
pub async fn note_sample_data(app: &App) -> anyhow::Result<()> {
    let seeded = app
        .db
        .opt(
            sql!("SELECT seq FROM journal WHERE object_id = $1 AND act = $2 LIMIT 1"),
            args![uuid::Uuid::nil(), act_names::SEED_DEMO],
        )
        .await?;
    app.sample_data.store(seeded.is_some(), Ordering::Relaxed);
    Ok(())
}

/// Writes the province with its certificates and about `documents` documents, sent and received; none when `documents` is 0.
///
/// # Errors
/// When the database or the files fail.
pub async fn seed_with_history(
    app: &App,
    agencies: usize,
    documents: usize,
    keys: Keys,
) -> anyhow::Result<history::Written> {
    let seeded = seed(app, agencies).await?;
    directory::seed(app).await?;
    seed_keys(app, keys).await?;
    if documents == 0 {
        return Ok(history::Written {
            outgoing: 0,
            incoming: 0,
        });
    }
    history::write(app, &seeded, documents).await
}

/// Makes the certificates of the demo when it has none, also in a demo that an earlier version began. Nothing happens outside
/// the demo.
///
/// # Errors
/// When the database or the data folder fails.
pub async fn seed_keys(app: &App, keys: Keys) -> anyhow::Result<()> {
    let is_new = keys::seed(app, keys).await?;
    if is_new && keys == Keys::Real {
        // Without fonts there is no seal; documents cannot be laid out then either, which says so itself.
        if let Err(error) = keys::draw_cast(app).await {
            tracing::warn!(%error, "images of the demo were not drawn");
        }
    }
    Ok(())
}

/// Ids of what was seeded, by the generator's keys.
pub struct Seeded {
    /// The generated province.
    pub province: Province,
    /// Agencies by key.
    pub agencies: HashMap<usize, AgencyId>,
    /// Units by key.
    pub units: HashMap<usize, UnitId>,
    /// Posts by key, with their accounts.
    pub posts: HashMap<usize, (PostId, AccountId)>,
}

/// Writes the agencies, units, posts and accounts of the demo province, in one act.
///
/// # Errors
/// When the database fails.
pub async fn seed(app: &App, agencies: usize) -> anyhow::Result<Seeded> {
    let province = demo_province::province(DEFAULT_SEED, Size::agencies(agencies));
    let password = sign_in::hash_blocking(PASSWORD)?;
    let command = rules::ids::CommandId::from_uuid(app.ids.next());
    let Begun::Now(mut act) =
        Act::begin::<()>(&app.db, &app.clock, &app.ids, Actor::system(), command).await?
    else {
        anyhow::bail!("an id was given out twice");
    };
    let since = Date::constant(2016, 7, 1);
    let mut ids = Seeded {
        province,
        agencies: HashMap::new(),
        units: HashMap::new(),
        posts: HashMap::new(),
    };
    let mut rows = Vec::new();
    for agency in ids.province.agencies.iter().chain(&ids.province.partners) {
        let id = AgencyId::from_uuid(act.new_id());
        let parent = agency
            .parent
            .and_then(|parent| ids.agencies.get(&parent).copied());
        rows.push(args![
            id,
            parent,
            level(agency.level),
            agency.name.as_str(),
            agency.printed_parent.clone(),
            agency.abbr.as_str(),
            agency.account_suffix.as_str(),
            Some(agency.code.as_str()).filter(|code| !code.is_empty()),
            Some(agency.old_code.as_str()).filter(|code| !code.is_empty()),
            agency.place_name.as_str(),
            agency.collective,
            agency.head_title.as_str(),
            agency.deputy_title.as_str(),
            viet_text::fold(&agency.name),
            agency.valid_from,
        ]);
        ids.agencies.insert(agency.key, id);
    }
    act.bulk(
        sql!(
            "INSERT INTO agency (id, parent_id, level, name, printed_parent, abbr, account_suffix, code, old_code, \
             place_name, collective, head_title, deputy_title, folded_name, valid_from) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
        ),
        rows,
    )
    .await?;
    let mut rows = Vec::with_capacity(ids.province.units.len());
    for (sort, unit) in (0_i64..).zip(&ids.province.units) {
        let id = UnitId::from_uuid(act.new_id());
        rows.push(args![
            id,
            ids.agencies[&unit.agency],
            unit.name.as_str(),
            unit.abbr.as_str(),
            sort,
            since
        ]);
        ids.units.insert(unit.key, id);
    }
    act.bulk(
        sql!(
            "INSERT INTO unit (id, agency_id, name, abbr, sort, valid_from) VALUES ($1, $2, $3, $4, $5, $6)"
        ),
        rows,
    )
    .await?;
    let now = act.now();
    let mut accounts = Vec::with_capacity(ids.province.posts.len());
    let mut posts = Vec::with_capacity(ids.province.posts.len());
    for post in &ids.province.posts {
        let (account, id) = (
            AccountId::from_uuid(act.new_id()),
            PostId::from_uuid(act.new_id()),
        );
        accounts.push(args![
            account,
            post.account_name.as_str(),
            post.full_name.as_str(),
            viet_text::person_sort_key(&post.full_name),
            password.as_str(),
            now,
        ]);
        posts.push(args![
            id,
            account,
            ids.agencies[&post.agency],
            post.unit.map(|unit| ids.units[&unit]),
            post.title.as_str(),
            post.role.as_str(),
            post.is_agency_head,
            since,
        ]);
        ids.posts.insert(post.key, (id, account));
    }
    act.bulk(
        sql!(
            "INSERT INTO account (id, username, full_name, sort_name, password, must_change_password, failures, created_at) \
             VALUES ($1, $2, $3, $4, $5, 0, 0, $6)"
        ),
        accounts,
    )
    .await?;
    act.bulk(
        sql!(
            "INSERT INTO post (id, account_id, agency_id, unit_id, title, role, is_agency_head, checks_form, valid_from) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8)"
        ),
        posts,
    )
    .await?;
    act.journal(Entry {
        act: act_names::SEED_DEMO,
        object_kind: "installation",
        object: uuid::Uuid::nil(),
        agency: None,
        summary: "Dựng tỉnh mẫu.".to_owned(),
        details: json!({ "seed": DEFAULT_SEED, "agencies": ids.agencies.len(), "posts": ids.posts.len() }),
    })
    .await?;
    app.commit(act, &()).await?;
    app.sample_data.store(true, Ordering::Relaxed);
    Ok(ids)
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Province => "province",
        Level::Department => "department",
        Level::District => "district",
        Level::Commune => "commune",
        Level::Subordinate => "subordinate",
        Level::Partner => "partner",
    }
}

/// The demo logins, as `make run` prints them.
pub fn logins() -> String {
    let mut text = format!("\nTài khoản mẫu (mật khẩu chung: {PASSWORD}):\n");
    for login in demo_province::demo_logins() {
        text.push_str(&format!("  {:<22} {}\n", login.account_name, login.description));
    }
    text
}
