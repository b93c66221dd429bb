//! Searching the directory of the axis, as large as it is, against one indexed look-up on the same tables.

use std::time::Instant;

use rules::directory::Source;
use store::{args, sql};
use vanthu::{
    context::App,
    directory::{self, DirectoryQuery, Load, Record},
};

use super::{line, median, province::Province};

/// As many organisations as the axis lists.
const ENTRIES: u32 = 111_000;
/// Searches of each kind.
const TIMES: usize = 60;

/// Fills the directory, then searches and look-ups in turns.
pub async fn measure(province: &Province) -> anyhow::Result<()> {
    let app = &province.app;
    let start = Instant::now();
    fill(app).await.map_err(|error| anyhow::anyhow!("{error:?}"))?;
    println!(
        "{ENTRIES} organisations loaded in {:.0} s",
        start.elapsed().as_secs_f64()
    );
    let searches = [
        ("directory search by a code", "P42.77", 1),
        (
            "directory search by words of the name",
            "tu phap so 773 dong 42",
            1,
        ),
        (
            "directory search that finds nothing",
            "khong co noi nao nhu the",
            0,
        ),
    ];
    let mut raw = Vec::with_capacity(TIMES);
    let mut times = vec![Vec::with_capacity(TIMES); searches.len()];
    for _ in 0..TIMES {
        let start = Instant::now();
        let row = app
            .db
            .opt(
                sql!("SELECT id, code, name FROM directory_entry WHERE code = $1"),
                args!["P42.773"],
            )
            .await?;
        raw.push(start.elapsed().as_secs_f64() * 1000.0);
        anyhow::ensure!(row.is_some(), "the directory is not filled");
        for ((_, q, least), times) in searches.iter().zip(&mut times) {
            let query = DirectoryQuery {
                q: (*q).to_owned(),
                ..DirectoryQuery::default()
            };
            let start = Instant::now();
            let found = directory::find(app, &query, 25)
                .await
                .map_err(|error| anyhow::anyhow!("{error:?}"))?;
            times.push(start.elapsed().as_secs_f64() * 1000.0);
            anyhow::ensure!(found.items.len() >= *least, "“{q}” finds too little");
        }
    }
    let base = median(raw);
    for ((name, ..), times) in searches.iter().zip(times) {
        let time = median(times);
        line(
            &format!("{name} (median) among {ENTRIES}"),
            "one look-up by code",
            time / base,
            &format!("{time:.2} ms against {base:.3} ms"),
        );
    }
    Ok(())
}

async fn fill(app: &App) -> vanthu::error::AppResult<()> {
    const WORK: [&str; 10] = [
        "Nội vụ",
        "Tài chính",
        "Y tế",
        "Tư pháp",
        "Xây dựng",
        "Công Thương",
        "Văn hóa",
        "Thanh tra",
        "Dân tộc",
        "Nông nghiệp",
    ];
    let mut load = Load::begin(app, Source::Axis, "bench", "bench").await?;
    for nth in 0..ENTRIES {
        let (province, office) = (nth / 1000, nth % 1000);
        let letter = if province < 100 { 'P' } else { 'Q' };
        let top = format!("{letter}{:02}", province % 100);
        let work = WORK[(office % 10) as usize];
        load.push(
            app,
            Record {
                code: format!("{top}.{office:03}"),
                old_code: Some(format!("{office:03}.01.01.{top}")),
                name: format!("Phòng {work} số {office} tỉnh Đồng {province}"),
                ..Record::default()
            },
        )
        .await?;
    }
    let load = load.stage(app).await?;
    directory::apply(app, load, false).await?;
    Ok(())
}
