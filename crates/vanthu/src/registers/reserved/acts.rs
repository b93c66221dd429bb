//! The acts: numbers are reserved, given to a document that waits for its number, made void.

use axum::{
    Json,
    extract::{Path, State},
};
use jiff::SignedDuration;
use rules::{
    Refusal,
    access::Action,
    document_types,
    ids::{CommandId, OutgoingId},
    numbering::{self, ReservedState},
    outgoing::OutgoingState,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Act, Begun, Entry, args, sql};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    access, act_names, api,
    context::{App, Who},
    error::{AppError, AppResult},
    organization,
    outgoing::series::{self, Series},
    web::clean,
};

/// Numbers that are to be kept.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct ReserveNumbers {
    /// Kind of the document to come, `quyet_dinh`: it says in which series.
    pub type_key: String,
    /// How many: 1 to 20.
    #[serde(deserialize_with = "crate::web::number_or_blank")]
    #[schema(value_type = u32)]
    pub count: u32,
    /// Viết tắt đơn vị, lĩnh vực: needed for công văn.
    pub field_abbr: String,
    /// Who will sign, when it is known.
    pub signer: String,
    /// Lý do. Never empty; it stands in the register (Ghi chú).
    pub reason: String,
}

/// Numbers that were kept.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct NumbersReserved {
    /// The reservations, in order.
    pub ids: Vec<Uuid>,
    /// Số và ký hiệu of each: `05/QĐ-UBND`.
    pub numbers: Vec<String>,
}

/// Why a reserved number is void.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct VoidReserved {
    /// Lý do. Never empty; it stands in the register (Ghi chú).
    pub reason: String,
}

/// Which document takes which reserved number.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
pub struct AssignReserved {
    /// The document: approved, not numbered.
    #[schema(value_type = Uuid)]
    pub document: OutgoingId,
    /// The reservation; empty: the next number of the series.
    #[serde(default, deserialize_with = "crate::web::blank_as_none")]
    #[schema(value_type = Option<Uuid>)]
    pub reserved: Option<Uuid>,
}

/// A reservation after an act.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ReservedKept {
    /// The reservation, if one is meant.
    pub id: Option<Uuid>,
    /// Số và ký hiệu; empty when none is meant.
    pub number_and_symbol: String,
}

/// Keeps the next numbers of a series.
#[utoipa::path(post, path = "/api/v1/registers/reserved", tag = "registers", request_body = ReserveNumbers,
    responses((status = 200, body = NumbersReserved), (status = 409)))]
pub async fn api_reserve(
    State(app): State<App>,
    sent: api::Command<ReserveNumbers>,
) -> AppResult<Json<NumbersReserved>> {
    Ok(Json(reserve(&app, &sent.who, sent.command, &sent.data).await?))
}

/// Says which document takes a reserved number when it is issued.
#[utoipa::path(post, path = "/api/v1/registers/reserved/assign", tag = "registers", request_body = AssignReserved,
    responses((status = 200, body = ReservedKept), (status = 404), (status = 409)))]
pub async fn api_assign(
    State(app): State<App>,
    sent: api::Command<AssignReserved>,
) -> AppResult<Json<ReservedKept>> {
    Ok(Json(assign(&app, &sent.who, sent.command, sent.data).await?))
}

/// Makes a reserved number void.
#[utoipa::path(post, path = "/api/v1/registers/reserved/{id}/void", tag = "registers", params(("id" = Uuid, Path)),
    request_body = VoidReserved, responses((status = 200, body = ReservedKept), (status = 404), (status = 409)))]
pub async fn api_void(
    State(app): State<App>,
    Path(id): Path<Uuid>,
    sent: api::Command<VoidReserved>,
) -> AppResult<Json<ReservedKept>> {
    Ok(Json(void(&app, &sent.who, sent.command, id, &sent.data).await?))
}

/// Keeps numbers.
///
/// # Errors
/// Refusals of [`numbering::reserve`], [`numbering::symbol`] and [`numbering::next`].
pub async fn reserve(
    app: &App,
    who: &Who,
    command: CommandId,
    data: &ReserveNumbers,
) -> AppResult<NumbersReserved> {
    let agency = who.agency();
    let reason = clean(&data.reason);
    numbering::reserve(&who.actor, agency, data.count, &reason)?;
    let kind = document_types::usable(&data.type_key, app.clock.today())?;
    if kind.is_copy {
        return Err(Refusal::new(
            "ND30-15.1",
            "numbering.reserved_copy",
            "Không giữ số bản sao; bản sao được cấp số khi sao.",
        )
        .on("type_key")
        .into());
    }
    let abbr = organization::agency(app, agency).await?.abbr;
    let rule = series::rule(app, agency, app.clock.today()).await?;
    let series = Series::of(agency, rule, kind).for_what("giữ số");
    let symbol = numbering::symbol(kind, &abbr, &clean(&data.field_abbr), app.clock.today().year()).map_err(
        |refusal| {
            if refusal.field == Some("drafting_unit") {
                refusal.on("field_abbr")
            } else {
                refusal
            }
        },
    )?;
    let _turn = series.turn(app).await;
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let mut kept = NumbersReserved {
        ids: Vec::new(),
        numbers: Vec::new(),
    };
    for nth in 0..data.count {
        let taken = series.take(&mut act).await?;
        // One after another: the book keeps them in the order of their numbers.
        let (id, at) = (
            act.new_id(),
            act.now() + SignedDuration::from_micros(i64::from(nth)),
        );
        act.run(
            sql!(
                "INSERT INTO reserved_number (id, agency_id, series, year, number, type_key, symbol, reserved_on, reason, \
                 signer_name, state, post_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
            ),
            args![
                id,
                agency,
                series.key(),
                taken.year,
                taken.number,
                kind.key,
                symbol.as_str(),
                taken.date,
                reason.as_str(),
                clean(&data.signer),
                ReservedState::Held.as_str(),
                who.post(),
                at
            ],
        )
        .await?;
        kept.ids.push(id);
        kept.numbers
            .push(numbering::number_and_symbol(taken.number, &symbol));
    }
    act.journal(Entry {
        act: act_names::RESERVE_NUMBERS,
        object_kind: "agency",
        object: agency.as_uuid(),
        agency: None,
        summary: format!("Giữ số {}: {reason}.", kept.numbers.join(", ")),
        details: json!({ "ids": kept.ids, "numbers": kept.numbers, "series": series.key(), "note": reason }),
    })
    .await?;
    app.commit(act, &kept).await?;
    Ok(kept)
}

/// A reservation of the agency, locked until the act ends.
struct Locked {
    state: ReservedState,
    series: String,
    year: i16,
    printed: String,
    document: Option<OutgoingId>,
}

async fn locked(act: &mut Act, who: &Who, id: Uuid) -> AppResult<Locked> {
    let row = act
        .opt(
            sql!(
                "UPDATE reserved_number SET number = number WHERE id = $1 AND agency_id = $2 \
                 RETURNING number, symbol, series, year, state, outgoing_id"
            ),
            args![id, who.agency()],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    Ok(Locked {
        state: row.parse("state")?,
        series: row.get("series")?,
        year: row.get("year")?,
        printed: numbering::number_and_symbol(row.get("number")?, &row.get::<String>("symbol")?),
        document: row.get("outgoing_id")?,
    })
}

impl Locked {
    /// Whether another document that still waits to be issued has it.
    async fn is_chosen_elsewhere(&self, act: &mut Act, than: OutgoingId) -> AppResult<bool> {
        let Some(document) = self.document.filter(|document| *document != than) else {
            return Ok(false);
        };
        let row = act
            .one(sql!("SELECT state FROM outgoing WHERE id = $1"), args![document])
            .await?;
        let state: OutgoingState = row.parse("state")?;
        Ok(state.waits_for_number())
    }
}

/// Makes a reserved number void.
///
/// # Errors
/// Refusals of [`numbering::void_reserved`]; [`AppError::NotFound`] for a number of another agency.
pub async fn void(
    app: &App,
    who: &Who,
    command: CommandId,
    id: Uuid,
    data: &VoidReserved,
) -> AppResult<ReservedKept> {
    let reason = clean(&data.reason);
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let held = locked(&mut act, who, id).await?;
    numbering::void_reserved(&who.actor, who.agency(), held.state, &reason)?;
    let now = act.now();
    act.run(
        sql!(
            "UPDATE reserved_number SET state = $2, close_reason = $3, outgoing_id = NULL, closed_by = $4, closed_at = $5 \
             WHERE id = $1"
        ),
        args![
            id,
            ReservedState::Void.as_str(),
            reason.as_str(),
            who.post(),
            now
        ],
    )
    .await?;
    act.journal(Entry {
        act: act_names::VOID_RESERVED,
        object_kind: "agency",
        object: who.agency().as_uuid(),
        agency: None,
        summary: format!("Hủy số đã giữ {}: {reason}.", held.printed),
        details: json!({ "reserved": id, "note": reason }),
    })
    .await?;
    let kept = ReservedKept {
        id: Some(id),
        number_and_symbol: held.printed,
    };
    app.commit(act, &kept).await?;
    Ok(kept)
}

/// Says which reserved number a document takes when it is issued; none: the next of its series.
///
/// # Errors
/// Refusals of [`numbering::assign_reserved`]; [`AppError::NotFound`] for what is not the agency's.
pub async fn assign(
    app: &App,
    who: &Who,
    command: CommandId,
    data: AssignReserved,
) -> AppResult<ReservedKept> {
    let object = access::of_outgoing(app, data.document.as_uuid()).await?;
    access::may(who, Action::Issue, &object)?;
    let rule = series::rule(app, who.agency(), app.clock.today()).await?;
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let document = act
        .opt(
            sql!(
                "UPDATE outgoing SET revision = revision + 1 WHERE id = $1 AND agency_id = $2 RETURNING state, type_key"
            ),
            args![data.document, who.agency()],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    let kind = document_types::usable(&document.get::<String>("type_key")?, act.today())?;
    let is_approved = document.parse::<OutgoingState>("state")? == OutgoingState::Approved;
    let (state, same_series, printed) = match data.reserved {
        None => (ReservedState::Held, true, String::new()),
        Some(id) => {
            let held = locked(&mut act, who, id).await?;
            if held.is_chosen_elsewhere(&mut act, data.document).await? {
                return Err(Refusal::new(
                    "ND30-15.1",
                    "numbering.reserved_chosen",
                    "Số này đã được chọn cho văn bản khác đang chờ phát hành. Vui lòng tải lại trang rồi chọn số khác.",
                )
                .on("reserved")
                .into());
            }
            let key = numbering::series_key(&rule.rule, kind);
            let same_series = held.series == key && held.year == act.today().year();
            (held.state, same_series, held.printed)
        }
    };
    numbering::assign_reserved(&who.actor, who.agency(), state, same_series, is_approved)?;
    act.run(
        sql!("UPDATE reserved_number SET outgoing_id = NULL WHERE outgoing_id = $1 AND state = 'held'"),
        args![data.document],
    )
    .await?;
    if let Some(id) = data.reserved {
        act.run(
            sql!("UPDATE reserved_number SET outgoing_id = $2 WHERE id = $1"),
            args![id, data.document],
        )
        .await?;
    }
    act.journal(Entry {
        act: act_names::ASSIGN_RESERVED,
        object_kind: "outgoing",
        object: data.document.as_uuid(),
        agency: None,
        summary: if printed.is_empty() {
            "Bỏ chọn số đã giữ; văn bản lấy số tiếp theo khi phát hành.".to_owned()
        } else {
            format!("Chọn số đã giữ {printed} cho văn bản.")
        },
        details: json!({ "reserved": data.reserved }),
    })
    .await?;
    let kept = ReservedKept {
        id: data.reserved,
        number_and_symbol: printed,
    };
    app.commit(act, &kept).await?;
    Ok(kept)
}
