//! A document as the page and the API show it.

use jiff::civil::Date;
use rules::{
    document_types,
    ids::IncomingId,
    incoming::{CheckOutcome, CheckResult, IncomingState, PaperChannel},
    legal_value::LegalValue,
};
use serde::Serialize;
use store::vietnam;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    acts::ActKind,
    part_view::{self, AssignmentLine},
};
use crate::{
    context::App,
    desk,
    documents::FileOfSet,
    incoming::{
        check::Judged,
        requests::RequestLine,
        seen::{Said, Seen},
    },
    web::{
        format,
        page::{Badge, Fact, Tone},
    },
};

/// One check of QD28-9.1.
#[derive(Debug, Clone)]
pub(in crate::incoming) struct CheckView {
    pub label: &'static str,
    pub badge: Badge,
    pub findings: Vec<String>,
}

const CHECKS: [&str; 3] = ["Tính đầy đủ", "Tính toàn vẹn", "Tính xác thực"];

fn outcome_badge(outcome: CheckOutcome) -> Badge {
    let (tone, icon) = match outcome {
        CheckOutcome::Passed => (Tone::Good, "circle-check"),
        CheckOutcome::Failed => (Tone::Bad, "circle-x"),
        CheckOutcome::Undetermined => (Tone::Warn, "help-circle"),
    };
    Badge::new(outcome.label(), tone).icon(icon)
}

/// The three results: just computed for a delivered document, as kept for a registered one; none for paper.
pub(in crate::incoming) fn checks(seen: &Seen, judged: Option<&Judged>) -> Vec<CheckView> {
    if !seen.facts.from_exchange {
        return Vec::new();
    }
    let kept = [seen.completeness, seen.integrity, seen.authenticity];
    let found =
        judged.map(|Judged { check, .. }| [&check.completeness, &check.integrity, &check.authenticity]);
    CHECKS
        .into_iter()
        .enumerate()
        .map(|(at, label)| {
            let result: Option<&CheckResult> = found.map(|found| found[at]);
            CheckView {
                label,
                badge: outcome_badge(result.map_or(kept[at], |result| result.outcome)),
                findings: result.map(|result| result.findings.clone()).unwrap_or_default(),
            }
        })
        .collect()
}

/// The state as a badge.
pub(in crate::incoming) fn state_badge(state: IncomingState) -> Badge {
    let tone = match state {
        IncomingState::Delivered | IncomingState::Registered | IncomingState::Presented => Tone::Warn,
        IncomingState::Assigned | IncomingState::InProgress => Tone::Info,
        IncomingState::Finished => Tone::Good,
        IncomingState::Refused | IncomingState::Recalled => Tone::Bad,
    };
    Badge::new(state.label(), tone)
}

/// Giá trị pháp lý as a badge.
pub(in crate::incoming) fn legal_badge(value: LegalValue) -> Badge {
    match value {
        LegalValue::EquivalentToPaper => Badge::new(value.label(), Tone::Good).icon("shield-check"),
        LegalValue::ForReference => Badge::new(value.label(), Tone::Warn).icon("shield-question"),
    }
}

/// Why it has this value.
pub(in crate::incoming) fn legal_reason(seen: &Seen) -> String {
    let why = match (seen.legal_value, seen.facts.from_exchange) {
        (LegalValue::EquivalentToPaper, _) => "Đủ chữ ký số hợp lệ của người ký và của cơ quan.",
        (LegalValue::ForReference, true) => "Chưa có đủ chữ ký số hợp lệ nên không thay bản giấy.",
        (LegalValue::ForReference, false) if seen.channel() == PaperChannel::Email => {
            "Nhận qua thư điện tử, chưa đủ chữ ký số hợp lệ nên không thay bản gốc."
        }
        (LegalValue::ForReference, false) => "Bản chụp của văn bản giấy; bản gốc là bản giấy.",
    };
    format!("{why} {}.", format::clause(seen.legal_value.clause()))
}

/// The facts of QĐ 28 Điều 10 and of the register.
pub(in crate::incoming) fn facts(app: &App, seen: &Seen) -> Vec<Fact> {
    let kind =
        document_types::by_key(&seen.type_key).map_or("Đơn, thư, tài liệu khác", |kind| kind.name);
    let mut facts = vec![
        Fact::new("Số, ký hiệu", seen.printed_or_none()),
        Fact::new("Ngày ban hành", format::date_or_none(seen.issued_on)),
        Fact::new("Loại văn bản", kind),
        Fact::new("Nơi gửi", &seen.sender_name),
    ];
    let optional = [
        (
            "Mã định danh cơ quan",
            seen.sender_code.clone().unwrap_or_default(),
        ),
        (
            "Mã định danh văn bản",
            seen.document_code.clone().unwrap_or_default(),
        ),
        (
            "Người ký",
            [seen.signer_name.as_str(), seen.signer_title.as_str()]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join(", "),
        ),
        (
            "Số trang",
            seen.pages.map(|pages| pages.to_string()).unwrap_or_default(),
        ),
        ("Hạn trả lời", format::date_opt(seen.respond_by)),
    ];
    facts.extend(
        optional
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(label, value)| Fact::new(label, value)),
    );
    if let Some(purpose) = seen.purpose {
        facts.push(Fact::new("Mục đích gửi", purpose.label()));
    }
    facts.push(Fact::new("Mức độ khẩn", seen.urgency.label()));
    if let (Some(number), Some(day)) = (seen.arrival_number, seen.arrived_on) {
        facts.push(Fact::new("Số đến", format!("{number:02}")));
        facts.push(Fact::new("Ngày đến", format::date(day)));
    }
    facts.push(Fact::new(
        "Hình thức",
        if seen.facts.from_exchange {
            "Văn bản điện tử"
        } else {
            seen.channel().medium()
        },
    ));
    if seen.facts.from_exchange {
        facts.push(Fact::new("Đến hệ thống", format::moment(seen.delivered_at)));
    }
    if let Some(leader) = &seen.presented_to {
        facts.push(Fact::new("Trình", leader));
    }
    if let Some(due) = seen.due_on {
        let fact = Fact::new("Thời hạn giải quyết", format::date(due));
        let done = seen.finished_at.map(|at| vietnam(at).date());
        let state = desk::deadline_state(app, Some(due), done);
        facts.push(if seen.facts.state == IncomingState::Recalled {
            fact
        } else {
            Fact::new(
                "Thời hạn giải quyết",
                format!("{} {}", state.label(), format::date(due)),
            )
            .badge(desk::deadline_tone(state))
        });
    }
    if seen.facts.reply_required {
        facts.push(Fact::new(
            "Yêu cầu trả lời",
            "Kết thúc bằng văn bản trả lời đã phát hành",
        ));
    }
    let ends = [
        ("Lý do vẫn tiếp nhận", &seen.despite),
        ("Ghi chú", &seen.note),
        ("Lý do trả lại", &seen.reason),
        ("Kết quả", &seen.result),
    ];
    facts.extend(
        ends.into_iter()
            .filter_map(|(label, value)| Some(Fact::new(label, value.as_deref()?))),
    );
    if let Some(at) = seen.finished_at {
        facts.push(Fact::new("Kết thúc", format::moment(at)));
    }
    facts
}

/// An opinion on the page.
#[derive(Debug, Clone)]
pub(in crate::incoming) struct OpinionView {
    pub who: String,
    pub text: String,
    pub at: String,
    pub at_machine: String,
}

/// The opinions, oldest first.
pub(in crate::incoming) fn opinions(said: &[Said]) -> Vec<OpinionView> {
    said.iter()
        .map(|one| OpinionView {
            who: one.who.clone(),
            text: one.text.clone(),
            at: format::moment(one.at),
            at_machine: format::machine(one.at),
        })
        .collect()
}

/// An incoming document.
#[derive(Debug, Serialize, ToSchema)]
pub struct IncomingDocument {
    /// Its id.
    pub id: Uuid,
    /// State, `delivered` … `finished`.
    pub state: String,
    /// State in Vietnamese.
    pub state_label: String,
    /// `hub` or `axis`; `paper`, `email` or `fax` of what the clerk registered by hand.
    pub source: String,
    /// What it was sent for, `act` or `know`; absent on paper.
    pub purpose: Option<&'static str>,
    /// Cơ quan ban hành.
    pub sender_name: String,
    /// Mã định danh of the sender.
    pub sender_code: Option<String>,
    /// Số, as its issuer wrote it.
    pub number: String,
    /// Ký hiệu.
    pub symbol: String,
    /// Ngày ban hành.
    #[schema(value_type = Option<String>, format = Date)]
    pub issued_on: Option<Date>,
    /// Key of the kind.
    pub type_key: String,
    /// Trích yếu.
    pub subject: String,
    /// Mức độ khẩn, `normal` … `express`.
    pub urgency: String,
    /// Người ký and chức vụ.
    pub signer_name: String,
    /// Chức vụ người ký.
    pub signer_title: String,
    /// Hạn trả lời.
    #[schema(value_type = Option<String>, format = Date)]
    pub respond_by: Option<Date>,
    /// Mã định danh văn bản.
    pub document_code: Option<String>,
    /// Giá trị pháp lý, `equivalent_to_paper` or `for_reference`.
    pub legal_value: String,
    /// The checks before acceptance: completeness, integrity, authenticity.
    pub checks: Vec<CheckLine>,
    /// Số đến.
    pub arrival_number: Option<i64>,
    /// Ngày đến.
    #[schema(value_type = Option<String>, format = Date)]
    pub arrived_on: Option<Date>,
    /// Thời hạn giải quyết.
    #[schema(value_type = Option<String>, format = Date)]
    pub due_on: Option<Date>,
    /// `no_deadline`, `on_time`, `due_soon` or `overdue`: today, or on the day it was finished.
    pub deadline_state: &'static str,
    /// Yêu cầu trả lời: only an issued reply ends the handling.
    pub reply_required: bool,
    /// The leader it was presented to.
    pub presented_to: Option<String>,
    /// Lý do vẫn tiếp nhận, when a check had failed.
    pub despite: Option<String>,
    /// Ghi chú.
    pub note: Option<String>,
    /// Lý do trả lại.
    pub reason: Option<String>,
    /// Kết quả giải quyết.
    pub result: Option<String>,
    /// Assignments, oldest first.
    pub assignments: Vec<AssignmentLine>,
    /// Opinions, oldest first.
    pub opinions: Vec<OpinionLine>,
    /// Files, the main document first; fetched from `/api/v1/files/{id}`.
    pub files: Vec<FileLine>,
    /// Recalls and updates that the sender asked for, oldest first.
    pub requests: Vec<RequestLine>,
    /// The incoming document that replaces this one.
    pub replaced_by: Option<Uuid>,
    /// Acts that the caller can do now, by the last part of their address; the first is what usually comes next.
    pub acts: Vec<&'static str>,
}

/// The result of one check.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckLine {
    /// `completeness`, `integrity` or `authenticity`.
    pub check: &'static str,
    /// `passed`, `failed` or `undetermined`.
    pub outcome: String,
    /// What was found, in Vietnamese; known before acceptance.
    pub findings: Vec<String>,
}

/// An opinion.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpinionLine {
    /// Name and title.
    pub who: String,
    /// The words.
    pub text: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: jiff::Timestamp,
}

/// A file.
#[derive(Debug, Serialize, ToSchema)]
pub struct FileLine {
    /// Its id.
    pub id: Uuid,
    /// `main` or `attachment`.
    pub role: &'static str,
    /// Name.
    pub name: String,
    /// What it is, by content.
    pub media_type: String,
    /// Size in bytes.
    pub size: i64,
    /// SHA-256, hex.
    pub sha256: String,
}

/// The document as the API tells it.
pub(in crate::incoming) fn document(
    app: &App,
    seen: &Seen,
    files: &[FileOfSet],
    judged: Option<&Judged>,
    acts: &[ActKind],
    requests: Vec<RequestLine>,
) -> IncomingDocument {
    let names = ["completeness", "integrity", "authenticity"];
    let kept = [seen.completeness, seen.integrity, seen.authenticity];
    let found =
        judged.map(|Judged { check, .. }| [&check.completeness, &check.integrity, &check.authenticity]);
    let checks = names
        .into_iter()
        .enumerate()
        .map(|(at, check)| CheckLine {
            check,
            outcome: found
                .map_or(kept[at], |found| found[at].outcome)
                .as_str()
                .to_owned(),
            findings: found.map(|found| found[at].findings.clone()).unwrap_or_default(),
        })
        .collect();
    IncomingDocument {
        id: seen.id.as_uuid(),
        state: seen.facts.state.as_str().to_owned(),
        state_label: seen.facts.state.label().to_owned(),
        source: seen.source.clone(),
        purpose: seen.purpose.map(rules::exchange::Purpose::as_str),
        sender_name: seen.sender_name.clone(),
        sender_code: seen.sender_code.clone(),
        number: seen.number.clone(),
        symbol: seen.symbol.clone(),
        issued_on: seen.issued_on,
        type_key: seen.type_key.clone(),
        subject: seen.subject.clone(),
        urgency: seen.urgency.as_str().to_owned(),
        signer_name: seen.signer_name.clone(),
        signer_title: seen.signer_title.clone(),
        respond_by: seen.respond_by,
        document_code: seen.document_code.clone(),
        legal_value: seen.legal_value.as_str().to_owned(),
        checks: if seen.facts.from_exchange {
            checks
        } else {
            Vec::new()
        },
        arrival_number: seen.arrival_number,
        arrived_on: seen.arrived_on,
        due_on: seen.due_on,
        deadline_state: desk::deadline_state(app, seen.due_on, seen.finished_at.map(|at| vietnam(at).date()))
            .as_str(),
        reply_required: seen.facts.reply_required,
        presented_to: seen.presented_to.clone(),
        despite: seen.despite.clone(),
        note: seen.note.clone(),
        reason: seen.reason.clone(),
        result: seen.result.clone(),
        assignments: seen.parts.iter().map(|part| part_view::line(app, part)).collect(),
        opinions: seen
            .opinions
            .iter()
            .map(|said| OpinionLine {
                who: said.who.clone(),
                text: said.text.clone(),
                at: said.at,
            })
            .collect(),
        files: files.iter().map(file).collect(),
        requests,
        replaced_by: seen.replaced_by.map(IncomingId::as_uuid),
        acts: acts.iter().map(|act| act.key()).collect(),
    }
}

fn file(item: &FileOfSet) -> FileLine {
    FileLine {
        id: item.file.id.as_uuid(),
        role: if item.is_main { "main" } else { "attachment" },
        name: item.file.name.clone(),
        media_type: item.file.media_type.clone(),
        size: item.file.size,
        sha256: item.file.digest.to_string(),
    }
}
