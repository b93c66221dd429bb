//! Two installations, an axis between them that loses, doubles, delays and damages, servers killed at random moments:
//! afterwards every document is on the other side exactly once, and both sides say the same about every one of them.
//!
//! `SOAK_DOCUMENTS` and `SOAK_KILLS` set the size, `SOAK_SEED` repeats a run's plan. The verdict does not depend on how
//! fast the machine is; a run ends with a failure only when nothing moves any more.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

#[path = "../kit/mod.rs"]
mod kit;

mod books;
mod clerks;
mod disturbance;
mod makers;
mod office;
mod plan;
mod settling;
mod verdict;
mod world;

use std::{path::Path, thread, time::Instant};

use kit::postgres;
use tempfile::TempDir;
use world::World;

/// Runs the whole with two databases; empty ones are SQLite. What does not agree is kept for whoever looks for the reason.
fn soak(folder: TempDir, databases: [&str; 2]) {
    let (is_clean, seed) = run(folder.path(), databases);
    if !is_clean {
        println!("the data stay in {}", folder.keep().display());
    }
    assert!(is_clean, "both sides do not agree; seed {seed}");
}

/// Gives whether both sides agree, and the seed.
fn run(folder: &Path, databases: [&str; 2]) -> (bool, u64) {
    let begun = Instant::now();
    let world = World::open(folder, databases);
    println!(
        "soak: {} documents, {} kills, seed {}; ready after {:.0?}",
        world.size.documents,
        world.size.kills,
        world.size.seed,
        begun.elapsed()
    );
    thread::scope(|scope| {
        let _watch = world.watch();
        let helpers = [
            scope.spawn(|| disturbance::kill(&world)),
            scope.spawn(|| disturbance::take_the_axis_down(&world)),
            scope.spawn(|| disturbance::let_time_pass(&world)),
            scope.spawn(|| disturbance::report(&world, begun)),
        ];
        let clerks: Vec<_> = world
            .desks()
            .into_iter()
            .map(|(office, token)| {
                let world = &world;
                scope.spawn(move || clerks::work(world, office, token))
            })
            .collect();
        makers::bring_everything_out(&world);
        disturbance::wait_until_over(&world);
        world.axis.troubles(Vec::new());
        settling::wait_until_settled(&world);
        world.stop();
        for one in clerks {
            one.join().unwrap();
        }
        for one in helpers {
            one.join().unwrap();
        }
    });
    let found = verdict::judge(&world);
    println!("{found}");
    world.print_totals(begun);
    (found.is_clean(), world.size.seed)
}

#[test]
fn heavy_soak_two_installations_agree_after_faults_and_kills_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    soak(folder, ["", ""]);
}

#[test]
fn heavy_soak_two_installations_agree_after_faults_and_kills_on_postgres() {
    let Some(one) = postgres("vanthu_soak_a") else {
        return;
    };
    let other = postgres("vanthu_soak_b").unwrap();
    let folder = tempfile::tempdir().unwrap();
    soak(folder, [&one, &other]);
}
