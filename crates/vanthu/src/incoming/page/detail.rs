//! Trang một văn bản đến: the document at the left; at the right the next act, the facts, the people, the history.

use askama::Template;
use axum::{
    Json,
    extract::{Path, State},
};
use axum_extra::extract::cookie::CookieJar;
use rules::{
    Refusal,
    file_rules::ScanFault,
    ids::IncomingId,
    incoming::{IncomingState, PaperChannel},
};
use uuid::Uuid;

use super::{
    acts::{self, ActKind},
    part_view::{self, PartView},
    people,
    replies::{self, ReplyView},
    view::{self, CheckView, IncomingDocument, OpinionView},
};
use crate::{
    administration,
    context::{App, Who},
    desk::{self, DeskBox},
    documents,
    error::{AppError, AppResult},
    exchange::axis::{self, PacketNote},
    incoming::{
        check::{self, Judged},
        dossier::{self, Dossier},
        duplicates, extension, hand_on,
        paper_beside::{self, PaperPart},
        prepare_directive,
        requests::{self, SenderPart},
        seen::{self, Seen},
    },
    links,
    processes::{self, Way},
    registers,
    signing::verdicts::{self, Object, Section},
    web::{
        Reply, Stay, format, frame,
        page::{Badge, Choice, Fact, FieldErrors, FileItem, HistoryEntry, Page, RefusalBox, Tone},
        render,
    },
};

/// Where the page of a document is.
pub fn href(id: IncomingId) -> String {
    format!("/incoming/{id}")
}

/// What was typed into a form that was refused, to show it again.
#[derive(Debug, Clone, Default)]
pub(in crate::incoming) struct Typed {
    /// Key of the act, empty when nothing was sent.
    pub act: &'static str,
    pub errors: FieldErrors,
    pub refusal: Option<RefusalBox>,
    pub note: String,
    pub despite: String,
    pub reason: String,
    pub due_on: String,
    pub cooperate_due_on: String,
    /// Own deadlines of those who co-operate: post and day.
    pub own_due: Vec<(String, String)>,
    pub leader: String,
    pub text: String,
    pub lead: String,
    pub cooperate: Vec<String>,
    pub inform: Vec<String>,
    pub reply_required: bool,
    /// Of a form that stands at a part: which.
    pub part: String,
    pub why: String,
    pub wanted_on: String,
    pub urging: String,
    pub opinion: String,
    pub outcome: String,
    pub reply: String,
    pub result: String,
    pub dossier_unit: String,
    pub dossier_description: String,
    pub paper_holder: String,
    pub paper_description: String,
}

impl Typed {
    /// The own deadline that was typed for one who co-operates.
    fn own_due_of(&self, post: &str) -> &str {
        self.own_due
            .iter()
            .find(|(of, _)| of == post)
            .map_or("", |(_, due)| due.as_str())
    }

    fn refused(mut self, refusal: &Refusal) -> Self {
        // A form at a part has no field of its own for the sentence: the box above tells it.
        if let Some(field) = refusal.field.filter(|_| self.part.is_empty()) {
            // The rules name what is wrong; the form has one field for each.
            let field = match field {
                "deadline" => "due_on",
                "assignees" => "lead",
                other => other,
            };
            self.errors.add(field, refusal.message.as_str());
        }
        self.refusal = Some(RefusalBox {
            sentence: refusal.message.clone(),
            clause: format::clause(refusal.clause),
            what_to_do: String::new(),
        });
        self
    }
}

/// Sentences that leaders write most.
const PHRASES: &[&str] = &[
    "Giao chủ trì nghiên cứu, tham mưu văn bản trả lời đúng thời hạn.",
    "Giao chủ trì, phối hợp các đơn vị liên quan tổ chức thực hiện.",
    "Nghiên cứu, đề xuất hướng xử lý, báo cáo lãnh đạo.",
    "Giao theo dõi, tổng hợp, báo cáo kết quả thực hiện.",
    "Chuyển để biết, thực hiện theo chức năng, nhiệm vụ.",
];

#[derive(Template)]
#[template(path = "incoming/page/detail.html")]
struct DetailPage {
    page: Page,
    id: IncomingId,
    command_id: Uuid,
    title: String,
    head: Vec<Badge>,
    printed: String,
    sender: String,
    src: String,
    image: String,
    acts: Vec<ActKind>,
    /// To whom the work rules assign the document, in words.
    handed_on: String,
    typed: Typed,
    checks: Vec<CheckView>,
    is_delivered: bool,
    /// Registering needs a reason: a check failed.
    needs_reason: bool,
    signatures: Section,
    duplicates: Vec<Fact>,
    leaders: Vec<Choice>,
    people: Vec<Choice>,
    /// Whether the form of a directive names who leads.
    names_lead: bool,
    extension_hint: String,
    /// The first day that is later than the own deadline.
    extension_from: String,
    /// Who prepared the directive that stands in the form, and when.
    prepared_note: Option<String>,
    phrases: &'static [&'static str],
    mine: Option<PartView>,
    outcomes: Vec<Choice>,
    /// The leader asked for an answer: there is one way to end.
    ends_by_reply: bool,
    reply_choices: Vec<Choice>,
    reply_href: String,
    today: String,
    legal: Badge,
    legal_reason: String,
    facts: Vec<Fact>,
    parts: Vec<PartView>,
    /// Whether there is something to print: phiếu giải quyết, dấu ĐẾN.
    is_printable: bool,
    /// Whether the reader registers copies of it (ND30-25).
    may_copy: bool,
    /// Hồ sơ kèm theo chuyển trực tiếp, with whether the reader confirms it.
    dossiers: Vec<(Dossier, bool)>,
    /// Units to hand a dossier to; empty for who does not.
    dossier_units: Vec<Choice>,
    /// Bản giấy kèm theo.
    paper: PaperPart,
    sender_part: SenderPart,
    opinions: Vec<OpinionView>,
    files: Vec<FileItem>,
    /// What does not conform of a scan that was made here (CN-109).
    scan_faults: Vec<&'static str>,
    replies: Vec<ReplyView>,
    linked: links::Part,
    packets: Vec<PacketNote>,
    has_evidence: bool,
    history: Vec<HistoryEntry>,
    why: Vec<Fact>,
    way: Way,
}

/// `GET /incoming/{id}`.
pub async fn page(State(app): State<App>, who: Who, jar: CookieJar, Path(id): Path<IncomingId>) -> Reply {
    let seen = seen::for_view(&app, &who, id).await?;
    desk::mark_seen(&app, &who, id.as_uuid()).await?;
    render(&build(&app, &who, &jar, seen, Typed::default()).await?)
}

/// The page again after a refused act, keeping what was typed; other errors go on.
///
/// # Errors
/// What is no refusal; a document that is not visible.
pub(in crate::incoming) async fn stay(
    app: &App,
    who: &Who,
    jar: &CookieJar,
    id: IncomingId,
    typed: Typed,
    error: AppError,
) -> Reply {
    let typed = match error {
        AppError::Refused(refusal) => typed.refused(&refusal),
        AppError::BadInput(message) => Typed {
            refusal: Some(RefusalBox {
                sentence: message,
                clause: String::new(),
                what_to_do: String::new(),
            }),
            ..typed
        },
        other => return Err(other),
    };
    let seen = seen::for_view(app, who, id).await?;
    Stay::on(&build(app, who, jar, seen, typed).await?)
}

async fn build(app: &App, who: &Who, jar: &CookieJar, seen: Seen, mut typed: Typed) -> AppResult<DetailPage> {
    let files = documents::files_of(app, seen.file_set).await?;
    let replies = replies::of(app, who, seen.id).await?;
    let is_delivered = !seen.facts.state.is_registered();
    let object = Object::Incoming(seen.id);
    let judged = checked(app, &seen).await?;
    let acceptable = judged.as_ref().is_none_or(|judged| judged.check.acceptable());
    let signatures = verdicts::section(app, object).await?;
    let way = processes::way_of(app, seen.stand()).await?;
    let mut acts = acts::available(who, &seen, acceptable);
    let handed_on = hand_on::offer(app, who, &seen, &mut acts).await?;
    acts.retain(|act| way.lets(act.action()));
    let duplicates = duplicates_of(app, who, &seen, &acts).await?;
    let posts = people::for_acts(app, who, &acts).await?;
    propose(app, &seen, &mut typed, judged.as_ref());
    let prepared = prepare_directive::prepared(app, who, &seen, &acts).await?;
    if let (Some(prepared), true) = (&prepared, typed.act.is_empty()) {
        typed.text.clone_from(&prepared.text);
    }
    let current = seen
        .mine(who)
        .map(|mine| match mine.facts.role {
            rules::incoming::AssignmentRole::Lead => DeskBox::Handling,
            rules::incoming::AssignmentRole::Cooperate => DeskBox::Supporting,
            rules::incoming::AssignmentRole::Inform => DeskBox::Information,
        })
        .or_else(|| acts.first().and_then(|act| act.desk_box()))
        .map(DeskBox::key)
        .unwrap_or_default();
    let mut head = vec![view::state_badge(seen.facts.state)];
    if let Some(number) = seen.arrival_number {
        head.insert(0, Badge::new(format!("Số đến {number:02}"), Tone::Info));
    }
    if seen.urgency.is_urgent() {
        head.push(Badge::new(seen.urgency.label(), Tone::Bad).icon("alert-triangle"));
    }
    if let (Some(due), true) = (seen.due_on, seen.facts.state.is_open()) {
        head.push(desk::deadline_badge(app, due));
    }
    if seen.facts.state != IncomingState::Recalled {
        head.extend(signatures.warning.clone());
    }
    if seen.replaced_by.is_some() {
        head.push(Badge::new("Bị thay thế", Tone::Warn).icon("switch-horizontal"));
    }
    let (extension_hint, extension_from) = extension_limits(app, who, &seen, &acts).await?;
    let sender_part = requests::part(app, who, &seen).await?;
    let reply_choices = replies::issued_choices(&replies);
    let dossiers = dossier::of_document(app, seen.id).await?;
    let hands_over = who.is_clerk() && seen.facts.state.is_registered() && seen.facts.state.is_open();
    let dossier_units = if hands_over {
        dossier::units(app, who).await?
    } else {
        Vec::new()
    };
    let page = frame(app, who, jar, &seen.subject, current).await?;
    Ok(DetailPage {
        dossiers: dossiers
            .into_iter()
            .map(|one| {
                let may_receive = dossier::may_receive(who, &one);
                (one, may_receive)
            })
            .collect(),
        dossier_units,
        paper: paper_beside::part(app, who, &seen).await?,
        page,
        id: seen.id,
        command_id: app.ids.next(),
        title: seen.subject.clone(),
        head,
        printed: seen.printed_or_none(),
        sender: seen.sender_name.clone(),
        src: documents::viewer_src(&files),
        image: documents::image_src(&files),
        checks: view::checks(&seen, judged.as_ref()),
        is_delivered,
        needs_reason: is_delivered && !acceptable,
        signatures,
        duplicates,
        leaders: posts.leaders,
        people: posts.people,
        names_lead: acts::names_lead(who, &seen, &acts),
        extension_hint,
        extension_from,
        prepared_note: prepared.map(|prepared| prepared.note()),
        phrases: PHRASES,
        mine: seen.mine(who).map(|part| part_view::one(app, part, 0)),
        ends_by_reply: seen.facts.reply_required && seen.mine(who).is_some(),
        outcomes: acts::outcomes(&seen, who, !reply_choices.is_empty()),
        reply_choices,
        reply_href: format!("/outgoing/new?reply_to={}", seen.id),
        today: app.clock.today().to_string(),
        legal: view::legal_badge(seen.legal_value),
        legal_reason: view::legal_reason(&seen),
        facts: view::facts(app, &seen),
        parts: part_view::tree(app, who, &seen),
        is_printable: seen.arrival_number.is_some() && seen.facts.state != IncomingState::Recalled,
        may_copy: who.is_clerk()
            && who.agency() == seen.facts.agency
            && seen.facts.state != IncomingState::Recalled,
        sender_part,
        opinions: view::opinions(&seen.opinions),
        files: {
            let mut items = documents::file_items(&files);
            items.extend(registers::electronic_copies(app, who, seen.id.as_uuid()).await?);
            items
        },
        scan_faults: scan_faults(app, who, &seen, &files).await?,
        replies,
        linked: links::Part::of(app, who, links::End::Incoming(seen.id)).await?,
        has_evidence: seen.facts.from_exchange && seen.facts.state != IncomingState::Recalled,
        packets: if who.is_clerk() {
            axis::notes_of_incoming(app, seen.id).await?
        } else {
            Vec::new()
        },
        history: administration::history(app, seen.id.as_uuid()).await?,
        why: acts::why_not(who, &seen, &acts),
        way,
        acts,
        handed_on,
        typed,
    })
}

/// What the clerk should set on the scanner next time.
async fn scan_faults(
    app: &App,
    who: &Who,
    seen: &Seen,
    files: &[documents::FileOfSet],
) -> AppResult<Vec<&'static str>> {
    let is_scanned = who.is_clerk() && !seen.facts.from_exchange && seen.channel() != PaperChannel::Email;
    match files.iter().find(|file| file.is_main) {
        Some(main) if is_scanned => {
            let faults = documents::scans::faults_of(app, main.file.id).await?;
            Ok(faults.into_iter().map(ScanFault::label).collect())
        }
        _ => Ok(Vec::new()),
    }
}

/// How far the own deadline can be extended, for the form that asks for it.
async fn extension_limits(
    app: &App,
    who: &Who,
    seen: &Seen,
    acts: &[ActKind],
) -> AppResult<(String, String)> {
    let deadline = acts::extendable(who, seen).and_then(|part| part.facts.deadline);
    let (Some(deadline), true) = (deadline, acts.contains(&ActKind::Extend)) else {
        return Ok(Default::default());
    };
    let policy = extension::policy_today(app, who.agency()).await?;
    Ok((
        format!(
            "Thời hạn hiện nay: {}. Cơ quan cho phép gia hạn {} lần, mỗi lần không quá {} ngày.",
            format::date(deadline),
            policy.times,
            policy.days
        ),
        deadline.tomorrow().unwrap_or(deadline).to_string(),
    ))
}

/// The checks of a document that waits to be accepted.
async fn checked(app: &App, seen: &Seen) -> AppResult<Option<Judged>> {
    if seen.facts.state.is_registered() {
        return Ok(None);
    }
    check::judge(app, seen.id, &Vec::new()).await
}

/// Documents that look the same, for the clerk who is about to register.
async fn duplicates_of(app: &App, who: &Who, seen: &Seen, acts: &[ActKind]) -> AppResult<Vec<Fact>> {
    if !acts.contains(&ActKind::Register) {
        return Ok(Vec::new());
    }
    let keys = duplicates::Keys {
        document_code: seen.document_code.as_deref(),
        number: &seen.number,
        symbol: &seen.symbol,
        issued_on: seen.issued_on,
        sender_id: seen.sender_id,
        sender_name: &seen.sender_name,
    };
    let found = duplicates::seen(app, who.agency(), seen.id, &keys).await?;
    let fact = |one: duplicates::Duplicate| {
        let label = format!("Số đến {:02}", one.arrival_number);
        let value = format!("ngày {}, {}", format::date(one.arrived_on), one.what());
        Fact::new(label, value).link(href(one.id))
    };
    Ok(found.into_iter().map(fact).collect())
}

/// What the system can fill in for a form that was not sent yet.
fn propose(app: &App, seen: &Seen, typed: &mut Typed, judged: Option<&Judged>) {
    if !typed.act.is_empty() {
        return;
    }
    let today = app.clock.today();
    let own = seen.due_on.or(seen.respond_by).filter(|due| *due >= today);
    typed.due_on = own.map(|due| due.to_string()).unwrap_or_default();
    typed.outcome = "result".to_owned();
    if let Some(judged) = judged {
        typed.reason = judged.check.reasons().join(" ");
    }
}

/// An incoming document with its people, checks and files.
#[utoipa::path(get, path = "/api/v1/incoming/{id}", tag = "incoming", params(("id" = Uuid, Path)),
    responses((status = 200, body = IncomingDocument), (status = 404)))]
pub async fn api(
    State(app): State<App>,
    who: Who,
    Path(id): Path<IncomingId>,
) -> AppResult<Json<IncomingDocument>> {
    let seen = seen::for_view(&app, &who, id).await?;
    desk::mark_seen(&app, &who, id.as_uuid()).await?;
    let files = documents::files_of(&app, seen.file_set).await?;
    let judged = checked(&app, &seen).await?;
    let acceptable = judged.as_ref().is_none_or(|judged| judged.check.acceptable());
    let way = processes::way_of(&app, seen.stand()).await?;
    let mut acts = acts::available(&who, &seen, acceptable);
    hand_on::offer(&app, &who, &seen, &mut acts).await?;
    acts.retain(|act| way.lets(act.action()));
    let requests = requests::lines(&app, id).await?;
    Ok(Json(view::document(
        &app,
        &seen,
        &files,
        judged.as_ref(),
        &acts,
        requests,
    )))
}
