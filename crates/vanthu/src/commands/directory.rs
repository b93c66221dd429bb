//! `vanthu directory`: the directory of the axis from and to files, for lists too large for a page or without one.

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Subcommand;
use rules::directory::{Change, Source};

use crate::{
    context::App,
    directory::{self, Load, Preview},
};

/// What is done with the directory.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Đọc danh mục từ tệp CSV, XLSX; chỉ cho biết sẽ thay đổi gì, trừ khi có --apply.
    Import {
        /// Tệp CSV (UTF-8) hoặc XLSX, có dòng tiêu đề.
        file: PathBuf,
        /// Nạp vào danh mục.
        #[arg(long)]
        apply: bool,
        /// Đóng cả những mục nhập từ tệp trước đây mà tệp này không còn; chỉ dùng khi tệp là danh mục đầy đủ.
        #[arg(long, requires = "apply")]
        close_gone: bool,
    },
    /// Ghi danh mục ra tệp CSV hoặc XLSX, theo đuôi tệp.
    Export {
        /// Tệp sẽ ghi.
        file: PathBuf,
    },
}

/// Carries the command out.
pub async fn run(app: &App, command: Command) -> anyhow::Result<()> {
    match command {
        Command::Import {
            file,
            apply,
            close_gone,
        } => {
            let (load, preview) = read(app, &file).await?;
            print!("{}", told(&preview));
            if apply {
                let done = directory::apply(app, load, close_gone).await?;
                println!(
                    "Đã nạp: thêm {}, sửa {}, đóng {}.",
                    done.added, done.changed, done.closed
                );
            } else {
                println!("Chưa có gì thay đổi. Thêm --apply để nạp vào danh mục.");
            }
        }
        Command::Export { file } => {
            let is_xlsx = file
                .extension()
                .is_some_and(|ending| ending.eq_ignore_ascii_case("xlsx"));
            let bytes = directory::export(app, is_xlsx).await?;
            std::fs::write(&file, bytes).with_context(|| format!("không ghi được {}", file.display()))?;
        }
    }
    Ok(())
}

async fn read(app: &App, file: &Path) -> anyhow::Result<(uuid::Uuid, Preview)> {
    let bytes = std::fs::read(file).with_context(|| format!("không đọc được {}", file.display()))?;
    let name = file
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let mut load = Load::begin(app, Source::Import, &name, "vanthu directory import").await?;
    directory::read_file(app, &mut load, &name, &bytes).await?;
    let load = load.stage(app).await?;
    Ok((load, directory::preview(app, load, Source::Import).await?))
}

fn told(preview: &Preview) -> String {
    let mut lines: Vec<String> = Change::ALL
        .iter()
        .filter_map(|change| {
            let times = preview.times(*change);
            (times > 0).then(|| format!("{}: {times}", change.label()))
        })
        .collect();
    lines.push(format!("Không còn trong tệp: {}", preview.gone_count));
    lines.push(format!("Dòng có lỗi, bị bỏ qua: {}", preview.problem_count));
    lines.extend(
        preview
            .problems
            .iter()
            .map(|problem| format!("  dòng {}: {} ({})", problem.line, problem.sentence, problem.code)),
    );
    lines.push(String::new());
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Office;

    #[tokio::test]
    async fn cn_407_the_operator_sees_first_and_applies_then() {
        let office = Office::new().await;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("danh-muc.csv");
        std::fs::write(
            &file,
            "Mã định danh,Tên,Mã cũ\nH96.01,Sở Mẫu,000.00.01.H96\n,Thiếu mã,\nG98,Bộ Ví dụ,\n",
        )
        .unwrap();
        let import = |apply| Command::Import {
            file: file.clone(),
            apply,
            close_gone: false,
        };
        let (_, preview) = read(&office.app, &file).await.unwrap();
        let text = told(&preview);
        assert!(
            text.contains("Thêm mới: 2") && text.contains("dòng 3: Thiếu mã định danh"),
            "{text}"
        );
        run(&office.app, import(false)).await.unwrap();
        let named = async |name| directory::named(&office.app, name).await.unwrap().len();
        assert_eq!(named("Sở Mẫu").await, 0);
        run(&office.app, import(true)).await.unwrap();
        assert_eq!(named("Sở Mẫu").await, 1);
        let out = folder.path().join("ra.xlsx");
        run(&office.app, Command::Export { file: out.clone() })
            .await
            .unwrap();
        let (_, again) = read(&office.app, &out).await.unwrap();
        assert!(
            again.times(Change::Unchanged) >= 2 && again.times(Change::Add) == 0,
            "{}",
            told(&again)
        );
    }
}
