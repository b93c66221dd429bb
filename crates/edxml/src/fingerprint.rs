//! Which message this is, whatever was done to its form on the way.

use std::collections::BTreeSet;

use jiff::{Timestamp, civil::Date};
use sha2::{Digest, Sha256};

use crate::{
    Message,
    model::{
        Attachment, Business, DocumentMessage, Organ, Receiver, ReceiverChange, Replacement, ResponseFor,
        Staff, StatusMessage,
    },
    read::recipients::same_code,
    text::{Lines, cleaned},
};

/// A digest of what a reader sees of the message and what is to be done: header, business, state, names and digests of the
/// unpacked files, and the time at which the sender itself handled it. Two receipts with the same fingerprint are the same
/// sending.
///
/// Equal for a message that a node serialised anew: other order, prefixes and content ids, no comments, more
/// `TraceHeader`s. The order of repeated parts does not count. Fields that say nothing to a reader are left out:
/// `ContentType`, content ids, the message signature, the nodes on the way.
#[must_use]
pub fn fingerprint(message: &Message) -> [u8; 32] {
    let mut hash = Sha256::new();
    // Changes with the layout below, so that old and new fingerprints never meet.
    hash.update(b"edxml fingerprint 1\n");
    let mut print = Print::default();
    match message {
        Message::Document(message) => document(&mut print, message),
        Message::Status(message) => status(&mut print, message),
    }
    hash.update(&print.bytes);
    hash.finalize().into()
}

/// Fields by name, each with its length: no two messages give the same bytes.
#[derive(Default)]
struct Print {
    bytes: Vec<u8>,
}

impl Print {
    fn put(&mut self, name: &str, value: &[u8]) {
        for part in [name.as_bytes(), value] {
            self.bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
            self.bytes.extend_from_slice(part);
        }
    }

    fn text(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.put(name, cleaned(text, Lines::Many).as_bytes());
        }
    }

    fn number(&mut self, name: &str, number: Option<u32>) {
        self.text(name, number.map(|number| number.to_string()).as_deref());
    }

    /// The library on the axis writes 0 where nothing was said.
    fn choice(&mut self, name: &str, number: Option<u32>) {
        self.number(name, number.filter(|number| *number != 0));
    }

    fn flag(&mut self, name: &str, flag: Option<bool>) {
        self.choice(name, flag.map(u32::from));
    }

    fn date(&mut self, name: &str, date: Option<Date>) {
        self.text(name, date.map(|date| date.to_string()).as_deref());
    }

    fn timestamp(&mut self, name: &str, timestamp: Option<Timestamp>) {
        // The wire has whole seconds.
        let seconds = timestamp.map(|timestamp| timestamp.as_second().to_string());
        self.text(name, seconds.as_deref());
    }

    fn code(&mut self, name: &str, code: Option<&str>) {
        self.text(name, code.map(|code| code.trim().to_uppercase()).as_deref());
    }

    fn group(&mut self, name: &str, fill: impl FnOnce(&mut Self)) {
        let mut inside = Self::default();
        fill(&mut inside);
        if !inside.bytes.is_empty() {
            self.put(name, &inside.bytes);
        }
    }

    /// A set of groups: neither order nor repetition counts.
    fn set<T>(&mut self, name: &str, items: &[T], fill: impl Fn(&mut Self, &T)) {
        let groups: BTreeSet<Vec<u8>> = items
            .iter()
            .map(|item| {
                let mut inside = Self::default();
                fill(&mut inside, item);
                inside.bytes
            })
            .collect();
        for group in groups.iter().filter(|group| !group.is_empty()) {
            self.put(name, group);
        }
    }
}

fn document(print: &mut Print, message: &DocumentMessage) {
    print.group("document", |print| {
        print.group("from", |print| organ(print, &message.from));
        print.set("to", &message.to, organ);
        print.text("document_id", message.document_id.as_deref());
        print.text("code_number", message.code_number.as_deref());
        print.text("code_notation", message.code_notation.as_deref());
        print.text("place", message.place.as_deref());
        print.date("promulgation_date", message.promulgation_date);
        print.number("type_group", message.document_type.type_group);
        print.choice("type_detail", message.document_type.type_detail);
        print.text("type_name", message.document_type.type_name.as_deref());
        print.text("subject", message.subject.as_deref());
        print.text("content", message.content.as_deref());
        print.text("competence", message.signer.competence.as_deref());
        print.text("position", message.signer.position.as_deref());
        print.text("full_name", message.signer.full_name.as_deref());
        print.date("due_date", message.due_date);
        print.set("to_place", &message.to_places, |print, place| {
            print.text("", Some(place));
        });
        print.choice("priority", message.other.priority);
        print.text("sphere", message.other.sphere.as_deref());
        print.text("typer_notation", message.other.typer_notation.as_deref());
        print.number("promulgation_amount", message.other.promulgation_amount);
        print.number("page_amount", message.other.page_amount);
        print.set("appendix", &message.other.appendixes, |print, text| {
            print.text("", Some(text));
        });
        print.set("response_for", &message.response_for, response);
        print.choice("steering_type", message.steering_type);
        print.group("business", |print| business(print, &message.business));
        print.timestamp("sent_at", sent_at(message));
        print.set("attachment", &message.attachments, attachment);
    });
}

/// When the sender itself handled the message: nodes on the way only add their own entries.
fn sent_at(message: &DocumentMessage) -> Option<Timestamp> {
    message
        .trace_headers
        .iter()
        .filter(|node| {
            node.organ_id
                .as_deref()
                .is_some_and(|code| same_code(code, &message.from.organ_id))
        })
        .filter_map(|node| node.timestamp)
        .min()
}

fn status(print: &mut Print, message: &StatusMessage) {
    print.group("status", |print| {
        print.group("from", |print| organ(print, &message.from));
        print.set("to", &message.to, organ);
        print.group("response_for", |print| response(print, &message.response_for));
        print.text("status_code", Some(&message.status_code));
        print.text("description", message.description.as_deref());
        print.timestamp("timestamp", message.timestamp);
        print.group("staff", |print| staff(print, &message.staff));
    });
}

fn organ(print: &mut Print, organ: &Organ) {
    print.code(
        "organ_id",
        Some(&organ.organ_id)
            .filter(|code| !code.is_empty())
            .map(String::as_str),
    );
    print.text("organization_in_charge", organ.organization_in_charge.as_deref());
    print.text("organ_name", organ.organ_name.as_deref());
    print.text("organ_add", organ.organ_add.as_deref());
    print.text("email", organ.email.as_deref());
    print.text("telephone", organ.telephone.as_deref());
    print.text("fax", organ.fax.as_deref());
    print.text("website", organ.website.as_deref());
}

fn response(print: &mut Print, response: &ResponseFor) {
    print.code("organ_id", response.organ_id.as_deref());
    print.text("code", response.code.as_deref());
    print.date("promulgation_date", response.promulgation_date);
    print.text("document_id", response.document_id.as_deref());
}

fn business(print: &mut Print, business: &Business) {
    print.text("kind", Some(business.kind.as_str()));
    print.text("document_id", business.document_id.as_deref());
    print.text("reason", business.reason.as_deref());
    print.flag("paper", business.paper);
    print.flag("document_info", business.document_info);
    print.flag("document_receiver", business.document_receiver);
    print.set("receiver", &business.receivers, receiver);
    print.set("replacement", &business.replacements, replacement);
    print.group("staff", |print| staff(print, &business.staff));
}

fn receiver(print: &mut Print, receiver: &Receiver) {
    print.code("organ_id", Some(&receiver.organ_id));
    print.flag(
        "added",
        receiver.change.map(|change| change == ReceiverChange::Added),
    );
}

fn replacement(print: &mut Print, replacement: &Replacement) {
    print.text("document_id", Some(&replacement.document_id));
    print.set("organ_id", &replacement.organ_ids, |print, code| {
        print.code("", Some(code));
    });
}

fn staff(print: &mut Print, staff: &Staff) {
    print.text("department", staff.department.as_deref());
    print.text("staff", staff.staff.as_deref());
    print.text("mobile", staff.mobile.as_deref());
    print.text("email", staff.email.as_deref());
}

fn attachment(print: &mut Print, attachment: &Attachment) {
    print.text("name", attachment.name.as_deref());
    print.text("description", attachment.description.as_deref());
    if let Some(content) = &attachment.content {
        print.put("sha256", &content.sha256);
    }
}
