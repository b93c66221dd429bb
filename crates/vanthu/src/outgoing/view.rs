//! An outgoing document as programs read it, and its lines as programs and the page have them in common.

use jiff::{Timestamp, civil::Date};
use rules::{
    exchange::Purpose,
    ids::{AgencyId, OutgoingId},
    recipients::Channel,
};
use serde::Serialize;
use store::{args, sql};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    after_issue::delivery_lines::DeliveryLine,
    drafting::{consultation::ConsultationLine, content::Content},
    issuing::before_issue::IssueCheckLine,
    recipients,
};
use crate::{context::App, documents::FileOfSet, error::AppResult, organization, web::format};

/// A word of a reviewer on one version.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SignOffLine {
    /// `content`, `form`, `approval`.
    pub kind: String,
    /// `agreed`, `returned`, `voided`.
    pub decision: String,
    /// The version it is about.
    pub version: u32,
    /// Who.
    pub who: String,
    /// Ý kiến.
    pub comment: Option<String>,
    /// When, RFC 3339.
    pub at: String,
    #[serde(skip)]
    #[schema(ignore)]
    pub(super) moment: Timestamp,
}

/// A version of the content.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct VersionLine {
    /// Its number, from 1.
    pub version: u32,
    /// Who saved it.
    pub author: String,
    /// When, RFC 3339.
    pub at: String,
    /// Its main file.
    pub main_file: Option<Uuid>,
    #[serde(skip)]
    #[schema(ignore)]
    pub(super) moment: Timestamp,
}

/// A file, as the API tells it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FileLine {
    /// Its id, for `GET /api/v1/files/{id}`.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// `main` or `attachment`.
    pub role: String,
    /// What it is, by content.
    pub media_type: String,
    /// Size in bytes.
    pub size: i64,
    /// SHA-256, hex.
    pub sha256: String,
}

/// The request for signatures that holds a document.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OpenSigning {
    /// The request: `GET /api/v1/signing/requests/{id}`, for the person who signs.
    pub request: Uuid,
    /// Who signs.
    pub signer: String,
    /// Until when, RFC 3339.
    pub expires_at: String,
    /// Whether it waits for the caller.
    pub is_mine: bool,
    #[serde(skip)]
    #[schema(ignore)]
    pub(super) moment: Timestamp,
}

/// An outgoing document whole (QĐ 28 Điều 10).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OutgoingView {
    /// The document.
    pub id: Uuid,
    /// Its state.
    pub state: String,
    /// The state in Vietnamese.
    pub state_label: String,
    /// Key of its kind.
    pub type_key: String,
    /// Name of its kind.
    pub type_name: String,
    /// Trích yếu.
    pub subject: String,
    /// Mức độ khẩn.
    pub urgency: String,
    /// Hạn trả lời.
    #[schema(value_type = Option<String>)]
    pub respond_by: Option<Date>,
    /// The incoming document answered.
    pub reply_to: Option<Uuid>,
    /// The current version.
    pub version: u32,
    /// Số, once issued.
    pub number: Option<u32>,
    /// Ký hiệu, once issued.
    pub symbol: Option<String>,
    /// Both as printed.
    pub number_and_symbol: Option<String>,
    /// Ngày ban hành.
    #[schema(value_type = Option<String>)]
    pub issued_on: Option<Date>,
    /// Mã định danh văn bản.
    pub document_code: Option<String>,
    /// Pages of the main file.
    pub pages: Option<i64>,
    /// `equivalent_to_paper` or `for_reference`.
    pub legal_value: String,
    /// The same in Vietnamese.
    pub legal_value_label: String,
    /// Who drafts.
    pub drafter: String,
    /// Who helps to write it.
    pub co_drafters: Vec<String>,
    /// Who signs.
    pub signer: String,
    /// In what authority.
    pub authority: String,
    /// Names of recipients.
    pub recipients: Vec<String>,
    /// Delivery, once issued.
    pub deliveries: Vec<DeliveryLine>,
    /// Điện tử, không kèm bản giấy: issued, of a kind of the list of công văn 775/VPCP-KSTT, and to nobody on paper.
    pub without_paper: bool,
    /// Words of reviewers, oldest first.
    pub sign_offs: Vec<SignOffLine>,
    /// Versions, newest first.
    pub versions: Vec<VersionLine>,
    /// Files of the current version.
    pub files: Vec<FileLine>,
    /// Electronic copies whose files are among them and go along as they are.
    pub copies: Vec<Uuid>,
    /// Whether the agency issues only digitally signed documents: `approve` signs, `issue` seals.
    pub signatures_required: bool,
    /// The request for signatures that holds the document now.
    pub signing: Option<OpenSigning>,
    /// Lý do hủy số.
    pub void_reason: Option<String>,
    /// When the signer approved or signed what stands now, RFC 3339.
    pub signed_at: Option<String>,
    /// By when it must be issued and sent, RFC 3339 (ND30-18.1, QD28-6.2).
    pub issue_by: Option<String>,
    /// While it is not issued, or not sent to everybody: `in_time`, `today`, `late`.
    pub timeliness: Option<String>,
    /// When it was recalled, RFC 3339: frozen since then.
    pub recalled_at: Option<String>,
    /// The later document that takes its place.
    pub replaced_by: Option<Uuid>,
    /// Earlier documents that this one replaces.
    pub replaces: Vec<Uuid>,
    /// Earlier documents whose form this letter corrects.
    pub corrects: Vec<Uuid>,
    /// The issued letters that correct the form of this one, oldest first.
    pub corrected_by: Vec<Uuid>,
    /// Rounds of questions about the draft, oldest first.
    pub consultations: Vec<ConsultationLine>,
    /// What the caller may do now: `recall`, `update`, `consult`, `set_co_drafters`, `edit`, `submit`, `sign_off_content`, `sign_off_form`, `approve`, `return`, `issue`, `cancel`, `void_number`, `place`.
    pub may: Vec<&'static str>,
    /// The submission slip that holds the draft now: it is not changed, submitted or given up meanwhile.
    pub slip: Option<Uuid>,
    /// What a clerk looks at before issuing, as long as the document waits for it (CN-226); empty for everybody else.
    pub checks: Vec<IssueCheckLine>,
    /// Why the caller cannot take the next step, when they cannot.
    pub why_not: Option<String>,
}

/// A file of the current version.
pub(super) fn file_line(item: &FileOfSet) -> FileLine {
    FileLine {
        id: item.file.id.as_uuid(),
        name: item.file.name.clone(),
        role: if item.is_main { "main" } else { "attachment" }.to_owned(),
        media_type: item.file.media_type.clone(),
        size: item.file.size,
        sha256: item.file.digest.to_string(),
    }
}

/// Who holds a post, and as what.
pub(super) async fn person(app: &App, post: rules::ids::PostId) -> AppResult<String> {
    let post = organization::post(app, post).await?;
    Ok(format!("{}, {}", post.name, post.title))
}

/// Names of recipients, with the way to each that is not reached inside the installation.
pub(super) async fn recipients(app: &App, own: AgencyId, content: &Content) -> AppResult<Vec<String>> {
    let name = |address: recipients::Address| {
        let name = match address.channel {
            Channel::Internal => address.name,
            Channel::Axis => format!("{} (trục liên thông)", address.name),
            Channel::Paper => format!("{} (bản giấy)", address.name),
        };
        for_purpose(name, address.purpose)
    };
    let addresses = recipients::addresses(app, own, content).await?;
    Ok(addresses.into_iter().map(name).collect())
}

/// A recipient as lists name it: to act needs no word.
pub fn for_purpose(name: String, purpose: Purpose) -> String {
    match purpose {
        Purpose::Act => name,
        Purpose::Know => format!("{name} (để biết)"),
    }
}

/// Words of reviewers, oldest first.
pub(super) async fn sign_offs(app: &App, id: OutgoingId) -> AppResult<Vec<SignOffLine>> {
    let rows = app
        .db
        .all(
            sql!(
                "SELECT s.version, s.kind, s.decision, s.comment, s.at, a.full_name, p.title, \
                 (SELECT min(j.actor) FROM journal j WHERE j.object_id = s.outgoing_id AND j.on_behalf_of = s.post_id \
                 AND j.at = s.at) AS in_place FROM sign_off s \
                 JOIN post p ON p.id = s.post_id JOIN account a ON a.id = p.account_id \
                 WHERE s.outgoing_id = $1 ORDER BY s.id"
            ),
            args![id],
        )
        .await?;
    let line = |row: &store::Row| {
        let moment: Timestamp = row.get("at")?;
        Ok(SignOffLine {
            kind: row.get("kind")?,
            decision: row.get("decision")?,
            version: row.get("version")?,
            who: match row.get("in_place")? {
                Some(label) => label,
                None => format!(
                    "{}, {}",
                    row.get::<String>("full_name")?,
                    row.get::<String>("title")?
                ),
            },
            comment: row.get("comment")?,
            at: format::machine(moment),
            moment,
        })
    };
    Ok(rows.iter().map(line).collect::<store::Result<_>>()?)
}

/// Versions, newest first.
pub(super) async fn versions(app: &App, id: OutgoingId) -> AppResult<Vec<VersionLine>> {
    let rows = app
        .db
        .all(
            sql!(
                "SELECT v.version, v.at, a.full_name, i.file_id FROM outgoing_version v \
                 JOIN post p ON p.id = v.author_post JOIN account a ON a.id = p.account_id \
                 LEFT JOIN file_set_item i ON i.set_id = v.file_set AND i.sort = 0 \
                 WHERE v.outgoing_id = $1 ORDER BY v.version DESC"
            ),
            args![id],
        )
        .await?;
    let line = |row: &store::Row| {
        let moment: Timestamp = row.get("at")?;
        Ok(VersionLine {
            version: row.get("version")?,
            author: row.get("full_name")?,
            at: format::machine(moment),
            main_file: row.get("file_id")?,
            moment,
        })
    };
    Ok(rows.iter().map(line).collect::<store::Result<_>>()?)
}
