//! What stands in the form, as text: from a draft, from what is answered or replaced, and to a draft.

use std::fmt::Write as _;

use jiff::civil::Date;
use rules::{
    document_types,
    exchange::Purpose,
    ids::{FileId, IncomingId, OutgoingId},
    secrecy::SecrecyLevel,
    templates::Filled,
};
use serde::Deserialize;
use store::{args, sql};
use uuid::Uuid;

use super::super::{
    content::{self, Content, Main, PaperRecipient},
    form_fields,
    layout::TO_KNOW,
    load, recipient_search,
    save_draft::Draft,
};
use crate::{
    context::{App, Who},
    documents::Upload,
    error::{AppError, AppResult},
    incoming,
    web::format,
};

/// What stands in the form, as text.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    pub(super) type_key: String,
    pub(super) subject: String,
    pub(super) urgency: String,
    pub(super) respond_by: String,
    pub(super) signer: String,
    pub(super) authority: String,
    pub(super) reply_to: String,
    pub(super) recipients: Vec<String>,
    pub(super) to_know: Vec<String>,
    pub(super) axis: Vec<String>,
    pub(super) axis_find: String,
    pub(super) replaces: Vec<String>,
    pub(super) corrects: Vec<String>,
    pub(super) paper: String,
    pub(super) field_abbr: String,
    pub(super) main_kind: String,
    pub(super) main_text: String,
    pub(super) kept_main: String,
    pub(super) kept: Vec<String>,
    pub(super) copies: Vec<String>,
    pub(super) secrecy: String,
    pub(super) next: String,
    /// The fields of every template, whichever kind is chosen.
    #[serde(skip)]
    pub(super) own: Filled,
}

/// Files that came with the form count as kept: a refused form does not ask for them again.
pub(super) fn keep_uploads(sent: &Upload, typed: &mut Typed) {
    if let Some(file) = sent.files_in("main_file").last() {
        typed.kept_main = file.id.to_string();
        "file".clone_into(&mut typed.main_kind);
    }
    typed
        .kept
        .extend(sent.files_in("attachments").map(|file| file.id.to_string()));
}

/// The form's text as a draft.
pub(super) fn draft_of(typed: &Typed) -> AppResult<Draft> {
    let (main_text, main_file) = if typed.main_kind == "file" {
        (None, read(&typed.kept_main, "tệp văn bản chính")?)
    } else {
        (Some(typed.main_text.clone()), None)
    };
    let listed = |values: &[String], what| -> AppResult<Vec<Uuid>> {
        Ok(values
            .iter()
            .map(|value| read(value, what))
            .collect::<AppResult<Vec<_>>>()?
            .into_iter()
            .flatten()
            .collect())
    };
    Ok(Draft {
        type_key: typed.type_key.clone(),
        subject: typed.subject.clone(),
        urgency: read(&typed.urgency, "mức độ khẩn")?,
        respond_by: read(&typed.respond_by, "hạn trả lời")?,
        signer: read(&typed.signer, "người ký")?,
        authority: read(&typed.authority, "thẩm quyền ký")?,
        reply_to: read(&typed.reply_to, "văn bản được trả lời")?,
        recipients: listed(&typed.recipients, "nơi nhận")?
            .into_iter()
            .map(rules::ids::AgencyId::from_uuid)
            .collect(),
        to_know: listed(&typed.to_know, "nơi nhận để biết")?
            .into_iter()
            .map(rules::ids::AgencyId::from_uuid)
            .collect(),
        axis: recipient_search::chosen(&typed.axis),
        replaces: listed(&typed.replaces, "văn bản bị thay thế")?
            .into_iter()
            .map(OutgoingId::from_uuid)
            .collect(),
        corrects: listed(&typed.corrects, "văn bản được đính chính")?
            .into_iter()
            .map(OutgoingId::from_uuid)
            .collect(),
        paper: typed.paper.lines().filter_map(paper_line).collect(),
        field_abbr: typed.field_abbr.clone(),
        fields: if main_file.is_some() {
            Filled::new()
        } else {
            form_fields::of_kind(&typed.type_key, &typed.own)
        },
        main_text,
        main_file,
        attachments: listed(&typed.kept, "tài liệu kèm theo")?
            .into_iter()
            .map(FileId::from_uuid)
            .collect(),
        copies: listed(&typed.copies, "bản sao gửi kèm")?,
        secrecy: SecrecyLevel::recognise(&typed.secrecy),
    })
}

/// A value of a form; empty is none.
///
/// # Errors
/// [`AppError::BadInput`] when it cannot be read.
pub fn read<T: std::str::FromStr>(text: &str, what: &str) -> AppResult<Option<T>> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = |_| AppError::BadInput(format!("Ô {what} có giá trị không đọc được. Vui lòng chọn lại."));
    text.parse().map(Some).map_err(wrong)
}

/// `Tên nơi nhận (để biết) | lý do gửi bản giấy`.
fn paper_line(line: &str) -> Option<PaperRecipient> {
    let (name, reason) = line.split_once('|').unwrap_or((line, ""));
    let name = name
        .trim()
        .trim_start_matches(['-', '–'])
        .trim()
        .trim_end_matches([';', '.']);
    let (name, purpose) = match name.strip_suffix(TO_KNOW) {
        Some(name) => (name.trim(), Purpose::Know),
        None => (name, Purpose::Act),
    };
    (!name.is_empty()).then(|| PaperRecipient {
        name: name.to_owned(),
        reason: reason.trim().to_owned(),
        purpose,
    })
}

pub(super) fn typed_of(content: Content) -> Typed {
    let mut typed = Typed {
        type_key: content.type_key,
        subject: content.subject,
        urgency: content.urgency.as_str().to_owned(),
        respond_by: content.respond_by.map(|day| day.to_string()).unwrap_or_default(),
        signer: content.signer.to_string(),
        authority: content.authority.as_str().to_owned(),
        reply_to: content.reply_to.map(|id| id.to_string()).unwrap_or_default(),
        recipients: content.recipients.iter().map(ToString::to_string).collect(),
        to_know: content.to_know.iter().map(ToString::to_string).collect(),
        axis: recipient_search::values(&content.axis),
        replaces: content.replaces.iter().map(ToString::to_string).collect(),
        corrects: content.corrects.iter().map(ToString::to_string).collect(),
        field_abbr: content.field_abbr,
        own: content.own,
        main_kind: "text".to_owned(),
        kept: content.attachments.iter().map(ToString::to_string).collect(),
        copies: content.copies.iter().map(|sent| sent.copy.to_string()).collect(),
        ..Typed::default()
    };
    for paper in &content.paper {
        typed.paper.push_str(&paper.name);
        if paper.purpose == Purpose::Know {
            let _ = write!(typed.paper, " {TO_KNOW}");
        }
        if !paper.reason.is_empty() {
            let _ = write!(typed.paper, " | {}", paper.reason);
        }
        typed.paper.push('\n');
    }
    match content.main {
        Main::None => {}
        Main::Text { text } => typed.main_text = text,
        Main::File { file } => {
            "file".clone_into(&mut typed.main_kind);
            typed.kept_main = file.to_string();
        }
    }
    typed
}

/// Fills in what a replacing document begins with: kind, signer and recipients of the replaced one.
pub(super) async fn take_over(
    app: &App,
    who: &Who,
    typed: &mut Typed,
    replaced: OutgoingId,
) -> AppResult<()> {
    let document = load::for_view(app, who, replaced).await?;
    let content = load::content(app, replaced, document.facts.version).await?;
    let name = document.number_and_symbol().unwrap_or_default();
    let old = typed_of(content);
    typed.type_key = old.type_key;
    typed.urgency = old.urgency;
    typed.signer = old.signer;
    typed.authority = old.authority;
    typed.recipients = old.recipients;
    typed.to_know = old.to_know;
    typed.paper = old.paper;
    typed.field_abbr = old.field_abbr;
    typed.subject = format!("{} (thay thế văn bản số {name})", document.subject);
    typed.replaces = vec![replaced.to_string()];
    Ok(())
}

/// Fills in what a letter of correction begins with: an official letter to everybody who got the corrected document.
pub(super) async fn correction(
    app: &App,
    who: &Who,
    typed: &mut Typed,
    corrected: OutgoingId,
) -> AppResult<()> {
    let document = load::for_view(app, who, corrected).await?;
    let old = typed_of(load::content(app, corrected, document.facts.version).await?);
    let kind = document_types::by_key(&document.type_key).map_or("văn bản", content::printed_type);
    document_types::OFFICIAL_LETTER.clone_into(&mut typed.type_key);
    typed.subject = format!(
        "đính chính {kind} số {}",
        document.number_and_symbol().unwrap_or_default()
    );
    if let Some(day) = document.issued_on {
        let _ = write!(typed.subject, " ngày {}", format::date(day));
    }
    typed.signer = old.signer;
    typed.authority = old.authority;
    typed.recipients = old.recipients;
    typed.to_know = old.to_know;
    typed.axis = old.axis;
    typed.paper = old.paper;
    typed.corrects = vec![corrected.to_string()];
    Ok(())
}

/// Fills in what a reply begins with: to the sender, about their document.
pub(super) async fn answer(app: &App, typed: &mut Typed, answered: IncomingId) -> AppResult<()> {
    let row = app
        .db
        .one(
            sql!("SELECT sender_id, sender_name, number, symbol, issued_on, type_key FROM incoming WHERE id = $1"),
            args![answered],
        )
        .await?;
    typed.reply_to = answered.to_string();
    let kind =
        document_types::by_key(&row.get::<String>("type_key")?).map_or("đơn, thư", content::printed_type);
    // Letters may have no number and no date: then neither is named.
    let printed = incoming::printed(&row.get::<String>("number")?, &row.get::<String>("symbol")?);
    typed.subject = format!("trả lời {kind}");
    if !printed.is_empty() {
        let _ = write!(typed.subject, " số {printed}");
    }
    if let Some(day) = row.get::<Option<Date>>("issued_on")? {
        let _ = write!(typed.subject, " ngày {}", format::date(day));
    }
    let _ = write!(typed.subject, " của {}", row.get::<String>("sender_name")?);
    typed
        .recipients
        .extend(row.get::<Option<Uuid>>("sender_id")?.map(|id| id.to_string()));
    Ok(())
}
