//! Whether the inbox of a busy officer gets slower with the archive around it.

use std::time::Instant;

use axum::{
    body::{Body, to_bytes},
    http::{Request, header},
};
use tower::ServiceExt;

use super::{line, median, province::Province};

/// Pages read on each side.
const PAGES: usize = 400;
/// Pages before them, that fill the caches of every connection.
const WARM_UP: usize = 50;

/// The same page on all archives in turns; the ratios of the medians to that of the smallest.
pub async fn measure(archives: &[Province]) -> anyhow::Result<()> {
    let mut times = vec![Vec::new(); archives.len()];
    for nth in 0..PAGES + WARM_UP {
        for turn in 0..archives.len() {
            let place = (nth + turn) % archives.len();
            let took = page(&archives[place]).await?;
            if nth >= WARM_UP {
                times[place].push(took);
            }
        }
    }
    let mut sides = archives.iter().zip(times.into_iter().map(median));
    let Some((smallest, base)) = sides.next() else {
        return Ok(());
    };
    for (archive, time) in sides {
        line(
            &format!("inbox page (median) among {} documents", archive.documents),
            &format!("among {} documents", smallest.documents),
            time / base,
            &format!("{time:.2} ms against {base:.2} ms"),
        );
    }
    Ok(())
}

/// Milliseconds of one page.
async fn page(province: &Province) -> anyhow::Result<f64> {
    let request = Request::get("/boxes/handling")
        .header(header::COOKIE, &province.cookie)
        .body(Body::empty())?;
    let start = Instant::now();
    let response = province.router.clone().oneshot(request).await?;
    anyhow::ensure!(response.status().is_success(), "the inbox: {}", response.status());
    to_bytes(response.into_body(), 1 << 24).await?;
    Ok(start.elapsed().as_secs_f64() * 1000.0)
}
