//! What administrators do with connections: each act in the journal, no secret in it.

use std::time::Duration;

use axis::client::{MessageKind, Operation, Window};
use rules::{
    Refusal,
    identifiers::OrganCode,
    ids::{AgencyId, CommandId},
};
use serde_json::json;
use store::{Act, Begun, Entry, args, sql};
use uuid::Uuid;

use super::{Connection, form::Settings, one, open, place};
use crate::{
    act_names, administration,
    context::{App, Who},
    error::{AppError, AppResult},
    exchange::axis::{
        calls::{Call, noted},
        matching::plain_code,
    },
    vault::Vault,
};

/// An axis answers within this time when an administrator asks.
const PATIENCE: Duration = Duration::from_secs(20);

fn entry(act: &'static str, id: Uuid, summary: String, details: serde_json::Value) -> Entry {
    Entry {
        act,
        object_kind: "axis_connection",
        object: id,
        agency: None,
        summary,
        details,
    }
}

/// What the journal keeps of settings: everything but the secret.
fn told(settings: &Settings) -> serde_json::Value {
    json!({
        "base_url": settings.base_url, "system_id": settings.system_id, "options": settings.options,
        "secret_changed": settings.secret.is_some(), "unclaimed_agency": settings.unclaimed_agency,
    })
}

/// Adds a connection.
///
/// # Errors
/// `QC01-23.4` for everybody but the administrator of the province.
pub async fn create(app: &App, who: &Who, command: CommandId, settings: Settings) -> AppResult<Uuid> {
    administration::must_administer_province(who)?;
    let mut act = match app.begin(who, command).await? {
        Begun::Before(id) => return Ok(id),
        Begun::Now(act) => act,
    };
    let (id, now) = (act.new_id(), act.now());
    let plain = settings.secret.as_ref().map_or("", |secret| secret.reveal());
    let sealed = Vault::of(app)?.seal(&place(id), plain.as_bytes())?;
    act.run(
        sql!(
            "INSERT INTO axis_connection (id, name, kind, base_url, system_id, secret, options, enabled, poll_next_at, \
             send_next_at, failures, lease_until, created_at, updated_at) \
             VALUES ($1, $2, 'vxp', $3, $4, $5, $6, 1, 0, 0, 0, 0, $7, $7)"
        ),
        args![
            id,
            settings.name.as_str(),
            settings.base_url.as_str(),
            settings.system_id.as_str(),
            sealed,
            serde_json::to_string(&settings.options)?,
            now
        ],
    )
    .await?;
    let summary = format!("Thêm kết nối trục liên thông “{}”.", settings.name);
    act.journal(entry(act_names::CONNECTION_ADD, id, summary, told(&settings)))
        .await?;
    app.commit(act, &id).await?;
    Ok(id)
}

/// Changes a connection; a connection that the program stopped starts again.
///
/// # Errors
/// `QC01-23.4` for everybody but the administrator of the province; [`AppError::NotFound`].
pub async fn change(app: &App, who: &Who, command: CommandId, id: Uuid, settings: Settings) -> AppResult<()> {
    administration::must_administer_province(who)?;
    let mut act = match app.begin(who, command).await? {
        Begun::Before(()) => return Ok(()),
        Begun::Now(act) => act,
    };
    let now = act.now();
    if let Some(agency) = settings.unclaimed_agency {
        must_have_code(&mut act, id, agency).await?;
    }
    let sealed = match &settings.secret {
        Some(secret) => Some(Vault::of(app)?.seal(&place(id), secret.reveal().as_bytes())?),
        None => None,
    };
    let found = act
        .run(
            sql!(
                "UPDATE axis_connection SET name = $2, base_url = $3, system_id = $4, secret = coalesce($5, secret), options = $6, \
                 stopped_reason = NULL, poll_error = NULL, poll_next_at = 0, send_next_at = 0, failures = 0, updated_at = $7, \
                 unclaimed_agency_id = $8 WHERE id = $1"
            ),
            args![
                id,
                settings.name.as_str(),
                settings.base_url.as_str(),
                settings.system_id.as_str(),
                sealed,
                serde_json::to_string(&settings.options)?,
                now,
                settings.unclaimed_agency
            ],
        )
        .await?;
    if found == 0 {
        return Err(AppError::NotFound);
    }
    let summary = format!("Sửa kết nối trục liên thông “{}”.", settings.name);
    act.journal(entry(act_names::CONNECTION_CHANGE, id, summary, told(&settings)))
        .await?;
    app.commit(act, &()).await?;
    app.axis.wake.notify_one();
    Ok(())
}

/// The kill switch: off, nothing is sent or fetched; on, everything goes on where it stood.
///
/// # Errors
/// `QC01-23.4` for everybody but the administrator of the province; [`AppError::NotFound`].
pub async fn switch(app: &App, who: &Who, command: CommandId, id: Uuid, on: bool) -> AppResult<()> {
    administration::must_administer_province(who)?;
    let mut act = match app.begin(who, command).await? {
        Begun::Before(()) => return Ok(()),
        Begun::Now(act) => act,
    };
    let row = act
        .opt(
            sql!(
                "UPDATE axis_connection SET enabled = $2, stopped_reason = NULL, poll_next_at = 0, send_next_at = 0, failures = 0 \
                 WHERE id = $1 RETURNING name"
            ),
            args![id, on],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    let name: String = row.get("name")?;
    let (act_name, did) = if on {
        (act_names::CONNECTION_ON, "Bật")
    } else {
        (act_names::CONNECTION_OFF, "Ngắt")
    };
    act.journal(entry(
        act_name,
        id,
        format!("{did} kết nối trục liên thông “{name}”."),
        json!({}),
    ))
    .await?;
    app.commit(act, &()).await?;
    app.axis.wake.notify_one();
    Ok(())
}

/// Asks the axis for the list of received packets. Gives how many wait, or the sentence of what is wrong.
///
/// # Errors
/// `QC01-23.4` for everybody but the administrator of the province; [`AppError::NotFound`]; when the database fails.
pub async fn test(app: &App, who: &Who, command: CommandId, id: Uuid) -> AppResult<Result<usize, String>> {
    administration::must_administer_province(who)?;
    let connection = one(app, id).await?;
    // Outside the act: no transaction waits for the net.
    let found = ask(app, &connection).await;
    let mut act = match app.begin(who, command).await? {
        Begun::Before(found) => return Ok(found),
        Begun::Now(act) => act,
    };
    if found.is_ok() {
        act.run(
            sql!("UPDATE axis_connection SET stopped_reason = NULL, poll_error = NULL, poll_next_at = 0, send_next_at = 0 WHERE id = $1"),
            args![id],
        )
        .await?;
    }
    let summary = match &found {
        Ok(count) => format!(
            "Kiểm tra kết nối “{}”: trục trả lời, {count} gói tin chờ nhận.",
            connection.name
        ),
        Err(_) => format!("Kiểm tra kết nối “{}”: không thành công.", connection.name),
    };
    let note = json!({ "note": found.as_ref().err() });
    act.journal(entry(act_names::CONNECTION_TEST, id, summary, note))
        .await?;
    app.commit(act, &found).await?;
    app.axis.wake.notify_one();
    Ok(found)
}

async fn ask(app: &App, connection: &Connection) -> Result<usize, String> {
    let client = open(app, connection)
        .await
        .map_err(|error| error.to_string())?
        .map_err(|error| format!("{error}. {}", error.what_to_do()))?;
    let call = noted(
        app,
        Call::of(connection.id, Operation::ListReceived),
        client.list_received(MessageKind::Document, Window::default()),
        |rows| Some(format!("kiểm tra kết nối: {} gói tin", rows.len())),
    );
    match tokio::time::timeout(PATIENCE, call).await {
        Ok(Ok(rows)) => Ok(rows.len()),
        Ok(Err(error)) => Err(format!("{error}. {}", error.what_to_do())),
        Err(_) => Err(format!(
            "Trục liên thông không trả lời trong {} giây. Kiểm tra đường truyền và máy chủ kết nối trục.",
            PATIENCE.as_secs()
        )),
    }
}

/// Gives a code to an agency of ours over a connection. The first one of an agency is what it sends as.
///
/// # Errors
/// `QC01-9.2` for a text that is no code, or one that another agency has.
pub async fn add_code(
    app: &App,
    who: &Who,
    command: CommandId,
    id: Uuid,
    agency: AgencyId,
    code: &str,
    is_primary: bool,
) -> AppResult<()> {
    administration::must_administer_province(who)?;
    let code = plain_code(code);
    OrganCode::read(&code).map_err(|refusal| refusal.on("code"))?;
    let mut act = match app.begin(who, command).await? {
        Begun::Before(()) => return Ok(()),
        Begun::Now(act) => act,
    };
    let name = agency_name(&mut act, agency).await?;
    let connection = act
        .opt(
            sql!("UPDATE axis_connection SET poll_next_at = 0 WHERE id = $1 RETURNING name"),
            args![id],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    let connection: String = connection.get("name")?;
    let known = act
        .opt(
            sql!("SELECT a.name, c.agency_id FROM axis_own_code c JOIN agency a ON a.id = c.agency_id WHERE c.code = $1"),
            args![code.as_str()],
        )
        .await?;
    if let Some(known) = known
        && known.get::<AgencyId>("agency_id")? != agency
    {
        return Err(Refusal::new(
            "QC01-9.2",
            "exchange.code_taken",
            format!(
                "Mã {code} đang dùng cho {}. Mỗi mã định danh chỉ thuộc một cơ quan.",
                known.get::<String>("name")?
            ),
        )
        .on("code")
        .into());
    }
    let has_primary = act
        .opt(
            sql!("SELECT code FROM axis_own_code WHERE agency_id = $1 AND is_primary = 1 AND code <> $2"),
            args![agency, code.as_str()],
        )
        .await?
        .is_some();
    let is_primary = is_primary || !has_primary;
    if is_primary {
        act.run(
            sql!("UPDATE axis_own_code SET is_primary = 0 WHERE agency_id = $1"),
            args![agency],
        )
        .await?;
    }
    act.run(
        sql!(
            "INSERT INTO axis_own_code (code, agency_id, connection_id, is_primary) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (code) DO UPDATE SET connection_id = excluded.connection_id, is_primary = excluded.is_primary"
        ),
        args![code.as_str(), agency, id, is_primary],
    )
    .await?;
    forget_unclaimed(&mut act).await?;
    let summary = format!("{name} dùng mã {code} qua kết nối “{connection}”.");
    act.journal(entry(
        act_names::CONNECTION_CODE,
        id,
        summary,
        json!({ "agency": agency, "code": code, "primary": is_primary }),
    ))
    .await?;
    app.commit(act, &()).await
}

/// Takes a code back: packets to it count as sent by mistake from now on.
///
/// # Errors
/// `QC01-23.4` for everybody but the administrator of the province; [`AppError::NotFound`].
pub async fn remove_code(app: &App, who: &Who, command: CommandId, id: Uuid, code: &str) -> AppResult<()> {
    administration::must_administer_province(who)?;
    let mut act = match app.begin(who, command).await? {
        Begun::Before(()) => return Ok(()),
        Begun::Now(act) => act,
    };
    let row = act
        .opt(
            sql!("DELETE FROM axis_own_code WHERE code = $1 AND connection_id = $2 RETURNING agency_id, is_primary"),
            args![code, id],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    let agency: AgencyId = row.get("agency_id")?;
    if row.get("is_primary")? {
        act.run(
            sql!(
                "UPDATE axis_own_code SET is_primary = 1 WHERE code = \
                 (SELECT code FROM axis_own_code WHERE agency_id = $1 ORDER BY code LIMIT 1)"
            ),
            args![agency],
        )
        .await?;
    }
    forget_unclaimed(&mut act).await?;
    let name = agency_name(&mut act, agency).await?;
    let summary = format!("{name} thôi dùng mã {code} trên trục.");
    act.journal(entry(
        act_names::CONNECTION_CODE,
        id,
        summary,
        json!({ "agency": agency, "code": code, "removed": true }),
    ))
    .await?;
    app.commit(act, &()).await
}

/// Packets that are nobody's go to an agency that the connection serves.
async fn must_have_code(act: &mut Act, connection: Uuid, agency: AgencyId) -> AppResult<()> {
    let own = act
        .opt(
            sql!("SELECT code FROM axis_own_code WHERE connection_id = $1 AND agency_id = $2 LIMIT 1"),
            args![connection, agency],
        )
        .await?;
    if own.is_some() {
        return Ok(());
    }
    Err(Refusal::new(
        "QC01-10.2",
        "exchange.unclaimed",
        "Cơ quan xử lý gói tin chưa rõ nơi nhận phải là cơ quan có mã định danh trên kết nối này.",
    )
    .on("unclaimed")
    .into())
}

/// An agency without a code on a connection does not look after its packets any more.
async fn forget_unclaimed(act: &mut Act) -> AppResult<()> {
    act.run(
        sql!(
            "UPDATE axis_connection SET unclaimed_agency_id = NULL WHERE unclaimed_agency_id IS NOT NULL AND NOT EXISTS \
             (SELECT 1 FROM axis_own_code c WHERE c.connection_id = axis_connection.id \
             AND c.agency_id = axis_connection.unclaimed_agency_id)"
        ),
        args![],
    )
    .await?;
    Ok(())
}

async fn agency_name(act: &mut Act, agency: AgencyId) -> AppResult<String> {
    let row = act
        .opt(
            sql!("SELECT name FROM agency WHERE id = $1 AND level <> 'partner'"),
            args![agency],
        )
        .await?
        .ok_or_else(|| AppError::BadInput("Vui lòng chọn cơ quan trong hệ thống.".to_owned()))?;
    Ok(row.get("name")?)
}

/// Adds a connection from a form, as the page does.
#[cfg(test)]
pub async fn create_for_test(app: &App, who: &Who, form: super::form::ConnectionForm) -> AppResult<Uuid> {
    create(app, who, CommandId::from_uuid(app.ids.next()), form.read(true)?).await
}
