//! Loading an outgoing document for a reader or for an act; what may not be seen is not there.

use jiff::{Timestamp, civil::Date};
use rules::{
    access::{Action, ObjectFacts},
    ids::{AgencyId, IncomingId, OutgoingId, PostId, UnitId},
    legal_value::LegalValue,
    outgoing::{OutgoingFacts, OutgoingState, SignOff},
    signing_authority::Authority,
    urgency::Urgency,
};
use store::{Act, Row, Sql, args, sql, vietnam};
use uuid::Uuid;

use super::drafting::content::Content;
use crate::{
    access,
    context::{App, Who},
    error::{AppError, AppResult},
    signing::requests,
    slips,
};

/// An outgoing document with what rules decide on.
#[derive(Debug, Clone)]
pub struct Document {
    /// Its id.
    pub id: OutgoingId,
    /// Its unit, when a unit drafts it.
    pub unit: Option<UnitId>,
    /// In what authority it is signed.
    pub authority: Authority,
    /// Its kind.
    pub type_key: String,
    /// Trích yếu.
    pub subject: String,
    /// Mức độ khẩn.
    pub urgency: Urgency,
    /// Hạn trả lời.
    pub respond_by: Option<Date>,
    /// What it answers.
    pub reply_to: Option<IncomingId>,
    /// The files with the signer's digital signature, once signed.
    pub signed_set: Option<Uuid>,
    /// Lý do hủy số.
    pub void_reason: Option<String>,
    /// Files of the current version.
    pub file_set: Option<Uuid>,
    /// Pages of the main file.
    pub pages: Option<i64>,
    /// Ký hiệu, once issued.
    pub symbol: Option<String>,
    /// Số, once issued.
    pub number: Option<u32>,
    /// Ngày ban hành.
    pub issued_on: Option<Date>,
    /// Mã định danh văn bản.
    pub document_code: Option<String>,
    /// When the signer approved or signed what stands now: the term of issue runs from here.
    pub signed_at: Option<Timestamp>,
    /// Whether every recipient gets it on paper.
    pub on_paper: bool,
    /// When it was recalled; since then it is frozen.
    pub recalled_at: Option<Timestamp>,
    /// The later document that takes its place.
    pub replaced_by: Option<OutgoingId>,
    /// Giá trị pháp lý.
    pub legal_value: LegalValue,
    /// The facts for [`rules::outgoing`].
    pub facts: OutgoingFacts,
    /// The facts for [`rules::access`].
    pub object: ObjectFacts,
}

impl Document {
    /// Its state.
    pub fn state(&self) -> OutgoingState {
        self.facts.state
    }
    /// The post of its signer.
    pub fn signer(&self) -> Option<PostId> {
        self.facts.signer
    }
    /// Number and symbol as printed, once issued.
    pub fn number_and_symbol(&self) -> Option<String> {
        let (number, symbol) = (self.number?, self.symbol.as_deref()?);
        Some(rules::numbering::number_and_symbol(number, symbol))
    }
}

const DOCUMENT: Sql = sql!(
    "SELECT id, agency_id, unit_id, drafter_post, signer_post, authority, type_key, subject, urgency, respond_by, \
     reply_to, state, version, file_set, pages, symbol, number, issued_on, document_code, legal_value, signed_set, void_reason, \
     recalled_at, replaced_by, signed_at, on_paper FROM outgoing WHERE id = $1 AND agency_id = $2"
);
const SIGN_OFFS: Sql =
    sql!("SELECT version, kind, decision, post_id FROM sign_off WHERE outgoing_id = $1 ORDER BY id");

/// For a reader.
///
/// # Errors
/// [`AppError::NotFound`] when there is none or it may not be seen.
pub async fn for_view(app: &App, who: &Who, id: OutgoingId) -> AppResult<Document> {
    let row = app
        .db
        .opt(DOCUMENT, args![id, who.agency()])
        .await?
        .ok_or(AppError::NotFound)?;
    let sign_offs = app.db.all(SIGN_OFFS, args![id]).await?;
    let participants = app.db.all(access::PARTICIPANTS, args![id]).await?;
    let document = assemble(&row, &sign_offs, &participants)?;
    access::may(who, Action::View, &document.object)?;
    Ok(document)
}

/// Whether the document is there for this person.
///
/// # Errors
/// [`AppError::NotFound`] when it is not.
pub async fn may_view(app: &App, who: &Who, id: OutgoingId) -> AppResult<()> {
    for_view(app, who, id).await.map(drop)
}

/// For the act `action`; the row is locked until the act ends. A document that waits for a signature is left alone.
///
/// # Errors
/// [`AppError::NotFound`] when there is none or it may not be seen; a refusal when `action` is not for this person; `KS-10`
/// while a request for a signature is open; `CN-303` to change what a submission slip carries.
pub async fn for_change(act: &mut Act, who: &Who, id: OutgoingId, action: Action) -> AppResult<Document> {
    let document = for_signing(act, who, id, action).await?;
    requests::not_locked(act, id).await?;
    if matches!(action, Action::EditDraft | Action::Submit | Action::Cancel) {
        slips::leave_alone(act, id).await?;
    }
    Ok(document)
}

/// The same for the acts by which a request for a signature ends.
///
/// # Errors
/// As [`for_change`], but for the open request.
pub async fn for_signing(act: &mut Act, who: &Who, id: OutgoingId, action: Action) -> AppResult<Document> {
    let locked = act
        .run(
            sql!("UPDATE outgoing SET revision = revision + 1 WHERE id = $1 AND agency_id = $2"),
            args![id, who.agency()],
        )
        .await?;
    if locked == 0 {
        return Err(AppError::NotFound);
    }
    let row = act.one(DOCUMENT, args![id, who.agency()]).await?;
    let sign_offs = act.all(SIGN_OFFS, args![id]).await?;
    let participants = act.all(access::PARTICIPANTS, args![id]).await?;
    let document = assemble(&row, &sign_offs, &participants)?;
    access::may(who, action, &document.object)?;
    Ok(document)
}

/// For the program itself, which ends requests whose time is over; the row is locked until the act ends.
///
/// # Errors
/// [`AppError::NotFound`] when there is none.
pub async fn locked(act: &mut Act, id: OutgoingId) -> AppResult<Document> {
    act.run(
        sql!("UPDATE outgoing SET revision = revision + 1 WHERE id = $1"),
        args![id],
    )
    .await?;
    let owner = act
        .opt(sql!("SELECT agency_id FROM outgoing WHERE id = $1"), args![id])
        .await?
        .ok_or(AppError::NotFound)?;
    let agency: AgencyId = owner.get("agency_id")?;
    let row = act.one(DOCUMENT, args![id, agency]).await?;
    let sign_offs = act.all(SIGN_OFFS, args![id]).await?;
    let participants = act.all(access::PARTICIPANTS, args![id]).await?;
    assemble(&row, &sign_offs, &participants)
}

/// The year in which a version was saved, in Viet Nam.
///
/// # Errors
/// When the database fails.
pub async fn version_year(app: &App, id: OutgoingId, version: u32) -> AppResult<Option<i16>> {
    let row = app
        .db
        .opt(
            sql!("SELECT at FROM outgoing_version WHERE outgoing_id = $1 AND version = $2"),
            args![id, version],
        )
        .await?;
    let at: Option<Timestamp> = row.map(|row| row.get("at")).transpose()?;
    Ok(at.map(|at| vietnam(at).date().year()))
}

/// The content of one version, inside an act.
///
/// # Errors
/// When the database fails.
pub async fn content_for_change(act: &mut Act, id: OutgoingId, version: u32) -> AppResult<Content> {
    let row = act
        .one(
            sql!("SELECT content FROM outgoing_version WHERE outgoing_id = $1 AND version = $2"),
            args![id, version],
        )
        .await?;
    Ok(row.json("content")?)
}

/// The content of one version, for a reader.
///
/// # Errors
/// When the database fails.
pub async fn content(app: &App, id: OutgoingId, version: u32) -> AppResult<Content> {
    let row = app
        .db
        .one(
            sql!("SELECT content FROM outgoing_version WHERE outgoing_id = $1 AND version = $2"),
            args![id, version],
        )
        .await?;
    Ok(row.json("content")?)
}

fn assemble(row: &Row, sign_offs: &[Row], participants: &[Row]) -> AppResult<Document> {
    let state: OutgoingState = row.parse("state")?;
    let agency: AgencyId = row.get("agency_id")?;
    let unit: Option<UnitId> = row.get("unit_id")?;
    let drafter: PostId = row.get("drafter_post")?;
    let signer: PostId = row.get("signer_post")?;
    let object = access::outgoing(row, participants)?;
    let facts = OutgoingFacts {
        state,
        agency,
        drafting_unit: unit,
        drafter,
        co_drafters: object.co_drafter_posts.clone(),
        signer: Some(signer),
        version: row.get("version")?,
        content_sign_off: standing(sign_offs, "content")?,
        form_sign_off: standing(sign_offs, "form")?,
        approval: standing(sign_offs, "approval")?,
    };
    Ok(Document {
        id: row.get("id")?,
        unit,
        authority: row.parse("authority")?,
        type_key: row.get("type_key")?,
        subject: row.get("subject")?,
        urgency: row.parse("urgency")?,
        respond_by: row.get("respond_by")?,
        reply_to: row.get::<Option<Uuid>>("reply_to")?.map(IncomingId::from_uuid),
        signed_set: row.get("signed_set")?,
        void_reason: row.get("void_reason")?,
        file_set: row.get("file_set")?,
        pages: row.get("pages")?,
        symbol: row.get("symbol")?,
        number: row.get("number")?,
        issued_on: row.get("issued_on")?,
        document_code: row.get("document_code")?,
        signed_at: row.get("signed_at")?,
        on_paper: row.get("on_paper")?,
        recalled_at: row.get("recalled_at")?,
        replaced_by: row.get("replaced_by")?,
        legal_value: row.parse("legal_value")?,
        facts,
        object,
    })
}

/// The last word of a kind of sign-off, when it is an agreement.
fn standing(sign_offs: &[Row], kind: &str) -> AppResult<Option<SignOff>> {
    let mut last = None;
    for row in sign_offs {
        if row.get::<String>("kind")? != kind {
            continue;
        }
        last = if row.get::<String>("decision")? == "agreed" {
            Some(SignOff {
                post: row.get("post_id")?,
                version: row.get("version")?,
            })
        } else {
            None
        };
    }
    Ok(last)
}
