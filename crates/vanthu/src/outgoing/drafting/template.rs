//! From the fields of a template (NĐ 30 Phụ lục III) to the parts of the document, and to lines that people compare.

use std::fmt::Write as _;

use jiff::civil::Date;
use rules::{
    Refusal,
    document_types::{self, DocumentType},
    templates::{self, Filled, Shape},
};
use the_thuc::{
    Body, Form, Introduction, Invitation, Leave, Minutes, OfficialDocument, Part, PartKind, Reference,
    Telegram, read_decision_markdown,
};

use super::{content::Content, layout::TO_KNOW};
use crate::{
    error::AppResult,
    outgoing::signing::authority::Signer,
    web::{clean, format},
};

/// One field, "" when it is not filled in.
struct Own<'a>(&'a Filled);

impl Own<'_> {
    fn text(&self, key: &str) -> String {
        self.0.get(key).cloned().unwrap_or_default()
    }

    fn opt(&self, key: &str) -> Option<String> {
        self.0.get(key).cloned()
    }

    fn lines(&self, key: &str) -> Vec<String> {
        let lines = self.0.get(key).map(String::as_str).unwrap_or_default().lines();
        let lines = lines.map(str::trim).filter(|line| !line.is_empty());
        lines.map(str::to_owned).collect()
    }

    fn day(&self, key: &str) -> Option<Date> {
        self.0.get(key).and_then(|text| text.parse().ok())
    }
}

/// The fields of the kind's template: filled in whole, or not at all, and never beside an uploaded main file.
///
/// # Errors
/// Refusals of [`templates::settle`] and [`templates::check`]; ND30-10.2 for fields beside a file.
pub fn settle(kind: &DocumentType, given: &Filled, has_text: bool, has_file: bool) -> AppResult<Filled> {
    let cleaned = given.iter().map(|(key, value)| (key.clone(), clean(value)));
    let own = templates::settle(kind, &cleaned.collect())?;
    if has_file && !own.is_empty() {
        return Err(Refusal::new(
            "ND30-10.2",
            "outgoing.two_main_contents",
            "Các ô riêng của mẫu chỉ dùng khi soạn trực tiếp. Vui lòng bỏ tệp văn bản chính, hoặc để trống các ô riêng.",
        )
        .on("main_file")
        .into());
    }
    templates::check(kind, &own, has_text)?;
    Ok(own)
}

/// Puts what the template asks for into the document that is about to be laid out.
pub fn fill(document: &mut OfficialDocument, content: &Content, kind: &DocumentType, signer: &Signer) {
    let own = Own(&content.own);
    let template = templates::of(kind);
    if template.is_used(&content.own) {
        match template.id {
            "1.1" => decided(document, content, &own, "QUYẾT NGHỊ:", "resolution_grounds"),
            "1.2" => decided(document, content, &own, "QUYẾT ĐỊNH:", "grounds"),
            id => document.form = form(id, &own, signer),
        }
    }
    match document.form {
        // The papers that these two templates name.
        Form::Minutes(_) => document.keep_line = Some("VT, Hồ sơ".to_owned()),
        Form::Introduction(_) => {
            // Who it is addressed to stands in the text: the list says “Như trên”.
            document.recipients.retain(|name| name.ends_with(TO_KNOW));
            document.keep_line = Some("VT".to_owned());
        }
        _ => {}
    }
    document.circulation = own.opt("circulation");
    document.drafter_mark = own.opt("drafter_mark");
    document.contact_line = own.opt("contact_line");
    document.parts.extend(Part::appendices(&own.text("appendices")));
}

fn decided(document: &mut OfficialDocument, content: &Content, own: &Own<'_>, enacting: &str, grounds: &str) {
    if let Some(authority) = own
        .opt("decision_authority")
        .or_else(|| own.opt("resolution_authority"))
    {
        document.authority_line = Some(authority);
    }
    let grounds = own.lines(grounds);
    let proposal = own.opt("proposal");
    if !grounds.is_empty() || proposal.is_some() {
        let text = content.main.text();
        let pasted = read_decision_markdown(text);
        let provisions = if pasted.title.is_empty() {
            text
        } else {
            pasted.body.as_str()
        };
        document.body = Body::decided(&grounds, proposal.as_deref(), enacting, provisions);
    }
    if let Some(type_name) = own.opt("attached_type") {
        document.parts.push(Part {
            kind: PartKind::Attached { type_name },
            subject: own.text("attached_subject"),
            reference: Reference::Filled,
            body: Body::parse(&own.text("attached_text")),
            closing_mark: true,
        });
    }
}

fn form(id: &str, own: &Own<'_>, signer: &Signer) -> Form {
    match id {
        "1.6" => Form::Telegram(Telegram {
            sender: own.text("dispatcher"),
            receivers: own.lines("dispatch_to"),
        }),
        "1.7" => Form::Invitation(Invitation {
            guests: own.lines("guests"),
            event: own.text("event"),
            chair: own.text("meeting_chair"),
            time: own.text("meeting_time"),
            venue: own.text("meeting_place"),
        }),
        "1.8" => Form::Introduction(Introduction {
            bearer: own.text("bearer"),
            title: own.text("bearer_title"),
            sent_to: own.text("sent_to"),
            errand: own.text("errand"),
            valid_until: own.day("valid_until"),
        }),
        "1.9" => Form::Minutes(Minutes {
            begin: own.text("minutes_begin"),
            venue: own.text("minutes_place"),
            attendees: own.lines("attendees"),
            chair: own
                .opt("minutes_chair")
                .unwrap_or_else(|| format!("{}, {}", signer.name, signer.title)),
            secretary: own.text("secretary"),
            meeting: own.opt("meeting_word").unwrap_or_else(|| "Cuộc họp".to_owned()),
            end: own.text("minutes_end"),
        }),
        "1.10" => Form::Leave(Leave {
            applied_on: own.day("leave_applied_on"),
            person: own.text("leave_person"),
            title: own.text("leave_title"),
            days: own.text("leave_days"),
            from: own.day("leave_from"),
            until: own.day("leave_until"),
            place: own.text("leave_place"),
            counted: own.text("leave_counted"),
            confirmation: own.opt("leave_confirmation").is_some(),
        }),
        _ => Form::Plain,
    }
}

/// The trích yếu of the register for templates whose fields say what it is about, when the drafter leaves it empty.
pub fn subject(kind: &DocumentType, filled: &Filled) -> String {
    let own = Own(filled);
    if !templates::of(kind).is_used(filled) {
        return String::new();
    }
    match templates::of(kind).id {
        "1.7" => own.text("event"),
        "1.8" => format!(
            "Giới thiệu {} đến {}: {}",
            own.text("bearer"),
            own.text("sent_to"),
            own.text("errand")
        ),
        "1.10" => format!("Nghỉ phép của {}", own.text("leave_person")),
        _ => String::new(),
    }
}

/// A version as lines of text: its fields by their labels, then what was written.
pub fn as_text(content: &Content) -> String {
    let mut text = String::new();
    if let Some(kind) = document_types::by_key(&content.type_key) {
        let template = templates::of(kind);
        for field in template.fields.iter().chain(templates::COMMON) {
            let Some(value) = content.own.get(field.key) else {
                continue;
            };
            let value = match field.shape {
                Shape::Day => value.parse().map_or_else(|_| value.clone(), format::date),
                Shape::Check => "có".to_owned(),
                Shape::Lines | Shape::Text => format!("\n{value}"),
                Shape::Line => value.clone(),
            };
            let _ = writeln!(text, "{}: {value}", field.label);
        }
    }
    text.push_str(content.main.text());
    text
}
