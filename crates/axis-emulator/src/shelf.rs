//! Where packets lie: what they are in memory, their bytes in files.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use axis::client::{MessageKind, PacketStatus, Window};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::faults::mix;

/// One packet on its way to one recipient.
#[derive(Debug, Clone)]
pub(crate) struct Packet {
    pub(crate) receiver_doc_id: String,
    pub(crate) sender_doc_id: String,
    pub(crate) kind: MessageKind,
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) sender: String,
    pub(crate) receiver: String,
    pub(crate) title: String,
    pub(crate) notation: String,
    pub(crate) document_id: Option<String>,
    pub(crate) status_code: Option<String>,
    pub(crate) sent_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    pub(crate) status: PacketStatus,
    pub(crate) status_desc: String,
    pub(crate) received_at: Option<Timestamp>,
    pub(crate) file: PathBuf,
    pub(crate) bytes: u64,
    pub(crate) sent_sha256: String,
    pub(crate) sha256: String,
    pub(crate) hidden_until: Option<Timestamp>,
    pub(crate) hidden_from_sender: bool,
    pub(crate) was_damaged: bool,
    pub(crate) fetched: u32,
}

impl Packet {
    fn is_open(&self) -> bool {
        matches!(self.status, PacketStatus::Initial | PacketStatus::Processing)
    }

    fn hidden(&self, now: Timestamp) -> bool {
        self.hidden_until.is_some_and(|until| now < until)
    }

    fn view(&self) -> PacketView {
        PacketView {
            doc_id: self.receiver_doc_id.clone(),
            sender_doc_id: self.sender_doc_id.clone(),
            kind: self.kind,
            from: self.from.clone(),
            to: self.to.clone(),
            sender: self.sender.clone(),
            receiver: self.receiver.clone(),
            title: self.title.clone(),
            notation: self.notation.clone(),
            document_id: self.document_id.clone(),
            status_code: self.status_code.clone(),
            sent_at: self.sent_at,
            status: self.status,
            status_desc: self.status_desc.clone(),
            fetched: self.fetched,
            bytes: self.bytes,
            sent_sha256: self.sent_sha256.clone(),
            sha256: self.sha256.clone(),
        }
    }
}

/// A packet as the control API shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PacketView {
    /// Id at the recipient.
    pub doc_id: String,
    /// Id that sending returned.
    pub sender_doc_id: String,
    /// Document or status.
    pub kind: MessageKind,
    /// Code of the sender as the channel knows it.
    pub from: String,
    /// Code of the recipient.
    pub to: String,
    /// The sending system.
    pub sender: String,
    /// The receiving system.
    pub receiver: String,
    /// Subject, or code and description of a status.
    pub title: String,
    /// Number and notation.
    pub notation: String,
    /// `DocumentId`; of a status, that of the document it answers.
    pub document_id: Option<String>,
    /// `StatusCode` of a status.
    pub status_code: Option<String>,
    /// When it was taken.
    pub sent_at: Timestamp,
    /// Its state.
    pub status: PacketStatus,
    /// What the recipient said to it.
    pub status_desc: String,
    /// How often it was fetched.
    pub fetched: u32,
    /// Its bytes, as delivered.
    pub bytes: u64,
    /// SHA-256 as it was sent.
    pub sent_sha256: String,
    /// SHA-256 as it is delivered.
    pub sha256: String,
}

/// What the control API shows of the whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// How many packets there are of each kind and state, as `edoc/done`.
    pub counts: std::collections::BTreeMap<String, u64>,
    /// Requests answered or dropped, for each operation.
    pub requests: std::collections::BTreeMap<String, u64>,
    /// Requests that were not believed.
    pub distrusted: u64,
    /// The packets, oldest first.
    pub packets: Vec<PacketView>,
}

#[derive(Debug)]
pub(crate) struct Shelf {
    folder: PathBuf,
    seed: u64,
    issued: u64,
    packets: Vec<Packet>,
    by_id: HashMap<String, usize>,
    by_receiver: HashMap<String, Vec<usize>>,
    by_sender: HashMap<String, Vec<usize>>,
}

impl Shelf {
    pub(crate) fn new(folder: PathBuf, seed: u64) -> Self {
        Self {
            folder,
            seed,
            issued: 0,
            packets: Vec::new(),
            by_id: HashMap::new(),
            by_receiver: HashMap::new(),
            by_sender: HashMap::new(),
        }
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// 24 hex characters, as the axis has them: never one twice.
    pub(crate) fn new_id(&mut self) -> String {
        self.issued += 1;
        let random = mix(self.seed ^ mix(self.issued));
        format!("{:016x}{:08x}", random, self.issued & 0xffff_ffff)
    }

    pub(crate) fn add(&mut self, packet: Packet) {
        let at = self.packets.len();
        self.by_id.insert(packet.receiver_doc_id.clone(), at);
        self.by_receiver
            .entry(packet.receiver.clone())
            .or_default()
            .push(at);
        self.by_sender.entry(packet.sender.clone()).or_default().push(at);
        self.packets.push(packet);
    }

    /// A packet of this receiving system.
    pub(crate) fn of_receiver(&mut self, doc_id: &str, system: &str) -> Option<&mut Packet> {
        let at = *self.by_id.get(doc_id)?;
        self.packets.get_mut(at).filter(|p| p.receiver == system)
    }

    /// Packets that wait for a system.
    pub(crate) fn waiting(
        &self,
        system: &str,
        kind: MessageKind,
        window: Window,
        now: Timestamp,
    ) -> Vec<&Packet> {
        self.pick(self.by_receiver.get(system))
            .filter(|p| p.kind == kind && p.is_open() && !p.hidden(now) && within(p.sent_at, window))
            .collect()
    }

    /// Packets that a system sent.
    pub(crate) fn sent(
        &self,
        system: &str,
        kind: MessageKind,
        doc_id: Option<&str>,
        window: Window,
        now: Timestamp,
    ) -> Vec<&Packet> {
        self.pick(self.by_sender.get(system))
            .filter(|p| p.kind == kind && within(p.sent_at, window))
            .filter(|p| !(p.hidden_from_sender && p.hidden(now)))
            .filter(|p| doc_id.is_none_or(|id| p.sender_doc_id == id || p.receiver_doc_id == id))
            .collect()
    }

    fn pick<'a>(&'a self, places: Option<&'a Vec<usize>>) -> impl Iterator<Item = &'a Packet> {
        places
            .into_iter()
            .flatten()
            .filter_map(|at| self.packets.get(*at))
    }

    pub(crate) fn state(&self) -> State {
        let mut state = State::default();
        for packet in &self.packets {
            let name = format!("{}/{}", packet.kind, packet.status.as_str());
            *state.counts.entry(name).or_default() += 1;
        }
        state.packets = self.packets.iter().map(Packet::view).collect();
        state
    }

    /// Forgets all packets and deletes their files; ids go on.
    pub(crate) fn clear(&mut self) {
        for packet in self.packets.drain(..) {
            // Packets to several recipients share a file.
            let _ = std::fs::remove_file(&packet.file);
        }
        self.by_id.clear();
        self.by_receiver.clear();
        self.by_sender.clear();
    }
}

/// Bounds are whole seconds: what was sent within the last one is inside.
fn within(at: Timestamp, window: Window) -> bool {
    window.from.is_none_or(|from| at >= from)
        && window.to.is_none_or(|to| {
            let end = to
                .checked_add(SignedDuration::from_secs(1))
                .unwrap_or(Timestamp::MAX);
            at < end
        })
}
