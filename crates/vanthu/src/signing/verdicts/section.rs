//! Chữ ký số on the page of a document: each PDF with its verdict and its signers, the way to the report, a new check.

use pdf_signature::verify::{Report, Verdict};

use super::{
    kept,
    object::{Object, Pdf},
    words,
};
use crate::{
    context::App,
    error::AppResult,
    web::{
        format,
        page::{Badge, Tone},
    },
};

/// What the section shows.
#[derive(Debug, Clone)]
pub struct Section {
    /// The page of the reports.
    pub href: String,
    /// Where a new check is asked for.
    pub recheck: String,
    /// Each PDF.
    pub files: Vec<FileLine>,
    /// Whether there is a report at all.
    pub is_checked: bool,
    /// The worst verdict of all files, for the head of the page; nothing unless something is wrong or open.
    pub warning: Option<Badge>,
}

/// A PDF with its verdict.
#[derive(Debug, Clone)]
pub struct FileLine {
    /// Its name.
    pub name: String,
    /// The verdict.
    pub badge: Badge,
    /// One sentence about it.
    pub sentence: String,
    /// When it was checked and by whom; empty before the first check.
    pub checked: String,
    /// Who signed.
    pub signers: Vec<SignerLine>,
}

/// A signature in one line.
#[derive(Debug, Clone)]
pub struct SignerLine {
    /// Name and title.
    pub who: String,
    /// Loại chữ ký.
    pub role: &'static str,
    /// The verdict.
    pub badge: Badge,
}

/// The section of a document.
///
/// # Errors
/// When the database fails.
pub async fn section(app: &App, object: Object) -> AppResult<Section> {
    let known = kept::of_object(app, object.id()).await?;
    let mut files = Vec::new();
    let mut worst: Option<&Report> = None;
    for Pdf { file, .. } in object.pdfs(app).await? {
        let Some(stored) = known.iter().find(|stored| stored.file == file.id) else {
            files.push(FileLine {
                name: file.name,
                badge: Badge::new("Chưa kiểm tra", Tone::Neutral).icon("hourglass"),
                sentence: "Chữ ký số của tệp này chưa được kiểm tra.".to_owned(),
                checked: String::new(),
                signers: Vec::new(),
            });
            continue;
        };
        let report = &stored.report;
        if !report.signatures.is_empty() && worst.is_none_or(|worst| report.verdict > worst.verdict) {
            worst = Some(report);
        }
        files.push(FileLine {
            name: file.name,
            badge: words::file_badge(report),
            sentence: words::sentence(report),
            checked: format!("{} · {}", format::moment(report.checked_at), stored.by),
            signers: report
                .signatures
                .iter()
                .map(|one| SignerLine {
                    who: words::signer(one),
                    role: words::role(one.role),
                    badge: words::badge(one.verdict),
                })
                .collect(),
        });
    }
    let warning = worst
        .filter(|report| report.verdict != Verdict::TotalPassed)
        .map(|report| match report.verdict {
            Verdict::TotalFailed => Badge::new("Chữ ký số không hợp lệ", Tone::Bad).icon("shield-x"),
            _ => Badge::new("Chưa đủ căn cứ về chữ ký số", Tone::Warn).icon("shield-question"),
        });
    Ok(Section {
        href: object.href(),
        recheck: format!("{}/recheck", object.href()),
        is_checked: !known.is_empty(),
        files,
        warning,
    })
}
