//! Bản in thư điện tử: head and text of a message that was registered as an incoming document, so that it can be read, kept and
//! signed like every other file (CN-101).

use serde::Serialize;

use crate::text::{clean, metadata};

/// A message.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MailPrint {
    /// Tiêu đề.
    pub subject: String,
    /// Người gửi, with the address.
    pub from: String,
    /// Người nhận.
    pub to: String,
    /// Thời gian gửi.
    pub sent: String,
    /// Nội dung.
    pub text: String,
    /// Names of the files that came with it.
    pub files: Vec<String>,
}

#[derive(Debug, Serialize)]
pub(crate) struct MailView {
    title: String,
    author: String,
    subject: String,
    head: Vec<(&'static str, String)>,
    paragraphs: Vec<String>,
    files: Vec<String>,
}

impl MailView {
    /// `known` says whether a sign can be printed: mail is full of pictures that are letters.
    pub fn new(mail: &MailPrint, known: impl Fn(char) -> bool) -> Self {
        let printable = |text: &str| -> String {
            let signs = text.chars().map(|sign| {
                let private = matches!(u32::from(sign), 0xE000..=0xF8FF | 0xF_0000..);
                let invisible = matches!(sign, '\u{200b}'..='\u{200f}' | '\u{fe00}'..='\u{fe0f}');
                if sign.is_ascii() || sign == '\u{a0}' || invisible || (!private && known(sign)) {
                    sign
                } else {
                    '?'
                }
            });
            clean(
                &signs
                    .filter(|sign| !matches!(sign, '\u{fe00}'..='\u{fe0f}'))
                    .collect::<String>(),
            )
        };
        let head = [
            ("Người gửi:", &mail.from),
            ("Người nhận:", &mail.to),
            ("Thời gian gửi:", &mail.sent),
        ];
        Self {
            title: metadata(&printable(&mail.subject)),
            author: metadata(&printable(&mail.from)),
            subject: printable(&mail.subject),
            head: head
                .into_iter()
                .filter(|(_, value)| !value.is_empty())
                .map(|(label, value)| (label, printable(value)))
                .collect(),
            paragraphs: mail
                .text
                .split('\n')
                .map(printable)
                .filter(|line| !line.trim().is_empty())
                .collect(),
            files: mail.files.iter().map(|name| printable(name)).collect(),
        }
    }
}
