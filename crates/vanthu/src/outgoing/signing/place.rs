//! Đặt vị trí chữ ký, số, ngày on an uploaded PDF: in mm from the upper left corner of a page. What the program laid out
//! has its places already.

use askama::Template;
use axum::{
    Json,
    extract::{Path, State},
};
use axum_extra::extract::cookie::CookieJar;
use pdf_signature::appearance::{Area, Slot};
use rules::{
    Refusal,
    access::Action,
    ids::{CommandId, OutgoingId},
    outgoing::OutgoingState,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Begun, Entry};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    places::{self, Blanks, Places, USUAL_DAY, USUAL_MONTH},
    sign,
};
use crate::{
    access, act_names, api,
    context::{App, Who},
    documents,
    error::{AppError, AppResult},
    organization,
    outgoing::{
        drafting::{content::Main, save_draft::PDF},
        load,
    },
    signing::requests,
    web::{
        Reply, Stay, Submitted, format, frame,
        page::{Page, RefusalBox},
        render, see_other,
    },
};

/// Size of number and day, points (PL1-3, PL1-4).
const TEXT: f64 = 13.0;

/// Places, mm from the upper left corner of the page.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Place {
    /// Page of the signature, from 1.
    pub page: u32,
    /// Left edge of the box between title and name.
    pub x: f64,
    /// Its upper edge.
    pub y: f64,
    /// Its width.
    pub width: f64,
    /// Its height.
    pub height: f64,
    /// Left edge of the blank of the number, on page 1.
    pub number_x: f64,
    /// Width of that blank.
    pub number_width: f64,
    /// Left edge of the blank of the day.
    pub day_x: f64,
    /// Left edge of the blank of the month.
    pub month_x: f64,
    /// The line on which number, day and month stand: its baseline.
    pub baseline: f64,
}

impl Place {
    fn of(places: &Places) -> Self {
        let (area, blanks) = (&places.signature, &places.blanks);
        Self {
            page: area.page,
            x: area.x,
            y: area.y,
            width: area.width,
            height: area.height,
            number_x: blanks.number.x,
            number_width: blanks.number.width,
            // Without a place of their own they stand where Phụ lục I puts them.
            day_x: blanks.day.map_or(USUAL_DAY, |slot| slot.x),
            month_x: blanks.month.map_or(USUAL_MONTH, |slot| slot.x),
            baseline: blanks.number.baseline,
        }
    }

    fn places(&self) -> Places {
        let slot = |x, width| Slot {
            page: 1,
            x,
            baseline: self.baseline,
            width,
            size: TEXT,
        };
        Places {
            signature: Area {
                page: self.page,
                x: self.x,
                y: self.y,
                width: self.width,
                height: self.height,
            },
            blanks: Blanks {
                number: slot(self.number_x, self.number_width),
                // Two digits of size 13 are 4.6 mm wide.
                day: Some(slot(self.day_x, 6.0)),
                month: Some(slot(self.month_x, 6.0)),
                year: None,
            },
            signed: None,
            by_hand: true,
        }
    }
}

#[derive(Template)]
#[template(path = "outgoing/signing/place.html")]
struct PlacePage {
    page: Page,
    id: OutgoingId,
    command_id: Uuid,
    src: String,
    back: String,
    heading: String,
    refusal: Option<RefusalBox>,
    place: Place,
    /// The signer's name, above which the script looks for the place of the signature.
    signer: String,
    /// Whether nobody has placed yet, so that the script may suggest.
    suggests: bool,
    /// Whether the signature was drawn already: then only number and day can move.
    is_signed: bool,
}

/// `GET /outgoing/{id}/place`.
pub async fn page(State(app): State<App>, who: Who, jar: CookieJar, Path(id): Path<OutgoingId>) -> Reply {
    render(&shown(&app, &who, &jar, id, None, None).await?)
}

/// `POST /outgoing/{id}/place`.
pub async fn submit(
    State(app): State<App>,
    jar: CookieJar,
    Path(id): Path<OutgoingId>,
    form: Submitted<Place>,
) -> Reply {
    match place(&app, &form.who, form.command, id, &form.data).await {
        Ok(_) => Ok(see_other(
            &app,
            &format!("/outgoing/{id}"),
            "Đã đặt vị trí chữ ký, số và ngày.",
        )),
        Err(AppError::Refused(refusal)) => {
            Stay::on(&shown(&app, &form.who, &jar, id, Some(refusal), Some(form.data)).await?)
        }
        Err(error) => Err(error),
    }
}

/// Says where signature, number and day stand on an uploaded main file.
#[utoipa::path(post, path = "/api/v1/outgoing/{id}/place", tag = "outgoing", params(("id" = Uuid, Path)),
    request_body = Place, responses((status = 200, body = Place), (status = 404), (status = 409)))]
pub async fn api_place(
    State(app): State<App>,
    Path(id): Path<OutgoingId>,
    sent: api::Command<Place>,
) -> AppResult<Json<Place>> {
    Ok(Json(place(&app, &sent.who, sent.command, id, &sent.data).await?))
}

async fn shown(
    app: &App,
    who: &Who,
    jar: &CookieJar,
    id: OutgoingId,
    refusal: Option<Refusal>,
    typed: Option<Place>,
) -> AppResult<PlacePage> {
    let document = load::for_view(app, who, id).await?;
    access::may(who, Action::EditDraft, &document.object)?;
    let files = documents::files_of(app, document.file_set).await?;
    let last = files
        .iter()
        .find(|item| item.is_main)
        .and_then(|item| item.file.pages)
        .and_then(|pages| u32::try_from(pages).ok())
        .unwrap_or(1);
    let known = places::stored(app, id, document.facts.version).await?;
    let signer = match document.signer() {
        Some(post) => organization::post(app, post).await?.name,
        None => String::new(),
    };
    Ok(PlacePage {
        page: frame(app, who, jar, "Đặt vị trí chữ ký, số, ngày", "").await?,
        id,
        command_id: app.ids.next(),
        src: documents::viewer_src(&files),
        back: format!("/outgoing/{id}"),
        heading: document.subject.clone(),
        refusal: refusal.map(|refusal| RefusalBox {
            sentence: refusal.message,
            clause: format::clause(refusal.clause),
            what_to_do: String::new(),
        }),
        signer,
        suggests: typed.is_none() && !known.as_ref().is_some_and(|places| places.by_hand),
        is_signed: document.signed_set.is_some(),
        place: typed.unwrap_or_else(|| Place::of(&known.unwrap_or_else(|| Places::usual(last)))),
    })
}

/// Keeps the places of the current version. Until it is signed by those who may edit it; number and day until it is numbered.
///
/// # Errors
/// `PL1-7d` for a place outside its page, for a document that the program laid out, once the number is given; `KS-10` while
/// it waits for a signature.
pub async fn place(
    app: &App,
    who: &Who,
    command: CommandId,
    id: OutgoingId,
    data: &Place,
) -> AppResult<Place> {
    let seen = load::for_view(app, who, id).await?;
    access::may(who, Action::EditDraft, &seen.object)?;
    let files = documents::files_of(app, seen.file_set).await?;
    let main = files
        .iter()
        .find(|item| item.is_main && item.file.media_type == PDF)
        .ok_or_else(sign::no_main_file)?;
    let mut wanted = data.places();
    let bytes = app.blobs.read(main.file.digest).await?;
    let areas = [wanted.signature, row(&wanted.blanks)];
    app.heavy(move |_| {
        areas
            .iter()
            .try_for_each(|area| requests::within_page(&bytes, area))
    })
    .await??;
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let document = load::for_change(&mut act, who, id, Action::EditDraft).await?;
    sign::unchanged(&seen, &document)?;
    let content = load::content_for_change(&mut act, id, document.facts.version).await?;
    if !matches!(content.main, Main::File { .. }) {
        return Err(Refusal::new(
            "PL1-7d",
            "outgoing.places_of_layout",
            "Văn bản soạn trong hệ thống đã có sẵn vị trí chữ ký, số và ngày nên không đặt lại.",
        )
        .into());
    }
    if !document.state().is_open() || document.state() == OutgoingState::Numbered {
        return Err(Refusal::new(
            "PL1-7d",
            "outgoing.too_late_to_place",
            "Văn bản đã được cấp số hoặc đã kết thúc nên không đặt lại vị trí được.",
        )
        .into());
    }
    if document.signed_set.is_some() {
        // The signature stands where it was drawn; only number and day can still move.
        let row = places::stored_in(&mut act, id, document.facts.version).await?;
        if let Some(signed) = row {
            wanted.signature = signed.signature;
            wanted.signed = signed.signed;
        }
    }
    places::keep(&mut act, id, document.facts.version, &wanted).await?;
    act.journal(Entry {
        act: act_names::PLACE,
        object_kind: "outgoing",
        object: id.as_uuid(),
        agency: None,
        summary: "Đặt vị trí chữ ký, số, ngày.".to_owned(),
        details: json!({ "places": wanted, "version": document.facts.version }),
    })
    .await?;
    let answer = Place::of(&wanted);
    app.commit(act, &answer).await?;
    Ok(answer)
}

/// The part of the first page on which number and day are written.
fn row(blanks: &Blanks) -> Area {
    let slots = || {
        [Some(blanks.number), blanks.day, blanks.month]
            .into_iter()
            .flatten()
    };
    let left = slots().map(|slot| slot.x).fold(f64::MAX, f64::min);
    let right = slots().map(|slot| slot.x + slot.width).fold(left, f64::max);
    Area {
        page: 1,
        x: left,
        y: blanks.number.baseline - 5.0,
        width: right - left,
        height: 6.0,
    }
}
