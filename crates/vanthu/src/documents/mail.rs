//! Thư điện tử (CN-101): a saved message (.eml) taken apart into who, when, about what, its text and its files. Like every look into a
//! foreign file it happens in a process with little memory and time.

use std::io::Write;

use jiff::Timestamp;
use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders, PartType};
use serde::{Deserialize, Serialize};

use super::inspector;
use crate::{context::App, error::AppResult};

/// Word by which the program is told to be the reader of mail; see [`serve_one`].
pub const COMMAND: &str = "read-mail";

/// Files of one message, as of one form.
const MAX_FILES: usize = 50;
/// Messages within messages are opened so far.
const MAX_DEPTH: usize = 3;
/// Letters of the text that are kept.
const MAX_TEXT: usize = 60_000;
/// Letters of a line of the head.
const MAX_LINE: usize = 500;
/// A picture that stands within the text and is not larger is an ornament: a logo below the signature.
const ORNAMENT: usize = 16 * 1024;

/// A message.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// Name of the sender; may be empty.
    pub from_name: String,
    /// Address of the sender, in small letters.
    pub from_address: String,
    /// To whom, as it was written.
    pub to: String,
    /// When it was sent, as the sender's machine says.
    pub sent_at: Option<Timestamp>,
    /// Its subject, without “Fwd:” and the like.
    pub subject: String,
    /// Its text.
    pub text: String,
    /// Its files, those of messages within it too.
    pub files: Vec<MailFile>,
    /// What was left out.
    pub left_out: Vec<LeftOut>,
}

/// A file of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailFile {
    /// Its name, as the sender gave it.
    pub name: String,
    /// Its bytes.
    #[serde(with = "as_base64")]
    pub content: Vec<u8>,
}

/// A file that was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Its name.
    pub name: String,
    /// Why.
    pub why: String,
}

/// Why a message cannot be read. The texts are shown to the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnreadableMail {
    /// Something else, or damaged.
    #[error(
        "Tệp không phải thư điện tử hoặc bị hỏng nên không đọc được. Vui lòng mở thư trong hộp thư, chọn tải xuống hoặc lưu thành tệp .eml rồi gửi lại."
    )]
    NotMail,
    /// The format of Outlook.
    #[error(
        "Tệp là thư của Outlook (.msg). Vui lòng mở thư trên trang hộp thư, tải xuống dạng .eml; hoặc lưu các tệp đính kèm rồi vào sổ như văn bản khác."
    )]
    Outlook,
    /// Only the recipient's key opens it.
    #[error(
        "Thư được mã hóa hoặc đóng gói bằng chữ ký số nên hệ thống không mở được. Vui lòng mở thư trong hộp thư, lưu các tệp đính kèm rồi vào sổ như văn bản khác."
    )]
    Locked,
    /// Nothing is in it.
    #[error("Thư không có nội dung và không có tệp đính kèm. Vui lòng kiểm tra lại thư đã lưu.")]
    Empty,
    /// Beyond the limits of the reader.
    #[error(
        "Thư quá lớn hoặc quá phức tạp nên không đọc được. Vui lòng lưu các tệp đính kèm rồi vào sổ như văn bản khác."
    )]
    TooLarge,
}

/// What was read, or why nothing could be.
pub type Reading = Result<Mail, UnreadableMail>;

/// Takes a message apart: in a process of its own when this program serves.
///
/// # Errors
/// When no process can be started.
pub async fn read_mail(app: &App, content: Vec<u8>) -> AppResult<Reading> {
    let Some(program) = app.program() else {
        return app.heavy(move |_| read(&content)).await;
    };
    let _permit = app.heavy.acquire().await.map_err(anyhow::Error::from)?;
    let answer = inspector::ask(program.clone(), &[COMMAND], content).await?;
    Ok(answer
        .and_then(|answer| serde_json::from_slice(&answer).ok())
        .unwrap_or_else(|| {
            tracing::warn!("a message could not be read within the limits");
            Err(UnreadableMail::TooLarge)
        }))
}

/// The reader's side: limits itself, reads the message from the standard input, tells what it read as JSON.
///
/// # Errors
/// When the pipes break; then the caller takes the message for unreadable.
pub fn serve_one() -> anyhow::Result<()> {
    let content = inspector::confined_input()?;
    std::io::stdout().write_all(&serde_json::to_vec(&read(&content))?)?;
    Ok(())
}

/// Takes a message apart. Foreign bytes are worked through here.
pub fn read(content: &[u8]) -> Reading {
    // The parser is a library over foreign bytes: should it panic, the file cannot be read.
    std::panic::catch_unwind(|| taken_apart(content)).unwrap_or(Err(UnreadableMail::NotMail))
}

fn taken_apart(content: &[u8]) -> Reading {
    const OUTLOOK: [u8; 4] = [0xD0, 0xCF, 0x11, 0xE0];
    if content.starts_with(&OUTLOOK) {
        return Err(UnreadableMail::Outlook);
    }
    let message = MessageParser::default()
        .parse(content)
        .ok_or(UnreadableMail::NotMail)?;
    // Any text is a message to the parser: one that a mail program wrote says from whom it is.
    let from = message.from().and_then(|from| from.first());
    let address = from.and_then(|from| from.address.as_deref()).unwrap_or_default();
    if !address.contains('@') {
        return Err(UnreadableMail::NotMail);
    }
    let is_locked = message.parts.first().is_some_and(|part| {
        is_of(part, "pkcs7-mime") || is_of(part, "x-pkcs7-mime") || is_of(part, "encrypted")
    });
    if is_locked {
        return Err(UnreadableMail::Locked);
    }
    let mut mail = Mail {
        from_name: line(from.and_then(|from| from.name.as_deref()).unwrap_or_default()),
        from_address: line(address).to_lowercase(),
        to: addresses(&message),
        sent_at: message
            .date()
            .filter(|date| date.is_valid())
            .and_then(|date| Timestamp::from_second(date.to_timestamp()).ok()),
        subject: bare_subject(&line(message.subject().unwrap_or_default())),
        ..Mail::default()
    };
    collect(&message, 1, &mut mail);
    mail.text = shortened(&mail.text);
    if mail.text.is_empty() && mail.files.is_empty() && mail.left_out.is_empty() {
        return Err(UnreadableMail::Empty);
    }
    Ok(mail)
}

/// The text and the files of a message and of those within it.
fn collect<'m>(message: &'m Message<'m>, depth: usize, mail: &mut Mail) {
    for at in 0..message.text_body_count().min(MAX_FILES) {
        if let Some(text) = message.body_text(at)
            && mail.text.len() < 8 * MAX_TEXT
        {
            if !mail.text.is_empty() {
                mail.text.push_str("\n\n");
            }
            mail.text.push_str(crate::web::clean(&text).as_str());
        }
    }
    for part in message.attachments() {
        let name = name_of(part, mail.files.len() + 1);
        let mut leave_out = |why: &str| {
            if mail.left_out.len() < MAX_FILES {
                mail.left_out.push(LeftOut {
                    name: name.clone(),
                    why: why.to_owned(),
                });
            }
        };
        if mail.files.len() >= MAX_FILES {
            leave_out("Thư có quá 50 tệp; tệp này chưa được lấy.");
            continue;
        }
        match &part.body {
            PartType::Message(_) if depth >= MAX_DEPTH => {
                leave_out("Thư lồng trong nhiều lớp thư khác; vui lòng mở thư này và lưu riêng.");
            }
            PartType::Message(within) => {
                let subject = line(within.subject().unwrap_or_default());
                mail.text
                    .push_str(&format!("\n\n----- Thư chuyển kèm: {subject} -----"));
                collect(within, depth + 1, mail);
            }
            PartType::InlineBinary(bytes) if is_picture(part) && bytes.len() <= ORNAMENT => {}
            PartType::Multipart(_) => {}
            _ if is_of(part, "pkcs7-signature") || is_of(part, "x-pkcs7-signature") => {}
            _ if part.contents().is_empty() => leave_out("Tệp rỗng."),
            _ => mail.files.push(MailFile {
                name,
                content: part.contents().to_vec(),
            }),
        }
    }
}

fn is_of(part: &MessagePart<'_>, subtype: &str) -> bool {
    part.content_type()
        .and_then(|of| of.c_subtype.as_deref())
        .is_some_and(|of| of.eq_ignore_ascii_case(subtype))
}

fn is_picture(part: &MessagePart<'_>) -> bool {
    part.content_type()
        .is_some_and(|of| of.c_type.eq_ignore_ascii_case("image"))
}

fn name_of(part: &MessagePart<'_>, number: usize) -> String {
    let name = line(part.attachment_name().unwrap_or_default());
    if name.is_empty() {
        format!("tep-dinh-kem-{number}")
    } else {
        name
    }
}

fn addresses(message: &Message<'_>) -> String {
    let Some(to) = message.to() else {
        return String::new();
    };
    let written = to.iter().take(20).map(|one| {
        let address = one.address.as_deref().unwrap_or_default();
        match one.name.as_deref() {
            Some(name) if !name.is_empty() => format!("{name} <{address}>"),
            _ => address.to_owned(),
        }
    });
    line(&written.collect::<Vec<_>>().join("; "))
}

/// One line, of a length that a form takes.
fn line(text: &str) -> String {
    let words = crate::web::clean(text);
    let whole = words.split_whitespace().collect::<Vec<_>>().join(" ");
    whole.chars().take(MAX_LINE).collect()
}

/// Without what mail programs put before it.
fn bare_subject(subject: &str) -> String {
    const BEFORE: [&str; 8] = [
        "re:",
        "fw:",
        "fwd:",
        "tr:",
        "chuyển tiếp:",
        "trả lời:",
        "v/v:",
        "v/v",
    ];
    let mut rest = subject.trim();
    loop {
        let lower = rest.to_lowercase();
        let Some(head) = BEFORE.iter().find(|head| lower.starts_with(**head)) else {
            return rest.to_owned();
        };
        // The letters of these words are as long in capitals as in small letters.
        let Some(left) = rest.get(head.len()..) else {
            return rest.to_owned();
        };
        rest = left.trim_start();
    }
}

fn shortened(text: &str) -> String {
    let text = text.trim();
    if text.chars().count() <= MAX_TEXT {
        return text.to_owned();
    }
    let kept: String = text.chars().take(MAX_TEXT).collect();
    format!("{kept}\n\n(Nội dung dài, phần sau xem trong thư gốc.)")
}

mod as_base64 {
    use base64::{Engine, engine::general_purpose::STANDARD};
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(bytes))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(deserializer)?;
        STANDARD.decode(text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A letter with a PDF, a note in plain text and a forwarded message that brings a table.
    const LETTER: &str = "From: =?UTF-8?B?Q8O0bmcgdHkgTWluaCBIw7Jh?= <Van.Thu@MinhHoa.example>\r\n\
        To: =?UTF-8?Q?V=C4=83n_th=C6=B0?= <vanthu@stttt.example>\r\n\
        Date: Thu, 08 Jan 2026 07:30:00 +0700\r\n\
        Subject: =?UTF-8?Q?Fwd:_=C4=90=E1=BB=81_ngh=E1=BB=8B_h=C6=B0=E1=BB=9Bng_d=E1=BA=ABn?=\r\n\
        MIME-Version: 1.0\r\n\
        Content-Type: multipart/mixed; boundary=\"b1\"\r\n\r\n\
        --b1\r\nContent-Type: multipart/alternative; boundary=\"b2\"\r\n\r\n\
        --b2\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nKính gửi Sở, công ty gửi công văn.\r\n\
        --b2\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Kính gửi <b>Sở</b></p>\r\n--b2--\r\n\
        --b1\r\nContent-Type: application/pdf; name=\"cong van 15.pdf\"\r\n\
        Content-Disposition: attachment; filename=\"cong van 15.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\n\
        JVBERi0xLjQK\r\n\
        --b1\r\nContent-Type: message/rfc822\r\n\r\n\
        From: b@minhhoa.example\r\nSubject: Bang so lieu\r\nContent-Type: multipart/mixed; boundary=\"b3\"\r\n\r\n\
        --b3\r\nContent-Type: text/plain\r\n\r\nSo lieu kem theo\r\n\
        --b3\r\nContent-Type: text/csv\r\nContent-Disposition: attachment; filename=\"so_lieu.csv\"\r\n\r\na;b\r\n--b3--\r\n\
        --b1--\r\n";

    #[test]
    fn cn_101_a_message_tells_from_whom_when_about_what_and_gives_its_files() {
        let mail = read(LETTER.as_bytes()).unwrap();
        assert_eq!(mail.from_name, "Công ty Minh Hòa");
        assert_eq!(mail.from_address, "van.thu@minhhoa.example");
        assert_eq!(mail.to, "Văn thư <vanthu@stttt.example>");
        assert_eq!(mail.subject, "Đề nghị hướng dẫn");
        assert_eq!(mail.sent_at, Some("2026-01-08T00:30:00Z".parse().unwrap()));
        assert!(mail.text.starts_with("Kính gửi Sở, công ty gửi công văn."));
        assert!(mail.text.contains("Thư chuyển kèm: Bang so lieu") && mail.text.contains("So lieu kem theo"));
        let names: Vec<_> = mail.files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["cong van 15.pdf", "so_lieu.csv"]);
        assert_eq!(mail.files[0].content, b"%PDF-1.4\n");
        assert!(mail.left_out.is_empty());
        // As it goes from one process to the other.
        let sent: Reading =
            serde_json::from_slice(&serde_json::to_vec(&Ok::<_, UnreadableMail>(mail.clone())).unwrap())
                .unwrap();
        assert_eq!(sent, Ok(mail));
    }

    #[test]
    fn cn_101_what_is_no_message_is_refused_with_what_to_do() {
        for content in [
            &b""[..],
            b"%PDF-1.4\n1 0 obj",
            b"Just a note.\n\nMore.",
            b"From: nobody\r\n\r\nx",
            &[0xff; 64],
        ] {
            assert_eq!(read(content), Err(UnreadableMail::NotMail), "{content:?}");
        }
        assert_eq!(read(b"\xD0\xCF\x11\xE0\xA1\xB1"), Err(UnreadableMail::Outlook));
        let locked = b"From: a@b.example\r\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data\r\n\r\nMIAG";
        assert_eq!(read(locked), Err(UnreadableMail::Locked));
        assert_eq!(
            read(b"From: a@b.example\r\nSubject: x\r\n\r\n"),
            Err(UnreadableMail::Empty)
        );
        for reason in [
            UnreadableMail::NotMail,
            UnreadableMail::Outlook,
            UnreadableMail::Locked,
            UnreadableMail::TooLarge,
        ] {
            assert!(reason.to_string().contains("Vui lòng"), "{reason}");
        }
    }

    #[test]
    fn cn_101_messages_within_messages_and_many_files_have_limits() {
        let mut nested = "From: a@b.example\r\nContent-Type: text/plain\r\n\r\ndeepest".to_owned();
        for depth in 0..8 {
            nested = format!(
                "From: a@b.example\r\nSubject: {depth}\r\nContent-Type: multipart/mixed; boundary=\"n{depth}\"\r\n\r\n\
                 --n{depth}\r\nContent-Type: message/rfc822\r\n\r\n{nested}\r\n--n{depth}--\r\n"
            );
        }
        let mail = read(nested.as_bytes()).unwrap();
        assert!(
            !mail.text.contains("deepest") && mail.left_out.len() == 1,
            "{mail:?}"
        );

        let file = "--b\r\nContent-Type: text/csv\r\nContent-Disposition: attachment; filename=\"a.csv\"\r\n\r\n1;2\r\n";
        let many = format!(
            "From: a@b.example\r\nContent-Type: multipart/mixed; boundary=\"b\"\r\n\r\n{}--b--\r\n",
            file.repeat(70)
        );
        let mail = read(many.as_bytes()).unwrap();
        assert_eq!((mail.files.len(), mail.left_out.len()), (MAX_FILES, 20));

        let long = format!("From: a@b.example\r\n\r\n{}", "chữ ".repeat(MAX_TEXT));
        let mail = read(long.as_bytes()).unwrap();
        assert!(mail.text.chars().count() < MAX_TEXT + 100 && mail.text.ends_with("thư gốc.)"));
    }

    #[test]
    fn what_mail_programs_put_before_a_subject_goes() {
        for (sent, bare) in [
            ("Re: FW: Chuyển tiếp: Báo cáo", "Báo cáo"),
            ("V/v đề nghị", "đề nghị"),
            ("Rà soát", "Rà soát"),
            ("", ""),
        ] {
            assert_eq!(bare_subject(sent), bare);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        /// Damaged in any place, cut at any place: an answer comes, and it is within the limits.
        #[test]
        fn cn_101_a_damaged_message_never_brings_the_reader_down(
            damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..40),
            cut in any::<prop::sample::Index>(),
            doubled in any::<bool>(),
        ) {
            let mut content = LETTER.as_bytes().to_vec();
            for (at, byte) in &damage {
                let at = at.index(content.len());
                content[at] = *byte;
            }
            content.truncate(cut.index(content.len() + 1));
            if doubled {
                content.extend_from_within(..);
            }
            if let Ok(mail) = read(&content) {
                prop_assert!(mail.files.len() <= MAX_FILES && mail.left_out.len() <= MAX_FILES);
                prop_assert!(mail.subject.chars().count() <= MAX_LINE);
                prop_assert!(mail.from_address.contains('@'));
                prop_assert!(!mail.text.chars().any(|c| c.is_control() && c != '\n' && c != '\t'));
            }
        }

        #[test]
        fn cn_101_any_bytes_are_answered(content in prop::collection::vec(any::<u8>(), 0..2000)) {
            let _ = read(&content);
        }
    }
}
