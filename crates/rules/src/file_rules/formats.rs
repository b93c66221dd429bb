//! The accepted formats of QC01-8.3a (Thông tư 39/2017/TT-BTTTT) as dated data.

use jiff::civil::{Date, date};

use crate::names::named_enum;

named_enum! {
    /// What a file is, judged by its content and never by its name.
    ContentKind {
        /// Plain text, also CSV.
        PlainText = "plain_text", "Văn bản thuần";
        /// Rich text.
        Rtf = "rtf", "RTF";
        /// Word 97-2003.
        Doc = "doc", "Word 97-2003";
        /// Word (OOXML).
        Docx = "docx", "Word";
        /// OpenDocument text.
        Odt = "odt", "OpenDocument văn bản";
        /// Excel 97-2003.
        Xls = "xls", "Excel 97-2003";
        /// Excel (OOXML).
        Xlsx = "xlsx", "Excel";
        /// OpenDocument spreadsheet.
        Ods = "ods", "OpenDocument bảng tính";
        /// PDF.
        Pdf = "pdf", "PDF";
        /// JPEG.
        Jpeg = "jpeg", "Ảnh JPEG";
        /// PNG.
        Png = "png", "Ảnh PNG";
        /// GIF.
        Gif = "gif", "Ảnh GIF";
        /// TIFF.
        Tiff = "tiff", "Ảnh TIFF";
        /// A compound file (OLE) that could not be told apart further: the old Word or Excel.
        CompoundFile = "compound_file", "Office 97-2003";
        /// Anything else.
        Other = "other", "Định dạng khác";
    }
}

impl ContentKind {
    /// The kind of a media type as content detectors name it; parameters after `;` are ignored.
    #[must_use]
    pub fn from_media_type(media_type: &str) -> Self {
        let name = media_type
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        match name.as_str() {
            "text/plain" | "text/csv" => Self::PlainText,
            "application/rtf" | "text/rtf" => Self::Rtf,
            "application/msword" => Self::Doc,
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => Self::Docx,
            "application/vnd.oasis.opendocument.text" => Self::Odt,
            "application/vnd.ms-excel" => Self::Xls,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => Self::Xlsx,
            "application/vnd.oasis.opendocument.spreadsheet" => Self::Ods,
            "application/pdf" => Self::Pdf,
            "image/jpeg" => Self::Jpeg,
            "image/png" => Self::Png,
            "image/gif" => Self::Gif,
            "image/tiff" => Self::Tiff,
            "application/x-cfb" | "application/x-ole-storage" => Self::CompoundFile,
            _ => Self::Other,
        }
    }
}

named_enum! {
    /// The groups of QC01-8.3a.
    FormatGroup {
        /// Tài liệu văn bản.
        Text = "text", "Tài liệu văn bản";
        /// Tài liệu bảng tính.
        Spreadsheet = "spreadsheet", "Tài liệu bảng tính";
        /// Tài liệu chỉ đọc.
        ReadOnly = "read_only", "Tài liệu chỉ đọc";
        /// Tài liệu dạng ảnh.
        Image = "image", "Tài liệu dạng ảnh";
    }
}

/// One accepted format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FormatRule {
    /// The extension, lower case without dot.
    pub extension: &'static str,
    /// The contents that may bear it.
    pub contents: &'static [ContentKind],
    /// Group.
    pub group: FormatGroup,
    /// First day.
    pub valid_from: Date,
    /// Last day; open when `None`.
    pub valid_to: Option<Date>,
}

const fn rule(extension: &'static str, contents: &'static [ContentKind], group: FormatGroup) -> FormatRule {
    FormatRule {
        extension,
        contents,
        group,
        valid_from: date(2018, 7, 1),
        valid_to: None,
    }
}

/// Every accepted format.
pub const FORMATS: &[FormatRule] = &[
    rule("txt", &[ContentKind::PlainText], FormatGroup::Text),
    rule("rtf", &[ContentKind::Rtf], FormatGroup::Text),
    rule(
        "doc",
        &[ContentKind::Doc, ContentKind::CompoundFile],
        FormatGroup::Text,
    ),
    rule("docx", &[ContentKind::Docx], FormatGroup::Text),
    rule("odt", &[ContentKind::Odt], FormatGroup::Text),
    rule("csv", &[ContentKind::PlainText], FormatGroup::Spreadsheet),
    rule(
        "xls",
        &[ContentKind::Xls, ContentKind::CompoundFile],
        FormatGroup::Spreadsheet,
    ),
    rule("xlsx", &[ContentKind::Xlsx], FormatGroup::Spreadsheet),
    rule("ods", &[ContentKind::Ods], FormatGroup::Spreadsheet),
    rule("pdf", &[ContentKind::Pdf], FormatGroup::ReadOnly),
    rule("jpg", &[ContentKind::Jpeg], FormatGroup::Image),
    rule("jpeg", &[ContentKind::Jpeg], FormatGroup::Image),
    rule("png", &[ContentKind::Png], FormatGroup::Image),
    rule("gif", &[ContentKind::Gif], FormatGroup::Image),
    rule("tif", &[ContentKind::Tiff], FormatGroup::Image),
    rule("tiff", &[ContentKind::Tiff], FormatGroup::Image),
];

/// The rule of an extension on `day`.
#[must_use]
pub fn format_for(extension: &str, day: Date) -> Option<&'static FormatRule> {
    let in_force =
        |rule: &&FormatRule| rule.valid_from <= day && rule.valid_to.is_none_or(|last| day <= last);
    FORMATS
        .iter()
        .filter(in_force)
        .find(|rule| rule.extension == extension)
}
