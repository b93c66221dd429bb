//! Nơi nhận on the page of an issued document (QD28-8.2): each with its state and what came back. A document to the whole
//! province is read a page at a time, those that need somebody first, and can be narrowed by state and by name.

use rules::exchange::{self, Business, DeliveryState, PacketState, Purpose, RecallState};
use serde::Deserialize;

use super::{
    delivery_lines::{DeliveryEvent, DeliveryLine, RequestLine},
    offers,
};
use crate::{
    context::Who,
    outgoing::{view, whole::Whole},
    web::{
        encode, format,
        page::{Badge, Pager, Tone},
    },
};

/// So many lines are shown as they are.
const SHORT: usize = 12;
/// Lines of one page of a longer list.
const PAGE: usize = 25;
/// Who is named when nobody did it.
const SYSTEM: &str = "Hệ thống";
/// How the state of a recall is told from the state of the delivery in an address.
const OF_RECALL: &str = "recall_";

/// Which lines of a long list are looked at.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct LinesQuery {
    /// `arrived`, `refused`, `recall_requested` …; empty: all.
    pub state: String,
    /// Part of the name or code, without regard to accents.
    pub recipient: String,
    /// From 1.
    #[serde(deserialize_with = "crate::web::blank_as_none")]
    pub page: Option<usize>,
}

/// The part of the page.
pub(in crate::outgoing) struct SentLines {
    pub rows: Vec<SentRow>,
    /// Whether there are too many to show them all.
    pub is_long: bool,
    /// How many lines stand where; the first is all of them.
    pub tallies: Vec<Tally>,
    /// What was looked for, to show it again.
    pub query: LinesQuery,
    /// `1–25 trong 300 nơi nhận`.
    pub range: String,
    pub pager: Pager,
}

/// How many lines are in a state, and the address that shows them.
pub(in crate::outgoing) struct Tally {
    pub label: &'static str,
    pub count: usize,
    pub href: String,
    pub tone: Tone,
    pub is_current: bool,
}

/// A line of `Nơi nhận`.
pub(in crate::outgoing) struct SentRow {
    pub id: String,
    pub recipient: String,
    pub state: Badge,
    pub recall: Option<Badge>,
    pub note: String,
    pub requests: Vec<RequestRow>,
    pub resend: &'static str,
    pub resend_needs_reason: bool,
    pub has_evidence: bool,
    pub events: Vec<EventRow>,
}

impl SentRow {
    /// Whether there is more than the head of the line.
    pub(in crate::outgoing) fn has_more(&self) -> bool {
        self.has_evidence || !self.events.is_empty() || !self.resend.is_empty()
    }
}

/// A recall or an update that went to the recipient.
pub(in crate::outgoing) struct RequestRow {
    pub what: String,
    pub state: Badge,
    pub answer: String,
}

/// A state that came back.
pub(in crate::outgoing) struct EventRow {
    pub at: String,
    pub what: String,
    /// Who said it there; empty when their system did by itself.
    pub by: String,
}

/// Collects the part; `open` is the line whose form was just refused, which is shown whatever else is.
pub(in crate::outgoing) fn part(who: &Who, whole: &Whole, query: LinesQuery, open: &str) -> SentLines {
    let all = &whole.view.deliveries;
    let row = |line: &DeliveryLine| sent_row(line, offers::resendable(who, &whole.document, line));
    if all.len() <= SHORT {
        return SentLines {
            rows: all.iter().map(row).collect(),
            is_long: false,
            tallies: Vec::new(),
            query,
            range: String::new(),
            pager: Pager::default(),
        };
    }
    let chosen = select(all, &query, open);
    let pages = chosen.len().div_ceil(PAGE).max(1);
    let page = query.page.unwrap_or(1).clamp(1, pages);
    let from = (page - 1) * PAGE;
    let shown = &chosen[from..chosen.len().min(from + PAGE)];
    let href = |state: &str, page: usize| address(&whole.view.id.to_string(), state, &query.recipient, page);
    SentLines {
        rows: shown.iter().copied().map(row).collect(),
        is_long: true,
        tallies: tallies(all, &query.state)
            .into_iter()
            .map(|(key, label, count, tone)| Tally {
                label,
                count,
                href: address(&whole.view.id.to_string(), key, "", 1),
                tone,
                is_current: query.state == key,
            })
            .collect(),
        range: match shown.len() {
            0 => "Không có nơi nhận nào như vậy.".to_owned(),
            some => format!("{}–{} trong {} nơi nhận", from + 1, from + some, chosen.len()),
        },
        pager: Pager {
            newer: (page > 1).then(|| href(&query.state, page - 1)),
            older: (page < pages).then(|| href(&query.state, page + 1)),
        },
        query,
    }
}

fn address(id: &str, state: &str, recipient: &str, page: usize) -> String {
    let mut parts = Vec::new();
    if !state.is_empty() {
        parts.push(format!("state={}", encode(state)));
    }
    if !recipient.is_empty() {
        parts.push(format!("recipient={}", encode(recipient)));
    }
    if page > 1 {
        parts.push(format!("page={page}"));
    }
    let mark = if parts.is_empty() { "" } else { "?" };
    format!("/outgoing/{id}{mark}{}#recipients", parts.join("&"))
}

/// The lines that are asked for: the open one, those that need somebody, the others as they were written.
fn select<'a>(all: &'a [DeliveryLine], query: &LinesQuery, open: &str) -> Vec<&'a DeliveryLine> {
    let words = viet_text::fold(query.recipient.trim());
    let is_open = |line: &DeliveryLine| !open.is_empty() && line.id.to_string() == open;
    let mut chosen: Vec<_> = all
        .iter()
        .filter(|line| {
            let by_state = query.state.is_empty()
                || query.state == line.state
                || query.state.strip_prefix(OF_RECALL) == Some(line.recall_state.as_str());
            let code = line.code.as_deref().unwrap_or_default();
            let by_name = words.is_empty()
                || viet_text::fold(&line.recipient).contains(&words)
                || viet_text::fold(code).contains(&words);
            is_open(line) || (by_state && by_name)
        })
        .collect();
    chosen.sort_by_key(|line| (!is_open(line), !needs_somebody(line)));
    chosen
}

fn needs_somebody(line: &DeliveryLine) -> bool {
    matches!(
        line.state.parse(),
        Ok(DeliveryState::Failed | DeliveryState::Refused)
    ) || line.recall_state.parse() == Ok(RecallState::Refused)
}

/// How many lines stand where, in the order of a delivery; states without a line are left out, but for the one that is
/// looked at.
fn tallies(all: &[DeliveryLine], current: &str) -> Vec<(&'static str, &'static str, usize, Tone)> {
    let mut found = vec![("", "Tất cả", all.len(), Tone::Neutral)];
    for state in DeliveryState::ALL {
        let count = all.iter().filter(|line| line.state == state.as_str()).count();
        if count > 0 || current == state.as_str() {
            found.push((state.as_str(), state.label(), count, tone(*state)));
        }
    }
    for (key, state) in [
        ("recall_requested", RecallState::Requested),
        ("recall_agreed", RecallState::Agreed),
        ("recall_refused", RecallState::Refused),
    ] {
        let count = all
            .iter()
            .filter(|line| line.recall_state == state.as_str())
            .count();
        if count > 0 || current == key {
            found.push((key, state.label(), count, recall_tone(state)));
        }
    }
    found
}

const fn tone(state: DeliveryState) -> Tone {
    match state {
        DeliveryState::Pending | DeliveryState::Sending | DeliveryState::Paper | DeliveryState::Dropped => {
            Tone::Neutral
        }
        DeliveryState::Failed | DeliveryState::Refused => Tone::Bad,
        DeliveryState::Finished => Tone::Good,
        DeliveryState::Sent
        | DeliveryState::Arrived
        | DeliveryState::Received
        | DeliveryState::Assigned
        | DeliveryState::InProgress => Tone::Info,
    }
}

const fn recall_tone(state: RecallState) -> Tone {
    match state {
        RecallState::None => Tone::Neutral,
        RecallState::Requested => Tone::Warn,
        RecallState::Agreed => Tone::Good,
        RecallState::Refused => Tone::Bad,
    }
}

fn recall_badge(state: RecallState) -> Option<Badge> {
    (state != RecallState::None)
        .then(|| Badge::new(state.label(), recall_tone(state)).icon("rotate-clockwise"))
}

fn request_row(line: &RequestLine) -> RequestRow {
    let state = line.state.parse().unwrap_or(PacketState::Pending);
    let tone = match state {
        PacketState::Pending | PacketState::Sent => Tone::Warn,
        PacketState::Agreed => Tone::Good,
        PacketState::Refused | PacketState::Failed => Tone::Bad,
        PacketState::Dropped | PacketState::Superseded => Tone::Neutral,
    };
    RequestRow {
        what: format!("{}, {}", line.label, format::moment(line.moment)),
        state: Badge::new(state.label(), tone),
        answer: line.answer.clone().unwrap_or_default(),
    }
}

const fn resend_label(business: Option<Business>) -> &'static str {
    match business {
        Some(Business::Recall) => "Gửi lại yêu cầu thu hồi",
        Some(_) => "Gửi lại",
        None => "",
    }
}

fn sent_row(line: &DeliveryLine, resend: Option<Business>) -> SentRow {
    let state = line.state.parse().unwrap_or(DeliveryState::Pending);
    let number = line.incoming_number.map(|number| format!("Số đến {number}."));
    let note = number
        .into_iter()
        .chain(line.reason.clone())
        .collect::<Vec<_>>()
        .join(" ");
    SentRow {
        id: line.id.to_string(),
        recall: recall_badge(line.recall_state.parse().unwrap_or(RecallState::None)),
        requests: line.requests.iter().map(request_row).collect(),
        resend: resend_label(resend),
        resend_needs_reason: resend != Some(Business::New),
        has_evidence: !matches!(
            state,
            DeliveryState::Pending
                | DeliveryState::Sending
                | DeliveryState::Failed
                | DeliveryState::Paper
                | DeliveryState::Dropped
        ),
        recipient: view::for_purpose(
            line.recipient.clone(),
            line.purpose.parse().unwrap_or(Purpose::Act),
        ),
        state: Badge::new(state.label(), tone(state)),
        note,
        events: line.events.iter().map(|event| event_row(line, event)).collect(),
    }
}

fn event_row(line: &DeliveryLine, event: &DeliveryEvent) -> EventRow {
    let said = event.description.as_deref().unwrap_or_default();
    // The reason of a return and the answer to a request stand above the events.
    let stands_above = line.reason.as_deref() == Some(said)
        || line
            .requests
            .iter()
            .any(|request| request.answer.as_deref() == Some(said));
    EventRow {
        at: format::moment(event.moment),
        what: event_line(&event.label, said, !stands_above),
        by: event
            .staff
            .clone()
            .filter(|staff| staff != SYSTEM)
            .unwrap_or_default(),
    }
}

/// A state with what was said of it, or the state alone. Recipients often repeat the state in their words; the codes 15 and 16
/// answer an update as well as a recall, and the words say which.
fn event_line(label: &str, said: &str, in_full: bool) -> String {
    let of_update = [true, false].map(|agreed| exchange::answer_phrase(Business::Update, agreed));
    let label = of_update
        .into_iter()
        .find(|phrase| said.starts_with(phrase))
        .unwrap_or(label);
    if said.is_empty() || !in_full {
        label.to_owned()
    } else if said.starts_with(label) {
        said.to_owned()
    } else {
        format!("{label}: {said}")
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn line(nth: u128, recipient: &str, state: DeliveryState, recall: RecallState) -> DeliveryLine {
        DeliveryLine {
            id: Uuid::from_u128(nth),
            recipient: recipient.to_owned(),
            code: Some(format!("H16.{nth}")),
            purpose: "act".to_owned(),
            channel: "axis".to_owned(),
            state: state.as_str().to_owned(),
            state_label: state.label().to_owned(),
            reason: None,
            incoming_number: None,
            sent_at: None,
            recall_state: recall.as_str().to_owned(),
            recall_state_label: recall.label().to_owned(),
            requests: Vec::new(),
            events: Vec::new(),
        }
    }

    fn names(chosen: &[&DeliveryLine]) -> Vec<String> {
        chosen.iter().map(|line| line.recipient.clone()).collect()
    }

    #[test]
    fn a_state_that_is_repeated_in_words_is_said_once() {
        assert_eq!(event_line("Đã đến", "", true), "Đã đến");
        let number = "Đã tiếp nhận, số đến 54";
        assert_eq!(event_line("Đã tiếp nhận", number, true), number);
        assert_eq!(
            event_line("Từ chối", "Gửi nhầm nơi nhận", true),
            "Từ chối: Gửi nhầm nơi nhận"
        );
        assert_eq!(event_line("Từ chối", "Gửi nhầm nơi nhận", false), "Từ chối");
    }

    #[test]
    fn the_answer_to_an_update_is_not_called_one_to_a_recall() {
        let said = "Đồng ý cập nhật. Đã cập nhật văn bản.";
        assert_eq!(event_line("Đồng ý thu hồi", said, true), said);
        assert_eq!(event_line("Đồng ý thu hồi", said, false), "Đồng ý cập nhật");
        assert_eq!(
            event_line("Từ chối thu hồi", "Từ chối cập nhật: sai", false),
            "Từ chối cập nhật"
        );
    }

    #[test]
    fn qd28_8_2_lines_that_need_somebody_stand_first_and_a_long_list_is_narrowed() {
        let all = [
            line(1, "Sở Nội vụ", DeliveryState::Received, RecallState::None),
            line(2, "Sở Tài chính", DeliveryState::Refused, RecallState::None),
            line(3, "Sở Y tế", DeliveryState::Arrived, RecallState::Refused),
            line(4, "Sở Tư pháp", DeliveryState::Failed, RecallState::None),
        ];
        let query = |state: &str, recipient: &str| LinesQuery {
            state: state.to_owned(),
            recipient: recipient.to_owned(),
            page: None,
        };
        assert_eq!(
            names(&select(&all, &query("", ""), "")),
            ["Sở Tài chính", "Sở Y tế", "Sở Tư pháp", "Sở Nội vụ"]
        );
        assert_eq!(names(&select(&all, &query("arrived", ""), "")), ["Sở Y tế"]);
        assert_eq!(
            names(&select(&all, &query("recall_refused", ""), "")),
            ["Sở Y tế"]
        );
        assert_eq!(
            names(&select(&all, &query("", " so t"), "")),
            ["Sở Tài chính", "Sở Tư pháp"]
        );
        assert_eq!(names(&select(&all, &query("", "h16.1"), "")), ["Sở Nội vụ"]);
        // The form that was refused stays in sight.
        let open = all[0].id.to_string();
        assert_eq!(
            names(&select(&all, &query("failed", ""), &open)),
            ["Sở Nội vụ", "Sở Tư pháp"]
        );
        let counted: Vec<_> = tallies(&all, "sent")
            .into_iter()
            .map(|(key, _, count, _)| (key, count))
            .collect();
        assert_eq!(
            counted,
            [
                ("", 4),
                ("failed", 1),
                ("sent", 0),
                ("arrived", 1),
                ("refused", 1),
                ("received", 1),
                ("recall_refused", 1)
            ]
        );
    }

    #[test]
    fn an_address_says_only_what_is_chosen() {
        assert_eq!(address("x", "", "", 1), "/outgoing/x#recipients");
        assert_eq!(
            address("x", "refused", "so y", 2),
            format!(
                "/outgoing/x?state=refused&recipient={}&page=2#recipients",
                encode("so y")
            )
        );
    }
}
