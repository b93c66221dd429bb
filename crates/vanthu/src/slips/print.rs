//! In phiếu trình: the slip with who answered what and when, as PDF (CN-305).

use axum::{
    body::Body,
    extract::{Path, State},
    http::header,
    response::{IntoResponse, Response},
};
use rules::{
    ids::{PostId, SlipId},
    slip::{SlipAnswer, SlipAsked, SlipState},
};
use store::vietnam;
use the_thuc::{Composed, Issuer, SlipEntry, SubmissionRound, SubmissionSlip};

use super::view::{self, AdviserLine, DeciderLine, RoundLine, Whole};
use crate::{
    context::{App, Who},
    error::{AppError, AppResult},
    organization::{self, Agency},
    outgoing,
    web::format,
};

/// `GET /slips/{id}/slip.pdf`.
pub async fn page(State(app): State<App>, who: Who, Path(id): Path<SlipId>) -> AppResult<Response> {
    pdf(&app, &who, id).await
}

/// Phiếu trình as PDF, with every opinion and answer.
#[utoipa::path(get, path = "/api/v1/slips/{id}/pdf", tag = "slips", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, description = "PDF", content_type = "application/pdf"), (status = 404)))]
pub async fn api_pdf(State(app): State<App>, who: Who, Path(id): Path<SlipId>) -> AppResult<Response> {
    pdf(&app, &who, id).await
}

/// Who is about to sign the print.
#[derive(Debug, Clone)]
pub struct Signing {
    /// The leader.
    pub post: PostId,
    /// Their opinion, which stands on what they sign.
    pub comment: String,
}

/// The slip as it stands now, for a reader or for a leader who signs it.
///
/// # Errors
/// When it holds a sign that cannot be printed; when no font is installed.
pub async fn composed(app: &App, whole: &Whole, signing: Option<&Signing>) -> AppResult<Composed> {
    let agency = organization::agency(app, whole.slip.facts.agency).await?;
    let slip = filled(whole, agency, signing);
    let at = app.clock.now();
    app.heavy(move |app| anyhow::Ok(app.composer()?.submission(&slip, at)))
        .await??
        .map_err(|error| AppError::BadInput(error.to_string()))
}

/// Refuses a text that no print of the slip could show, as long as whoever writes it can change it: a leader may have to sign that print. On
/// a server without fonts nothing is printed, and nobody is kept from writing.
///
/// # Errors
/// `PL1-G4`, on `field`.
pub async fn printable(app: &App, text: &str, field: &'static str) -> AppResult<()> {
    let text = text.to_owned();
    app.heavy(move |app| {
        app.composer()
            .map_or(Ok(()), |composer| composer.check_text(&text))
    })
    .await?
    .map_err(|error| outgoing::unprintable(error, field))
}

async fn pdf(app: &App, who: &Who, id: SlipId) -> AppResult<Response> {
    let whole = view::read(app, who, id).await?;
    let composed = composed(app, &whole, None).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            "inline; filename=\"phieu-trinh.pdf\"".to_owned(),
        ),
    ];
    Ok((headers, Body::from(composed.pdf)).into_response())
}

fn filled(whole: &Whole, agency: Agency, signing: Option<&Signing>) -> SubmissionSlip {
    let view = &whole.view;
    let last = view.rounds.last();
    // Who signs is a leader of the newest round.
    let signs = |round: &RoundLine| {
        signing
            .filter(|_| round.round == view.round)
            .and_then(|own| round.deciders.iter().position(|line| line.post == own.post))
    };
    // Whoever signs approves these bytes and this version of the draft, not only what they are called.
    let is_signed = signing.is_some();
    let version = last.and_then(|round| round.outgoing_version);
    let draft = whole.draft.iter().map(|item| match version {
        Some(version) if is_signed => format!("{}; phiên bản {version}", item.label),
        _ => item.label.clone(),
    });
    let incoming = whole.incoming.iter().map(|item| item.label.clone());
    let files = whole.files.iter().map(|item| {
        if is_signed {
            format!("{}; SHA-256: {}", item.file.name, item.file.digest)
        } else {
            item.file.name.clone()
        }
    });
    let carries: Vec<String> = draft.chain(incoming).chain(files).collect();
    SubmissionSlip {
        agency: Issuer {
            parent_name: agency.printed_parent,
            name: agency.name,
        },
        place: agency.place_name,
        date: last.map(|round| vietnam(round.submitted).date()),
        addressees: last
            .map(|round| round.deciders.iter().map(|line| line.who.clone()).collect())
            .unwrap_or_default(),
        subject: view.subject.clone(),
        body: view.body.clone(),
        carries,
        maker: view.maker.clone(),
        // When a slip ended whose last rounds the reader does not see is not told either.
        result: result(whole.slip.facts.state, last.filter(|_| !whole.slip.is_past())),
        rounds: view
            .rounds
            .iter()
            .map(|round| SubmissionRound {
                title: if view.rounds.len() == 1 {
                    "Ý kiến của người có thẩm quyền:".to_owned()
                } else {
                    format!("Ý kiến của người có thẩm quyền, lần trình {}:", round.round)
                },
                answers: round
                    .deciders
                    .iter()
                    .enumerate()
                    .map(|(at, line)| answer(line, signing.filter(|_| signs(round) == Some(at))))
                    .collect(),
                advice: round.advisers.iter().flat_map(advice).collect(),
                signs: signs(round),
            })
            .collect(),
    }
}

fn result(state: SlipState, last: Option<&RoundLine>) -> String {
    let at = last
        .and_then(|round| {
            round
                .ended_at
                .as_ref()
                .and(round.deciders.iter().rev().find_map(|line| line.moment))
        })
        .map(|at| format!(" lúc {}", format::moment(at)))
        .unwrap_or_default();
    match state {
        SlipState::Approved => format!("Kết quả: đã phê duyệt{at}."),
        SlipState::Returned => "Kết quả: trả lại người lập phiếu.".to_owned(),
        SlipState::Cancelled => "Kết quả: người lập đã hủy phiếu trình.".to_owned(),
        SlipState::Draft => "Phiếu chưa trình.".to_owned(),
        SlipState::Running => "Phiếu đang trình.".to_owned(),
    }
}

/// What a leader answered; what `own` is about to sign when it is theirs.
fn answer(line: &DeciderLine, own: Option<&Signing>) -> SlipEntry {
    if let Some(own) = own {
        return SlipEntry {
            who: line.who.clone(),
            date: None,
            opinion: own.comment.clone(),
            // When they signed is said by the signature.
            lines: vec![SlipAnswer::Sign.label().to_owned()],
        };
    }
    let mut lines = vec![match (line.answer, line.moment, line.asked) {
        (Some(answer), Some(at), _) => format!("{} lúc {}", answer.label(), format::moment(at)),
        (_, _, SlipAsked::Sign) => "Chưa trả lời (được đề nghị ký duyệt)".to_owned(),
        (_, _, SlipAsked::Approve) => "Chưa trả lời".to_owned(),
    }];
    if let Some(signed) = &line.signed {
        lines.push(format!(
            "Chữ ký số trên tệp {}: {}",
            signed.name,
            signed.verdict_label.as_deref().unwrap_or("chưa kiểm tra")
        ));
        lines.push(format!("SHA-256 của tệp: {}", signed.sha256));
    }
    SlipEntry {
        who: line.who.clone(),
        date: None,
        opinion: line.comment.clone(),
        lines,
    }
}

fn advice(line: &AdviserLine) -> Vec<SlipEntry> {
    line.said
        .iter()
        .map(|said| SlipEntry {
            who: line.who.clone(),
            date: Some(vietnam(said.moment).date()),
            opinion: said.text.clone(),
            lines: Vec::new(),
        })
        .collect()
}
