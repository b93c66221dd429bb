//! The page: a message is chosen, and the form of registration comes back filled.

use askama::Template;
use axum::extract::{FromRequest, FromRequestParts, Multipart, Request, State};
use axum_extra::extract::cookie::CookieJar;
use rules::{file_rules, incoming::PaperChannel};
use store::vietnam;
use uuid::Uuid;

use super::{Taken, sender, take};
use crate::{
    context::{App, Who},
    desk::DeskBox,
    error::{AppError, AppResult},
    incoming::paper::{self, Filled, may},
    web::{
        Reply, Stay, format, frame,
        page::{Crumb, FieldErrors, Page, RefusalBox},
        render,
    },
};

/// Text fields of the form are never longer.
const MAX_FIELD: usize = 4096;
/// And there are never more.
const MAX_FIELDS: usize = 16;

/// What was sent.
pub(super) struct Sent {
    csrf: String,
    pub(super) content: Option<Vec<u8>>,
}

/// Reads the form. With `csrf`, the token must come before the file.
pub(super) async fn read(mut form: Multipart, csrf: Option<&str>) -> AppResult<Sent> {
    let cut = |_| {
        AppError::BadInput(
            "Thư quá lớn hoặc việc gửi bị đứt giữa chừng. Thư không quá 50 MB; vui lòng gửi lại.".to_owned(),
        )
    };
    let mut sent = Sent {
        csrf: String::new(),
        content: None,
    };
    let is_ours = |sent: &Sent| csrf.is_none_or(|csrf| !csrf.is_empty() && sent.csrf == csrf);
    let mut fields = 0;
    while let Some(mut part) = form.next_field().await.map_err(cut)? {
        let is_file = part.file_name().is_some_and(|name| !name.is_empty());
        let is_csrf = part.name() == Some("csrf");
        let most = if is_file {
            if !is_ours(&sent) {
                return Err(AppError::CrossSite);
            }
            usize::try_from(file_rules::MAX_FILE_BYTES).map_err(anyhow::Error::from)?
        } else {
            MAX_FIELD
        };
        fields += 1;
        if fields > MAX_FIELDS {
            return Err(AppError::BadInput(
                "Biểu mẫu không đúng dạng. Tải lại trang rồi gửi lại.".to_owned(),
            ));
        }
        let mut value = Vec::new();
        while let Some(piece) = part.chunk().await.map_err(cut)? {
            if value.len() + piece.len() > most {
                return Err(AppError::BadInput(
                    "Thư quá lớn: không quá 50 MB. Vui lòng lưu các tệp đính kèm rồi vào sổ như văn bản khác.".to_owned(),
                ));
            }
            value.extend_from_slice(&piece);
        }
        if is_file {
            sent.content = sent.content.or(Some(value));
        } else if is_csrf {
            sent.csrf = String::from_utf8_lossy(&value).into_owned();
        }
    }
    if is_ours(&sent) {
        Ok(sent)
    } else {
        Err(AppError::CrossSite)
    }
}

#[derive(Template)]
#[template(path = "incoming/arrival/mail/page.html")]
struct MailPage {
    page: Page,
    crumbs: Vec<Crumb>,
    command_id: Uuid,
    errors: FieldErrors,
    refusal: Option<RefusalBox>,
}

/// `GET /incoming/mail`.
pub async fn new_page(State(app): State<App>, who: Who, jar: CookieJar) -> Reply {
    may(&who)?;
    render(&build(&app, &who, &jar, None).await?)
}

/// `POST /incoming/mail`: takes the message apart and shows the form of registration with what is in it.
pub async fn page(State(app): State<App>, jar: CookieJar, request: Request) -> Reply {
    let (mut parts, body) = request.into_parts();
    let who = Who::from_request_parts(&mut parts, &app).await?;
    may(&who)?;
    let form = Multipart::from_request(Request::from_parts(parts, body), &app)
        .await
        .map_err(|_| AppError::BadInput("Biểu mẫu không đúng dạng. Tải lại trang rồi gửi lại.".to_owned()))?;
    let taken = async {
        let sent = read(form, Some(&who.csrf)).await?;
        let content = sent
            .content
            .ok_or_else(|| AppError::BadInput("Vui lòng chọn tệp thư (.eml) rồi gửi.".to_owned()))?;
        take(&app, &who, content).await
    };
    match taken.await {
        Ok(taken) => {
            let filled = filled(&app, &taken).await?;
            paper::filled_page(&app, &who, &jar, filled).await
        }
        Err(error @ (AppError::Refused(_) | AppError::BadInput(_))) => {
            Stay::on(&build(&app, &who, &jar, Some(error)).await?)
        }
        Err(error) => Err(error),
    }
}

/// What the message gives to the form.
async fn filled(app: &App, taken: &Taken) -> AppResult<Filled> {
    let known = sender::known(app, &taken.from_address).await?;
    let day = taken.sent_at.map(|at| format::date(vietnam(at).date()));
    let mut notes = Vec::new();
    notes.push(match &known {
        Some(name) => format!("Địa chỉ {} là của {name} trong danh mục.", taken.from_address),
        None => format!(
            "Địa chỉ {} không có trong danh mục: vui lòng xác minh nơi gửi.",
            taken.from_address
        ),
    });
    if taken.is_print {
        notes.push(
            "Thư không kèm tệp PDF hoặc ảnh nên bản in của thư là tệp văn bản; chọn tệp khác nếu cần."
                .to_owned(),
        );
    }
    if !taken.left_out.is_empty() {
        let names: Vec<String> = taken
            .left_out
            .iter()
            .map(|one| format!("{} ({})", one.name, one.why.trim_end_matches('.')))
            .collect();
        notes.push(format!("Chưa lấy {} tệp: {}.", names.len(), names.join("; ")));
    }
    Ok(Filled {
        channel: PaperChannel::Email,
        main: taken.main.id.to_string(),
        reads_main: !taken.is_print,
        others: taken.others.iter().map(|file| file.id.to_string()).collect(),
        sender: sender::name_of(app, taken).await?,
        subject: taken.subject.clone(),
        note: format!(
            "Nhận qua thư điện tử từ {}{}",
            taken.from_address,
            day.map(|day| format!(", gửi ngày {day}")).unwrap_or_default()
        ),
        unopened: String::new(),
        notes,
    })
}

async fn build(app: &App, who: &Who, jar: &CookieJar, error: Option<AppError>) -> AppResult<MailPage> {
    let title = "Vào sổ từ thư điện tử";
    let reception = DeskBox::Reception;
    let mut errors = FieldErrors::none();
    let refusal = error.map(|error| errors.tell(error));
    Ok(MailPage {
        page: frame(app, who, jar, title, reception.key()).await?,
        crumbs: vec![
            Crumb::new(reception.label(), format!("/boxes/{}", reception.key())),
            Crumb::new(title, ""),
        ],
        command_id: app.ids.next(),
        errors,
        refusal,
    })
}
