//! Simulated agencies: they fetch, judge and answer packets as a well-behaved system does, and send on command.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use axis::client::{MessageKind, PacketStatus, Window};
use axis::wire::FileHash;
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::delivery::{Arrived, NotTaken, look};
use crate::directory::Whose;
use crate::emulator::Hub;
use crate::letter::{Business, File, Letter, Status, status_label};
use crate::xml::Summary;

/// How an agency answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Script {
    /// Statuses sent for each document, in this order.
    pub answers: Vec<String>,
    /// The reason given with 02 and 16.
    pub reason: String,
    /// Time before each answer.
    pub delay_millis: u64,
    /// The answer to a recall (a document of type 1, or status 13); silence when missing.
    pub recall_answer: Option<String>,
    /// The answer to an update, after those for a document; silence when missing.
    pub update_answer: Option<String>,
}

impl Default for Script {
    fn default() -> Self {
        Self {
            answers: vec!["01".to_owned()],
            reason: "Văn bản không thuộc thẩm quyền giải quyết".to_owned(),
            delay_millis: 0,
            recall_answer: Some("15".to_owned()),
            update_answer: Some("15".to_owned()),
        }
    }
}

/// What a simulated agency is told to send.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Command {
    /// Its code; it must be in the directory.
    pub from: String,
    /// Codes of the recipients.
    pub to: Vec<String>,
    /// New, or what it does to another document.
    pub business: Business,
    /// Identifier of the document it recalls, updates or replaces.
    pub target: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// Number; one from the clock when missing.
    pub number: Option<String>,
    /// Notation; `BVD-VP` when missing.
    pub notation: Option<String>,
    /// Subject.
    pub subject: Option<String>,
    /// Bytes of the attached PDF, at least.
    pub size: usize,
    /// Instead of all above but `from` and `to`: the message itself.
    pub xml: Option<String>,
    /// Instead of a document: a status for `target`.
    pub status: Option<StatusCommand>,
}

/// A status to send; the document is `target` of the command.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StatusCommand {
    /// `StatusCode`.
    pub code: String,
    /// `Description`.
    pub description: String,
    /// `ResponseFor/OrganId`; the first recipient when missing.
    pub organ_id: Option<String>,
    /// `ResponseFor/Code`.
    pub document_code: String,
    /// `ResponseFor/PromulgationDate`.
    pub document_date: String,
}

/// What was sent on command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentByPartner {
    /// The axis' id of it.
    pub doc_id: String,
    /// `DocumentId` of it, or of the document whose status it is.
    pub document_id: Option<String>,
}

pub(crate) fn scripts(config: &Config) -> HashMap<String, Script> {
    let agencies = config.systems.iter().flat_map(|system| &system.agencies);
    agencies
        .filter_map(|agency| Some((agency.code.clone(), agency.partner.clone()?)))
        .collect()
}

pub(crate) fn set_script(hub: &Hub, code: &str, script: Option<Script>) {
    let mut scripts = hub.scripts();
    match script {
        Some(script) => scripts.insert(code.to_owned(), script),
        None => scripts.remove(code),
    };
    drop(scripts);
    hub.arrived.notify_waiters();
}

/// Sends what an agency is told to send.
pub(crate) fn send(hub: &Hub, command: &Command) -> Result<SentByPartner, String> {
    let now = hub.now();
    let text = if let Some(xml) = &command.xml {
        xml.clone()
    } else if let Some(status) = &command.status {
        let first = command.to.first().cloned().unwrap_or_default();
        Status {
            from: command.from.clone(),
            organ_id: status.organ_id.clone().unwrap_or(first),
            code: status.document_code.clone(),
            date: status.document_date.clone(),
            document_id: command.target.clone().unwrap_or_default(),
            status: status.code.clone(),
            description: status.description.clone(),
            at: now,
        }
        .to_xml()
    } else {
        letter(command, now).to_xml()
    };
    let summary = Summary::read(text.as_bytes()).unwrap_or_default();
    let kind = if summary.status_code.is_some() {
        MessageKind::Status
    } else {
        MessageKind::Document
    };
    let document_id = match &summary.response_for {
        Some(answered) if kind == MessageKind::Status => answered.document_id.clone(),
        _ => summary.document_id.clone(),
    };
    let doc_id = post(hub, &command.from, &command.to, kind, &text)?;
    Ok(SentByPartner { doc_id, document_id })
}

fn letter(command: &Command, now: jiff::Timestamp) -> Letter {
    let to: Vec<&str> = command.to.iter().map(String::as_str).collect();
    let number = command
        .number
        .clone()
        .unwrap_or_else(|| (now.as_millisecond() % 1_000_000_000).to_string());
    let notation = command.notation.as_deref().unwrap_or("BVD-VP");
    let mut letter = Letter::new(&command.from, &to, &number, notation).dated(now);
    if command.size > 0 {
        letter.files = vec![File::pdf(&format!("{number}.signed.pdf"), &number, command.size)];
    }
    if command.business != Business::New {
        let target = command.target.as_deref().unwrap_or_default();
        let reason = command.reason.as_deref().unwrap_or("Gửi nhầm phụ lục");
        letter = letter.about(command.business, target, reason);
    }
    if let Some(subject) = &command.subject {
        letter.subject.clone_from(subject);
    }
    letter
}

/// Puts a message on the axis in the name of an agency; troubles of deliveries apply, those of connections do not.
fn post(hub: &Hub, from: &str, to: &[String], kind: MessageKind, text: &str) -> Result<String, String> {
    let system = match hub.books().directory.whose(from) {
        Whose::Of(system) => system.to_owned(),
        _ => return Err(format!("cơ quan {from} không có trong danh mục")),
    };
    let faults = hub.faults.of(axis::client::Operation::Send, &system);
    let path = hub.upload_path();
    std::fs::write(&path, text).map_err(|e| e.to_string())?;
    let arrived = Arrived {
        file: &path,
        bytes: text.len() as u64,
        sha256: FileHash::of(text.as_bytes()),
        system: &system,
        from: Some(from.to_owned()),
        to: to.to_vec(),
        kind,
        now: hub.now(),
    };
    let taken = hub.take(&arrived, &faults);
    // It is moved when it was taken.
    let _ = std::fs::remove_file(&path);
    taken.map_err(|why| match why {
        NotTaken::Refused(code, desc) => format!("mã {code}: {desc}"),
        NotTaken::Disk(error) => error.to_string(),
    })
}

/// Plays the agencies until the emulator stops.
pub(crate) async fn run(hub: Arc<Hub>, stopping: CancellationToken) {
    // What an agency has taken already: agency, identifier, business.
    let mut taken: HashSet<(String, String, u8)> = HashSet::new();
    loop {
        let new = hub.arrived.notified();
        let (worked, seen) = {
            let hub = hub.clone();
            let seen = std::mem::take(&mut taken);
            match tokio::task::spawn_blocking(move || round(&hub, seen)).await {
                Ok(done) => done,
                Err(_) => return,
            }
        };
        taken = seen;
        for (delay, answers) in worked {
            let hub = hub.clone();
            tokio::spawn(async move {
                for answer in answers {
                    if delay > 0 {
                        tokio::time::sleep(Duration::from_millis(delay)).await;
                    }
                    let sent = post(
                        &hub,
                        &answer.from,
                        &[answer.to],
                        MessageKind::Status,
                        &answer.text,
                    );
                    if let Err(error) = sent {
                        tracing::warn!(%error, "a partner's status was not taken");
                    }
                }
            });
        }
        tokio::select! {
            () = stopping.cancelled() => return,
            () = new => {}
            () = tokio::time::sleep(Duration::from_millis(100)) => {}
        }
    }
}

struct Answer {
    from: String,
    to: String,
    text: String,
}

type Taken = HashSet<(String, String, u8)>;

/// Looks at every packet that waits for a played agency.
fn round(hub: &Hub, mut taken: Taken) -> (Vec<(u64, Vec<Answer>)>, Taken) {
    let scripts = hub.scripts().clone();
    let now = hub.now();
    let mut waiting = Vec::new();
    {
        let books = hub.books();
        for system in &hub.config.systems {
            for kind in [MessageKind::Document, MessageKind::Status] {
                for packet in books.shelf.waiting(&system.id, kind, Window::default(), now) {
                    // The code it plays may be the new one of an old one.
                    let played = books
                        .directory
                        .find(&packet.to)
                        .map(|entry| entry.agency.code.clone());
                    if let Some((code, script)) =
                        played.and_then(|code| Some((code.clone(), scripts.get(&code)?)))
                    {
                        waiting.push((packet.clone(), code, script.clone(), system.id.clone()));
                    }
                }
            }
        }
    }
    let mut answers = Vec::new();
    for (packet, code, script, system) in waiting {
        let read = look(&packet.file).ok().and_then(Result::ok);
        let (status, desc, statuses) = judge(hub, read.as_ref(), &packet.to, &code, &script, &mut taken);
        if let Some(found) = hub.books().shelf.of_receiver(&packet.receiver_doc_id, &system) {
            found.status = status;
            desc.clone_into(&mut found.status_desc);
            found.received_at.get_or_insert(now);
            found.fetched += 1;
        }
        let made = read.iter().flat_map(|read| {
            statuses.iter().map(|(status, text)| Answer {
                from: packet.to.clone(),
                to: packet.from.clone(),
                text: Status::answer(&answered(read, &packet.from), &packet.to, status, text, now).to_xml(),
            })
        });
        let made: Vec<Answer> = made.collect();
        if !made.is_empty() {
            answers.push((script.delay_millis, made));
        }
    }
    (answers, taken)
}

/// The document that an answer is about: of a status 13, the one that it asks back.
fn answered(read: &Summary, sender: &str) -> Summary {
    match &read.response_for {
        Some(document) if read.status_code.is_some() => Summary {
            from: Some(sender.to_owned()),
            document_id: document.document_id.clone(),
            notation: document.code.clone(),
            date: document.date.clone(),
            ..Summary::default()
        },
        _ => read.clone(),
    }
}

type Judged = (PacketStatus, &'static str, Vec<(String, String)>);

fn judge(
    hub: &Hub,
    read: Option<&Summary>,
    addressed: &str,
    code: &str,
    script: &Script,
    taken: &mut Taken,
) -> Judged {
    let fail = |why| (PacketStatus::Fail, why, Vec::new());
    let done = |answers| (PacketStatus::Done, "", answers);
    let Some(read) = read else {
        return fail("Khong doc duoc goi tin");
    };
    let with_text = |status: &String| {
        let text = if matches!(status.as_str(), "02" | "16") {
            script.reason.clone()
        } else {
            format!("Văn thư - {addressed}: {}", status_label(status))
        };
        (status.clone(), text)
    };
    let recall = || script.recall_answer.iter().map(with_text).collect::<Vec<_>>();
    match read.status_code.as_deref() {
        Some("13") => return done(recall()),
        Some(_) => return done(Vec::new()),
        None => {}
    }
    let identity = read
        .document_id
        .clone()
        .or_else(|| Some(format!("{}/{}", read.notation.as_deref()?, read.date.as_deref()?)));
    let Some(identity) = identity else {
        return fail("Khong co dinh danh van ban");
    };
    if !read.to.is_empty() && !read.to.iter().any(|to| is_code_of(hub, to, code)) {
        let refusal = ("02".to_owned(), "Văn bản gửi nhầm cơ quan nhận".to_owned());
        return done(vec![refusal]);
    }
    let identity = viet_text::nfc(identity.trim());
    if !taken.insert((code.to_owned(), identity, read.business)) {
        // Taken before: acknowledged, and nothing happens twice.
        return done(Vec::new());
    }
    let answers = script.answers.iter().map(with_text);
    done(match read.business {
        1 => recall(),
        2 => answers
            .chain(script.update_answer.iter().map(with_text))
            .collect(),
        _ => answers.collect(),
    })
}

fn is_code_of(hub: &Hub, written: &str, code: &str) -> bool {
    let books = hub.books();
    books
        .directory
        .find(written)
        .is_some_and(|entry| entry.agency.code == code)
}
