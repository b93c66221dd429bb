//! A document as the page and the API show it.

use jiff::civil::Date;
use rules::{
    document_types,
    ids::IncomingId,
    incoming::{AssignmentRole, AssignmentState, CheckOutcome, CheckResult, IncomingState},
    legal_value::LegalValue,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    acts::ActKind,
    check::Judged,
    load::{Part, Said, Seen},
    requests::RequestLine,
};
use crate::{
    context::App,
    desk,
    documents::FileOfSet,
    web::{
        format,
        page::{Badge, Fact, Tone},
    },
};

/// One check of QD28-9.1.
#[derive(Debug, Clone)]
pub(super) struct CheckView {
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
pub(super) fn checks(seen: &Seen, judged: Option<&Judged>) -> Vec<CheckView> {
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
pub(super) fn state_badge(state: IncomingState) -> Badge {
    let tone = match state {
        IncomingState::Delivered | IncomingState::Registered | IncomingState::Presented => Tone::Warn,
        IncomingState::Assigned | IncomingState::InProgress => Tone::Info,
        IncomingState::Finished => Tone::Good,
        IncomingState::Refused | IncomingState::Recalled => Tone::Bad,
    };
    Badge::new(state.label(), tone)
}

/// Giá trị pháp lý as a badge.
pub(super) fn legal_badge(value: LegalValue) -> Badge {
    match value {
        LegalValue::EquivalentToPaper => Badge::new(value.label(), Tone::Good).icon("shield-check"),
        LegalValue::ForReference => Badge::new(value.label(), Tone::Warn).icon("shield-question"),
    }
}

/// Why it has this value.
pub(super) fn legal_reason(seen: &Seen) -> String {
    let why = match (seen.legal_value, seen.facts.from_exchange) {
        (LegalValue::EquivalentToPaper, _) => "Đủ chữ ký số hợp lệ của người ký và của cơ quan.",
        (LegalValue::ForReference, true) => "Chưa có đủ chữ ký số hợp lệ nên không thay bản giấy.",
        (LegalValue::ForReference, false) => "Bản chụp của văn bản giấy; bản gốc là bản giấy.",
    };
    format!("{why} {}.", format::clause(seen.legal_value.clause()))
}

/// The facts of QĐ 28 Điều 10 and of the register.
pub(super) fn facts(app: &App, seen: &Seen) -> Vec<Fact> {
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
            "Văn bản giấy, đã số hóa"
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
        facts.push(if seen.facts.state.is_open() {
            fact.badge(desk::deadline_badge(app, due).tone)
        } else {
            fact
        });
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

/// An assignment in the tree.
#[derive(Debug, Clone)]
pub(super) struct PartView {
    /// 0 for the leader's directive, 1 for what was passed down from it.
    pub depth: usize,
    pub name: String,
    pub place: String,
    pub role: Badge,
    pub state: Badge,
    pub due: Option<Badge>,
    pub given: String,
    pub instruction: String,
    pub result: String,
    pub seen: String,
}

/// One assignment.
pub(super) fn part(app: &App, part: &Part, depth: usize) -> PartView {
    let role = match part.facts.role {
        AssignmentRole::Lead => Badge::new(part.facts.role.label(), Tone::Info),
        AssignmentRole::Cooperate | AssignmentRole::Inform => {
            Badge::new(part.facts.role.label(), Tone::Neutral)
        }
    };
    let open = part.facts.state == AssignmentState::Open;
    let tone = match part.facts.state {
        AssignmentState::Open => Tone::Warn,
        AssignmentState::Done => Tone::Good,
        AssignmentState::PassedDown | AssignmentState::Closed => Tone::Neutral,
    };
    let place = part
        .unit_name
        .as_ref()
        .map_or_else(|| part.title.clone(), |unit| format!("{}, {unit}", part.title));
    let seen = match (part.done_at, part.seen_at) {
        (Some(at), _) => format!("Xong lúc {}", format::moment(at)),
        (None, Some(at)) => format!("Đã xem lúc {}", format::moment(at)),
        (None, None) => "Chưa xem".to_owned(),
    };
    PartView {
        depth,
        name: part.name.clone(),
        place,
        role,
        state: Badge::new(part.facts.state.label(), tone),
        due: part.facts.deadline.map(|due| {
            if open {
                desk::deadline_badge(app, due)
            } else {
                Badge::new(format!("Hạn {}", format::date(due)), Tone::Neutral)
            }
        }),
        given: format!("{} giao lúc {}", part.given_by, format::moment(part.given_at)),
        instruction: part.instruction.clone(),
        result: part.result.clone().unwrap_or_default(),
        seen,
    }
}

/// The assignments as a tree, in reading order.
pub(super) fn tree(app: &App, parts: &[Part]) -> Vec<PartView> {
    fn below(app: &App, parts: &[Part], parent: Option<&Part>, depth: usize, out: &mut Vec<PartView>) {
        let mut children: Vec<&Part> = parts
            .iter()
            .filter(|child| child.facts.parent == parent.map(|parent| parent.facts.id))
            .collect();
        children.sort_by_key(|child| child.facts.role);
        for child in children {
            out.push(part(app, child, depth));
            below(app, parts, Some(child), depth + 1, out);
        }
    }
    let mut out = Vec::with_capacity(parts.len());
    below(app, parts, None, 0, &mut out);
    out
}

/// An opinion on the page.
#[derive(Debug, Clone)]
pub(super) struct OpinionView {
    pub who: String,
    pub text: String,
    pub at: String,
    pub at_machine: String,
}

/// The opinions, oldest first.
pub(super) fn opinions(said: &[Said]) -> Vec<OpinionView> {
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
    /// `hub` or `paper`.
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

/// An assignment.
#[derive(Debug, Serialize, ToSchema)]
pub struct AssignmentLine {
    /// Its id.
    pub id: Uuid,
    /// The assignment it was passed down from.
    pub parent: Option<Uuid>,
    /// Who handles.
    pub post: Uuid,
    /// Name and title.
    pub name: String,
    /// Unit of the person.
    pub unit: Option<String>,
    /// `lead`, `cooperate` or `inform`.
    pub role: String,
    /// `open`, `passed_down`, `done` or `closed`.
    pub state: String,
    /// Bút phê.
    pub instruction: String,
    /// Thời hạn.
    #[schema(value_type = Option<String>, format = Date)]
    pub due_on: Option<Date>,
    /// Kết quả.
    pub result: Option<String>,
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
pub(super) fn document(
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
        presented_to: seen.presented_to.clone(),
        despite: seen.despite.clone(),
        note: seen.note.clone(),
        reason: seen.reason.clone(),
        result: seen.result.clone(),
        assignments: seen.parts.iter().map(assignment).collect(),
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

fn assignment(part: &Part) -> AssignmentLine {
    AssignmentLine {
        id: part.facts.id.as_uuid(),
        parent: part.facts.parent.map(rules::ids::AssignmentId::as_uuid),
        post: part.post.as_uuid(),
        name: format!("{}, {}", part.name, part.title),
        unit: part.unit_name.clone(),
        role: part.facts.role.as_str().to_owned(),
        state: part.facts.state.as_str().to_owned(),
        instruction: part.instruction.clone(),
        due_on: part.facts.deadline,
        result: part.result.clone(),
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
