//! What the page of an issued document offers and shows: recall, update, replacement, and how far each recipient is.

use axum_extra::extract::cookie::CookieJar;
use jiff::Timestamp;
use rules::{
    exchange::{self as rule, Business, NoticeFacts, RecallOrder},
    ids::OutgoingId,
    outgoing::OutgoingState,
    urgency::Urgency,
};
use store::{args, sql};
use the_thuc::EnvelopeSize;

use super::{
    delivery_lines::DeliveryLine,
    issued, paper_copy,
    recall::{self, RecallNotice},
};
use crate::{
    context::{App, Who},
    error::AppResult,
    outgoing::{
        detail::{self, Look},
        load::Document,
        whole::Whole,
    },
    web::{
        Reply, format,
        page::{Choice, Fact, FieldErrors},
    },
};

/// What was typed into a form that was refused, to show it again.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// Last part of the form's address; empty when nothing was sent.
    pub act: &'static str,
    /// The delivery line of the form, for those that belong to one.
    pub line: String,
    /// Lý do.
    pub reason: String,
    /// Who decided.
    pub decision: String,
    /// The chosen notice.
    pub notice: String,
    /// Trích yếu.
    pub subject: String,
    /// Mức độ khẩn.
    pub urgency: String,
    /// Hạn trả lời.
    pub respond_by: String,
    /// Số bản chính giấy.
    pub copies: String,
    /// What main copies on paper are for.
    pub purpose: String,
}

/// After an act of these forms: goes back to the page with `sentence`, or shows it again with the refusal at its field and
/// what was typed.
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
        after: typed,
        ..Look::default()
    };
    detail::back(app, who, jar, id, done, look, sentence).await
}

/// The part of the page.
pub(in crate::outgoing) struct AfterIssue {
    /// Where a replacing document is drafted; empty when this one cannot be replaced.
    pub replace_href: String,
    /// Where a letter that corrects its form is drafted; empty when there is nothing to correct.
    pub correct_href: String,
    pub may_recall: bool,
    pub may_update: bool,
    pub notice_required: bool,
    pub notices: Vec<Choice>,
    pub urgencies: Vec<Choice>,
    /// Where a copy is registered; empty for everybody but the clerks.
    pub copy_href: String,
    pub may_record_paper: bool,
    /// Whether the agency keeps paper and none was made yet (ND30-19.2c).
    pub paper_is_due: bool,
    /// Main copies on paper, as sentences.
    pub paper: Vec<String>,
    /// Sizes in which the envelopes of recipients on paper are printed; empty when there is none.
    pub envelopes: Vec<Choice>,
    /// The recall, when there was one.
    pub recalled: Option<RecalledBox>,
    /// The document that replaces this one, those that this one replaces; the same of corrections.
    pub links: Vec<Fact>,
    /// `3/5 nơi nhận đã tiếp nhận`, once there are recipients.
    pub progress: String,
    pub typed: Typed,
    pub errors: FieldErrors,
}

/// The recall as the page shows it.
pub(in crate::outgoing) struct RecalledBox {
    pub at: String,
    pub reason: String,
    /// The notice, as a link.
    pub notice: Option<Fact>,
    /// `2 đồng ý, 1 chờ trả lời`.
    pub answers: String,
}

/// Collects the part for a reader.
///
/// # Errors
/// When the database fails.
pub(in crate::outgoing) async fn part(
    app: &App,
    who: &Who,
    whole: &Whole,
    refusal: Option<&rules::Refusal>,
    mut typed: Typed,
) -> AppResult<AfterIssue> {
    let document = &whole.document;
    let has = |act: &str| whole.view.may.contains(&act);
    let (may_recall, may_update) = (has("recall"), has("update"));
    let mut errors = FieldErrors::none();
    if let Some((refusal, field)) = refusal.and_then(|refusal| Some((refusal, refusal.field?)))
        && !typed.act.is_empty()
    {
        // Two forms of the page ask for a reason; each has a field of its own.
        let field = match (typed.act, field) {
            ("update", "reason") => "update_reason",
            ("resend", _) => "resend_reason",
            (_, other) => other,
        };
        errors.add(field, refusal.message.as_str());
    }
    if typed.act != "update" {
        typed.subject.clone_from(&document.subject);
        document.urgency.as_str().clone_into(&mut typed.urgency);
        typed.respond_by = document.respond_by.map(|day| day.to_string()).unwrap_or_default();
    }
    let issued = document.state() == OutgoingState::Issued;
    let may_record_paper = issued && has("paper_copy");
    let paper = if issued {
        paper_copy::of(app, document.id).await?
    } else {
        Vec::new()
    };
    Ok(AfterIssue {
        copy_href: if issued && document.recalled_at.is_none() && who.is_clerk() {
            format!("/registers/copies/new?outgoing={}", document.id)
        } else {
            String::new()
        },
        may_record_paper,
        paper_is_due: may_record_paper
            && paper.is_empty()
            && paper_copy::is_kept_on_paper(app, document.facts.agency).await?,
        paper: paper
            .iter()
            .map(|(line, at)| {
                format!(
                    "{} bản chính giấy: {} ({}, {})",
                    line.copies,
                    line.purpose,
                    line.who,
                    format::moment(*at)
                )
            })
            .collect(),
        correct_href: if issued && document.recalled_at.is_none() && who.agency() == document.facts.agency {
            format!("/outgoing/new?corrects={}", document.id)
        } else {
            String::new()
        },
        replace_href: if document.state() == OutgoingState::Issued
            && document.recalled_at.is_none()
            && document.replaced_by.is_none()
            && who.agency() == document.facts.agency
        {
            format!("/outgoing/new?replaces={}", document.id)
        } else {
            String::new()
        },
        may_recall,
        may_update,
        notice_required: recall::policy_for_view(app, who).await?.notice_required,
        notices: if may_recall {
            issued::choices(app, who, Some(document.id)).await?
        } else {
            Vec::new()
        },
        urgencies: Urgency::ALL
            .iter()
            .map(|urgency| Choice::new(urgency.as_str(), urgency.label()))
            .collect(),
        envelopes: if issued
            && document.recalled_at.is_none()
            && who.is_clerk()
            && whole.view.deliveries.iter().any(|line| line.channel == "paper")
        {
            EnvelopeSize::ALL
                .iter()
                .map(|size| Choice::new(size.key(), size.label()))
                .collect()
        } else {
            Vec::new()
        },
        recalled: recalled(app, document, &whole.view.deliveries).await?,
        links: links(app, whole).await?,
        progress: progress(&whole.view.deliveries),
        typed,
        errors,
    })
}

async fn recalled(app: &App, document: &Document, lines: &[DeliveryLine]) -> AppResult<Option<RecalledBox>> {
    let Some(at) = document.recalled_at else {
        return Ok(None);
    };
    let order = app
        .db
        .opt(
            sql!("SELECT details FROM journal WHERE object_id = $1 AND act = $2 ORDER BY seq DESC LIMIT 1"),
            args![document.id, crate::act_names::RECALL],
        )
        .await?;
    let details: serde_json::Value = match order {
        Some(row) => row.json("details")?,
        None => serde_json::Value::Null,
    };
    let notice = RecallNotice::in_details(&details).map(|notice| {
        Fact::new("Văn bản thông báo thu hồi", notice.number_and_symbol)
            .link(format!("/outgoing/{}", notice.id))
    });
    Ok(Some(RecalledBox {
        at: format::moment(at),
        reason: details["note"].as_str().unwrap_or_default().to_owned(),
        notice,
        answers: answers(lines),
    }))
}

/// How the recipients answered the recall.
fn answers(lines: &[DeliveryLine]) -> String {
    let count = |state: &str| lines.iter().filter(|line| line.recall_state == state).count();
    [
        ("agreed", "đã hủy hoặc không gửi nữa"),
        ("requested", "chờ trả lời"),
        ("refused", "từ chối"),
    ]
    .into_iter()
    .map(|(state, words)| (count(state), words))
    .filter(|(count, _)| *count > 0)
    .map(|(count, words)| format!("{count} {words}"))
    .collect::<Vec<_>>()
    .join(", ")
}

/// How many of the electronic recipients have accepted the document.
fn progress(lines: &[DeliveryLine]) -> String {
    let electronic: Vec<_> = lines.iter().filter(|line| line.channel != "paper").collect();
    if electronic.is_empty() {
        return String::new();
    }
    let accepted = electronic
        .iter()
        .filter(|line| {
            matches!(
                line.state.as_str(),
                "received" | "assigned" | "in_progress" | "finished"
            )
        })
        .count();
    format!("{accepted}/{} nơi nhận điện tử đã tiếp nhận.", electronic.len())
}

/// The documents that replace or correct each other, as links.
async fn links(app: &App, whole: &Whole) -> AppResult<Vec<Fact>> {
    let replaced_by: Vec<_> = whole.view.replaced_by.into_iter().collect();
    let mut links = Vec::new();
    for (label, others) in [
        ("Bị thay thế bởi", &replaced_by),
        ("Thay thế văn bản", &whole.view.replaces),
        ("Được đính chính bởi", &whole.view.corrected_by),
        ("Đính chính văn bản", &whole.view.corrects),
    ] {
        for other in others {
            let id = OutgoingId::from_uuid(*other);
            let name = issued::named_in_draft(app, whole.document.facts.agency, id).await?;
            let name = name.map(|named| named.number_and_symbol).unwrap_or_default();
            links.push(Fact::new(label, name).link(format!("/outgoing/{id}")));
        }
    }
    Ok(links)
}

/// What this person may order now: `recall`, `update`; asked of the very rules, with everything filled in.
///
/// # Errors
/// When the database fails.
pub(in crate::outgoing) async fn allowed(
    app: &App,
    who: &Who,
    document: &Document,
) -> AppResult<Vec<&'static str>> {
    if document.state() != OutgoingState::Issued {
        return Ok(Vec::new());
    }
    let facts = issued::for_view(app, document).await?;
    let order = RecallOrder {
        reason: "x",
        decision: "x",
        notice: Some(NoticeFacts {
            agency: facts.agency,
            state: OutgoingState::Issued,
            is_recalled: false,
            is_the_document: false,
        }),
    };
    let all = [
        (
            "recall",
            rule::recall(&who.actor, &facts, rule::RecallPolicy::default(), &order).is_ok(),
        ),
        (
            "paper_copy",
            rules::outgoing::paper_main_copy(
                &who.actor,
                &document.facts,
                &rules::outgoing::PaperMainCopy {
                    is_signed: document.signed_set.is_some(),
                    is_recalled: document.recalled_at.is_some(),
                    copies: 1,
                    purpose: "x",
                },
            )
            .is_ok(),
        ),
        ("update", rule::update(&who.actor, &facts, "x", true).is_ok()),
    ];
    Ok(all
        .into_iter()
        .filter(|(_, may)| *may)
        .map(|(act, _)| act)
        .collect())
}

/// What a line may be sent again as, if at all.
pub(super) fn resendable(who: &Who, document: &Document, line: &DeliveryLine) -> Option<Business> {
    let facts = rule::IssuedFacts {
        agency: document.facts.agency,
        state: document.state(),
        is_recalled: document.recalled_at.is_some(),
        is_replaced: document.replaced_by.is_some(),
        awaits_update: false,
    };
    let (state, recall) = (line.state.parse().ok()?, line.recall_state.parse().ok()?);
    rule::resend(&who.actor, &facts, state, recall, "x").ok()
}

/// What recipients were asked and said, per line of the delivery.
pub(super) struct LineRequest {
    pub business: Business,
    pub state: rule::PacketState,
    pub answer: Option<String>,
    pub moment: Timestamp,
}

/// Every recall and update about a document, oldest first, with the line that it went to.
///
/// # Errors
/// When the database fails.
pub(super) async fn requests(app: &App, id: OutgoingId) -> AppResult<Vec<(uuid::Uuid, LineRequest)>> {
    let rows = app
        .db
        .all(
            sql!(
                "SELECT l.delivery_id, l.state, l.answer, d.business, d.at FROM dispatch d \
                 JOIN dispatch_line l ON l.dispatch_id = d.id \
                 WHERE d.outgoing_id = $1 AND d.business IN ('recall', 'update') ORDER BY d.at, d.id"
            ),
            args![id],
        )
        .await?;
    let one = |row: &store::Row| {
        Ok((
            row.get("delivery_id")?,
            LineRequest {
                business: row.parse("business")?,
                state: row.parse("state")?,
                answer: row.get("answer")?,
                moment: row.get("at")?,
            },
        ))
    };
    Ok(rows.iter().map(one).collect::<store::Result<_>>()?)
}
