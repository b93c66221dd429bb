//! Measures the program as ratios against limits of the same run, on the same machine, in turns: how many acts
//! become durable for every raw commit, whether an inbox grows slower with the archive, how many pages are served
//! for every answer of a bare route, how long a search of the directory takes for every look-up, how much longer the clerk waits who
//! issues to the whole province. Absolute numbers are printed for orientation only.
//!
//! `bench [documents…]`: sizes of the archives, the smallest first; they are generated anew in `bench/out`.

mod acts;
mod directory;
mod inbox;
mod issue;
mod pages;
mod province;

use std::time::Duration;

/// Rounds of every measurement; the sides take turns in each.
const ROUNDS: usize = 3;
/// People at work at the same time.
const CLERKS: usize = 8;
/// Where the databases lie; the program is started at the root of the repository.
const OUT: &str = "bench/out";
/// Documents of the usual archives.
const DOCUMENTS: [usize; 2] = [20_000, 200_000];

fn main() -> anyhow::Result<()> {
    let mut sizes = std::env::args()
        .skip(1)
        .map(|size| size.parse())
        .collect::<Result<Vec<usize>, _>>()?;
    if sizes.is_empty() {
        sizes = DOCUMENTS.to_vec();
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut archives = Vec::with_capacity(sizes.len());
        for size in sizes {
            archives.push(province::open(size).await?);
        }
        let Some(largest) = archives.last() else {
            return Ok(());
        };
        println!("\n| measured | against | ratio | for orientation |");
        println!("|---|---|---|---|");
        acts::measure(largest).await?;
        inbox::measure(&archives).await?;
        pages::measure(largest).await?;
        directory::measure(largest).await?;
        issue::measure(largest).await
    })
}

/// Prints one line of the table.
fn line(measured: &str, against: &str, ratio: f64, orientation: &str) {
    println!("| {measured} | {against} | **{ratio:.2}** | {orientation} |");
}

fn per_second(count: usize, took: Duration) -> f64 {
    count as f64 / took.as_secs_f64()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
