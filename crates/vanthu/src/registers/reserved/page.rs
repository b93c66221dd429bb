//! Số giữ on screen, with the forms of the clerk.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum_extra::extract::cookie::CookieJar;
use rules::{document_types, numbering::ReservedState};
use uuid::Uuid;

use super::{
    acts::{self, AssignReserved, ReserveNumbers, VoidReserved},
    lines::{self, ReservedQuery},
};
use crate::{
    context::{App, Who},
    error::{AppError, AppResult},
    web::{
        Reply, Stay, Submitted, format, frame,
        page::{Badge, Choice, FieldErrors, Page, RefusalBox, Tone},
        render, see_other,
    },
};

const HERE: &str = "/registers/reserved";

/// A reserved number as the page shows it.
struct Line {
    id: String,
    number: String,
    day: String,
    kind: String,
    reason: String,
    signer: String,
    state: Badge,
    href: String,
    is_held: bool,
}

#[derive(Template)]
#[template(path = "registers/reserved/page.html")]
struct ReservedPage {
    page: Page,
    lines: Vec<Line>,
    may_write: bool,
    kinds: Vec<Choice>,
    typed: ReserveNumbers,
    count: String,
    errors: FieldErrors,
    refusal: Option<RefusalBox>,
    command_id: Uuid,
}

/// `GET /registers/reserved`.
pub async fn show(
    State(app): State<App>,
    who: Who,
    jar: CookieJar,
    Query(query): Query<ReservedQuery>,
) -> Reply {
    let typed = ReserveNumbers {
        type_key: document_types::OFFICIAL_LETTER.to_owned(),
        count: 1,
        ..ReserveNumbers::default()
    };
    render(&shown(&app, &who, &jar, query, typed, None).await?)
}

/// `POST /registers/reserved`.
pub async fn reserve(State(app): State<App>, jar: CookieJar, form: Submitted<ReserveNumbers>) -> Reply {
    match acts::reserve(&app, &form.who, form.command, &form.data).await {
        Ok(kept) => {
            let sentence = format!("Đã giữ số {}.", kept.numbers.join(", "));
            Ok(see_other(&app, HERE, &sentence))
        }
        Err(error @ AppError::Refused(_)) => {
            let query = ReservedQuery::default();
            Stay::on(&shown(&app, &form.who, &jar, query, form.data, Some(error)).await?)
        }
        Err(error) => Err(error),
    }
}

/// `POST /registers/reserved/{id}/void`.
pub async fn void(
    State(app): State<App>,
    jar: CookieJar,
    Path(id): Path<Uuid>,
    form: Submitted<VoidReserved>,
) -> Reply {
    match acts::void(&app, &form.who, form.command, id, &form.data).await {
        Ok(kept) => {
            let sentence = format!("Đã hủy số đã giữ {}.", kept.number_and_symbol);
            Ok(see_other(&app, HERE, &sentence))
        }
        Err(error @ AppError::Refused(_)) => {
            let typed = ReserveNumbers {
                count: 1,
                ..ReserveNumbers::default()
            };
            let query = ReservedQuery::default();
            Stay::on(&shown(&app, &form.who, &jar, query, typed, Some(error)).await?)
        }
        Err(error) => Err(error),
    }
}

/// `POST /registers/reserved/assign`.
pub async fn assign(State(app): State<App>, form: Submitted<AssignReserved>) -> Reply {
    let kept = acts::assign(&app, &form.who, form.command, form.data).await?;
    let sentence = if kept.id.is_some() {
        format!(
            "Văn bản sẽ lấy số đã giữ {} khi phát hành.",
            kept.number_and_symbol
        )
    } else {
        "Văn bản sẽ lấy số tiếp theo của dãy khi phát hành.".to_owned()
    };
    Ok(see_other(
        &app,
        &format!("/outgoing/{}", form.data.document),
        &sentence,
    ))
}

async fn shown(
    app: &App,
    who: &Who,
    jar: &CookieJar,
    query: ReservedQuery,
    typed: ReserveNumbers,
    refused: Option<AppError>,
) -> AppResult<ReservedPage> {
    let found = lines::read(app, who, query).await?;
    let mut errors = FieldErrors::none();
    let refusal = refused.map(|error| errors.tell(error));
    Ok(ReservedPage {
        page: frame(app, who, jar, "Số giữ", "reserved").await?,
        lines: found
            .into_iter()
            .map(|line| Line {
                id: line.id.to_string(),
                number: line.number_and_symbol,
                day: format::date(line.reserved_on),
                kind: document_types::by_key(&line.type_key)
                    .map_or(line.type_key, |kind| kind.name.to_owned()),
                reason: match line.close_reason {
                    Some(closed) => format!("{} · Hủy: {closed}", line.reason),
                    None => line.reason,
                },
                signer: line.signer,
                state: Badge::new(
                    line.state.label(),
                    match line.state {
                        ReservedState::Held => Tone::Info,
                        ReservedState::Used => Tone::Good,
                        ReservedState::Void => Tone::Neutral,
                    },
                ),
                href: line
                    .document
                    .map(|id| format!("/outgoing/{id}"))
                    .unwrap_or_default(),
                is_held: line.state == ReservedState::Held,
            })
            .collect(),
        may_write: who.is_clerk(),
        kinds: document_types::in_force(app.clock.today())
            .filter(|kind| !kind.is_copy)
            .map(|kind| Choice::new(kind.key, kind.name))
            .collect(),
        count: typed.count.to_string(),
        typed,
        errors,
        refusal,
        command_id: app.ids.next(),
    })
}
