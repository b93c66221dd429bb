//! Running the layout engine: templates and data in, PDF and places out.

use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use jiff::{Timestamp, tz::Offset};
use serde::Serialize;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook, FontInfo, FontStretch, FontStyle, FontVariant, FontWeight};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_kit::fonts::FontStore;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use crate::copy::{CopyBlock, CopyView, ElectronicExtract};
use crate::document::OfficialDocument;
use crate::envelope::{Envelope, EnvelopeView};
use crate::error::Error;
use crate::mail::{MailPrint, MailView};
use crate::places::{Places, places};
use crate::register::RegisterSheet;
use crate::slip::{ArrivalStamp, HandlingSlip, SlipView, StampView};
use crate::submission::{SubmissionSlip, SubmissionView};
use crate::view::{OfficialView, RegisterView, date_size};

/// Times New Roman, or the free font with the same widths (PL1-G4).
const FAMILIES: [&str; 2] = ["times new roman", "liberation serif"];

/// Size of ô 3, points.
const NUMBER_SIZE: f64 = 13.0;

/// A font file in use.
#[derive(Clone, PartialEq, Eq)]
pub struct FontFile {
    /// The whole file.
    pub bytes: Vec<u8>,
    /// Place of the face in a collection, 0 for a single font.
    pub index: u32,
}

impl std::fmt::Debug for FontFile {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("FontFile")
            .field("bytes", &self.bytes.len())
            .field("index", &self.index)
            .finish()
    }
}

/// The serif typeface in its faces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SerifFonts {
    /// Upright.
    pub regular: FontFile,
    /// Italic.
    pub italic: FontFile,
    /// Upright bold.
    pub bold: FontFile,
}

/// A finished PDF.
#[derive(Debug, Clone, PartialEq)]
pub struct Composed {
    /// The file: tagged PDF/A-2a.
    pub pdf: Vec<u8>,
    /// Number of pages, those of the parts included.
    pub pages: u32,
    /// Where signatures and number belong; all `None` for registers, stamps, and slips that nobody is about to sign.
    pub places: Places,
}

/// Composes documents. Fonts are searched once, when it is made; clones share them. Calls take milliseconds to about a second of
/// processor time and block: call from a thread that may block.
#[derive(Clone)]
pub struct Composer {
    shared: Arc<Shared>,
}

struct Shared {
    library: LazyHash<Library>,
    fonts: FontStore,
    standards: PdfStandards,
}

impl std::fmt::Debug for Composer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Composer").finish_non_exhaustive()
    }
}

impl Composer {
    /// Searches the fonts of the system and of the folders given, which come first.
    ///
    /// # Errors
    /// [`Error::NoFont`] when neither Times New Roman nor Liberation Serif is found.
    pub fn new(extra_font_dirs: &[PathBuf]) -> Result<Self, Error> {
        let mut fonts = FontStore::new();
        for folder in extra_font_dirs {
            fonts.extend(typst_kit::fonts::scan(folder).filter(|(_, face)| usable(face)));
        }
        fonts.extend(typst_kit::fonts::system().filter(|(_, face)| usable(face)));
        Self::with_fonts(fonts)
    }

    fn with_fonts(fonts: FontStore) -> Result<Self, Error> {
        if !FAMILIES.iter().any(|family| fonts.book().contains_family(family)) {
            return Err(Error::NoFont);
        }
        let standards = PdfStandards::new(&[PdfStandard::A_2a]).map_err(|error| Error::Layout {
            detail: error.message().to_string(),
        })?;
        let library = LazyHash::new(Library::default());
        Ok(Self {
            shared: Arc::new(Shared {
                library,
                fonts,
                standards,
            }),
        })
    }

    /// Composes an official document. `at` is written into the file as its time of creation; equal input gives equal bytes.
    ///
    /// # Errors
    /// [`Error::Unprintable`] for a character that cannot be printed, [`Error::Layout`] when the engine refuses.
    pub fn compose(&self, document: &OfficialDocument, at: Timestamp) -> Result<Composed, Error> {
        let mut composed = self.run(&OFFICIAL, &OfficialView::new(document), at)?;
        composed
            .places
            .blanks
            .set_sizes(NUMBER_SIZE, date_size(document.heading_size));
        Ok(composed)
    }

    /// Writes an official document as a DOCX that office programs can edit; its layout is that of [`Composer::compose`].
    ///
    /// # Errors
    /// [`Error::NoFont`] when the typeface is not installed, [`Error::Layout`] when the file cannot be written.
    pub fn docx(&self, document: &OfficialDocument) -> Result<Vec<u8>, Error> {
        let upright = self.face(FontStyle::Normal, FontWeight::REGULAR)?;
        let bold = self.face(FontStyle::Normal, FontWeight::BOLD)?;
        let (upright, bold) = (glyphs(&upright)?, glyphs(&bold)?);
        let measure = |text: &str, size: i32, is_bold: bool| {
            let face = if is_bold { &bold } else { &upright };
            let advance = |sign| face.glyph_hor_advance(face.glyph_index(sign)?);
            let units: f64 = text.chars().filter_map(advance).map(f64::from).sum();
            units / f64::from(face.units_per_em()) * f64::from(size)
        };
        crate::docx::write(&OfficialView::new(document), &measure).map_err(|error| Error::Layout {
            detail: error.to_string(),
        })
    }

    /// The faces of the serif typeface that documents are set in, for drawing on them later.
    ///
    /// # Errors
    /// [`Error::NoFont`] when one of the faces is not installed.
    pub fn serif_fonts(&self) -> Result<SerifFonts, Error> {
        let file = |style, weight| {
            self.face(style, weight).map(|font| FontFile {
                bytes: font.data().to_vec(),
                index: font.index(),
            })
        };
        Ok(SerifFonts {
            regular: file(FontStyle::Normal, FontWeight::REGULAR)?,
            italic: file(FontStyle::Italic, FontWeight::REGULAR)?,
            bold: file(FontStyle::Normal, FontWeight::BOLD)?,
        })
    }

    fn face(&self, style: FontStyle, weight: FontWeight) -> Result<Font, Error> {
        let variant = FontVariant::new(style, weight, FontStretch::NORMAL);
        let fonts = &self.shared.fonts;
        // the same order of preference as the templates have
        let index = FAMILIES
            .iter()
            .find_map(|family| fonts.book().select(family, variant))
            .ok_or(Error::NoFont)?;
        fonts
            .font(index)
            .filter(|font| font.info().variant == variant)
            .ok_or(Error::NoFont)
    }

    /// Composes a volume of a register.
    ///
    /// # Errors
    /// As [`Composer::compose`].
    pub fn register(&self, sheet: &RegisterSheet, at: Timestamp) -> Result<Composed, Error> {
        self.run(&REGISTER, &RegisterView::new(sheet), at)
    }

    /// Composes a Phiếu giải quyết văn bản đến.
    ///
    /// # Errors
    /// As [`Composer::compose`].
    pub fn slip(&self, slip: &HandlingSlip, at: Timestamp) -> Result<Composed, Error> {
        self.run(&SLIP, &SlipView::new(slip), at)
    }

    /// Composes a Phiếu trình.
    ///
    /// # Errors
    /// As [`Composer::compose`].
    pub fn submission(&self, slip: &SubmissionSlip, at: Timestamp) -> Result<Composed, Error> {
        self.run(&SUBMISSION, &SubmissionView::new(slip), at)
    }

    /// Looks for a sign that cannot be printed, so that whoever writes a text hears of it and not who prints it later.
    ///
    /// # Errors
    /// [`Error::Unprintable`] for the first one.
    pub fn check_text(&self, text: &str) -> Result<(), Error> {
        self.check_characters(&crate::text::clean(text))
    }

    /// Composes a stamp “ĐẾN” on a page of its own size.
    ///
    /// # Errors
    /// As [`Composer::compose`].
    pub fn stamp(&self, stamp: &ArrivalStamp, at: Timestamp) -> Result<Composed, Error> {
        self.run(&STAMP, &StampView::new(stamp), at)
    }

    /// Composes the closing part of a copy on paper.
    ///
    /// # Errors
    /// As [`Composer::compose`].
    pub fn copy(&self, block: &CopyBlock, at: Timestamp) -> Result<Composed, Error> {
        self.run(&COPY, &CopyView::new(block), at)
    }

    /// Composes the text of an electronic trích sao, which the agency then signs.
    ///
    /// # Errors
    /// As [`Composer::compose`].
    pub fn extract(&self, extract: &ElectronicExtract, at: Timestamp) -> Result<Composed, Error> {
        self.run(&COPY, &CopyView::extract(extract), at)
    }

    /// Composes the envelopes of a document, a page for each recipient.
    ///
    /// # Errors
    /// As [`Composer::compose`].
    pub fn envelope(&self, envelope: &Envelope, at: Timestamp) -> Result<Composed, Error> {
        self.run(&ENVELOPE, &EnvelopeView::new(envelope), at)
    }

    /// Composes the print of a message. Signs that no font has are printed as "?": mail is not written for printing.
    ///
    /// # Errors
    /// [`Error::Layout`] when the engine refuses.
    pub fn mail(&self, mail: &MailPrint, at: Timestamp) -> Result<Composed, Error> {
        self.run(&MAIL, &MailView::new(mail, |sign| self.has(sign)), at)
    }

    fn run(
        &self,
        template: &'static Source,
        view: &impl Serialize,
        at: Timestamp,
    ) -> Result<Composed, Error> {
        let data = serde_json::to_string(view).map_err(|error| Error::Layout {
            detail: error.to_string(),
        })?;
        self.check_characters(&data)?;
        let world = Desk {
            shared: &self.shared,
            template,
            data: Bytes::from_string(data),
        };
        let document: PagedDocument = typst::compile(&world).output.map_err(|errors| refused(&errors))?;
        let options = PdfOptions {
            creator: Smart::Custom(Some("Vănthư".to_owned())),
            timestamp: creation_time(at),
            standards: self.shared.standards.clone(),
            ..PdfOptions::default()
        };
        let pdf = typst_pdf::pdf(&document, &options).map_err(|errors| refused(&errors))?;
        // results of the last documents stay for the next ones, older ones go
        typst::comemo::evict(5);
        let pages = u32::try_from(document.pages().len()).unwrap_or(u32::MAX);
        Ok(Composed {
            pdf,
            pages,
            places: places(&document),
        })
    }

    /// Whether one of the fonts has this sign.
    fn has(&self, sign: char) -> bool {
        let book = self.shared.fonts.book();
        (0..)
            .map_while(|index| book.info(index))
            .any(|info| info.coverage.contains(u32::from(sign)))
    }

    /// PDF/A forbids signs that no font has and signs without an agreed meaning.
    fn check_characters(&self, data: &str) -> Result<(), Error> {
        let mut asked = std::collections::BTreeSet::new();
        for sign in data.chars().filter(|sign| !sign.is_ascii()) {
            let private = matches!(u32::from(sign), 0xE000..=0xF8FF | 0xF_0000..);
            if private || (asked.insert(sign) && !self.has(sign)) {
                return Err(Error::Unprintable {
                    character: sign,
                    code: sign.into(),
                });
            }
        }
        Ok(())
    }
}

fn glyphs(font: &Font) -> Result<ttf_parser::Face<'_>, Error> {
    ttf_parser::Face::parse(font.data(), font.index()).map_err(|_| Error::NoFont)
}

/// The first Liberation fonts bear the right name but lack the Vietnamese letters, which would then come from some other font.
fn usable(face: &FontInfo) -> bool {
    let ours = FAMILIES.contains(&face.family.to_lowercase().as_str());
    !ours || "ộẶữĐ".chars().all(|letter| face.coverage.contains(letter.into()))
}

fn refused(errors: &[SourceDiagnostic]) -> Error {
    let messages: Vec<_> = errors.iter().map(|error| error.message.to_string()).collect();
    Error::Layout {
        detail: messages.join("; "),
    }
}

/// Vietnam time, where the documents are made.
fn creation_time(at: Timestamp) -> Option<typst_pdf::Timestamp> {
    let local = Offset::constant(7).to_datetime(at);
    let part = |number: i8| u8::try_from(number).ok();
    let time = Datetime::from_ymd_hms(
        local.year().into(),
        part(local.month())?,
        part(local.day())?,
        part(local.hour())?,
        part(local.minute())?,
        part(local.second())?,
    )?;
    typst_pdf::Timestamp::new_local(time, 7 * 60)
}

// ---- the templates and what they may read

static OFFICIAL: LazyLock<Source> = LazyLock::new(|| template("official.typ", include_str!("official.typ")));
static REGISTER: LazyLock<Source> = LazyLock::new(|| template("register.typ", include_str!("register.typ")));
static SLIP: LazyLock<Source> = LazyLock::new(|| template("slip.typ", include_str!("slip.typ")));
static SUBMISSION: LazyLock<Source> =
    LazyLock::new(|| template("submission.typ", include_str!("submission.typ")));
static STAMP: LazyLock<Source> = LazyLock::new(|| template("stamp.typ", include_str!("stamp.typ")));
static COPY: LazyLock<Source> = LazyLock::new(|| template("copy.typ", include_str!("copy.typ")));
static ENVELOPE: LazyLock<Source> = LazyLock::new(|| template("envelope.typ", include_str!("envelope.typ")));
static MAIL: LazyLock<Source> = LazyLock::new(|| template("mail.typ", include_str!("mail.typ")));
static COMMON: LazyLock<Source> = LazyLock::new(|| template("common.typ", include_str!("common.typ")));

fn template(name: &str, text: &str) -> Source {
    // the names are the constants above, a detached source stands for the impossible case
    match VirtualPath::new(name) {
        Ok(path) => Source::new(
            FileId::new(RootedPath::new(VirtualRoot::Project, path)),
            text.to_owned(),
        ),
        Err(_) => Source::detached(text),
    }
}

/// All that a template sees: itself, the common part, the data and the fonts. No file system, no network, no clock.
struct Desk<'a> {
    shared: &'a Shared,
    template: &'static Source,
    data: Bytes,
}

impl World for Desk<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.shared.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.shared.fonts.book()
    }

    fn main(&self) -> FileId {
        self.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        [self.template, &COMMON]
            .into_iter()
            .find(|source| source.id() == id)
            .cloned()
            .ok_or_else(|| missing(id))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id.vpath().get_without_slash() == "data.json" {
            Ok(self.data.clone())
        } else {
            Err(missing(id))
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.shared.fonts.font(index)
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

fn missing(id: FileId) -> FileError {
    FileError::NotFound(id.vpath().get_without_slash().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_the_prescribed_font_there_is_a_clear_message() {
        let error = Composer::with_fonts(FontStore::new()).expect_err("no fonts at all");
        assert!(matches!(error, Error::NoFont));
        assert!(error.to_string().contains("Times New Roman"));
    }

    #[test]
    fn a_composer_is_shared_between_threads() {
        fn shared<T: Send + Sync + Clone + 'static>() {}
        shared::<Composer>();
    }

    #[test]
    fn time_of_creation_is_written_in_vietnam_time() {
        let at: Timestamp = "2026-12-31T18:00:00Z".parse().expect("a timestamp");
        let expected = Datetime::from_ymd_hms(2027, 1, 1, 1, 0, 0).expect("a date");
        let written = format!("{:?}", creation_time(at).expect("in range"));
        assert_eq!(
            written,
            format!(
                "{:?}",
                typst_pdf::Timestamp::new_local(expected, 420).expect("in range")
            )
        );
    }
}
