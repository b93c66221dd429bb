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

/// The same page on both archives in turns; the ratio of the medians.
pub async fn measure(small: &Province, large: &Province) -> anyhow::Result<()> {
    let mut times = (Vec::new(), Vec::new());
    for nth in 0..PAGES + WARM_UP {
        let (one, other) = if nth % 2 == 0 {
            (page(small).await?, page(large).await?)
        } else {
            let other = page(large).await?;
            (page(small).await?, other)
        };
        if nth >= WARM_UP {
            times.0.push(one);
            times.1.push(other);
        }
    }
    let (one, other) = (median(times.0), median(times.1));
    line(
        &format!("inbox page (median) among {} documents", large.documents),
        &format!("among {} documents", small.documents),
        other / one,
        &format!("{other:.1} ms against {one:.1} ms"),
    );
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
