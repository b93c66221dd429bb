//! When it is over: nothing is left to do for anybody.

use std::{collections::BTreeMap, thread, time::Duration};

use store::{Db, Sql, sql};

use crate::{
    books::databases,
    kit::{block_on, numbers},
    world::World,
};

/// What is not finished yet, by what it is.
type Outstanding = BTreeMap<String, i64>;

const OUTSTANDING: &[(&str, Sql)] = &[
    (
        "packets to send",
        sql!(
            "SELECT count(*) AS n FROM axis_outbox WHERE state IN ('packing', 'waiting', 'sending', 'unknown')"
        ),
    ),
    (
        "packets to take in",
        sql!("SELECT count(*) AS n FROM axis_inbox WHERE state = 'listed'"),
    ),
    (
        "packets to acknowledge",
        sql!("SELECT count(*) AS n FROM axis_inbox WHERE state <> 'listed' AND acked = ''"),
    ),
    ("jobs", sql!("SELECT count(*) AS n FROM job")),
    (
        "documents in the reception box",
        sql!("SELECT count(*) AS n FROM incoming WHERE state = 'delivered'"),
    ),
    (
        "requests to answer",
        sql!("SELECT count(*) AS n FROM sender_request WHERE state = 'open'"),
    ),
    (
        "lines without a state of the recipient",
        sql!(
            "SELECT count(*) AS n FROM delivery WHERE channel = 'axis' AND state IN ('pending', 'sending', 'sent', 'failed')"
        ),
    ),
    (
        "orders without an answer",
        sql!(
            "SELECT count(*) AS n FROM dispatch_line l JOIN dispatch d ON d.id = l.dispatch_id \
             WHERE d.business IN ('recall', 'update') AND l.state IN ('pending', 'sent')"
        ),
    ),
];

async fn outstanding(world: &World, databases: &[Db]) -> Outstanding {
    let mut all = Outstanding::new();
    for (office, db) in world.offices.iter().zip(databases) {
        for (what, statement) in OUTSTANDING {
            let count = numbers(db, *statement).await[0];
            if count > 0 {
                all.insert(format!("{}: {what}", office.side.letter()), count);
            }
        }
    }
    if !all.is_empty() {
        return all;
    }
    // Its list of packets is long: it is asked last.
    let state = world.axis.state();
    for (kind, count) in state["counts"].as_object().unwrap() {
        if !kind.ends_with("/done") && !kind.ends_with("/fail") {
            all.insert(format!("axis: {kind}"), count.as_i64().unwrap());
        }
    }
    all
}

/// Waits until nothing is left to do for anybody, twice in a row: what is done at one side may come back to the other.
pub fn wait_until_settled(world: &World) {
    block_on(async {
        let databases = databases(world).await;
        let (mut last, mut quiet) = (Outstanding::new(), 0);
        while quiet < 2 {
            let left = outstanding(world, &databases).await;
            quiet = if left.is_empty() { quiet + 1 } else { 0 };
            if left != last {
                world.moved();
            }
            world.be_patient(&format!("{left:?}"));
            last = left;
            thread::sleep(Duration::from_millis(700));
        }
        for db in databases {
            db.close().await;
        }
    });
}
