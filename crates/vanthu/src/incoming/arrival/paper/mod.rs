//! Đăng ký văn bản giấy: a document that came on paper gets its arrival number, with its scan (ND30-22, Phụ lục VI
//! Phần II). Decisions and letters of agencies, and what people bring: petitions, invitations, letters without number,
//! date or kind.

mod filled;
mod form;
mod reading;
mod register;

use axum::{Json, extract::State};
use jiff::civil::Date;
use rules::{
    ids::{AgencyId, FileId, UnitId},
    incoming::PaperChannel,
    secrecy::SecrecyLevel,
    urgency::Urgency,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

pub use filled::{Filled, filled_page};
pub use form::{new_page, page};
pub(in crate::incoming) use register::may;
pub use register::register;

use super::register::Registered;
use crate::{api, context::App, error::AppResult, web::clean};

/// What the clerk reads on the paper, and its scan.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Paper {
    /// By which way it came: `paper`, `email` or `fax`; on paper when left out.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub channel: Option<PaperChannel>,
    /// The sender, when it is an agency of the directory; its name then comes from there.
    #[serde(default)]
    #[schema(value_type = Option<Uuid>)]
    pub sender: Option<AgencyId>,
    /// Cơ quan, tổ chức, cá nhân gửi, when it is not in the directory.
    #[serde(default)]
    pub sender_name: String,
    /// Số, as printed; empty when the paper bears none.
    #[serde(default)]
    pub number: String,
    /// Ký hiệu; empty when the paper bears none.
    #[serde(default)]
    pub symbol: String,
    /// Ngày, tháng, năm of the document; absent when the paper bears none.
    #[schema(value_type = Option<String>, format = Date)]
    pub issued_on: Option<Date>,
    /// Key of the kind of document, of the list in force: `quyet_dinh`, `cong_van` …; empty for what has no tên loại:
    /// đơn, thư, tài liệu khác.
    #[serde(default)]
    pub type_key: String,
    /// Trích yếu.
    #[serde(default)]
    pub subject: String,
    /// Mức độ khẩn: `normal`, `urgent`, `very_urgent`, `express`.
    #[schema(value_type = Option<String>)]
    pub urgency: Option<Urgency>,
    /// Dấu chỉ độ mật that stands on the document: `none`, `secret`, `highly_secret`, `top_secret`. Anything but `none` is
    /// refused (QC01-1.2).
    #[schema(value_type = Option<String>)]
    pub secrecy: Option<SecrecyLevel>,
    /// Người ký.
    #[serde(default)]
    pub signer_name: String,
    /// Chức vụ người ký.
    #[serde(default)]
    pub signer_title: String,
    /// Hạn trả lời asked by the sender.
    #[schema(value_type = Option<String>, format = Date)]
    pub respond_by: Option<Date>,
    /// Thời hạn giải quyết, when it is already known.
    #[schema(value_type = Option<String>, format = Date)]
    pub due_on: Option<Date>,
    /// Ghi chú.
    #[serde(default)]
    pub note: String,
    /// The scan, PDF or image, from `POST /api/v1/files`.
    #[schema(value_type = Uuid)]
    pub main_file: Option<FileId>,
    /// Attachments from `POST /api/v1/files`.
    #[serde(default)]
    #[schema(value_type = Vec<Uuid>)]
    pub attachments: Vec<FileId>,
    /// Bì chuyển không bóc that came back to be registered, from `GET /api/v1/incoming/unopened`.
    #[serde(default)]
    pub unopened: Option<Uuid>,
    /// Hồ sơ kèm theo chuyển trực tiếp: the unit that it goes to.
    #[serde(default)]
    #[schema(value_type = Option<Uuid>)]
    pub dossier_unit: Option<UnitId>,
    /// What the dossier is made of.
    #[serde(default)]
    pub dossier_description: String,
    /// Lý do vẫn vào sổ: needed when a document that looks the same was registered before (PL6-III.1), kept with the
    /// document.
    #[serde(default)]
    pub despite: String,
}

impl Paper {
    /// The same with texts of one line each, as a register has them.
    fn cleaned(self) -> Self {
        let line = |text: &str| clean(text).split_whitespace().collect::<Vec<_>>().join(" ");
        Self {
            sender_name: line(&self.sender_name),
            number: line(&self.number),
            symbol: line(&self.symbol),
            subject: line(&self.subject),
            signer_name: line(&self.signer_name),
            signer_title: line(&self.signer_title),
            note: clean(&self.note),
            dossier_description: clean(&self.dossier_description),
            despite: clean(&self.despite),
            ..self
        }
    }
}

/// Register a document that came on paper, with its scan.
#[utoipa::path(post, path = "/api/v1/incoming/paper", tag = "incoming", request_body = Paper,
    responses((status = 200, body = Registered), (status = 404, description = "Không có tệp này"),
        (status = 409, description = "Quy tắc không cho phép")))]
pub async fn api(State(app): State<App>, command: api::Command<Paper>) -> AppResult<Json<Registered>> {
    Ok(Json(
        register(&app, &command.who, command.command, command.data).await?,
    ))
}
