//! In phiếu giải quyết văn bản đến and the stamp “ĐẾN” (NĐ 30 Phụ lục IV mẫu VII, V; CN-110, CN-117).

use axum::{
    body::Body,
    extract::{Path, State},
    http::header,
    response::{IntoResponse, Response},
};
use rules::{
    Refusal, document_types,
    ids::IncomingId,
    incoming::{AssignmentRole, AssignmentState},
    numbering, office_time,
};
use store::vietnam;
use the_thuc::{ArrivalStamp, Composed, Composer, HandlingSlip, Issuer, SlipEntry};

use crate::{
    context::{App, Who},
    error::{AppError, AppResult},
    incoming::seen::{self, Part, Seen},
    organization::{self, Agency},
    web::format,
};

/// `GET /incoming/{id}/slip.pdf`.
pub async fn slip_page(State(app): State<App>, who: Who, Path(id): Path<IncomingId>) -> AppResult<Response> {
    slip(&app, &who, id).await
}

/// `GET /incoming/{id}/stamp.pdf`.
pub async fn stamp_page(State(app): State<App>, who: Who, Path(id): Path<IncomingId>) -> AppResult<Response> {
    stamp(&app, &who, id).await
}

/// Phiếu giải quyết văn bản đến as PDF.
#[utoipa::path(get, path = "/api/v1/incoming/{id}/slip", tag = "incoming", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, description = "PDF", content_type = "application/pdf"), (status = 409, description = "Văn bản chưa vào sổ"), (status = 404)))]
pub async fn slip_api(State(app): State<App>, who: Who, Path(id): Path<IncomingId>) -> AppResult<Response> {
    slip(&app, &who, id).await
}

/// Dấu “ĐẾN” as PDF, 50 mm × 35 mm.
#[utoipa::path(get, path = "/api/v1/incoming/{id}/stamp", tag = "incoming", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, description = "PDF", content_type = "application/pdf"), (status = 409, description = "Văn bản chưa vào sổ"), (status = 404)))]
pub async fn stamp_api(State(app): State<App>, who: Who, Path(id): Path<IncomingId>) -> AppResult<Response> {
    stamp(&app, &who, id).await
}

/// A registered document that the person may see.
async fn registered(app: &App, who: &Who, id: IncomingId) -> AppResult<(Seen, u32)> {
    let seen = seen::for_view(app, who, id).await?;
    let number = seen.arrival_number.and_then(|number| u32::try_from(number).ok());
    let number = number.ok_or_else(|| {
        Refusal::new(
            "ND30-22.1",
            "incoming.not_registered",
            "Văn bản chưa được đăng ký tại Văn thư nên chưa in được phiếu giải quyết, dấu “ĐẾN”.",
        )
    })?;
    Ok((seen, number))
}

async fn slip(app: &App, who: &Who, id: IncomingId) -> AppResult<Response> {
    let (seen, number) = registered(app, who, id).await?;
    let agency = organization::agency(app, who.agency()).await?;
    let filled = filled(app, &seen, agency);
    let at = app.clock.now();
    compose(app, "phieu-giai-quyet", number, move |composer| {
        composer.slip(&filled, at)
    })
    .await
}

async fn stamp(app: &App, who: &Who, id: IncomingId) -> AppResult<Response> {
    let (seen, number) = registered(app, who, id).await?;
    let agency = organization::agency(app, who.agency()).await?;
    let stamp = ArrivalStamp {
        agency: agency.name,
        number: numbering::printed_number(number),
        date: seen.arrived_on,
        handed_to: handed_to(&seen),
        file_symbol: String::new(),
    };
    let at = app.clock.now();
    compose(app, "dau-den", number, move |composer| composer.stamp(&stamp, at)).await
}

async fn compose(
    app: &App,
    name: &str,
    number: u32,
    work: impl FnOnce(&Composer) -> Result<Composed, the_thuc::Error> + Send + 'static,
) -> AppResult<Response> {
    let composed = app
        .heavy(move |app| anyhow::Ok(work(app.composer()?)))
        .await??
        .map_err(|error| AppError::BadInput(error.to_string()))?;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("inline; filename=\"{name}-{number:02}.pdf\""),
        ),
    ];
    Ok((headers, Body::from(composed.pdf)).into_response())
}

/// Chuyển: to whom the directive went, or the leader it was presented to.
fn handed_to(seen: &Seen) -> String {
    let mut parts: Vec<&Part> = first_level(seen).collect();
    parts.sort_by_key(|part| part.facts.role);
    let names: Vec<&str> = parts
        .iter()
        .map(|part| part.unit_name.as_deref().unwrap_or(&part.name))
        .collect();
    if names.is_empty() {
        seen.presented_to.clone().unwrap_or_default()
    } else {
        names.join("; ")
    }
}

/// What leaders assigned and what did not come back.
fn first_level(seen: &Seen) -> impl Iterator<Item = &Part> {
    standing(seen).filter(|part| part.facts.parent.is_none())
}

fn standing(seen: &Seen) -> impl Iterator<Item = &Part> {
    seen.parts.iter().filter(|part| {
        !matches!(
            part.facts.state,
            AssignmentState::GivenBack | AssignmentState::TakenBack
        )
    })
}

fn filled(app: &App, seen: &Seen, agency: Agency) -> HandlingSlip {
    let below: Vec<&Part> = standing(seen)
        .filter(|part| part.facts.parent.is_some())
        .collect();
    HandlingSlip {
        agency: Issuer {
            parent_name: agency.printed_parent,
            name: agency.name,
        },
        place: agency.place_name,
        date: Some(app.clock.today()),
        document: document(seen),
        leaders: directives(&first_level(seen).collect::<Vec<_>>()),
        heads: directives(&below),
        handlers: handlers(seen),
    }
}

/// Loại, số, ký hiệu, ngày, nơi gửi, trích yếu.
fn document(seen: &Seen) -> String {
    let kind = document_types::by_key(&seen.type_key).map_or("Văn bản", |kind| kind.name);
    let mut sentence = kind.to_owned();
    let printed = seen.printed();
    if !printed.is_empty() {
        sentence.push_str(&format!(" số {printed}"));
    }
    if let Some(day) = seen.issued_on {
        sentence.push_str(&format!(" {}", office_time::long_date(day)));
    }
    format!("{sentence} của {}: {}", seen.sender_name, seen.subject)
}

/// Parts that were given together make one entry: the words, who does what until when, the day, who said it.
fn directives(parts: &[&Part]) -> Vec<SlipEntry> {
    let mut entries: Vec<(jiff::Timestamp, SlipEntry)> = Vec::new();
    let mut ordered = parts.to_vec();
    ordered.sort_by_key(|part| (part.given_at, part.facts.role));
    for part in ordered {
        let who = match &part.unit_name {
            Some(unit) => format!("{}, {}, {unit}", part.name, part.title),
            None => format!("{}, {}", part.name, part.title),
        };
        let role = match part.facts.role {
            AssignmentRole::Lead => "Chủ trì",
            AssignmentRole::Cooperate => "Phối hợp",
            AssignmentRole::Inform => "Để biết",
        };
        let line = part.facts.deadline.map_or_else(
            || format!("{role}: {who}"),
            |day| format!("{role}: {who}; thời hạn {}", format::date(day)),
        );
        let same = entries
            .iter_mut()
            .find(|(at, entry)| *at == part.given_at && entry.who == part.given_by);
        match same {
            Some((_, entry)) => entry.lines.push(line),
            None => entries.push((
                part.given_at,
                SlipEntry {
                    who: part.given_by.clone(),
                    date: Some(vietnam(part.given_at).date()),
                    opinion: part.instruction.clone(),
                    lines: vec![line],
                },
            )),
        }
    }
    entries.into_iter().map(|(_, entry)| entry).collect()
}

/// What those who handle proposed: their opinions, then the result.
fn handlers(seen: &Seen) -> Vec<SlipEntry> {
    let opinions = seen.opinions.iter().map(|said| SlipEntry {
        who: said.who.clone(),
        date: Some(vietnam(said.at).date()),
        opinion: said.text.clone(),
        lines: Vec::new(),
    });
    let results = standing(seen).filter_map(|part| {
        Some(SlipEntry {
            who: format!("{}, {}", part.name, part.title),
            date: part.done_at.map(|at| vietnam(at).date()),
            opinion: part.result.clone().filter(|text| !text.is_empty())?,
            lines: Vec::new(),
        })
    });
    opinions.chain(results).collect()
}
