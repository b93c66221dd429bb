//! Hủy số: a number that was given and will not be issued, a fact of the register with its reason (ND30-15.3); or, where the agency decided so,
//! the next document of the day gets it (CN-227).

use axum::{
    Json,
    extract::{Path, State},
};
use axum_extra::extract::cookie::CookieJar;
use rules::{
    access::Action,
    document_types,
    ids::{CommandId, OutgoingId},
    outgoing::{GivenNumber, OutgoingState},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Act, Begun, args, sql};
use utoipa::ToSchema;

use super::series::{self, Series};
use crate::{
    agency_settings, api,
    context::{App, Who},
    error::AppResult,
    outgoing::{
        detail,
        load::{self, Document},
        step::{self, Moved},
    },
    web::{Reply, Submitted, clean},
};

/// Hủy số.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct VoidNumber {
    /// Lý do. Never empty; it stands in the register (Ghi chú).
    pub reason: String,
}

/// `POST /outgoing/{id}/void-number`.
pub async fn page(
    State(app): State<App>,
    jar: CookieJar,
    Path(id): Path<OutgoingId>,
    form: Submitted<VoidNumber>,
) -> Reply {
    let typed = form.data.reason.clone();
    let done = void_number(&app, &form.who, form.command, id, &form.data).await;
    let went_back = |moved: &Moved| moved.state == OutgoingState::Cancelled.as_str();
    let sentence = if done.as_ref().is_ok_and(went_back) {
        "Đã hủy số. Theo cài đặt của cơ quan, văn bản tiếp theo trong ngày được cấp lại số này."
    } else {
        "Đã hủy số. Số này vẫn ở trong sổ đăng ký kèm lý do và không cấp lại."
    };
    detail::after(&app, &form.who, &jar, id, done, typed, sentence).await
}

/// Takes the number from a document that was numbered and not issued: it is void (`voided`), or where the agency decided so and it is the last of the
/// day, the next document gets it (`cancelled`).
#[utoipa::path(post, path = "/api/v1/outgoing/{id}/void-number", tag = "outgoing", params(("id" = Uuid, Path)),
    request_body = VoidNumber, responses((status = 200, body = Moved), (status = 404), (status = 409)))]
pub async fn api_void_number(
    State(app): State<App>,
    Path(id): Path<OutgoingId>,
    sent: api::Command<VoidNumber>,
) -> AppResult<Json<Moved>> {
    Ok(Json(
        void_number(&app, &sent.who, sent.command, id, &sent.data).await?,
    ))
}

/// Makes the number void, or gives it back to its series.
///
/// # Errors
/// Refusals of [`rules::outgoing::void_number`]; `KS-10` while a request for the agency's signature is open.
pub async fn void_number(
    app: &App,
    who: &Who,
    command: CommandId,
    id: OutgoingId,
    data: &VoidNumber,
) -> AppResult<Moved> {
    let rule = series::rule(app, who.agency(), app.clock.today()).await?;
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let reason = clean(&data.reason);
    let mut document = load::for_change(&mut act, who, id, Action::Issue).await?;
    let series = document_types::by_key(&document.type_key).map(|kind| Series::of(who.agency(), rule, kind));
    let given = given(&mut act, who, &document, series.as_ref()).await?;
    let plan = rules::outgoing::void_number(&who.actor, &document.facts, &reason, given)?;
    let goes_back = given.goes_back();
    let details = json!({
        "number_and_symbol": document.number_and_symbol(), "reason": reason, "used_again": goes_back
    });
    if goes_back && let (Some(series), Some(number)) = (&series, document.number) {
        series.give_back(&mut act, number).await?;
        act.run(
            sql!(
                "UPDATE outgoing SET series = NULL, year = NULL, number = NULL, symbol = NULL, issued_on = NULL, issued_at = NULL, \
                 document_code = NULL WHERE id = $1"
            ),
            args![id],
        )
        .await?;
        // From here on it is a draft like any other that is given up.
        document.number = None;
    } else {
        act.run(
            sql!("UPDATE outgoing SET void_reason = $2 WHERE id = $1"),
            args![id, reason.as_str()],
        )
        .await?;
    }
    let moved = step::apply(&mut act, who, &document, &plan, Some(&reason), details).await?;
    app.commit(act, &moved).await?;
    Ok(moved)
}

/// What is known of the number of a document; that it stays, where the agency did not decide otherwise.
async fn given(
    act: &mut Act,
    who: &Who,
    document: &Document,
    series: Option<&Series>,
) -> AppResult<GivenNumber> {
    let again: Option<bool> = agency_settings::read_in(act, who.agency(), "numbering.void_again").await?;
    let (Some(true), Some(series), Some(number)) = (again, series, document.number) else {
        return Ok(GivenNumber::default());
    };
    let own = act
        .one(
            sql!("SELECT series, year FROM outgoing WHERE id = $1"),
            args![document.id],
        )
        .await?;
    let (key, year): (String, Option<i64>) = (own.get("series")?, own.get("year")?);
    let is_last = series.key() == key && series.is_last(act, number).await?;
    let reserved = act
        .opt(
            sql!("SELECT id FROM reserved_number WHERE agency_id = $1 AND series = $2 AND year = $3 AND number = $4"),
            args![who.agency(), key, year, number],
        )
        .await?;
    // Also when the signature was not kept: whoever has the key may have the file.
    let signed = act
        .opt(
            sql!(
                "SELECT object_id FROM key_use WHERE object_id = $1 AND purpose IN ('issue', 'attachment') UNION ALL \
                 SELECT r.subject_id FROM key_made m JOIN signing_request r ON r.id = m.request_id WHERE r.subject_id = $1 LIMIT 1"
            ),
            args![document.id],
        )
        .await?;
    Ok(GivenNumber {
        agency_uses_it_again: true,
        is_of_today: document.issued_on == Some(act.today()),
        is_last,
        was_reserved: reserved.is_some(),
        is_signed: signed.is_some(),
    })
}
