//! What an electronic copy is made of (ND30-25; Phụ lục I Phần II Mục I): the scan of the paper, or the extract laid out anew. All that
//! may be refused is found out before a number is taken.

use anyhow::anyhow;
use rules::{
    copies::{CopyFile, CopyKind, Medium, electronic_file},
    ids::FileId,
};
use store::{Act, Digest};
use the_thuc::ElectronicExtract;
use uuid::Uuid;

use super::{Source, make::MakeCopy, print, sign_copy};
use crate::{
    context::{App, Who},
    documents::{self, StoredFile, scans},
    error::{AppError, AppResult},
    outgoing::{self, Issuing, Pdf},
    signing::{
        custody,
        requests::{self, Mark, WorkFile},
    },
};

const PDF: &str = "application/pdf";

/// The file that the agency will sign.
#[derive(Debug)]
pub(super) enum Base {
    /// A scan, or an extract that was laid out elsewhere.
    File(StoredFile),
    /// The extract, composed from its words.
    Composed(Box<Pdf>),
}

impl Base {
    /// Its set, in the act that registers the copy.
    ///
    /// # Errors
    /// When the database fails.
    pub(super) async fn record(&self, act: &mut Act, who: &Who, number_and_symbol: &str) -> AppResult<Uuid> {
        let file = match self {
            Self::File(file) => file.id,
            Self::Composed(pdf) => {
                let name = format!("{number_and_symbol} chua ky.pdf").replace('/', "-");
                outgoing::record_composed(act, who, pdf, &viet_text::corrected_file_name(&name)).await?
            }
        };
        documents::new_set(act, Some(file), &[]).await
    }
}

/// The scan that a document on paper has as its main file.
///
/// # Errors
/// When the database fails.
pub(super) async fn own_scan(app: &App, source: &Source) -> AppResult<Option<StoredFile>> {
    if source.medium != Medium::Paper {
        return Ok(None);
    }
    let files = documents::files_of(app, source.file_set).await?;
    let Some(main) = files.into_iter().find(|item| item.is_main) else {
        return Ok(None);
    };
    // Of a document that was issued on paper the file is what was printed, without the signature by hand, unless it is a scan.
    if source.kind == "outgoing" && !scans::is_scan(app, main.file.id).await? {
        return Ok(None);
    }
    Ok(Some(main.file))
}

/// Chooses or composes the file, and tries everything that signing it needs but the key itself.
///
/// # Errors
/// Refusals of [`electronic_file`]; of the agency's certificate, of the place of its key and of who keeps it; of a file that cannot be
/// signed.
pub(super) async fn prepare(
    app: &App,
    who: &Who,
    source: &Source,
    kind: CopyKind,
    data: &MakeCopy,
    text: &str,
    agency: &Issuing,
) -> AppResult<Base> {
    let chosen = match data.main_file {
        Some(file) => Some((outgoing::own_file(app, who, &[], file).await?, true)),
        None => own_scan(app, source).await?.map(|file| (file, false)),
    };
    electronic_file(
        kind,
        text,
        chosen.as_ref().map(|(file, is_brought)| CopyFile {
            is_pdf: file.media_type == PDF,
            is_brought: *is_brought,
        }),
    )?;
    let key = sign_copy::key(app, who.agency()).await?;
    // A program may have the copy numbered; it waits for the clerk then, who is asked again when it is signed.
    if who.in_person {
        custody::may_use(app, who, who.agency()).await?;
    }
    let base = match chosen {
        _ if kind == CopyKind::TrichSao && !text.is_empty() => {
            Base::Composed(Box::new(compose(app, source, text, agency).await?))
        }
        Some((file, _)) => Base::File(file),
        None => return Err(AppError::Internal(anyhow!("an electronic copy of no file"))),
    };
    let mark = sign_copy::mark(kind, agency);
    let mut trial = match &base {
        Base::File(file) => work_file(file.id, &file.name, file.pages, file.digest, mark),
        Base::Composed(pdf) => {
            let id = FileId::from_uuid(Uuid::nil());
            work_file(id, "Bản trích sao", Some(pdf.pages), pdf.blob.digest, mark)
        }
    };
    requests::prepare_next(app, &mut trial, &key.ink).await?;
    Ok(base)
}

/// A file on its way to the one signature of a copy.
pub(super) fn work_file(id: FileId, name: &str, pages: Option<i64>, digest: Digest, mark: Mark) -> WorkFile {
    WorkFile {
        base: id,
        name: name.to_owned(),
        is_main: true,
        pages,
        content: digest.to_string(),
        todo: vec![mark],
        open: None,
        warning: None,
    }
}

/// The extract, laid out with the form of its document.
///
/// # Errors
/// `PL1-G4` for a sign that cannot be printed; when the engine fails.
pub(super) async fn compose(app: &App, source: &Source, text: &str, agency: &Issuing) -> AppResult<Pdf> {
    let extract = ElectronicExtract {
        title: format!("{} {}", CopyKind::TrichSao.label(), source.name),
        agency: agency.name.clone(),
        part: print::part(app, source.kind, source.id, text.to_owned(), agency).await?,
    };
    let at = app.clock.now();
    let composed = app
        .heavy(move |app| anyhow::Ok(app.composer()?.extract(&extract, at)))
        .await??
        .map_err(|error| outgoing::unprintable(error, "text"))?;
    Ok(Pdf {
        blob: app.blobs.put(&composed.pdf).await?,
        pages: i64::from(composed.pages),
        places: None,
    })
}
