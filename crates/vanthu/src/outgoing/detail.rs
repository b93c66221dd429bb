//! Trang văn bản đi: the file at the left; the next acts, the facts, delivery, sign-offs, versions, history at the right.

use askama::Template;
use axum::{
    Json,
    extract::{Path, Query, State},
};
use axum_extra::extract::cookie::CookieJar;
use rules::{Refusal, ids::OutgoingId, outgoing::OutgoingState};
use uuid::Uuid;

use super::{
    after_issue::{
        offers::{self, AfterIssue, Typed},
        sent_lines::{self, LinesQuery, SentLines},
    },
    drafting::{co_drafters, consultation, save_draft::PDF},
    issuing::before_issue::IssueCheckLine,
    signing::places,
    view::OutgoingView,
    whole::{self, Whole},
    words::{facts, legal_badge, legal_reason, marks, sign_off_row, tone, waits_for},
};
use crate::{
    administration,
    context::{App, Who},
    desk::{self, DeskBox},
    documents,
    error::{AppError, AppResult},
    exchange::axis::{self, PacketNote},
    links, registers,
    signing::verdicts::{self, Object},
    slips,
    web::{
        Reply, Stay, format, frame,
        page::{Badge, Choice, Crumb, Fact, FieldErrors, FileItem, HistoryEntry, Page, RefusalBox},
        render, see_other,
    },
};

/// A document whole.
#[utoipa::path(get, path = "/api/v1/outgoing/{id}", tag = "outgoing", params(("id" = Uuid, Path)),
    responses((status = 200, body = OutgoingView), (status = 404)))]
pub async fn api_view(
    State(app): State<App>,
    who: Who,
    Path(id): Path<OutgoingId>,
) -> AppResult<Json<OutgoingView>> {
    Ok(Json(whole::read(&app, &who, id).await?.view))
}

/// How the page is looked at: freshly, or after an act that was refused.
#[derive(Default)]
pub(super) struct Look {
    /// Why the act was refused.
    pub refusal: Option<Refusal>,
    /// What was typed with a step of the draft.
    pub typed: String,
    /// What was typed into a form of the issued document.
    pub after: Typed,
    /// What was typed into a form about opinions.
    pub consultation: consultation::Typed,
    /// Which recipients are looked at.
    pub lines: LinesQuery,
}

/// `GET /outgoing/{id}`.
pub async fn page(
    State(app): State<App>,
    who: Who,
    jar: CookieJar,
    Path(id): Path<OutgoingId>,
    Query(lines): Query<LinesQuery>,
) -> Reply {
    let look = Look {
        lines,
        ..Look::default()
    };
    let shown = shown(&app, &who, &jar, id, look).await?;
    desk::mark_seen(&app, &who, id.as_uuid()).await?;
    render(&shown)
}

/// After an act of this page: goes back to it with `sentence`, or shows it again with the refusal and what was typed.
///
/// # Errors
/// Everything but a refusal.
pub async fn after<T>(
    app: &App,
    who: &Who,
    jar: &CookieJar,
    id: OutgoingId,
    done: AppResult<T>,
    typed: String,
    sentence: &str,
) -> Reply {
    let look = Look {
        typed,
        ..Look::default()
    };
    back(app, who, jar, id, done, look, sentence).await
}

/// The same for any form of this page: `look` holds what was typed.
pub(super) async fn back<T>(
    app: &App,
    who: &Who,
    jar: &CookieJar,
    id: OutgoingId,
    done: AppResult<T>,
    look: Look,
    sentence: &str,
) -> Reply {
    match done {
        Ok(_) => Ok(see_other(app, &format!("/outgoing/{id}"), sentence)),
        Err(AppError::Refused(refusal)) => {
            let look = Look {
                refusal: Some(refusal),
                ..look
            };
            Stay::on(&shown(app, who, jar, id, look).await?)
        }
        Err(error) => Err(error),
    }
}

/// A button of one form.
struct Step {
    path: &'static str,
    label: &'static str,
    icon: &'static str,
    shortcut: &'static str,
    confirm: &'static str,
    takes_comment: bool,
}

fn step(name: &str, state: OutgoingState, signed: bool) -> Option<Step> {
    let plain = |path, label, icon, takes_comment| Step {
        path,
        label,
        icon,
        shortcut: "e",
        confirm: "",
        takes_comment,
    };
    Some(match name {
        "submit" => plain("submit", "Trình dự thảo", "send", true),
        "sign_off_content" => plain("sign-off-content", "Xác nhận nội dung", "file-check", true),
        "sign_off_form" => plain("sign-off-form", "Xác nhận thể thức", "ruler-2", true),
        "approve" if signed => plain("approve", "Duyệt và ký số", "writing-sign", true),
        "approve" => plain("approve", "Duyệt", "circle-check", true),
        "issue" if state == OutgoingState::Numbered => Step {
            confirm: "Ký số của cơ quan và phát hành văn bản này? Sau khi phát hành, văn bản không sửa được nữa.",
            ..plain("issue", "Ký số cơ quan và phát hành", "rubber-stamp", false)
        },
        "issue" if signed => Step {
            confirm: "Cấp số, ký số của cơ quan và phát hành văn bản này? Số đã cấp không thu lại; sau khi phát hành, văn bản không sửa được nữa.",
            ..plain(
                "issue",
                "Cấp số, ký số cơ quan và phát hành",
                "rubber-stamp",
                false,
            )
        },
        "issue" => Step {
            confirm: "Cấp số và phát hành văn bản này? Sau khi phát hành, văn bản không sửa được nữa.",
            ..plain("issue", "Cấp số, phát hành", "rubber-stamp", false)
        },
        _ => return None,
    })
}

/// The request for signatures that holds the document.
struct SigningBox {
    href: String,
    signer: String,
    until: String,
}

/// A line of `Kiểm tra, phê duyệt`.
pub(super) struct SignOffRow {
    pub what: String,
    pub badge: Badge,
    pub who: String,
    pub at: String,
    pub comment: String,
}

/// A line of `Phiên bản`.
struct VersionRow {
    version: u32,
    author: String,
    at: String,
    href: String,
    /// What changed since the version before; empty for the first.
    compare: String,
}

#[derive(Template)]
#[template(path = "outgoing/detail.html")]
pub(super) struct DetailPage {
    page: Page,
    crumbs: Vec<Crumb>,
    id: OutgoingId,
    command_id: Uuid,
    refusal: Option<RefusalBox>,
    typed: String,
    kind_line: String,
    heading: String,
    state: Badge,
    marks: Vec<Badge>,
    src: String,
    primary: Option<Step>,
    /// What changed since the last version that somebody checked or approved; empty when nothing did.
    since_href: String,
    since_version: u32,
    may_edit: bool,
    edit_href: String,
    edit_voids: bool,
    may_return: bool,
    may_cancel: bool,
    may_void: bool,
    place_href: String,
    is_unplaced: bool,
    signing: Option<SigningBox>,
    why_not: String,
    waits_for: String,
    legal: Badge,
    legal_reason: &'static str,
    is_issued: bool,
    is_signed: bool,
    signatures: Option<verdicts::Section>,
    facts: Vec<Fact>,
    linked: links::Part,
    recipients: Vec<String>,
    sent: SentLines,
    packets: Vec<PacketNote>,
    files: Vec<FileItem>,
    docx_href: String,
    sign_offs: Vec<SignOffRow>,
    /// What the clerk looks at before issuing; empty for everybody else.
    checks: Vec<IssueCheckLine>,
    versions: Vec<VersionRow>,
    history: Vec<HistoryEntry>,
    after: AfterIssue,
    consultation: consultation::Part,
    /// Reserved numbers that the clerk may give the approved document.
    reserved: registers::Offered,
    /// The submission slip that holds the draft.
    carrier: Option<slips::Carrier>,
    /// Where the drafter lays it before leaders with a slip; empty for everybody else.
    slip_href: String,
    /// Who may be chosen to help; empty for everybody but the drafter.
    helpers: Vec<Choice>,
    helping: Vec<String>,
    no_errors: FieldErrors,
}

/// The page of a document.
pub(super) async fn shown(
    app: &App,
    who: &Who,
    jar: &CookieJar,
    id: OutgoingId,
    look: Look,
) -> AppResult<DetailPage> {
    let whole = whole::read(app, who, id).await?;
    let state = whole.document.state();
    let title = whole.view.number_and_symbol.as_ref().map_or_else(
        || whole.view.type_name.clone(),
        |number| format!("{} số {number}", whole.view.type_name),
    );
    let current = home_box(who, state, &whole);
    let mut page = frame(
        app,
        who,
        jar,
        &title,
        current.map(DeskBox::key).unwrap_or_default(),
    )
    .await?;
    page.title.clone_from(&title);
    let has = |act: &str| whole.view.may.contains(&act);
    let primary = whole::next_step(state)
        .filter(|(name, _)| has(name))
        .and_then(|(name, _)| step(name, state, whole.view.signatures_required));
    let signatures = match whole.document.signed_set {
        Some(_) => Some(verdicts::section(app, Object::Outgoing(id)).await?),
        None => None,
    };
    let may_place = has("place") && whole.view.signatures_required;
    let is_unplaced = may_place
        && !places::stored(app, id, whole.view.version)
            .await?
            .is_some_and(|places| places.by_hand);
    let consultation = consultation::part(app, who, &whole, look.refusal.as_ref(), look.consultation).await?;
    // Who is asked for an opinion has a step of their own.
    let why_not = if consultation.is_asked {
        String::new()
    } else {
        whole.view.why_not.clone().unwrap_or_default()
    };
    let reviewed = [
        whole.document.facts.content_sign_off,
        whole.document.facts.form_sign_off,
        whole.document.facts.approval,
    ];
    let since = checked_before(&whole);
    let after = offers::part(app, who, &whole, look.refusal.as_ref(), look.after).await?;
    Ok(DetailPage {
        crumbs: current
            .map(|known| {
                vec![
                    Crumb::new(known.label(), format!("/boxes/{}", known.key())),
                    Crumb::new(title.clone(), ""),
                ]
            })
            .unwrap_or_default(),
        page,
        id,
        command_id: app.ids.next(),
        refusal: look.refusal.map(|refusal| RefusalBox {
            sentence: refusal.message,
            clause: format::clause(refusal.clause),
            what_to_do: String::new(),
        }),
        typed: look.typed,
        heading: whole.view.subject.clone(),
        kind_line: title,
        state: Badge::new(state.label(), tone(state)),
        marks: marks(&whole),
        src: documents::viewer_src(&whole.files),
        primary,
        since_href: since.map_or_else(String::new, |from| {
            format!("/outgoing/{id}/compare?from={from}&to={}", whole.view.version)
        }),
        since_version: since.unwrap_or_default(),
        may_edit: has("edit"),
        edit_href: format!("/outgoing/{id}/edit"),
        edit_voids: reviewed.iter().any(Option::is_some),
        may_return: has("return"),
        may_cancel: has("cancel"),
        may_void: has("void_number"),
        place_href: if may_place {
            format!("/outgoing/{id}/place")
        } else {
            String::new()
        },
        is_unplaced,
        linked: links::Part::of(app, who, links::End::Outgoing(id)).await?,
        slip_href: if has("submit") {
            format!("/slips/new?outgoing={id}")
        } else {
            String::new()
        },
        carrier: whole.carrier.clone(),
        reserved: if has("issue") && state == OutgoingState::Approved {
            registers::offered(app, who, id, &whole.document.type_key).await?
        } else {
            registers::Offered::default()
        },
        signing: whole.view.signing.as_ref().map(|open| SigningBox {
            href: if open.is_mine {
                format!("/signing/requests/{}", open.request)
            } else {
                String::new()
            },
            signer: open.signer.clone(),
            until: format::moment(open.moment),
        }),
        why_not,
        waits_for: waits_for(state, &whole),
        legal: legal_badge(whole.document.legal_value),
        legal_reason: legal_reason(whole.document.legal_value),
        is_issued: state == OutgoingState::Issued,
        is_signed: whole.document.signed_set.is_some(),
        signatures,
        facts: facts(&whole),
        recipients: whole.view.recipients.clone(),
        sent: sent_lines::part(who, &whole, look.lines, &after.typed.line),
        after,
        consultation,
        helpers: if has("set_co_drafters") {
            co_drafters::choices(app, who).await?
        } else {
            Vec::new()
        },
        helping: whole
            .document
            .facts
            .co_drafters
            .iter()
            .map(ToString::to_string)
            .collect(),
        no_errors: FieldErrors::none(),
        packets: if who.is_clerk() {
            axis::packets_of_outgoing(app, id).await?
        } else {
            Vec::new()
        },
        files: {
            let mut items = file_items(&whole);
            items.extend(registers::electronic_copies(app, who, id.as_uuid()).await?);
            items
        },
        docx_href: if whole.has_docx {
            format!("/outgoing/{id}/draft.docx")
        } else {
            String::new()
        },
        sign_offs: whole.view.sign_offs.iter().rev().map(sign_off_row).collect(),
        checks: whole.view.checks.clone(),
        versions: whole
            .view
            .versions
            .iter()
            .map(|version| VersionRow {
                version: version.version,
                author: version.author.clone(),
                at: format::moment(version.moment),
                href: version
                    .main_file
                    .map(|file| format!("/files/{file}"))
                    .unwrap_or_default(),
                compare: if version.version > 1 {
                    format!(
                        "/outgoing/{id}/compare?from={}&to={}",
                        version.version - 1,
                        version.version
                    )
                } else {
                    String::new()
                },
            })
            .collect(),
        history: administration::history(app, id.as_uuid()).await?,
    })
}

/// The last version that was checked or approved, when the draft has changed since (ND30-11.2).
fn checked_before(whole: &Whole) -> Option<u32> {
    let current = whole.view.version;
    let checked = whole
        .view
        .sign_offs
        .iter()
        .filter(|line| line.decision == "agreed");
    let last = checked
        .map(|line| line.version)
        .filter(|version| *version < current)
        .max();
    last.filter(|_| whole.document.state().is_open())
}

/// The files as the page lists them; of an issued and sealed document it says which went along unsigned.
fn file_items(whole: &Whole) -> Vec<FileItem> {
    let sealed = whole.document.signed_set.is_some() && whole.document.state() == OutgoingState::Issued;
    let mut items = documents::file_items(&whole.files);
    for (item, file) in items.iter_mut().zip(&whole.files) {
        if sealed && !file.is_main && file.file.media_type != PDF {
            item.role.push_str(" (không phải PDF nên không ký số)");
        }
    }
    items
}

/// The box of this person in which the document lies now, for the path and the left column.
fn home_box(who: &Who, state: OutgoingState, whole: &Whole) -> Option<DeskBox> {
    let drafter = whole.document.facts.drafter == who.post();
    let asked = whole.consultations.iter().any(|round| round.awaits(who.post()));
    if asked && rules::outgoing::is_discussed(&whole.document.facts) {
        return Some(DeskBox::Consulted);
    }
    let box_of = match state {
        OutgoingState::Draft if drafter => DeskBox::Drafts,
        OutgoingState::Draft if whole.document.facts.co_drafters.contains(&who.post()) => DeskBox::CoDrafting,
        OutgoingState::FormReview if who.is_clerk() => DeskBox::FormReview,
        OutgoingState::Approved | OutgoingState::Numbered if who.is_clerk() => DeskBox::Issuing,
        OutgoingState::Issued if who.is_clerk() => DeskBox::Dispatched,
        OutgoingState::Issued => DeskBox::Issued,
        OutgoingState::Approval | OutgoingState::Signing if whole.document.signer() == Some(who.post()) => {
            DeskBox::Signing
        }
        OutgoingState::ContentReview if whole.document.facts.answers_for_content(&who.actor) => {
            DeskBox::ContentReview
        }
        _ if drafter => DeskBox::UnderReview,
        _ => return None,
    };
    box_of.belongs_to(who.role()).then_some(box_of)
}
