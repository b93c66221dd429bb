//! The part of a document's page that asks for opinions, takes them and shows them.

use axum_extra::extract::cookie::CookieJar;
use rules::{
    ids::OutgoingId,
    outgoing::{Manner, OpinionView},
    people::Role,
};

use super::{Member, Reply as Said, Round};
use crate::{
    context::{App, Who},
    error::AppResult,
    organization,
    outgoing::{
        detail::{self, Look},
        whole::Whole,
    },
    web::{
        Reply, format,
        page::{Badge, Choice, FieldErrors, Tone},
    },
};

/// What was typed into a form that was refused, to show it again.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// `ask` or `reply`; empty when nothing was sent.
    pub act: &'static str,
    /// The round of a reply.
    pub round: String,
    /// Who is to be asked.
    pub members: Vec<String>,
    /// In what order.
    pub manner: String,
    /// About what.
    pub question: String,
    /// Hạn trả lời.
    pub due_on: String,
    /// What the reply says as a whole.
    pub view: String,
    /// Ý kiến.
    pub text: String,
}

/// After an act of these forms: goes back to the page with `sentence`, or shows it again with the refusal at its field and what
/// was typed.
///
/// # Errors
/// Everything but a refusal.
pub async fn after<T>(
    app: &App,
    who: &Who,
    jar: &CookieJar,
    id: OutgoingId,
    done: AppResult<T>,
    typed: Typed,
    sentence: &str,
) -> Reply {
    let look = Look {
        consultation: typed,
        ..Look::default()
    };
    detail::back(app, who, jar, id, done, look, sentence).await
}

/// The part of the page.
pub struct Part {
    pub may_ask: bool,
    /// Whether a reply of this person is awaited: then that is what the page is for.
    pub is_asked: bool,
    /// Newest first.
    pub rounds: Vec<RoundBox>,
    pub people: Vec<Choice>,
    pub manners: Vec<Choice>,
    pub views: Vec<Choice>,
    /// The first day that can be chosen.
    pub today: String,
    pub typed: Typed,
    pub errors: FieldErrors,
}

/// A round as the page shows it.
pub struct RoundBox {
    pub id: String,
    pub head: String,
    pub state: Badge,
    pub question: String,
    pub hint: String,
    pub lines: Vec<MemberLine>,
    pub may_reply: bool,
    pub has_replied: bool,
    pub may_close: bool,
}

/// A colleague of a round as the page shows them.
pub struct MemberLine {
    pub who: String,
    pub state: Badge,
    pub said: Vec<SaidLine>,
}

/// A reply as the page shows it.
pub struct SaidLine {
    pub head: String,
    pub text: String,
}

/// Collects the part for a reader.
///
/// # Errors
/// When the database fails.
pub async fn part(
    app: &App,
    who: &Who,
    whole: &Whole,
    refusal: Option<&rules::Refusal>,
    mut typed: Typed,
) -> AppResult<Part> {
    let mut errors = FieldErrors::none();
    if let Some((refusal, field)) = refusal.and_then(|refusal| Some((refusal, refusal.field?)))
        && !typed.act.is_empty()
    {
        // A reply has fields of its own beside those of the question.
        let field = if typed.act == "reply" && field == "view" {
            "stance"
        } else {
            field
        };
        errors.add(field, refusal.message.as_str());
    }
    if typed.manner.is_empty() {
        Manner::Parallel.as_str().clone_into(&mut typed.manner);
    }
    let may_ask = whole.view.may.contains(&"consult");
    let people = if may_ask {
        organization::posts_of(app, who.agency())
            .await?
            .iter()
            .filter(|option| option.role != Role::Administrator && option.post != who.post())
            .map(organization::PostOption::choice)
            .collect()
    } else {
        Vec::new()
    };
    let locked = whole.view.signing.is_some();
    let rounds: Vec<RoundBox> = whole
        .consultations
        .iter()
        .rev()
        .map(|round| round_box(app, who, whole, round, locked))
        .collect();
    Ok(Part {
        may_ask,
        is_asked: rounds.iter().any(|round| round.may_reply && !round.has_replied),
        rounds,
        people,
        manners: Manner::ALL
            .iter()
            .map(|manner| Choice::new(manner.as_str(), manner.label()))
            .collect(),
        views: OpinionView::ALL
            .iter()
            .map(|view| Choice::new(view.as_str(), view.label()))
            .collect(),
        today: app.clock.today().to_string(),
        typed,
        errors,
    })
}

fn round_box(app: &App, who: &Who, whole: &Whole, round: &Round, locked: bool) -> RoundBox {
    let today = app.clock.today();
    let doc = &whole.document.facts;
    let open = round.closed_at.is_none() && rules::outgoing::is_discussed(doc);
    let own = round.members.iter().find(|member| member.post == who.post());
    let (replied, asked) = (round.replied(), round.members.len());
    let state = if !open {
        Badge::new("Đã kết thúc", Tone::Neutral)
    } else if replied == asked {
        Badge::new("Đã đủ ý kiến", Tone::Good).icon("checks")
    } else if today > round.facts.due_on {
        Badge::new(format!("Quá hạn {}", format::date(round.facts.due_on)), Tone::Bad).icon("alert-triangle")
    } else {
        Badge::new(format!("Hạn {}", format::date(round.facts.due_on)), Tone::Info)
    };
    RoundBox {
        id: round.id.to_string(),
        head: format!("{replied}/{asked} ý kiến"),
        state,
        question: round.question.clone(),
        hint: format!(
            "{} hỏi lúc {} về phiên bản {} · {} · hạn {}",
            round.asker,
            format::moment(round.asked_at),
            round.version,
            round.facts.manner.label().to_lowercase(),
            format::date(round.facts.due_on)
        ),
        lines: round
            .members
            .iter()
            .map(|member| member_line(round, member, open))
            .collect(),
        may_reply: !locked && round.may_reply(&who.actor, doc, today),
        has_replied: own.is_some_and(|member| !member.replies.is_empty()),
        may_close: !locked && open && rules::outgoing::close_round(&who.actor, doc, &round.facts).is_ok(),
    }
}

fn member_line(round: &Round, member: &Member, open: bool) -> MemberLine {
    let state = match member.replies.last() {
        Some(last) if last.view == OpinionView::Disagree => Badge::new(last.view.label(), Tone::Bad),
        Some(last) if last.view == OpinionView::AgreeWithChanges => Badge::new(last.view.label(), Tone::Warn),
        Some(last) => Badge::new(last.view.label(), Tone::Good),
        None if !open => Badge::new("Không trả lời", Tone::Neutral),
        None if round.awaits(member.post) => Badge::new("Chờ trả lời", Tone::Info),
        None => Badge::new("Chưa đến lượt", Tone::Neutral),
    };
    MemberLine {
        who: member.label.clone(),
        state,
        said: member.replies.iter().map(said_line).collect(),
    }
}

fn said_line(said: &Said) -> SaidLine {
    SaidLine {
        head: format!(
            "{} · phiên bản {}{}{}",
            format::moment(said.at),
            said.version,
            if said.is_late { " · gửi sau hạn" } else { "" },
            said.in_place
                .as_ref()
                .map(|by| format!(" · {by}"))
                .unwrap_or_default()
        ),
        text: said.text.clone(),
    }
}
