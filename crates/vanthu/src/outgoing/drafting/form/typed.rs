//! What stands in the form, as text: from a draft, from what is answered or replaced, and to a draft.

use std::fmt::Write as _;

use jiff::civil::Date;
use rules::{
    document_types,
    ids::{IncomingId, OutgoingId},
    secrecy::SecrecyLevel,
    templates::Filled,
};
use serde::Deserialize;
use store::{args, sql};
use uuid::Uuid;

use crate::{
    context::{App, Who},
    documents::Upload,
    error::{AppError, AppResult},
    incoming,
    outgoing::{
        drafting::{
            content::{self, Content, Main},
            form_fields,
            save_draft::Draft,
        },
        load,
        recipients::{Recipients, search, texts},
    },
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
    pub(super) groups: Vec<String>,
    pub(super) group_name: String,
    pub(super) next: String,
    /// The fields of every template, whichever kind is chosen.
    #[serde(skip)]
    pub(super) own: Filled,
    /// What became of groups of recipients that were put in or saved.
    #[serde(skip)]
    pub(super) group_notes: Vec<String>,
}

impl Typed {
    /// The recipients that stand in the form.
    pub(super) fn chosen(&self) -> AppResult<Recipients> {
        texts::chosen(&self.recipients, &self.to_know, &self.axis, &self.paper)
    }

    /// Puts more recipients into the form, as if they had been chosen there.
    pub(super) fn put(&mut self, more: &Recipients) {
        self.recipients.extend(more.act.iter().map(ToString::to_string));
        self.to_know.extend(more.know.iter().map(ToString::to_string));
        self.axis.extend(search::values(&more.axis));
        if !self.paper.is_empty() && !self.paper.ends_with('\n') {
            self.paper.push('\n');
        }
        self.paper.push_str(&texts::paper_lines(&more.paper));
    }
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
    let to = typed.chosen()?;
    Ok(Draft {
        type_key: typed.type_key.clone(),
        subject: typed.subject.clone(),
        urgency: read(&typed.urgency, "mức độ khẩn")?,
        respond_by: read(&typed.respond_by, "hạn trả lời")?,
        signer: read(&typed.signer, "người ký")?,
        authority: read(&typed.authority, "thẩm quyền ký")?,
        reply_to: read(&typed.reply_to, "văn bản được trả lời")?,
        recipients: to.act,
        to_know: to.know,
        axis: to.axis,
        replaces: listed(&typed.replaces, "văn bản bị thay thế")?,
        corrects: listed(&typed.corrects, "văn bản được đính chính")?,
        paper: to.paper,
        field_abbr: typed.field_abbr.clone(),
        fields: if main_file.is_some() {
            Filled::new()
        } else {
            form_fields::of_kind(&typed.type_key, &typed.own)
        },
        main_text,
        main_file,
        attachments: listed(&typed.kept, "tài liệu kèm theo")?,
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

/// Several values of a form; empty ones are left out.
///
/// # Errors
/// [`AppError::BadInput`] when one cannot be read.
pub fn listed<T: std::str::FromStr>(values: &[String], what: &str) -> AppResult<Vec<T>> {
    values
        .iter()
        .filter_map(|value| read(value, what).transpose())
        .collect()
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
        axis: search::values(&content.axis),
        replaces: content.replaces.iter().map(ToString::to_string).collect(),
        corrects: content.corrects.iter().map(ToString::to_string).collect(),
        paper: texts::paper_lines(&content.paper),
        field_abbr: content.field_abbr,
        own: content.own,
        main_kind: "text".to_owned(),
        kept: content.attachments.iter().map(ToString::to_string).collect(),
        copies: content.copies.iter().map(|sent| sent.copy.to_string()).collect(),
        ..Typed::default()
    };
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
