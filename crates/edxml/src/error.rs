//! Why a file is not an edXML message that can be taken in.

use std::io;

use thiserror::Error;

use crate::text::shown;

/// A refusal of the whole file. The sentence says what to do; everything less serious is a [`crate::Warning`].
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReadError {
    /// The file or the sink could not be read or written.
    #[error("Không đọc được tệp hoặc không ghi được tệp tạm: {0}. Đề nghị thử lại.")]
    Io(String),
    /// Nothing in it looks like XML.
    #[error("Tệp không phải là thông điệp XML. Đề nghị bên gửi kiểm tra và gửi lại.")]
    NotXml,
    /// XML that is not well-formed.
    #[error("Không đọc được cấu trúc XML của thông điệp ({0}). Đề nghị bên gửi kiểm tra và gửi lại.")]
    Malformed(String),
    /// It has a document type declaration or an entity of its own.
    #[error(
        "Thông điệp có khai báo DTD hoặc thực thể (entity) nên không được xử lý. Đề nghị bên gửi bỏ khai báo và gửi lại."
    )]
    Dtd,
    /// Nested deeper than the limit.
    #[error("Thông điệp lồng quá {0} cấp phần tử. Đề nghị bên gửi kiểm tra phần mềm tạo thông điệp.")]
    TooDeep(usize),
    /// Larger than the limit, in bytes.
    #[error("Thông điệp lớn hơn giới hạn {0} byte. Đề nghị bên gửi chia thành nhiều thông điệp.")]
    TooLarge(u64),
    /// An attachment is larger than the limit, in bytes.
    #[error("Tệp đính kèm lớn hơn giới hạn {0} byte. Đề nghị bên gửi giảm kích thước tệp.")]
    AttachmentTooLarge(u64),
    /// An archive grows beyond every proportion when unpacked.
    #[error(
        "Tệp nén trong thông điệp phình quá mức khi giải nén nên không được xử lý. Đề nghị bên gửi kiểm tra và gửi lại."
    )]
    ZipBomb,
    /// Too many elements, texts or attachments.
    #[error("Thông điệp có quá nhiều {0}. Đề nghị bên gửi kiểm tra phần mềm tạo thông điệp.")]
    TooMany(&'static str),
    /// A format that is not QCVN 102: an older axis or another system.
    #[error(
        "Thông điệp theo định dạng khác ({0}), không theo QCVN 102:2016/BTTTT. Đề nghị bên gửi gửi lại theo QCVN 102."
    )]
    ForeignFormat(String),
    /// No `MessageHeader`.
    #[error("Thông điệp không có phần đầu (MessageHeader). Đề nghị bên gửi kiểm tra và gửi lại.")]
    NoMessageHeader,
    /// Neither an identifier nor number, symbol and date: the document cannot be told from others.
    #[error(
        "Thông điệp không có mã định danh văn bản, cũng không có đủ số, ký hiệu và ngày ban hành. Đề nghị bên gửi bổ sung và gửi lại."
    )]
    NoIdentity,
}

impl ReadError {
    /// What the parser says quotes the file: names of elements, of any length and with any character.
    pub(crate) fn malformed(error: &impl std::fmt::Display) -> Self {
        Self::Malformed(shown(&error.to_string()))
    }

    /// Stable, for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Io(_) => "io",
            Self::NotXml => "not_xml",
            Self::Malformed(_) => "malformed",
            Self::Dtd => "dtd",
            Self::TooDeep(_) => "too_deep",
            Self::TooLarge(_) => "too_large",
            Self::AttachmentTooLarge(_) => "attachment_too_large",
            Self::ZipBomb => "zip_bomb",
            Self::TooMany(_) => "too_many",
            Self::ForeignFormat(_) => "foreign_format",
            Self::NoMessageHeader => "no_message_header",
            Self::NoIdentity => "no_identity",
        }
    }
}

/// A refusal may have to travel through [`io::Read`].
impl From<ReadError> for io::Error {
    fn from(error: ReadError) -> Self {
        Self::other(error)
    }
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        Self::from(&error)
    }
}

impl From<&io::Error> for ReadError {
    fn from(error: &io::Error) -> Self {
        match error.get_ref().and_then(|inner| inner.downcast_ref::<Self>()) {
            Some(refusal) => refusal.clone(),
            None => Self::Io(error.to_string()),
        }
    }
}
