//! The kit's own office: it sends, looks what became of it, and opens its mail.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use axis::client::{
    Advice, AxisError, BytesSource, MessageKind, PacketStatus, SendRequest, Sent, SentQuery, Window,
};
use axis::wire::FileHash;
use jiff::{SignedDuration, Timestamp};

use super::{Act, Asked, Setup};
use crate::letter::Letter;
use crate::xml::Summary;

/// Why a scenario did not pass.
#[derive(Debug)]
pub(super) enum Miss {
    /// The partner did not do as it should.
    Failed(String),
    /// It could not be played.
    NotApplicable(String),
}

/// What was seen, or why not.
pub(super) type Verdict = Result<String, Miss>;

impl From<AxisError> for Miss {
    fn from(error: AxisError) -> Self {
        Self::Failed(format!("không kiểm được: {error}"))
    }
}

pub(super) fn failed<T>(why: impl Into<String>) -> Result<T, Miss> {
    Err(Miss::Failed(why.into()))
}

/// A message that came to us.
#[derive(Debug, Clone)]
pub(super) struct Heard {
    /// Code of the sender, as the channel knows it.
    pub(super) from: String,
    pub(super) kind: MessageKind,
    pub(super) text: String,
    pub(super) summary: Summary,
}

impl Heard {
    fn answers(&self, document_id: &str) -> bool {
        let answered = self
            .summary
            .response_for
            .as_ref()
            .and_then(|r| r.document_id.as_deref());
        self.kind == MessageKind::Status && answered.is_some_and(|id| viet_text::same_text(id, document_id))
    }

    pub(super) fn code(&self) -> &str {
        self.summary.status_code.as_deref().unwrap_or_default()
    }
}

/// Packets larger than this are not what we asked for.
const MAIL_LIMIT: u64 = 64 << 20;

pub(super) struct Desk {
    setup: Setup,
    mail: Vec<Heard>,
    seen: HashSet<String>,
    number: i64,
    since: Timestamp,
}

impl Desk {
    pub(super) fn new(setup: Setup) -> Self {
        let now = (setup.clock)();
        Self {
            mail: Vec::new(),
            seen: HashSet::new(),
            // Numbers of one run do not meet those of another.
            number: now.as_millisecond().rem_euclid(100_000_000_000),
            since: now.checked_sub(SignedDuration::from_mins(10)).unwrap_or(now),
            setup,
        }
    }

    pub(super) fn setup(&self) -> &Setup {
        &self.setup
    }

    pub(super) fn now(&self) -> Timestamp {
        (self.setup.clock)()
    }

    /// Everything heard so far.
    pub(super) fn mail(&self) -> &[Heard] {
        &self.mail
    }

    /// A new letter to the partner.
    pub(super) fn letter(&mut self) -> Letter {
        self.number += 1;
        let (from, to) = (&self.setup.our_code, self.setup.partner_code.as_str());
        Letter::new(from, &[to], &self.number.to_string(), "KT-VP").dated(self.now())
    }

    pub(super) async fn send(&mut self, letter: &Letter) -> Result<Sent, AxisError> {
        self.send_text(&letter.to_xml(), MessageKind::Document).await
    }

    /// Sends these bytes to the partner, whatever they are.
    pub(super) async fn send_text(&mut self, text: &str, kind: MessageKind) -> Result<Sent, AxisError> {
        let to = self.setup.partner_code.clone();
        self.send_to(&to, text, kind).await
    }

    /// After an outcome that nobody knows, the packet is looked for before it is sent again, as the kit demands of others.
    pub(super) async fn send_to(
        &mut self,
        to: &str,
        text: &str,
        kind: MessageKind,
    ) -> Result<Sent, AxisError> {
        let source = BytesSource(text.as_bytes().to_vec());
        let to = [to.to_owned()];
        let request = SendRequest {
            source: &source,
            from: &self.setup.our_code,
            to: &to,
            kind,
        };
        let mut left = 3;
        loop {
            let before = self.sent_ids(kind).await?;
            let error = match self.setup.axis.send(request).await {
                Ok(sent) => return Ok(sent),
                Err(error) => error,
            };
            left -= 1;
            if left == 0 || !matches!(error.advice(), Advice::Retry | Advice::LookUp) {
                return Err(error);
            }
            tokio::time::sleep(self.setup.poll).await;
            let after = self.sent_ids(kind).await?;
            // Nobody else sends as this agency while the kit runs.
            if let Some(doc_id) = after.into_iter().find(|id| !before.contains(id)) {
                return Ok(Sent {
                    doc_id,
                    sha256: FileHash::of(text.as_bytes()),
                    bytes: text.len() as u64,
                });
            }
        }
    }

    async fn sent_ids(&self, kind: MessageKind) -> Result<Vec<String>, AxisError> {
        let query = SentQuery {
            doc_id: None,
            window: self.window(),
        };
        let rows = again(async || self.setup.axis.list_sent(kind, &query).await).await?;
        Ok(rows
            .into_iter()
            .filter(|row| row.from == self.setup.our_code)
            .map(|row| row.sender_doc_id)
            .collect())
    }

    fn window(&self) -> Window {
        Window {
            from: Some(self.since),
            to: None,
        }
    }

    /// Opens the mail: statuses and documents to our agency.
    pub(super) async fn open_mail(&mut self) -> Result<(), AxisError> {
        for kind in [MessageKind::Status, MessageKind::Document] {
            let window = self.window();
            let axis = self.setup.axis.clone();
            let rows = again(async || axis.list_received(kind, window).await).await?;
            for row in rows {
                if row.to != self.setup.our_code {
                    continue;
                }
                if self.seen.insert(row.doc_id.clone()) {
                    let bytes = again(async || {
                        let mut bytes = Vec::new();
                        axis.get_packet(&row.doc_id, &mut bytes, MAIL_LIMIT).await?;
                        Ok(bytes)
                    })
                    .await?;
                    self.mail.push(Heard {
                        from: row.from,
                        kind,
                        summary: Summary::read(&bytes).unwrap_or_default(),
                        text: String::from_utf8_lossy(&bytes).into_owned(),
                    });
                }
                again(async || axis.update_status(&row.doc_id, PacketStatus::Done, None).await).await?;
            }
        }
        Ok(())
    }

    /// Statuses heard for a document.
    pub(super) fn statuses(&self, document_id: &str) -> Vec<&Heard> {
        self.mail
            .iter()
            .filter(|heard| heard.answers(document_id))
            .collect()
    }

    fn codes(&self, document_id: &str) -> String {
        let codes: Vec<&str> = self.statuses(document_id).into_iter().map(Heard::code).collect();
        if codes.is_empty() {
            "chưa có trạng thái nào".to_owned()
        } else {
            format!("đã nhận {}", codes.join(", "))
        }
    }

    /// Waits for one of these statuses; it fails when none comes in time.
    pub(super) async fn expect(&mut self, document_id: &str, codes: &[&str]) -> Result<Heard, Miss> {
        self.expect_within(document_id, codes, self.setup.within).await
    }

    pub(super) async fn expect_within(
        &mut self,
        document_id: &str,
        codes: &[&str],
        within: Duration,
    ) -> Result<Heard, Miss> {
        let started = Instant::now();
        loop {
            self.open_mail().await?;
            let found = self
                .statuses(document_id)
                .into_iter()
                .find(|h| codes.contains(&h.code()));
            if let Some(heard) = found {
                return Ok(heard.clone());
            }
            if started.elapsed() >= within {
                let (codes, had) = (codes.join(" hoặc "), self.codes(document_id));
                return failed(format!(
                    "không nhận được trạng thái {codes} sau {} giây; {had}",
                    within.as_secs()
                ));
            }
            tokio::time::sleep(self.setup.poll).await;
        }
    }

    /// Fails when one of these statuses is there, or comes within the time to settle.
    pub(super) async fn forbid(&mut self, document_id: &str, codes: &[&str]) -> Result<(), Miss> {
        tokio::time::sleep(self.setup.settle).await;
        self.open_mail().await?;
        match self
            .statuses(document_id)
            .into_iter()
            .find(|h| codes.contains(&h.code()))
        {
            Some(heard) => failed(format!(
                "nhận trạng thái {} trong khi không được có",
                heard.code()
            )),
            None => Ok(()),
        }
    }

    /// Waits until the partner has said of a packet that it is stored (`done`) or unreadable (`fail`).
    pub(super) async fn end_of(&mut self, sent: &Sent, kind: MessageKind) -> Result<PacketStatus, Miss> {
        let query = SentQuery {
            doc_id: Some(sent.doc_id.clone()),
            window: Window::default(),
        };
        let started = Instant::now();
        loop {
            let rows = again(async || self.setup.axis.list_sent(kind, &query).await).await?;
            let states: Vec<PacketStatus> = rows
                .iter()
                .filter(|row| row.sender_doc_id == sent.doc_id)
                .filter_map(|row| PacketStatus::parse(row.receive_status.as_deref()?))
                .collect();
            let open = |s: &PacketStatus| matches!(s, PacketStatus::Initial | PacketStatus::Processing);
            if !states.is_empty() && !states.iter().any(open) {
                let failed = states.contains(&PacketStatus::Fail);
                return Ok(if failed {
                    PacketStatus::Fail
                } else {
                    PacketStatus::Done
                });
            }
            if started.elapsed() >= self.setup.within {
                let seconds = self.setup.within.as_secs();
                return failed(format!(
                    "gói tin chưa được đánh dấu done hay fail sau {seconds} giây"
                ));
            }
            tokio::time::sleep(self.setup.poll).await;
        }
    }

    /// The packet must end so.
    pub(super) async fn expect_end(
        &mut self,
        sent: &Sent,
        kind: MessageKind,
        wanted: PacketStatus,
    ) -> Result<(), Miss> {
        let end = self.end_of(sent, kind).await?;
        if end == wanted {
            return Ok(());
        }
        failed(format!(
            "gói tin được đánh dấu {}, phải là {}",
            end.as_str(),
            wanted.as_str()
        ))
    }

    /// Sends a new letter and waits until it has arrived.
    pub(super) async fn arrived(&mut self, letter: &Letter) -> Result<Sent, Miss> {
        let sent = self.send(letter).await?;
        self.expect(&letter.document_id, &["01", "03"]).await?;
        Ok(sent)
    }

    /// Asks the clerk.
    pub(super) async fn ask(&mut self, act: Act, document_id: &str) -> Result<(), Miss> {
        match self.setup.clerk.act(act, document_id).await {
            Asked::Done => Ok(()),
            Asked::Impossible(why) => Err(Miss::NotApplicable(why)),
        }
    }
}

/// A question is asked five times: of the hundreds that a run asks, some meet trouble three times in a row.
async fn again<T>(mut ask: impl AsyncFnMut() -> Result<T, AxisError>) -> Result<T, AxisError> {
    let mut left = 5;
    loop {
        match ask().await {
            Err(error) if error.advice() == Advice::Retry && left > 1 => left -= 1,
            answer => return answer,
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
}
