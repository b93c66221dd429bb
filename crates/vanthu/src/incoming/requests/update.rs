//! Nhận nội dung cập nhật (CN-221): what the document said before is kept as a version, its number in the register stays.

use jiff::{Timestamp, civil::Date};
use rules::{
    exchange::{RequestState, StatusCode},
    ids::IncomingId,
    incoming::IncomingState,
    urgency::Urgency,
};
use serde_json::json;
use store::{Act, Digest, Entry, args, sql};
use uuid::Uuid;

use super::row::{self, Stored};
use crate::{
    act_names, desk,
    error::AppResult,
    exchange::{self, Changes},
    incoming::{Announced, load::Doc},
    signing::verdicts::{self, Object},
};

/// What the sender is told.
const DONE: &str = "Đã cập nhật văn bản trên hệ thống của bên nhận.";

/// Takes the changes in and tells the sender.
pub(super) async fn carry_out(act: &mut Act, doc: &Doc, request: &Stored) -> AppResult<()> {
    if !apply(act, doc, request).await? {
        let summary = "Đồng ý cập nhật; thông tin của bên gửi trùng với thông tin hiện tại.";
        note(
            act,
            doc,
            summary,
            json!({ "request": request.id, "note": request.reason }),
        )
        .await?;
    }
    row::close(act, request.id, RequestState::Agreed, DONE).await?;
    desk::refresh_incoming(act, doc.id).await?;
    exchange::answer(act, doc.id, request.answer(true, DONE)).await
}

/// What was returned comes again: it lies in the reception box once more, with what changed.
pub(super) async fn redeliver(act: &mut Act, doc: &Doc, request: &Stored) -> AppResult<()> {
    apply(act, doc, request).await?;
    let now = act.now();
    act.run(
        sql!(
            "UPDATE incoming SET state = $2, reason = NULL, deliveries = deliveries + 1, delivered_at = $3, updated_at = $3 \
             WHERE id = $1"
        ),
        args![doc.id, IncomingState::Delivered.as_str(), now],
    )
    .await?;
    let told = "Đã nhận lại văn bản, chờ kiểm tra.";
    row::close(act, request.id, RequestState::Agreed, told).await?;
    desk::refresh_incoming(act, doc.id).await?;
    act.journal(Entry {
        act: act_names::REDELIVER,
        object_kind: "incoming",
        object: doc.id.as_uuid(),
        agency: Some(doc.facts.agency),
        summary: "Văn bản đã trả lại được bên gửi gửi lại.".to_owned(),
        details: json!({ "request": request.id, "note": request.reason }),
    })
    .await?;
    exchange::report(act, doc.id, StatusCode::Arrived, "").await?;
    exchange::answer(act, doc.id, request.answer(true, told)).await
}

/// The facts as they were, and the files.
struct Before {
    facts: Changes,
    file_set: Option<Uuid>,
}

impl Before {
    fn differs_from(&self, request: &Stored) -> bool {
        fn differs<T: PartialEq>(old: &Option<T>, new: &Option<T>) -> bool {
            new.is_some() && old != new
        }
        let (old, new) = (&self.facts, &request.changes);
        differs(&old.subject, &new.subject)
            || differs(&old.urgency, &new.urgency)
            || differs(&old.respond_by, &new.respond_by)
            || differs(&old.signer_name, &new.signer_name)
            || differs(&old.signer_title, &new.signer_title)
            || differs(&self.file_set, &request.file_set)
    }
}

/// Keeps the old state as a version and writes the new one; `false` when nothing differs.
async fn apply(act: &mut Act, doc: &Doc, request: &Stored) -> AppResult<bool> {
    let before = before(act, doc.id).await?;
    if !before.differs_from(request) {
        return Ok(false);
    }
    let now = act.now();
    keep_version(act, doc.id, &before, request.id, now).await?;
    let (old, new) = (before.facts, &request.changes);
    let subject = new.subject.clone().or(old.subject).unwrap_or_default();
    act.run(
        sql!(
            "UPDATE incoming SET subject = $2, folded_subject = $3, urgency = $4, respond_by = $5, signer_name = $6, \
             signer_title = $7, file_set = $8, updated_at = $9 WHERE id = $1"
        ),
        args![
            doc.id,
            subject.as_str(),
            viet_text::fold(&subject),
            new.urgency.or(old.urgency).unwrap_or(Urgency::Normal).as_str(),
            new.respond_by.or(old.respond_by),
            new.signer_name.clone().or(old.signer_name).unwrap_or_default(),
            new.signer_title.clone().or(old.signer_title).unwrap_or_default(),
            request.file_set.or(before.file_set),
            now,
        ],
    )
    .await?;
    let files_changed = request.file_set.is_some() && request.file_set != before.file_set;
    let mut details = json!({ "request": request.id, "note": request.reason, "changes": request.changes });
    if files_changed {
        if let (Some(set), Some(fields)) = (request.file_set, details.as_object_mut()) {
            fields.insert(
                "announced".to_owned(),
                serde_json::to_value(announced(act, set).await?)?,
            );
        }
        verdicts::schedule(act, Object::Incoming(doc.id)).await?;
    }
    let summary = "Nhận nội dung cập nhật của bên gửi; nội dung trước đó được giữ lại.";
    note(act, doc, summary, details).await?;
    Ok(true)
}

async fn note(act: &mut Act, doc: &Doc, summary: &str, details: serde_json::Value) -> AppResult<()> {
    act.journal(Entry {
        act: act_names::TAKE_UPDATE,
        object_kind: "incoming",
        object: doc.id.as_uuid(),
        agency: Some(doc.facts.agency),
        summary: summary.to_owned(),
        details,
    })
    .await?;
    Ok(())
}

async fn before(act: &mut Act, id: IncomingId) -> AppResult<Before> {
    let row = act
        .one(
            sql!(
                "SELECT subject, urgency, respond_by, signer_name, signer_title, file_set FROM incoming WHERE id = $1"
            ),
            args![id],
        )
        .await?;
    Ok(Before {
        facts: Changes {
            subject: Some(row.get("subject")?),
            urgency: Some(row.parse("urgency")?),
            respond_by: row.get::<Option<Date>>("respond_by")?,
            signer_name: Some(row.get("signer_name")?),
            signer_title: Some(row.get("signer_title")?),
        },
        file_set: row.get("file_set")?,
    })
}

async fn keep_version(
    act: &mut Act,
    id: IncomingId,
    before: &Before,
    request: Uuid,
    now: Timestamp,
) -> AppResult<()> {
    let last = act
        .one(
            sql!("SELECT coalesce(max(version), 0) AS last FROM incoming_version WHERE incoming_id = $1"),
            args![id],
        )
        .await?;
    let version = last.get::<i64>("last")? + 1;
    act.run(
        sql!(
            "INSERT INTO incoming_version (incoming_id, version, fields, file_set, request_id, at) \
             VALUES ($1, $2, $3, $4, $5, $6)"
        ),
        args![
            id,
            version,
            serde_json::to_string(&before.facts)?,
            before.file_set,
            request,
            now
        ],
    )
    .await?;
    Ok(())
}

/// The files of an update as the checks of reception compare them.
async fn announced(act: &mut Act, set: Uuid) -> AppResult<Vec<Announced>> {
    let rows = act
        .all(
            sql!("SELECT f.name, f.sha256 FROM file_set_item i JOIN file f ON f.id = i.file_id WHERE i.set_id = $1 ORDER BY i.sort"),
            args![set],
        )
        .await?;
    let one = |row: &store::Row| {
        let digest = Digest::from_slice(&row.get::<Vec<u8>>("sha256")?)?;
        Ok(Announced {
            name: row.get("name")?,
            sha256: Some(digest.to_string()),
        })
    };
    Ok(rows.iter().map(one).collect::<store::Result<_>>()?)
}
