//! What goes wrong: the axis loses, doubles, delays and damages; servers are killed.

use std::{
    sync::atomic::Ordering,
    thread,
    time::{Duration, Instant},
};

use jiff::SignedDuration;
use serde_json::{Value, json};
use store::{Db, Sql, args, sql};

use crate::{
    kit::{block_on, mix, open},
    office::Office,
    plan::Side,
    world::World,
};

/// Longer pauses of packets in doubt are cut short.
const LONG_PAUSE: SignedDuration = SignedDuration::from_secs(45);

/// The axis is not there so often.
const DOWNS: usize = 3;

/// Everything that the emulated axis can do, each seldom enough that work goes on.
pub fn troubles() -> Vec<Value> {
    vec![
        json!({ "fault": "drop_before", "per_mille": 8 }),
        json!({ "fault": "take_then_drop", "per_mille": 8 }),
        json!({ "fault": "take_then_drop", "per_mille": 25, "operations": ["send"] }),
        json!({ "fault": "empty_answer", "per_mille": 5 }),
        json!({ "fault": "truncated_answer", "per_mille": 5 }),
        json!({ "fault": "cut_answer", "per_mille": 5 }),
        json!({ "fault": "garbage_answer", "per_mille": 4 }),
        json!({ "fault": "http", "status": 502, "per_mille": 5 }),
        json!({ "fault": "refuse", "code": "20", "per_mille": 4, "operations": ["send"] }),
        json!({ "fault": "duplicate", "per_mille": 40, "operations": ["send"] }),
        json!({ "fault": "again", "per_mille": 30, "operations": ["update_status"] }),
        json!({ "fault": "reorder", "per_mille": 300 }),
        json!({ "fault": "reserialise", "per_mille": 100, "operations": ["send"] }),
        json!({ "fault": "hide", "millis": 1500, "per_mille": 30, "operations": ["send"] }),
        json!({ "fault": "hide", "millis": 2500, "from_sender": true, "per_mille": 15, "operations": ["send"] }),
        json!({ "fault": "damage", "per_mille": 30 }),
        json!({ "fault": "delay", "millis": 150, "per_mille": 30 }),
        json!({ "fault": "slow_body", "piece": 2048, "millis": 5, "per_mille": 10 }),
    ]
}

/// Kills both servers at random moments, as often as wanted, spread over the run by how far it is.
pub fn kill(world: &World) {
    let _watch = world.watch();
    let (kills, seed) = (world.size.kills, world.size.seed);
    for kill in 0..kills {
        let random = |what: u64| mix(seed ^ mix(kill as u64 * 8 + what + 1000));
        let share = (kill as f64 + random(1) as f64 / u64::MAX as f64) / kills as f64;
        wait_for(world, (share * world.size.documents as f64 * 1.6) as usize);
        if world.is_over() {
            return;
        }
        thread::sleep(Duration::from_millis(random(2) % 400));
        let side = if random(3).is_multiple_of(2) {
            Side::A
        } else {
            Side::B
        };
        let office = world.office(side);
        let mut server = office.server.lock().unwrap();
        server.kill();
        thread::sleep(Duration::from_millis(random(4) % 300));
        block_on(end_leases(office));
        server.restart();
        world.kills.fetch_add(1, Ordering::SeqCst);
        world.moved();
    }
}

/// The axis cannot be reached for a moment.
pub fn take_the_axis_down(world: &World) {
    let _watch = world.watch();
    for down in 0..DOWNS {
        wait_for(world, world.size.documents * (2 * down + 1) / (2 * DOWNS));
        if world.is_over() {
            return;
        }
        world.axis.down(true);
        thread::sleep(Duration::from_millis(
            500 + mix(world.size.seed ^ down as u64) % 1500,
        ));
        world.axis.down(false);
    }
}

/// Waits until so much is done, or nothing goes on by itself any more.
fn wait_for(world: &World, progress: usize) {
    let mut last = (0, Instant::now());
    while !world.is_over() {
        let now = world.progress.load(Ordering::SeqCst);
        if now >= progress {
            return;
        }
        if now != last.0 {
            last = (now, Instant::now());
        }
        if last.1.elapsed() > Duration::from_secs(20) {
            return;
        }
        thread::sleep(Duration::from_millis(20));
    }
}

/// Waits until all kills were carried out.
pub fn wait_until_over(world: &World) {
    while world.kills.load(Ordering::SeqCst) < world.size.kills {
        world.be_patient("kills are still to come");
        thread::sleep(Duration::from_millis(50));
    }
}

/// A killed node holds its leases until they end by themselves; nobody else may work meanwhile. That the node is dead is
/// known here, so they end at once.
async fn end_leases(office: &Office) {
    let db = open(&office.folder, &office.database).await;
    run(
        &db,
        &[
            sql!("UPDATE axis_connection SET lease_owner = NULL, lease_until = 0"),
            sql!("UPDATE job SET locked_until = 0"),
        ],
    )
    .await;
    db.close().await;
}

/// Pauses after failures grow from seconds to an hour, and the axis is asked every ten seconds at the most: time passes
/// quicker here.
pub fn let_time_pass(world: &World) {
    let _watch = world.watch();
    block_on(async {
        let mut databases = Vec::new();
        for office in &world.offices {
            databases.push(open(&office.folder, &office.database).await);
        }
        while !world.is_over() {
            for db in &databases {
                let now = store::Clock::System.now();
                let mut tx = db.begin().await.unwrap();
                for (statement, arguments) in [
                    (
                        sql!("UPDATE axis_connection SET poll_next_at = 0, send_next_at = 0"),
                        args![],
                    ),
                    (
                        sql!(
                            "UPDATE axis_outbox SET next_at = 0 WHERE next_at > 0 AND state IN ('packing', 'waiting')"
                        ),
                        args![],
                    ),
                    // A list of the axis tells of packets in doubt that are due when it is asked for; a long one is asked for seldom.
                    (
                        sql!("UPDATE axis_outbox SET next_at = $1 WHERE next_at > $2 AND state = 'unknown'"),
                        args![now, now + LONG_PAUSE],
                    ),
                    (
                        sql!(
                            "UPDATE axis_inbox SET next_at = 0 WHERE next_at > 0 AND (state = 'listed' OR acked = '')"
                        ),
                        args![],
                    ),
                    (
                        sql!(
                            "UPDATE job SET run_at = 0 WHERE attempts > 0 AND locked_until = 0 AND dead = 0"
                        ),
                        args![],
                    ),
                ] {
                    tx.run(statement, arguments).await.unwrap();
                }
                tx.commit().await.unwrap();
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        for db in databases {
            db.close().await;
        }
    });
}

async fn run(db: &Db, statements: &[Sql]) {
    let mut tx = db.begin().await.unwrap();
    for statement in statements {
        tx.run(*statement, args![]).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// Says now and then how far it is.
pub fn report(world: &World, begun: Instant) {
    let _watch = world.watch();
    let mut last = Instant::now();
    while !world.is_over() {
        thread::sleep(Duration::from_millis(200));
        if last.elapsed() < Duration::from_secs(30) {
            continue;
        }
        last = Instant::now();
        let memory = world.offices.iter().map(|office| {
            let server = office.server.try_lock();
            server.map_or(0, |server| server.resident() / 1024)
        });
        println!(
            "{:.0?}: {} documents further, {} kills, servers hold {:?} MiB",
            begun.elapsed(),
            world.progress.load(Ordering::SeqCst),
            world.kills.load(Ordering::SeqCst),
            memory.collect::<Vec<_>>()
        );
    }
}
