//! The acts: forwarded, signed for, given back, registered.

use axum::{
    Json,
    extract::{Path, State},
};
use jiff::civil::Date;
use rules::{
    ids::{AgencyId, CommandId, IncomingId, PostId},
    incoming::{
        AddresseeKind, Envelope, UnopenedFacts, UnopenedState, forward_unopened, hand_back_unopened,
        receive_unopened, register_unopened,
    },
    secrecy::{SecretMarks, refuse_state_secret},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Act, Begun, Entry, args, sql};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    act_names, api,
    context::{App, Who},
    documents::state_secret::{self, Attempt},
    error::{AppError, AppResult},
    notices,
    web::clean,
};

/// An envelope as the clerk records it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ForwardUnopened {
    /// `person` or `organisation`.
    #[schema(value_type = String)]
    pub addressee_kind: AddresseeKind,
    /// Người, tổ chức nhận, as it stands on the envelope.
    #[serde(default)]
    pub addressee: String,
    /// The person in the system, when there is one: they see it and sign for it themselves.
    #[serde(default)]
    #[schema(value_type = Option<Uuid>)]
    pub addressee_post: Option<PostId>,
    /// Nơi gửi, as it stands on the envelope.
    #[serde(default)]
    pub sender: String,
    /// Số, ký hiệu and other marks on the envelope.
    #[serde(default)]
    pub marks: String,
    /// Ngày đến; today when left out.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub arrived_on: Option<Date>,
}

/// Who signed for an envelope.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct ReceiveUnopened {
    /// Họ tên người ký nhận; the addressee themselves may leave it out.
    pub received_by: String,
}

/// Why an envelope comes back.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct HandBackUnopened {
    /// Nội dung liên quan công việc chung.
    pub reason: String,
}

/// The envelope of an act.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
pub struct UnopenedDone {
    /// Its id.
    pub id: Uuid,
}

/// Records an envelope that goes on unopened.
///
/// # Errors
/// The refusals of [`forward_unopened`]; `QC01-1.2` for a mark of secrecy; `ND30-21.1b` for a person of another agency.
pub async fn forward(
    app: &App,
    who: &Who,
    command: CommandId,
    data: ForwardUnopened,
) -> AppResult<UnopenedDone> {
    let attempt = Attempt {
        act: act_names::FORWARD_UNOPENED,
        doing: "ghi bì thư chuyển không bóc",
        object_kind: "unopened",
        object: None,
        file: None,
    };
    let done = forward_checked(app, who, command, data).await;
    state_secret::journal_refusal(app, who, attempt, done).await
}

async fn forward_checked(
    app: &App,
    who: &Who,
    command: CommandId,
    data: ForwardUnopened,
) -> AppResult<UnopenedDone> {
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let today = act.today();
    let arrived_on = data.arrived_on.unwrap_or(today);
    let (sender, marks) = (line(&data.sender), line(&data.marks));
    let mut addressee = line(&data.addressee);
    if let Some(post) = data.addressee_post {
        let name = name_of(&mut act, who.agency(), post).await?;
        if addressee.is_empty() {
            addressee = name;
        }
    }
    forward_unopened(
        &who.actor,
        who.agency(),
        &Envelope {
            addressee: &addressee,
            sender: &sender,
            arrived_on,
            today,
        },
    )?;
    refuse_state_secret(&SecretMarks {
        symbols: &[&marks],
        texts: &[&addressee, &sender, &marks],
        ..SecretMarks::default()
    })?;
    let (id, now) = (act.new_id(), act.now());
    act.run(
        sql!(
            "INSERT INTO unopened_mail (id, agency_id, state, addressee_kind, addressee, addressee_post, sender, marks, arrived_on, \
             forwarded_by, forwarded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        ),
        args![
            id,
            who.agency(),
            UnopenedState::Forwarded.as_str(),
            data.addressee_kind.as_str(),
            addressee.as_str(),
            data.addressee_post,
            sender.as_str(),
            marks.as_str(),
            arrived_on,
            who.post(),
            now,
        ],
    )
    .await?;
    if let Some(post) = data.addressee_post {
        notices::envelope_came(&mut act, post.as_uuid(), id).await?;
    }
    act.journal(Entry {
        act: act_names::FORWARD_UNOPENED,
        object_kind: "unopened",
        object: id,
        agency: None,
        summary: format!("Chuyển không bóc bì thư của {sender} gửi {addressee}"),
        details: json!({
            "addressee": addressee, "addressee_kind": data.addressee_kind, "post": data.addressee_post, "sender": sender,
            "marks": marks, "arrived_on": arrived_on,
        }),
    })
    .await?;
    let answer = UnopenedDone { id };
    app.commit(act, &answer).await?;
    Ok(answer)
}

/// Records who signed for an envelope.
///
/// # Errors
/// The refusals of [`receive_unopened`]; [`AppError::NotFound`] for an envelope that is not there for this person.
pub async fn receive(
    app: &App,
    who: &Who,
    command: CommandId,
    id: Uuid,
    data: ReceiveUnopened,
) -> AppResult<UnopenedDone> {
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let facts = locked(&mut act, who, id).await?;
    let mut received_by = line(&data.received_by);
    if received_by.is_empty() && facts.addressee == Some(who.post()) {
        received_by.clone_from(&who.name);
    }
    receive_unopened(&who.actor, &facts, &received_by)?;
    let now = act.now();
    act.run(
        sql!("UPDATE unopened_mail SET state = $2, received_by = $3, received_at = $4 WHERE id = $1"),
        args![id, UnopenedState::Received.as_str(), received_by.as_str(), now],
    )
    .await?;
    act.journal(Entry {
        act: act_names::RECEIVE_UNOPENED,
        object_kind: "unopened",
        object: id,
        agency: None,
        summary: format!("{received_by} ký nhận bì thư không bóc"),
        details: json!({ "received_by": received_by }),
    })
    .await?;
    let answer = UnopenedDone { id };
    app.commit(act, &answer).await?;
    Ok(answer)
}

/// Gives an envelope back to văn thư, to be registered.
///
/// # Errors
/// The refusals of [`hand_back_unopened`]; [`AppError::NotFound`] for an envelope that is not there for this person.
pub async fn hand_back(
    app: &App,
    who: &Who,
    command: CommandId,
    id: Uuid,
    data: HandBackUnopened,
) -> AppResult<UnopenedDone> {
    let attempt = Attempt {
        act: act_names::HAND_BACK_UNOPENED,
        doing: "chuyển lại bì thư để đăng ký",
        object_kind: "unopened",
        object: Some(id),
        file: None,
    };
    let done = hand_back_checked(app, who, command, id, data).await;
    state_secret::journal_refusal(app, who, attempt, done).await
}

async fn hand_back_checked(
    app: &App,
    who: &Who,
    command: CommandId,
    id: Uuid,
    data: HandBackUnopened,
) -> AppResult<UnopenedDone> {
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let facts = locked(&mut act, who, id).await?;
    let reason = line(&data.reason);
    hand_back_unopened(&who.actor, &facts, &reason)?;
    refuse_state_secret(&SecretMarks {
        texts: &[&reason],
        ..SecretMarks::default()
    })?;
    let now = act.now();
    act.run(
        sql!(
            "UPDATE unopened_mail SET state = $2, back_by = $3, back_at = $4, back_reason = $5 WHERE id = $1"
        ),
        args![
            id,
            UnopenedState::HandedBack.as_str(),
            who.name.as_str(),
            now,
            reason.as_str()
        ],
    )
    .await?;
    notices::envelope_came(&mut act, who.agency().as_uuid(), id).await?;
    act.journal(Entry {
        act: act_names::HAND_BACK_UNOPENED,
        object_kind: "unopened",
        object: id,
        agency: None,
        summary: format!("Chuyển lại văn thư để đăng ký: {reason}"),
        details: json!({ "note": reason }),
    })
    .await?;
    let answer = UnopenedDone { id };
    app.commit(act, &answer).await?;
    Ok(answer)
}

/// Notes as what an envelope was registered, within the act that registers.
///
/// # Errors
/// The refusals of [`register_unopened`]; [`AppError::NotFound`] for an envelope that is not there for this person.
pub(in crate::incoming) async fn registered(
    act: &mut Act,
    who: &Who,
    id: Uuid,
    incoming: IncomingId,
) -> AppResult<()> {
    let facts = locked(act, who, id).await?;
    register_unopened(&who.actor, &facts)?;
    act.run(
        sql!("UPDATE unopened_mail SET state = $2, incoming_id = $3 WHERE id = $1"),
        args![id, UnopenedState::Registered.as_str(), incoming],
    )
    .await?;
    notices::envelope_registered(act, who.agency().as_uuid(), id).await
}

/// Locks an envelope of the agency. One that was not addressed to this person is as if it were not there, but for clerks.
async fn locked(act: &mut Act, who: &Who, id: Uuid) -> AppResult<UnopenedFacts> {
    let row = act
        .opt(
            sql!(
                "UPDATE unopened_mail SET state = state WHERE id = $1 AND agency_id = $2 \
                 RETURNING agency_id, state, addressee_post"
            ),
            args![id, who.agency()],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    let facts = UnopenedFacts {
        agency: row.get("agency_id")?,
        state: row.parse("state")?,
        addressee: row.get("addressee_post")?,
    };
    if !who.is_clerk() && facts.addressee != Some(who.post()) {
        return Err(AppError::NotFound);
    }
    Ok(facts)
}

/// The name of a person of the agency.
async fn name_of(act: &mut Act, agency: AgencyId, post: PostId) -> AppResult<String> {
    let today = act.today();
    let row = act
        .opt(
            sql!(
                "SELECT a.full_name FROM post p JOIN account a ON a.id = p.account_id WHERE p.id = $1 AND p.agency_id = $2 \
                 AND p.role <> 'administrator' AND (p.valid_to IS NULL OR p.valid_to >= $3) AND a.closed_at IS NULL"
            ),
            args![post, agency, today],
        )
        .await?
        .ok_or_else(|| {
            rules::Refusal::new(
                "ND30-21.1b",
                "unopened.unknown_person",
                "Người nhận đã chọn không thuộc cơ quan. Vui lòng chọn lại hoặc chỉ ghi tên trên bì.",
            )
            .on("addressee_post")
        })?;
    Ok(row.get("full_name")?)
}

fn line(text: &str) -> String {
    clean(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Records an envelope that is addressed to a named person or a mass organisation and goes on unopened.
#[utoipa::path(post, path = "/api/v1/incoming/unopened", tag = "incoming", request_body = ForwardUnopened,
    responses((status = 200, body = UnopenedDone), (status = 409, description = "Quy tắc không cho phép")))]
pub async fn api_forward(
    State(app): State<App>,
    command: api::Command<ForwardUnopened>,
) -> AppResult<Json<UnopenedDone>> {
    Ok(Json(
        forward(&app, &command.who, command.command, command.data).await?,
    ))
}

/// Records who signed for an envelope.
#[utoipa::path(post, path = "/api/v1/incoming/unopened/{id}/receive", tag = "incoming", params(("id" = Uuid, Path)),
    request_body = ReceiveUnopened,
    responses((status = 200, body = UnopenedDone), (status = 409, description = "Quy tắc không cho phép"), (status = 404)))]
pub async fn api_receive(
    State(app): State<App>,
    Path(id): Path<Uuid>,
    command: api::Command<ReceiveUnopened>,
) -> AppResult<Json<UnopenedDone>> {
    Ok(Json(
        receive(&app, &command.who, command.command, id, command.data).await?,
    ))
}

/// Gives an envelope back to văn thư: it turned out to be common business. It is then registered by `POST /api/v1/incoming/paper`
/// with `unopened`.
#[utoipa::path(post, path = "/api/v1/incoming/unopened/{id}/hand-back", tag = "incoming", params(("id" = Uuid, Path)),
    request_body = HandBackUnopened,
    responses((status = 200, body = UnopenedDone), (status = 409, description = "Quy tắc không cho phép"), (status = 404)))]
pub async fn api_hand_back(
    State(app): State<App>,
    Path(id): Path<Uuid>,
    command: api::Command<HandBackUnopened>,
) -> AppResult<Json<UnopenedDone>> {
    Ok(Json(
        hand_back(&app, &command.who, command.command, id, command.data).await?,
    ))
}
