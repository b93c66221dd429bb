//! Văn bản đến qua thư điện tử (CN-101): a saved message is taken apart, its files pass the rules of every file, and the form of
//! registration stands filled. Reading a message registers nothing.

mod page;
mod sender;

use axum::{
    Json,
    extract::{Multipart, State},
};
use jiff::Timestamp;
use rules::{
    file_rules,
    secrecy::{SecretMarks, refuse_state_secret},
};
use serde::Serialize;
use the_thuc::MailPrint;
use utoipa::ToSchema;

pub use page::{new_page, page};

use super::paper::may;
use crate::{
    act_names,
    context::{App, Who},
    documents::{
        self, FileInfo, StoredFile,
        mail::{LeftOut, Mail, read_mail},
        state_secret::{self, Attempt},
    },
    error::{AppError, AppResult},
    web::format,
};

/// Name of the print of a message.
const PRINT: &str = "thu-dien-tu.pdf";

/// A message that was taken apart, its files kept for the act that follows.
pub(in crate::incoming) struct Taken {
    pub from_name: String,
    pub from_address: String,
    pub sent_at: Option<Timestamp>,
    pub subject: String,
    /// The one that looks like the document: a PDF, else a picture, else the print of the message.
    pub main: StoredFile,
    pub is_print: bool,
    pub others: Vec<StoredFile>,
    pub left_out: Vec<LeftOut>,
}

/// Takes a message in. What bears a mark of state secrecy is refused whole; a file that breaks another rule is left out and named.
///
/// # Errors
/// [`AppError::BadInput`] for what is no message; `QC01-1.2` for a state secret; failures of the store.
pub(in crate::incoming) async fn take(app: &App, who: &Who, content: Vec<u8>) -> AppResult<Taken> {
    let mail = read_mail(app, content)
        .await?
        .map_err(|reason| AppError::BadInput(reason.to_string()))?;
    refuse_secret(app, who, &mail).await?;
    let print = print(app, &mail).await?;
    let mut left_out = mail.left_out;
    let mut files = Vec::new();
    for file in mail.files {
        match keep(app, who, &file.name, &file.content).await {
            Ok(kept) => files.push(kept),
            Err(AppError::Refused(refusal)) if !state_secret::is_mark(&refusal) => left_out.push(LeftOut {
                name: file.name,
                why: refusal.message,
            }),
            Err(error) => return Err(error),
        }
    }
    let print = keep(app, who, PRINT, &print).await?;
    let main = main_of(&files).map(|at| files.remove(at));
    let is_print = main.is_none();
    let main = match main {
        Some(main) => {
            files.push(print);
            main
        }
        None => print,
    };
    Ok(Taken {
        from_name: mail.from_name,
        from_address: mail.from_address,
        sent_at: mail.sent_at,
        subject: mail.subject,
        main,
        is_print,
        others: files,
        left_out,
    })
}

/// Words and names of the message are looked through like those of every form.
async fn refuse_secret(app: &App, who: &Who, mail: &Mail) -> AppResult<()> {
    let names: Vec<&str> = mail.files.iter().map(|file| file.name.as_str()).collect();
    let looked = refuse_state_secret(&SecretMarks {
        file_names: &names,
        texts: &[&mail.subject, &mail.text],
        ..SecretMarks::default()
    });
    let attempt = Attempt {
        act: act_names::UPLOAD,
        doing: "gửi thư điện tử lên để vào sổ",
        object_kind: "file",
        object: None,
        file: None,
    };
    state_secret::journal_refusal(app, who, attempt, looked.map_err(AppError::from)).await
}

async fn keep(app: &App, who: &Who, name: &str, content: &[u8]) -> AppResult<StoredFile> {
    let size = u64::try_from(content.len()).map_err(anyhow::Error::from)?;
    file_rules::check_size(size)?;
    let mut writer = app.blobs.writer().await?;
    writer.write(content).await?;
    documents::take(app, who, name, true, writer).await
}

async fn print(app: &App, mail: &Mail) -> AppResult<Vec<u8>> {
    let from = match mail.from_name.as_str() {
        "" => mail.from_address.clone(),
        name => format!("{name} <{}>", mail.from_address),
    };
    let print = MailPrint {
        subject: mail.subject.clone(),
        from,
        to: mail.to.clone(),
        sent: mail.sent_at.map(format::moment).unwrap_or_default(),
        text: mail.text.clone(),
        files: mail.files.iter().map(|file| file.name.clone()).collect(),
    };
    let at = app.clock.now();
    let composed = app
        .heavy(move |app| anyhow::Ok(app.composer()?.mail(&print, at)))
        .await??
        .map_err(|error| AppError::BadInput(error.to_string()))?;
    Ok(composed.pdf)
}

/// The file that looks like the document itself.
fn main_of(files: &[StoredFile]) -> Option<usize> {
    let is_annex = |file: &StoredFile| {
        let name = viet_text::fold(&file.name).replace(['-', '_', '.'], " ");
        name.starts_with("phu luc") || name.starts_with("danh sach") || name.starts_with("bieu")
    };
    let of = |wanted: &str, annex: bool| {
        files
            .iter()
            .position(|file| file.media_type.starts_with(wanted) && (annex || !is_annex(file)))
    };
    of("application/pdf", false)
        .or_else(|| of("application/pdf", true))
        .or_else(|| of("image/", true))
}

/// A message that was taken apart.
#[derive(Debug, Serialize, ToSchema)]
pub struct MailTaken {
    /// Address of the sender.
    pub from_address: String,
    /// Who that is: by the directory, else as the message says.
    pub sender_name: String,
    /// When it was sent.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub sent_at: Option<Timestamp>,
    /// Its subject.
    pub subject: String,
    /// The file to register as the main one; it may be the print of the message.
    pub main_file: FileInfo,
    /// The other files.
    pub attachments: Vec<FileInfo>,
    /// What was left out, and why.
    pub left_out: Vec<FileLeftOut>,
}

/// A file of a message that was left out.
#[derive(Debug, Serialize, ToSchema)]
pub struct FileLeftOut {
    /// Its name.
    pub name: String,
    /// Why.
    pub why: String,
}

/// Takes a saved message apart (multipart, field `mail`, an .eml file); its files are then registered by
/// `POST /api/v1/incoming/paper` with `channel` `email`.
#[utoipa::path(post, path = "/api/v1/incoming/mail", tag = "incoming",
    responses((status = 200, body = MailTaken), (status = 400, description = "Tệp không phải thư điện tử"),
        (status = 409, description = "Quy tắc không cho phép")))]
pub async fn api(State(app): State<App>, who: Who, form: Multipart) -> AppResult<Json<MailTaken>> {
    may(&who)?;
    let sent = page::read(form, None).await?;
    let content = sent
        .content
        .ok_or_else(|| AppError::BadInput("Thiếu tệp: gửi multipart với trường “mail”.".to_owned()))?;
    let taken = take(&app, &who, content).await?;
    let sender_name = sender::name_of(&app, &taken).await?;
    Ok(Json(MailTaken {
        sender_name,
        from_address: taken.from_address,
        sent_at: taken.sent_at,
        subject: taken.subject,
        main_file: FileInfo::from(&taken.main),
        attachments: taken.others.iter().map(FileInfo::from).collect(),
        left_out: taken
            .left_out
            .into_iter()
            .map(|one| FileLeftOut {
                name: one.name,
                why: one.why,
            })
            .collect(),
    }))
}
