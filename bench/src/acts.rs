//! How many acts become durable for every raw durable commit of a database with the same settings.

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    body::{Body, to_bytes},
    http::{Request, header},
};
use rules::{
    ids::{AccountId, AgencyId, CommandId, DeliveryId, IncomingId, PostId},
    urgency::Urgency,
};
use store::{Act, Actor, Begun, Db, Options, args, sql};
use tower::ServiceExt;
use uuid::Uuid;
use vanthu::{
    context::App,
    incoming::{self, Arrival, Arrived, Origin},
    sign_in,
};

use super::{CLERKS, OUT, ROUNDS, line, median, per_second, province::Province};

/// Acts of every clerk in a round.
const EACH: usize = 20;

struct Clerk {
    agency: AgencyId,
    token: String,
}

/// Registrations of eight agencies at once, in turns with raw commits. What they register was delivered before the
/// clock starts.
pub async fn measure(province: &Province) -> anyhow::Result<()> {
    let raw = raw_database().await?;
    let clerks = Arc::new(clerks(&province.app).await?);
    let (mut commits, mut registrations) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let delivered = deliver(&province.app, &clerks).await?;
        commits.push(per_second(CLERKS * EACH, raw_commits(&raw).await?));
        let took = register(province, &clerks, delivered).await?;
        registrations.push(per_second(CLERKS * EACH, took));
    }
    let (base, rate) = (median(commits), median(registrations));
    line(
        &format!("registrations, {CLERKS} clerks at once"),
        &format!("raw one-row commits, {CLERKS} at once"),
        rate / base,
        &format!("{rate:.0} against {base:.0} per second"),
    );
    Ok(())
}

/// An empty database with the settings of the program's own.
async fn raw_database() -> anyhow::Result<Db> {
    let path = Path::new(OUT).join("raw.db");
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{suffix}", path.display())); // none on the first run
    }
    let db = Db::open(&Options {
        address: format!("sqlite:{}", path.display()),
        create: true,
        connections: 8,
    })
    .await?;
    db.migrate().await?;
    Ok(db)
}

async fn raw_commits(db: &Db) -> anyhow::Result<Duration> {
    let start = Instant::now();
    let tasks = (0..CLERKS).map(|_| {
        let db = db.clone();
        tokio::spawn(async move {
            for _ in 0..EACH {
                let mut tx = db.begin().await?;
                tx.run(
                    sql!("INSERT INTO command (owner_id, id, fingerprint, at, answer) VALUES ($1, $2, $3, 0, '')"),
                    args![Uuid::nil(), store::Ids::Random.next(), vec![0_u8; 32]],
                )
                .await?;
                tx.commit().await?;
            }
            anyhow::Ok(())
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await??;
    }
    Ok(start.elapsed())
}

async fn clerks(app: &App) -> anyhow::Result<Vec<Clerk>> {
    let rows = app
        .db
        .all(
            sql!(
                "SELECT min(id) AS post, agency_id FROM post WHERE role = 'clerk' GROUP BY agency_id ORDER BY agency_id LIMIT $1"
            ),
            args![i64::try_from(CLERKS)?],
        )
        .await?;
    let mut clerks = Vec::with_capacity(rows.len());
    for row in &rows {
        let post: PostId = row.get("post")?;
        let account = app
            .db
            .one(sql!("SELECT account_id FROM post WHERE id = $1"), args![post])
            .await?;
        let account: AccountId = account.get("account_id")?;
        let token = sign_in::create_token(app, account, post, "bench", 1)
            .await
            .map_err(|error| anyhow::anyhow!("{error:?}"))?;
        clerks.push(Clerk {
            agency: row.get("agency_id")?,
            token: token.token,
        });
    }
    anyhow::ensure!(
        clerks.len() == CLERKS,
        "only {} agencies have a clerk",
        clerks.len()
    );
    Ok(clerks)
}

/// Packets for every clerk, all with the same file.
async fn deliver(app: &App, clerks: &[Clerk]) -> anyhow::Result<Vec<Vec<IncomingId>>> {
    let set = app
        .db
        .one(
            sql!(
                "SELECT i.set_id, f.name, f.sha256 FROM file_set_item i JOIN file f ON f.id = i.file_id ORDER BY f.id LIMIT 1"
            ),
            args![],
        )
        .await?;
    let digest = store::Digest::from_slice(&set.get::<Vec<u8>>("sha256")?)?;
    let announced = incoming::Announced {
        name: set.get("name")?,
        sha256: Some(digest.to_string()),
    };
    let file_set: Uuid = set.get("set_id")?;
    let mut delivered = Vec::with_capacity(clerks.len());
    for (nth, clerk) in clerks.iter().enumerate() {
        let mut ids = Vec::with_capacity(EACH);
        for number in 1..=EACH {
            let command = CommandId::from_uuid(app.ids.next());
            let begun = Act::begin::<()>(&app.db, &app.clock, &app.ids, Actor::system(), command).await?;
            let Begun::Now(mut act) = begun else {
                anyhow::bail!("an id was given out twice")
            };
            let arrival = Arrival {
                purpose: rules::exchange::Purpose::Act,
                origin: Origin::Hub(DeliveryId::from_uuid(app.ids.next())),
                agency: clerk.agency,
                sender_id: clerks.get((nth + 1) % clerks.len()).map(|sender| sender.agency),
                sender_name: "Cơ quan gửi".to_owned(),
                sender_code: None,
                number: number.to_string(),
                // One of its own: what looks like a document registered before needs a reason.
                symbol: format!("BC-{}", app.ids.next().simple()),
                issued_on: Some(app.clock.today()),
                type_key: "bao_cao".to_owned(),
                subject: "Báo cáo tình hình thực hiện nhiệm vụ".to_owned(),
                urgency: Urgency::Normal,
                signer_name: "Người ký".to_owned(),
                signer_title: "Giám đốc".to_owned(),
                respond_by: None,
                document_code: None,
                file_set: Some(file_set),
                pages: Some(1),
                announced: vec![announced.clone()],
                replaces: Vec::new(),
            };
            let arrived = incoming::arrive(&mut act, arrival).await;
            match arrived.map_err(|error| anyhow::anyhow!("{error:?}"))? {
                Arrived::Delivered(id) => ids.push(id),
                Arrived::Refused(refusal) => anyhow::bail!("{refusal}"),
            }
            let committed = app.commit(act, &()).await;
            committed.map_err(|error| anyhow::anyhow!("{error:?}"))?;
        }
        delivered.push(ids);
    }
    Ok(delivered)
}

/// Registers through the API; every answer must be a success.
async fn register(
    province: &Province,
    clerks: &Arc<Vec<Clerk>>,
    delivered: Vec<Vec<IncomingId>>,
) -> anyhow::Result<Duration> {
    let start = Instant::now();
    let tasks = delivered.into_iter().enumerate().map(|(clerk, ids)| {
        let (router, clerks) = (province.router.clone(), Arc::clone(clerks));
        tokio::spawn(async move {
            for id in ids {
                let request = Request::post(format!("/api/v1/incoming/{id}/register"))
                    .header(header::AUTHORIZATION, format!("Bearer {}", clerks[clerk].token))
                    .header(header::CONTENT_TYPE, "application/json")
                    .header("Command-Id", store::Ids::Random.next().to_string())
                    .body(Body::from("{}"))?;
                let answer = router.clone().oneshot(request).await?;
                let status = answer.status();
                let body = to_bytes(answer.into_body(), 1 << 20).await?;
                anyhow::ensure!(
                    status.is_success(),
                    "{status}: {}",
                    String::from_utf8_lossy(&body)
                );
            }
            anyhow::Ok(())
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await??;
    }
    Ok(start.elapsed())
}
