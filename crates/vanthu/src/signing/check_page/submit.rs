//! A PDF is sent to be checked.

use axum::extract::FromRequest;
use axum::{
    Json,
    extract::{FromRequestParts, Multipart, Request, State},
};
use axum_extra::extract::cookie::CookieJar;
use rules::{Refusal, file_rules, ids::CommandId};
use serde::Serialize;
use store::{Begun, BlobWriter, Entry};
use utoipa::ToSchema;
use uuid::Uuid;

use super::build;
use crate::{
    act_names,
    context::{App, Who},
    documents::{self, StoredFile},
    error::{AppError, AppResult},
    signing::verdicts::{self, Checked, Finding, Object},
    web::{Reply, Stay, command_of, format, page::RefusalBox, render, see_other},
};

/// What was sent.
struct Sent {
    fields: Vec<(String, String)>,
    file: Option<(String, BlobWriter)>,
}

impl Sent {
    fn field(&self, name: &str) -> &str {
        self.fields
            .iter()
            .find(|(field, _)| field == name)
            .map_or("", |(_, value)| value.as_str())
    }
}

/// Text fields of the form are never longer.
const MAX_FIELD: usize = 4096;
/// And there are never more.
const MAX_FIELDS: usize = 16;

/// Reads the form. With `csrf`, the token must come before the file.
async fn read(app: &App, mut form: Multipart, csrf: Option<&str>) -> AppResult<Sent> {
    let cut = |_| AppError::BadInput("Việc gửi tệp bị đứt giữa chừng. Vui lòng gửi lại.".to_owned());
    let mut sent = Sent {
        fields: Vec::new(),
        file: None,
    };
    while let Some(mut part) = form.next_field().await.map_err(cut)? {
        let name = part.name().unwrap_or_default().to_owned();
        let Some(file_name) = part.file_name().map(str::to_owned) else {
            let mut value = Vec::new();
            while let Some(piece) = part.chunk().await.map_err(cut)? {
                if value.len() + piece.len() > MAX_FIELD || sent.fields.len() == MAX_FIELDS {
                    return Err(AppError::BadInput(
                        "Biểu mẫu không đúng dạng. Tải lại trang rồi gửi lại.".to_owned(),
                    ));
                }
                value.extend_from_slice(&piece);
            }
            sent.fields
                .push((name, String::from_utf8_lossy(&value).into_owned()));
            continue;
        };
        must_be_ours(&sent, csrf)?;
        if file_name.is_empty() || sent.file.is_some() {
            continue;
        }
        let mut writer = app.blobs.writer().await?;
        while let Some(piece) = part.chunk().await.map_err(cut)? {
            writer.write(&piece).await?;
            file_rules::check_size(writer.size().max(1))?;
        }
        file_rules::check_size(writer.size())?;
        sent.file = Some((file_name, writer));
    }
    must_be_ours(&sent, csrf)?;
    Ok(sent)
}

fn must_be_ours(sent: &Sent, csrf: Option<&str>) -> AppResult<()> {
    match csrf {
        Some(csrf) if csrf.is_empty() || sent.field("csrf") != csrf => Err(AppError::CrossSite),
        _ => Ok(()),
    }
}

/// A checked file: kept as a file of the person, or forgotten.
struct Outcome {
    name: String,
    checked: Checked,
    kept: Option<StoredFile>,
}

async fn carry_out(app: &App, who: &Who, sent: Sent, command: CommandId) -> AppResult<Outcome> {
    let keep = sent.field("keep") == "on";
    let Some((name, mut writer)) = sent.file else {
        return Err(Refusal::new(
            "QC01-8.3b",
            "signing.no_file",
            "Vui lòng chọn tệp PDF cần kiểm tra.",
        )
        .on("file")
        .into());
    };
    let (digest, content) = writer.read_back().await?;
    if !is_pdf(&content) {
        return Err(Refusal::new(
            "QC01-8.3b",
            "signing.not_pdf",
            "Tệp không phải PDF. Văn bản ký số theo quy định là tệp PDF; vui lòng chọn tệp PDF.",
        )
        .on("file")
        .into());
    }
    if !keep {
        // The writer goes with this function: nothing of the file stays.
        documents::refuse_marks(app, who, &name, digest, content.clone()).await?;
        let checked = verdicts::verify(app, content).await?;
        return Ok(Outcome {
            name,
            checked,
            kept: None,
        });
    }
    let checked = verdicts::verify(app, content).await?;
    let file = documents::take(app, who, &name, true, writer).await?;
    let mut act = match app.begin::<Uuid>(who, command).await? {
        // Sent twice: the first one is kept.
        Begun::Before(_) => {
            return Ok(Outcome {
                name,
                checked,
                kept: None,
            });
        }
        Begun::Now(act) => act,
    };
    let object = Object::File(file.id);
    let fresh = vec![Finding {
        file: file.id,
        is_main: true,
        checked: checked.clone(),
    }];
    verdicts::keep(&mut act, object, &fresh, None).await?;
    act.journal(Entry {
        act: act_names::KEEP_CHECKED,
        object_kind: object.kind(),
        object: object.id(),
        agency: None,
        summary: verdicts::sentence("Kiểm tra chữ ký số và lưu tệp", &fresh),
        details: verdicts::details(&fresh),
    })
    .await?;
    app.commit(act, &file.id).await?;
    Ok(Outcome {
        name: file.name.clone(),
        checked,
        kept: Some(file),
    })
}

/// The mark of PDF stands in the first kilobyte.
fn is_pdf(content: &[u8]) -> bool {
    let head = &content[..content.len().min(1024)];
    head.windows(5).any(|window| window == b"%PDF-")
}

/// `POST /signing/check`.
pub async fn page(State(app): State<App>, jar: CookieJar, request: Request) -> Reply {
    let (mut parts, body) = request.into_parts();
    let who = Who::from_request_parts(&mut parts, &app).await?;
    let path = parts.uri.path().to_owned();
    let form = multipart(Request::from_parts(parts, body), &app).await?;
    let outcome = match read(&app, form, Some(&who.csrf)).await {
        Ok(sent) => {
            let page = sent
                .field("command_id")
                .parse()
                .unwrap_or_else(|_| app.ids.next());
            let command = command_of(page, &path, sent.field("keep").as_bytes());
            carry_out(&app, &who, sent, command).await
        }
        Err(error) => Err(error),
    };
    match outcome {
        Ok(Outcome { kept: Some(file), .. }) => Ok(see_other(
            &app,
            &Object::File(file.id).href(),
            "Đã kiểm tra và lưu tệp cùng kết quả.",
        )),
        Ok(Outcome { name, checked, .. }) => {
            let report = verdicts::view(&checked.report, &name, "", &who.label());
            render(&build(&app, &who, &jar, Some(report), None).await?)
        }
        Err(AppError::Refused(refusal)) => {
            let refusal = RefusalBox {
                sentence: refusal.message,
                clause: format::clause(refusal.clause),
                what_to_do: String::new(),
            };
            Stay::on(&build(&app, &who, &jar, None, Some(refusal)).await?)
        }
        Err(error) => Err(error),
    }
}

async fn multipart(request: Request, app: &App) -> AppResult<Multipart> {
    Multipart::from_request(request, app)
        .await
        .map_err(|_| AppError::BadInput("Gửi tệp theo dạng multipart với trường “file”.".to_owned()))
}

/// What a check found.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckedFile {
    /// Name of the file.
    pub name: String,
    /// The kept file, when it was asked for.
    pub file: Option<Uuid>,
    /// The report: verdict, each signature and what it covers, changes after it, the certificates.
    #[schema(value_type = Object)]
    pub report: pdf_signature::verify::Report,
}

/// Checks the signatures of a PDF (multipart, field `file`, at most 50 MB). The file is not kept, unless the field `keep=on`
/// comes with it.
#[utoipa::path(post, path = "/api/v1/signing/check", tag = "signing",
    responses((status = 200, body = CheckedFile), (status = 409, description = "Tệp không đúng quy định; clause cho biết khoản")))]
pub async fn api(State(app): State<App>, who: Who, form: Multipart) -> AppResult<Json<CheckedFile>> {
    let sent = read(&app, form, None).await?;
    let command = CommandId::from_uuid(app.ids.next());
    let Outcome { name, checked, kept } = carry_out(&app, &who, sent, command).await?;
    Ok(Json(CheckedFile {
        name,
        file: kept.map(|file| file.id.as_uuid()),
        report: checked.report,
    }))
}
