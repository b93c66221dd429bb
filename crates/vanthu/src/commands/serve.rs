//! `vanthu serve`: pages, API and workers in one process.

use std::{net::SocketAddr, time::Duration};

use clap::Args;
use tokio::net::TcpListener;

use super::{demo, open};
use crate::{context::App, documents::sweep, exchange, routes, settings::Settings};

/// Arguments of `vanthu serve`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Khi cơ sở dữ liệu còn trống: dựng tỉnh mẫu.
    #[arg(long)]
    demo: bool,
    /// Số cơ quan của tỉnh mẫu.
    #[arg(long, default_value_t = 300)]
    demo_agencies: usize,
    /// Số văn bản (đi và đến) của lịch sử mẫu, gần đúng; 0 là không dựng lịch sử.
    #[arg(long, default_value_t = demo::SMALL_HISTORY)]
    demo_documents: usize,
}

/// Serves until told to stop; open requests are finished first.
pub async fn run(settings: Settings, arguments: Arguments) -> anyhow::Result<()> {
    let app = open(settings, true).await?;
    if arguments.demo && demo::is_empty(&app).await? {
        demo::seed_with_history(&app, arguments.demo_agencies, arguments.demo_documents).await?;
    }
    let listener = TcpListener::bind(&app.settings.server.address).await?;
    let address = listener.local_addr()?;
    let workers = exchange::start_workers(&app);
    let sealer = tokio::spawn(seal_every_second(app.clone()));
    let sweeper = tokio::spawn(sweep_every_day(app.clone()));
    println!("Vănthư đang chạy tại http://{address}");
    if arguments.demo {
        print!("{}", demo::logins());
    }
    let service = routes::service(&app).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service)
        .with_graceful_shutdown(stop_signal())
        .await?;
    workers.stop().await;
    sealer.abort();
    sweeper.abort();
    app.db.close().await;
    Ok(())
}

async fn seal_every_second(app: App) {
    loop {
        tokio::time::sleep(Duration::from_secs(1)).await;
        if let Err(error) = store::journal::seal(&app.db, app.clock.now()).await {
            tracing::warn!(%error, "sealing the journal failed; tried again in a second");
        }
    }
}

async fn sweep_every_day(app: App) {
    loop {
        tokio::time::sleep(Duration::from_secs(24 * 3600)).await;
        match sweep::sweep(&app, sweep::GRACE).await {
            Ok(swept) => tracing::info!(swept.files, swept.blobs, "files without use were removed"),
            Err(error) => tracing::warn!(%error, "sweeping files failed; tried again tomorrow"),
        }
    }
}

async fn stop_signal() {
    let interrupt = async { tokio::signal::ctrl_c().await.ok() };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! { _ = interrupt => {}, _ = terminate.recv() => {} }
            return;
        }
    }
    interrupt.await;
}
