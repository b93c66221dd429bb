//! Trang phiếu trình: the text and what goes along at the left; the next acts, who said what, the history at the right.

use askama::Template;
use axum::extract::{Path, State};
use axum_extra::extract::cookie::CookieJar;
use pdf_signature::verify::Verdict;
use rules::{
    Refusal,
    ids::SlipId,
    people::Role,
    slip::{SlipAnswer, SlipAsked, SlipState},
    urgency::Urgency,
};
use uuid::Uuid;

use super::{
    attached::Attached,
    people,
    view::{self, AdviserLine, DeciderLine, RoundLine, SignedLine, Whole},
};
use crate::{
    administration,
    context::{App, Who},
    desk::{self, DeskBox},
    documents,
    error::AppResult,
    organization,
    signing::verdicts::{self, Object, Section},
    web::{
        Reply, format, frame,
        page::{Badge, Choice, Crumb, Fact, FieldErrors, FileItem, HistoryEntry, Page, RefusalBox, Tone},
        render,
    },
};

/// What was typed into a form that was refused, to show it again.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// `decide`, `advise`, `ask`, `cancel`; empty when nothing was sent.
    pub act: &'static str,
    /// Ý kiến, lý do.
    pub text: String,
    /// Who is to be asked.
    pub members: Vec<String>,
}

/// A person of a round as the page shows them.
struct PersonRow {
    who: String,
    state: Badge,
    said: Vec<(String, String)>,
    signed: Option<SignedFile>,
}

/// What a leader signed.
struct SignedFile {
    name: String,
    href: String,
    verdict: Badge,
}

/// The reader's own signature that is waited for.
struct OpenBox {
    href: String,
    until: String,
}

/// A step of a round: one leader, or several side by side.
struct StepBox {
    label: String,
    people: Vec<PersonRow>,
}

/// A round as the page shows it.
struct RoundBox {
    title: String,
    hint: String,
    steps: Vec<StepBox>,
    advisers: Vec<PersonRow>,
}

#[derive(Template)]
#[template(path = "slips/detail.html")]
pub struct DetailPage {
    page: Page,
    crumbs: Vec<Crumb>,
    id: SlipId,
    command_id: Uuid,
    refusal: Option<RefusalBox>,
    errors: FieldErrors,
    typed: Typed,
    heading: String,
    state: Badge,
    marks: Vec<Badge>,
    body: Vec<String>,
    pdf_href: String,
    edit_href: String,
    facts: Vec<Fact>,
    files: Vec<FileItem>,
    carries: Vec<Attached>,
    hindrance: String,
    waits_for: String,
    may_submit: bool,
    may_decide: bool,
    may_sign: bool,
    signing: Option<OpenBox>,
    signatures: Option<Section>,
    is_past: bool,
    may_advise: bool,
    may_ask: bool,
    may_cancel: bool,
    candidates: Vec<Choice>,
    planned: String,
    rounds: Vec<RoundBox>,
    history: Vec<HistoryEntry>,
}

/// `GET /slips/{id}`.
pub async fn page(State(app): State<App>, who: Who, jar: CookieJar, Path(id): Path<SlipId>) -> Reply {
    let shown = shown(&app, &who, &jar, id, Typed::default(), None).await?;
    desk::mark_seen(&app, &who, id.as_uuid()).await?;
    render(&shown)
}

/// The page of a slip.
///
/// # Errors
/// [`crate::error::AppError::NotFound`] when there is none or it may not be seen.
pub async fn shown(
    app: &App,
    who: &Who,
    jar: &CookieJar,
    id: SlipId,
    typed: Typed,
    refusal: Option<Refusal>,
) -> AppResult<DetailPage> {
    let whole = view::read(app, who, id).await?;
    let has = |act: &str| whole.view.may.contains(&act);
    let mut errors = FieldErrors::none();
    let refusal = refusal.map(|refusal| errors.tell(refusal.into()));
    // What the leaders signed, with a new check; for whom sees all of it.
    let mut leaders = whole.view.rounds.iter().flat_map(|round| &round.deciders);
    let is_signed = leaders.any(|line| line.signed.is_some());
    let signatures = if is_signed && !whole.slip.is_past() {
        Some(verdicts::section(app, Object::Slip(id)).await?)
    } else {
        None
    };
    let home = home_box(who, &whole);
    let state = whole.slip.facts.state;
    let known = if has("ask") || state == SlipState::Draft {
        organization::posts_of(app, who.agency()).await?
    } else {
        Vec::new()
    };
    let candidates = if has("ask") {
        let facts = &whole.slip.facts;
        known
            .iter()
            .filter(|option| option.role != Role::Administrator)
            .filter(|option| option.post != facts.maker && option.account != facts.maker_account)
            .filter(|option| !facts.is_on(option.post))
            .map(organization::PostOption::choice)
            .collect()
    } else {
        Vec::new()
    };
    Ok(DetailPage {
        page: frame(app, who, jar, "Phiếu trình", home.key()).await?,
        crumbs: vec![
            Crumb::new(home.label(), format!("/boxes/{}", home.key())),
            Crumb::new("Phiếu trình", ""),
        ],
        id,
        command_id: app.ids.next(),
        refusal,
        errors,
        typed,
        heading: whole.view.subject.clone(),
        state: Badge::new(state.label(), tone(state)),
        marks: if whole.slip.urgency == Urgency::Normal {
            Vec::new()
        } else {
            vec![Badge::new(whole.slip.urgency.label(), Tone::Bad)]
        },
        body: whole
            .view
            .body
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect(),
        pdf_href: format!("/slips/{id}/slip.pdf"),
        edit_href: format!("/slips/{id}/edit"),
        facts: vec![
            Fact::new("Người lập", whole.view.maker.as_str()),
            Fact::new("Số lần trình", whole.view.round.to_string()),
            Fact::new("Thay đổi gần nhất", format::moment(whole.slip.updated_at)),
        ],
        files: documents::file_items(&whole.files),
        carries: whole.draft.iter().chain(&whole.incoming).cloned().collect(),
        hindrance: whole.view.hindrance.clone().unwrap_or_default(),
        waits_for: waits_for(&whole),
        may_submit: has("submit"),
        may_decide: has("decide"),
        may_sign: has("sign"),
        signing: whole.view.signing.as_ref().map(|open| OpenBox {
            href: format!("/signing/requests/{}", open.request),
            until: format::moment(open.moment),
        }),
        signatures,
        is_past: whole.slip.is_past(),
        may_advise: has("advise"),
        may_ask: has("ask"),
        may_cancel: has("cancel"),
        candidates,
        planned: if state == SlipState::Draft {
            planned(&whole, &known)
        } else {
            String::new()
        },
        rounds: whole.view.rounds.iter().rev().map(round_box).collect(),
        // The history tells of every round.
        history: if whole.slip.is_past() {
            Vec::new()
        } else {
            administration::history(app, id.as_uuid()).await?
        },
    })
}

/// Before whom the slip will be laid, and who is asked to sign.
fn planned(whole: &Whole, known: &[organization::PostOption]) -> String {
    let chosen = &whole.slip.people;
    let names = people::names(chosen.steps.iter().flatten(), known);
    if chosen.signers.is_empty() {
        return names;
    }
    format!("{names}; ký duyệt: {}", people::names(&chosen.signers, known))
}

/// The box of this person in which the slip lies now, for the path and the left column.
fn home_box(who: &Who, whole: &Whole) -> DeskBox {
    let has = |act: &str| whole.view.may.contains(&act);
    if who.post() == whole.slip.facts.maker {
        if whole.slip.facts.state == SlipState::Returned {
            DeskBox::SlipsReturned
        } else {
            DeskBox::SlipsOwn
        }
    } else if has("decide") || has("advise") || whole.view.signing.is_some() {
        DeskBox::SlipsWaiting
    } else {
        DeskBox::SlipsHandled
    }
}

const fn tone(state: SlipState) -> Tone {
    match state {
        SlipState::Draft | SlipState::Cancelled => Tone::Neutral,
        SlipState::Running => Tone::Info,
        SlipState::Returned => Tone::Warn,
        SlipState::Approved => Tone::Good,
    }
}

/// Whose answer is awaited, in a sentence.
fn waits_for(whole: &Whole) -> String {
    let awaited = whole.slip.facts.awaited();
    let shown = !awaited.is_empty() && !whole.slip.is_past();
    let Some(round) = whole.view.rounds.last().filter(|_| shown) else {
        return String::new();
    };
    let names: Vec<&str> = round
        .deciders
        .iter()
        .filter(|line| awaited.contains(&line.post))
        .map(|line| line.who.as_str())
        .collect();
    format!("Đang chờ: {}.", names.join("; "))
}

fn round_box(round: &RoundLine) -> RoundBox {
    let is_open = round.outcome.is_none();
    let asked = round
        .deciders
        .iter()
        .filter(|line| line.answer.is_none())
        .map(|line| line.step)
        .min()
        .unwrap_or_default();
    let mut steps: Vec<StepBox> = Vec::new();
    let mut last = 0;
    for line in &round.deciders {
        if line.step != last {
            last = line.step;
            let together = round
                .deciders
                .iter()
                .filter(|other| other.step == line.step)
                .count();
            steps.push(StepBox {
                label: if together > 1 {
                    format!("Bước {}, song song", line.step)
                } else {
                    format!("Bước {}", line.step)
                },
                people: Vec::new(),
            });
        }
        if let Some(step) = steps.last_mut() {
            step.people
                .push(decider_row(line, is_open && line.step == asked, is_open));
        }
    }
    RoundBox {
        title: format!("Lần trình {}", round.round),
        hint: match round.outcome {
            None => format!("Trình lúc {}", format::moment(round.submitted)),
            Some(outcome) => format!(
                "Trình lúc {} · {}",
                format::moment(round.submitted),
                outcome.label().to_lowercase()
            ),
        },
        steps,
        advisers: round
            .advisers
            .iter()
            .map(|line| adviser_row(line, is_open))
            .collect(),
    }
}

fn decider_row(line: &DeciderLine, is_asked: bool, is_open: bool) -> PersonRow {
    let state = match line.answer {
        Some(SlipAnswer::Approve) => Badge::new("Phê duyệt", Tone::Good).icon("circle-check"),
        Some(SlipAnswer::Sign) => Badge::new("Ký duyệt", Tone::Good).icon("writing-sign"),
        Some(SlipAnswer::Return) => Badge::new("Trả lại", Tone::Bad).icon("arrow-back-up"),
        None if is_asked && line.asked == SlipAsked::Sign => Badge::new("Chờ ký duyệt", Tone::Info),
        None if is_asked => Badge::new("Chờ phê duyệt", Tone::Info),
        None if is_open && line.asked == SlipAsked::Sign => {
            Badge::new("Chưa đến lượt ký duyệt", Tone::Neutral)
        }
        None if is_open => Badge::new("Chưa đến lượt", Tone::Neutral),
        None => Badge::new("Không phải trả lời", Tone::Neutral),
    };
    PersonRow {
        who: line.who.clone(),
        state,
        said: line
            .moment
            .map(|at| (format::moment(at), line.comment.clone()))
            .into_iter()
            .collect(),
        signed: line.signed.as_ref().map(signed_file),
    }
}

fn signed_file(signed: &SignedLine) -> SignedFile {
    let (label, tone) = match signed.found {
        Some(Verdict::TotalPassed) => ("Chữ ký số hợp lệ", Tone::Good),
        Some(Verdict::TotalFailed) => ("Chữ ký số không hợp lệ", Tone::Bad),
        Some(Verdict::Indeterminate) => ("Chưa đủ căn cứ về chữ ký số", Tone::Warn),
        None => ("Chưa kiểm tra chữ ký số", Tone::Neutral),
    };
    SignedFile {
        name: signed.name.clone(),
        href: format!("/files/{}", signed.file),
        verdict: Badge::new(label, tone),
    }
}

fn adviser_row(line: &AdviserLine, is_open: bool) -> PersonRow {
    let state = match (line.said.is_empty(), is_open) {
        (false, _) => Badge::new("Đã cho ý kiến", Tone::Good),
        (true, true) => Badge::new("Chờ ý kiến", Tone::Info),
        (true, false) => Badge::new("Không cho ý kiến", Tone::Neutral),
    };
    PersonRow {
        who: line.who.clone(),
        state,
        said: line
            .said
            .iter()
            .map(|said| (format::moment(said.moment), said.text.clone()))
            .collect(),
        signed: None,
    }
}
