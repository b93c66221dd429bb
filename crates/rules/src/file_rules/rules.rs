//! The check of one file before it is attached.

use jiff::civil::Date;

use super::{ContentKind, FormatRule, format_for};
use crate::names::named_enum;
use crate::secrecy::{SecretMarks, refuse_state_secret};
use crate::{Decision, Refusal};

/// The largest file: 50 MB (QC01-8.4).
pub const MAX_FILE_BYTES: u64 = 50 * 1024 * 1024;

named_enum! {
    /// What the file is in its document.
    FilePart {
        /// The document itself while it is drafted: any text format.
        Draft = "draft", "Dự thảo";
        /// The document itself as it is signed, issued or received: PDF (QC01-8.3b).
        Main = "main", "Văn bản chính";
        /// An attachment or appendix.
        Attachment = "attachment", "Tài liệu kèm theo";
    }
}

/// A file to check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileToCheck<'a> {
    /// Name as uploaded.
    pub name: &'a str,
    /// Size in bytes.
    pub bytes: u64,
    /// What it is by its content.
    pub content: ContentKind,
    /// What it is in its document.
    pub part: FilePart,
    /// The civil date of the act.
    pub on: Date,
}

/// An accepted file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AcceptedFile {
    /// The rule by which it was accepted.
    pub format: &'static FormatRule,
}

/// A refused name with the corrected one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameProposal {
    /// Why the name is refused.
    pub refusal: Refusal,
    /// A valid name to take instead.
    pub proposed: String,
}

/// A refused file; when only its name is wrong, with the corrected name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRefusal {
    /// Why.
    pub refusal: Refusal,
    /// A valid name to take instead, when the name is what is wrong.
    pub proposed_name: Option<String>,
}

impl From<Refusal> for FileRefusal {
    fn from(refusal: Refusal) -> Self {
        Self {
            refusal,
            proposed_name: None,
        }
    }
}

impl From<NameProposal> for FileRefusal {
    fn from(proposal: NameProposal) -> Self {
        Self {
            refusal: proposal.refusal,
            proposed_name: Some(proposal.proposed),
        }
    }
}

impl From<FileRefusal> for Refusal {
    fn from(refused: FileRefusal) -> Self {
        refused.refusal
    }
}

/// Checks a file before it is attached: no secrecy mark in the name, a known format that its content bears out, PDF where
/// PDF is required, the size, and last the name.
///
/// # Errors
/// `QC01-1.2`, `QC01-8.3a`, `QC01-8.3b`, `QC01-8.4`; a wrong name brings the corrected one.
pub fn check_file(file: &FileToCheck<'_>) -> Result<AcceptedFile, FileRefusal> {
    refuse_state_secret(&SecretMarks {
        file_names: &[file.name],
        ..SecretMarks::default()
    })?;
    let format = check_format(file)?;
    check_size(file.bytes)?;
    check_name(file.name)?;
    Ok(AcceptedFile { format })
}

/// Checks the size of a file in bytes.
///
/// # Errors
/// `QC01-8.4` for an empty file or one over 50 MB.
pub fn check_size(bytes: u64) -> Decision<()> {
    if bytes == 0 {
        return Err(Refusal::new(
            "QC01-8.4",
            "file.empty",
            "Tệp rỗng, không có nội dung. Vui lòng chọn lại tệp.",
        )
        .on("file"));
    }
    if bytes > MAX_FILE_BYTES {
        return Err(Refusal::new(
            "QC01-8.4",
            "file.too_large",
            "Tệp vượt quá 50 MB. Vui lòng giảm dung lượng hoặc tách thành nhiều tệp.",
        )
        .on("file"));
    }
    Ok(())
}

/// Checks that a file can be opened at all: what cannot be read cannot be checked for state secrets, nor be read by those
/// it is sent to.
///
/// # Errors
/// `QC01-8.3a` for a file that is damaged or locked with a password.
pub fn check_readable(readable: bool) -> Decision<()> {
    if readable {
        return Ok(());
    }
    Err(Refusal::new(
        "QC01-8.3a",
        "file.unreadable",
        "Không mở được nội dung tệp: tệp bị hỏng, có mật khẩu hoặc quá phức tạp. Vui lòng bỏ mật khẩu, lưu hoặc in lại ra PDF rồi gửi lại.",
    )
    .on("file"))
}

/// Checks a file name: letters, digits, `.`, `-`, `_`, at most 50 characters.
///
/// # Errors
/// A refusal by `QC01-8.4` with the corrected name to offer.
pub fn check_name(name: &str) -> Result<(), NameProposal> {
    if viet_text::is_valid_file_name(name) {
        return Ok(());
    }
    let proposed = viet_text::corrected_file_name(name);
    let refusal = Refusal::new(
        "QC01-8.4",
        "file.bad_name",
        format!(
            "Tên tệp “{name}” không hợp lệ: chỉ dùng chữ không dấu, chữ số, dấu chấm, gạch nối, gạch dưới và không quá {} ký tự. Có thể dùng tên “{proposed}”.",
            viet_text::MAX_FILE_NAME_CHARS
        ),
    );
    Err(NameProposal {
        refusal: refusal.on("file"),
        proposed,
    })
}

fn check_format(file: &FileToCheck<'_>) -> Decision<&'static FormatRule> {
    let extension = viet_text::extension(file.name);
    let Some(format) = format_for(&extension, file.on) else {
        return Err(Refusal::new(
            "QC01-8.3a",
            "file.format_not_accepted",
            format!(
                "Không nhận tệp có phần mở rộng “{extension}”. Các định dạng được nhận: txt, rtf, doc, docx, odt, csv, xls, xlsx, ods, pdf và ảnh jpg, png, gif, tif."
            ),
        )
        .on("file"));
    };
    if !format.contents.contains(&file.content) {
        return Err(Refusal::new(
            "QC01-8.3a",
            "file.content_differs",
            format!(
                "Nội dung tệp là “{}”, không đúng với phần mở rộng “{extension}”. Vui lòng lưu lại tệp đúng định dạng.",
                file.content.label()
            ),
        )
        .on("file"));
    }
    if file.part == FilePart::Main && file.content != ContentKind::Pdf {
        return Err(Refusal::new(
            "QC01-8.3b",
            "file.main_not_pdf",
            "Văn bản ký số, phát hành phải ở định dạng PDF. Vui lòng chuyển đổi sang PDF.",
        )
        .on("file"));
    }
    Ok(format)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    fn file(name: &str, content: ContentKind, part: FilePart) -> FileToCheck<'_> {
        FileToCheck {
            name,
            bytes: 1024,
            content,
            part,
            on: date(2026, 11, 22),
        }
    }

    #[rstest]
    #[case("a.txt", ContentKind::PlainText)]
    #[case("a.rtf", ContentKind::Rtf)]
    #[case("a.doc", ContentKind::Doc)]
    #[case("a.doc", ContentKind::CompoundFile)]
    #[case("a.DOCX", ContentKind::Docx)]
    #[case("a.odt", ContentKind::Odt)]
    #[case("a.csv", ContentKind::PlainText)]
    #[case("a.xls", ContentKind::Xls)]
    #[case("a.xlsx", ContentKind::Xlsx)]
    #[case("a.ods", ContentKind::Ods)]
    #[case("a.pdf", ContentKind::Pdf)]
    #[case("a.jpg", ContentKind::Jpeg)]
    #[case("a.tif", ContentKind::Tiff)]
    fn qc01_8_3a_the_listed_formats_are_accepted(#[case] name: &str, #[case] content: ContentKind) {
        assert!(check_file(&file(name, content, FilePart::Attachment)).is_ok());
    }

    #[rstest]
    #[case("a.exe", ContentKind::Other, "file.format_not_accepted")]
    #[case("a.zip", ContentKind::Other, "file.format_not_accepted")]
    #[case("a", ContentKind::Pdf, "file.format_not_accepted")]
    #[case("a.pdf", ContentKind::Other, "file.content_differs")]
    #[case("a.docx", ContentKind::Xlsx, "file.content_differs")]
    #[case("a.jpg", ContentKind::Png, "file.content_differs")]
    fn qc01_8_3a_content_counts_not_the_name(
        #[case] name: &str,
        #[case] content: ContentKind,
        #[case] code: &str,
    ) {
        let refused = check_file(&file(name, content, FilePart::Attachment)).unwrap_err();
        assert_eq!(
            (refused.refusal.clause, refused.refusal.code),
            ("QC01-8.3a", code)
        );
    }

    #[test]
    fn qc01_8_3b_the_signed_document_is_pdf() {
        assert!(check_file(&file("a.pdf", ContentKind::Pdf, FilePart::Main)).is_ok());
        let refused = check_file(&file("a.docx", ContentKind::Docx, FilePart::Main)).unwrap_err();
        assert_eq!(refused.refusal.clause, "QC01-8.3b");
        assert!(check_file(&file("a.docx", ContentKind::Docx, FilePart::Draft)).is_ok());
    }

    #[rstest]
    #[case(0, Some("file.empty"))]
    #[case(1, None)]
    #[case(52_428_800, None)]
    #[case(52_428_801, Some("file.too_large"))]
    fn qc01_8_4_a_file_has_at_most_50_mb(#[case] bytes: u64, #[case] code: Option<&str>) {
        assert_eq!(check_size(bytes).err().map(|refusal| refusal.code), code);
    }

    #[test]
    fn qc01_8_4_the_corrected_name_is_offered_in_the_refusal() {
        let refused = check_file(&file("Tờ trình số 98.pdf", ContentKind::Pdf, FilePart::Main)).unwrap_err();
        assert_eq!(refused.proposed_name.as_deref(), Some("To-trinh-so-98.pdf"));
        assert!(
            refused.refusal.message.contains("To-trinh-so-98.pdf"),
            "{}",
            refused.refusal.message
        );
    }

    #[test]
    fn qc01_1_2_a_secrecy_mark_in_the_file_name_is_refused() {
        let refused = check_file(&file("TUYET-MAT-01.pdf", ContentKind::Pdf, FilePart::Main)).unwrap_err();
        assert_eq!(
            (refused.refusal.clause, refused.proposed_name),
            ("QC01-1.2", None)
        );
    }

    #[test]
    fn media_types_are_recognised() {
        assert_eq!(
            ContentKind::from_media_type("text/plain; charset=utf-8"),
            ContentKind::PlainText
        );
        assert_eq!(ContentKind::from_media_type("application/PDF"), ContentKind::Pdf);
        assert_eq!(
            ContentKind::from_media_type("application/x-msdownload"),
            ContentKind::Other
        );
    }

    proptest! {
        #[test]
        fn qc01_8_4_the_offered_name_is_accepted(name in "\\PC{0,80}") {
            if let Err(proposal) = check_name(&name) {
                prop_assert_eq!(check_name(&proposal.proposed), Ok(()));
            }
        }
    }
}
