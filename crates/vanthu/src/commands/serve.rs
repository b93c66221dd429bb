//! `vanthu serve`: pages, API and workers in one process.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use clap::Args;
use tokio::net::TcpListener;

use super::{
    Open, demo,
    listen::{Limits, listen},
    open,
};
use crate::{
    calendar,
    context::App,
    documents::sweep,
    exchange, notices,
    settings::{Server, Settings},
    signing::{self, requests},
};

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
    /// Cho phép dữ liệu mẫu (mật khẩu ai cũng biết) lắng nghe ngoài máy này.
    #[arg(long)]
    demo_on_network: bool,
}

/// Serves until told to stop; open requests are finished first, for ten seconds at most.
pub async fn run(settings: Settings, arguments: Arguments) -> anyhow::Result<()> {
    let app = open(settings, Open::Made).await?;
    app.set_program(std::env::current_exe()?);
    if arguments.demo && demo::is_empty(&app).await? {
        demo::seed_with_history(
            &app,
            arguments.demo_agencies,
            arguments.demo_documents,
            demo::Keys::Real,
        )
        .await?;
    }
    demo::note_sample_data(&app).await?;
    demo::seed_keys(&app, demo::Keys::Real).await?;
    let listener = TcpListener::bind(&app.settings.server.address).await?;
    let address = listener.local_addr()?;
    may_listen(
        &app.settings.server,
        address,
        app.has_sample_data() && !arguments.demo_on_network,
    )?;
    let workers = exchange::start_workers(&app);
    let connections = exchange::axis::start_workers(&app);
    let sealer = tokio::spawn(seal_every_second(app.clone()));
    let sweeper = tokio::spawn(sweep_every_day(app.clone()));
    let evidence = tokio::spawn(tend_evidence(app.clone()));
    let reaper = tokio::spawn(requests::reap_regularly(app.clone()));
    let days = tokio::spawn(calendar::refresh_regularly(app.clone()));
    println!("Vănthư đang chạy tại http://{address}");
    if arguments.demo {
        print!("{}", demo::logins());
    }
    let stopping = app.stopping.clone();
    tokio::spawn(async move {
        stop_signal().await;
        stopping.cancel();
    });
    listen(&app, listener, Limits::default()).await;
    workers.stop().await;
    // A large packet under way is broken off and found again by the next start.
    connections.stop(Duration::from_secs(10)).await;
    sealer.abort();
    sweeper.abort();
    evidence.abort();
    reaper.abort();
    days.abort();
    app.db.close().await;
    Ok(())
}

/// Refuses an address where the program would not be safe.
///
/// # Errors
/// Sample data beyond this machine; an address beyond this machine without `public_url`.
fn may_listen(server: &Server, address: SocketAddr, only_here: bool) -> anyhow::Result<()> {
    let is_here = address.ip().is_loopback() && !server.behind_proxy;
    anyhow::ensure!(
        is_here || !only_here,
        "Cơ sở dữ liệu này có tài khoản mẫu với mật khẩu ai cũng biết, nên chỉ chạy ở 127.0.0.1, không qua máy chủ ủy nhiệm. Nếu thật sự muốn mở ra mạng, thêm --demo-on-network."
    );
    anyhow::ensure!(
        is_here || !server.public_url.is_empty(),
        "Hãy đặt server.public_url là địa chỉ người dùng gõ (https://…): khi lắng nghe ngoài máy này hoặc sau máy chủ ủy nhiệm, biểu mẫu chỉ được nhận từ địa chỉ đó."
    );
    Ok(())
}

async fn seal_every_second(app: App) {
    const MARK_EVERY: Duration = Duration::from_secs(24 * 3600);
    let mut marked: Option<Instant> = None;
    loop {
        tokio::time::sleep(Duration::from_secs(1)).await;
        if let Err(error) = store::journal::seal(&app.db, app.clock.now()).await {
            tracing::warn!(%error, "sealing the journal failed; tried again in a second");
        } else if marked.is_none_or(|at| at.elapsed() >= MARK_EVERY) {
            // The log leaves the machine; whoever owns the database cannot change what it said.
            match store::journal::head(&app.db).await {
                Ok(Some(head)) => {
                    marked = Some(Instant::now());
                    tracing::info!(%head, "the journal is sealed up to here");
                }
                Ok(None) => {}
                Err(error) => tracing::warn!(%error, "the head of the journal could not be read"),
            }
        }
    }
}

/// Keeps the evidence of signatures fresh; what is due is decided there.
async fn tend_evidence(app: App) {
    loop {
        match signing::evidence::tend(&app).await {
            Ok(0) => {}
            Ok(kept) => tracing::info!(kept, "evidence of signatures was renewed"),
            Err(error) => tracing::warn!(%error, "evidence of signatures could not be renewed; tried again"),
        }
        tokio::time::sleep(Duration::from_secs(600)).await;
    }
}

async fn sweep_every_day(app: App) {
    loop {
        tokio::time::sleep(Duration::from_secs(24 * 3600)).await;
        match sweep::sweep(&app, sweep::GRACE).await {
            Ok(swept) => tracing::info!(swept.files, swept.blobs, "files without use were removed"),
            Err(error) => tracing::warn!(%error, "sweeping files failed; tried again tomorrow"),
        }
        if let Err(error) = notices::forget_old(&app).await {
            tracing::warn!(%error, "old notices could not be forgotten; tried again tomorrow");
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sample_data_stays_on_this_machine_and_a_network_needs_its_address() {
        let here = "127.0.0.1:8080".parse().unwrap();
        let network = "0.0.0.0:8080".parse().unwrap();
        let plain = Server::default();
        let proxied = Server {
            behind_proxy: true,
            ..Server::default()
        };
        let named = Server {
            public_url: "https://qlvb.daknong.example".to_owned(),
            ..proxied.clone()
        };
        may_listen(&plain, here, true).unwrap();
        for (server, address) in [
            (&plain, network),
            (&proxied, here),
            (&named, here),
            (&named, network),
        ] {
            let refused = may_listen(server, address, true).unwrap_err().to_string();
            assert!(refused.contains("--demo-on-network"), "{refused}");
        }
        for (server, address) in [(&plain, network), (&proxied, here)] {
            let refused = may_listen(server, address, false).unwrap_err().to_string();
            assert!(refused.contains("public_url"), "{refused}");
        }
        may_listen(&named, here, false).unwrap();
        may_listen(&named, network, false).unwrap();
    }
}
