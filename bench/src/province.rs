//! Generated archives: a real history of the demo province, and as many old documents around it as wanted.

use std::{path::Path, time::Instant};

use axum::Router;
use rules::{
    ids::{AccountId, AgencyId, PostId},
    incoming::IncomingState,
    people::Role,
};
use store::{args, sql};
use vanthu::{
    commands::{self, demo},
    context::App,
    routes,
    settings::Settings,
    sign_in,
};

use super::OUT;

/// Agencies of the province.
const AGENCIES: usize = 30;
/// Documents of the real history, sent and received; the rest are copies.
const BASE: usize = 4000;
/// Copies of the history in one transaction.
const PORTION: usize = 50;
/// Open documents on the busy officer's desk.
const BUSY: i64 = 600;

/// An archive, and the officer whose desk is full.
pub struct Province {
    /// The application over it.
    pub app: App,
    /// Its service.
    pub router: Router,
    /// Documents, sent and received, about.
    pub documents: usize,
    /// The session of the busy officer, as a `Cookie` header.
    pub cookie: String,
}

/// Generates an archive of so many documents and opens it.
pub async fn open(documents: usize) -> anyhow::Result<Province> {
    let folder = Path::new(OUT).join(documents.to_string());
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?; // of the run before
    }
    let mut settings = Settings::default();
    settings.data.folder = folder;
    settings.server.secure_cookies = false;
    let start = Instant::now();
    let app = commands::open(settings.clone(), commands::Open::Made).await?;
    let written = demo::seed_with_history(&app, AGENCIES, BASE.min(documents), demo::Keys::Quick).await?;
    let made = written.outgoing + written.incoming;
    let copies = documents.saturating_sub(made).div_ceil(written.incoming.max(1));
    // The officer's desk first: it is then the same in every archive.
    let (account, post, agency) = busy_officer(&app).await?;
    fill_desk(&app, post, agency).await?;
    for first in (1..=copies).step_by(PORTION) {
        age(&app, first, (first + PORTION - 1).min(copies)).await?;
    }
    count_desks(&app).await?;
    // Closing empties the log of the last huge transaction, which no running program would have.
    app.db.close().await;
    let app = commands::open(settings, commands::Open::AsItIs).await?;
    let documents = made + copies * written.incoming;
    println!("{documents} documents in {:.0} s", start.elapsed().as_secs_f64());
    let (cookie, _) = sign_in::open_for_test(&app, account, post)
        .await
        .map_err(|error| anyhow::anyhow!("{error:?}"))?;
    Ok(Province {
        router: routes::service(&app),
        app,
        documents,
        cookie: format!("{}={}", cookie.name(), cookie.value()),
    })
}

/// Copies every incoming document of the history as a finished one, with its places in other boxes than that of
/// handling, now as handled; `first` to `last` are the numbers of the copies. Only what the pages read is copied: neither journal nor files. The statements are
/// SQLite's; the ids of copies carry the number of the copy instead of the high bits of their time, which are larger.
async fn age(app: &App, first: usize, last: usize) -> anyhow::Result<()> {
    let (first, last) = (i64::try_from(first)?, i64::try_from(last)?);
    let mut tx = app.db.begin().await?;
    // The places first: they are read from the originals alone.
    tx.run(
        sql!(
            "WITH RECURSIVE n (k) AS (SELECT $1 UNION ALL SELECT k + 1 FROM n WHERE k < $2) \
             INSERT OR IGNORE INTO desk (owner_id, box, rank, object_id, kind, due_on, seen) \
             SELECT d.owner_id, 'handled', d.rank - 1000000 * k, unhex(printf('%08x', k) || hex(substr(d.object_id, 5))), \
             d.kind, NULL, 1 FROM n CROSS JOIN desk d \
             WHERE d.object_id >= x'01000000' AND d.kind = 'incoming' AND d.box <> 'handling'"
        ),
        args![first, last],
    )
    .await?;
    tx.run(
        sql!(
            "WITH RECURSIVE n (k) AS (SELECT $1 UNION ALL SELECT k + 1 FROM n WHERE k < $2) \
             INSERT INTO incoming (id, agency_id, source, sender_id, sender_name, sender_code, number, symbol, issued_on, \
             type_key, subject, folded_subject, urgency, signer_name, signer_title, file_set, pages, completeness, \
             integrity, authenticity, legal_value, state, revision, delivered_at, series, year, arrival_number, \
             arrived_on, presented_to, lead_post, due_on, finished_at, updated_at) \
             SELECT unhex(printf('%08x', k) || hex(substr(id, 5))), agency_id, source, sender_id, sender_name, sender_code, \
             number, symbol, issued_on, type_key, subject, folded_subject, urgency, signer_name, signer_title, file_set, \
             pages, completeness, integrity, authenticity, legal_value, $3, revision, delivered_at - 1000000 * k, \
             series, year - 1 - k, arrival_number, arrived_on, presented_to, lead_post, due_on, delivered_at, updated_at \
             FROM n CROSS JOIN incoming WHERE id >= x'01000000'"
        ),
        args![first, last, IncomingState::Finished.as_str()],
    )
    .await?;
    Ok(tx.commit().await?)
}

/// Counts the boxes again: copies were put into them.
async fn count_desks(app: &App) -> anyhow::Result<()> {
    let mut tx = app.db.begin().await?;
    tx.run(
        sql!(
            "INSERT INTO desk_count (owner_id, box, count) SELECT owner_id, box, count(*) FROM desk WHERE true \
             GROUP BY owner_id, box ON CONFLICT (owner_id, box) DO UPDATE SET count = excluded.count"
        ),
        args![],
    )
    .await?;
    Ok(tx.commit().await?)
}

/// The officer with the fullest desk.
async fn busy_officer(app: &App) -> anyhow::Result<(AccountId, PostId, AgencyId)> {
    let row = app
        .db
        .one(
            sql!(
                "SELECT p.account_id, p.id, p.agency_id FROM desk_count d JOIN post p ON p.id = d.owner_id \
                 WHERE d.box = 'handling' AND p.role = $1 ORDER BY d.count DESC, p.id LIMIT 1"
            ),
            args![Role::Officer.as_str()],
        )
        .await?;
    Ok((row.get("account_id")?, row.get("id")?, row.get("agency_id")?))
}

/// Puts documents on the officer's desk until about [`BUSY`] of them wait there, the agency's newest first, only the desk is filled: it is what a box reads.
async fn fill_desk(app: &App, post: PostId, agency: AgencyId) -> anyhow::Result<()> {
    let mut tx = app.db.begin().await?;
    tx.run(
        sql!(
            "INSERT INTO desk (owner_id, box, rank, object_id, kind, due_on, seen) \
             SELECT $1, 'handling', delivered_at, id, 'incoming', due_on, 1 FROM incoming \
             ORDER BY agency_id = $2 DESC, delivered_at DESC, id LIMIT $3"
        ),
        args![post, agency, BUSY],
    )
    .await?;
    tx.run(
        sql!(
            "UPDATE desk_count SET count = (SELECT count(*) FROM desk WHERE owner_id = $1 AND box = 'handling') \
             WHERE owner_id = $1 AND box = 'handling'"
        ),
        args![post],
    )
    .await?;
    Ok(tx.commit().await?)
}
