//! Đăng ký văn bản giấy: a document that came on paper gets its arrival number, with its scan (ND30-22, Phụ lục VI
//! Phần II).

use askama::Template;
use axum::{Json, extract::State};
use axum_extra::extract::cookie::CookieJar;
use jiff::civil::Date;
use rules::{
    Refusal,
    access::{self, Action, ObjectFacts},
    document_types,
    ids::{AccountId, CommandId, FileId, IncomingId},
    incoming::{CheckOutcome, IncomingEvent, PaperDocument, register_paper},
    legal_value::{SignatureVerdict, legal_value},
    numbering::{ARRIVAL_SERIES, printed_number},
    secrecy::SecretMarks,
    urgency::Urgency,
};
use serde::{Deserialize, Serialize};
use store::{Act, Begun, Entry, args, sql};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    detail,
    duplicates::{self, Keys},
    load,
    register::{self, Registered},
};
use crate::{
    api,
    context::{App, Who},
    desk::{self, DeskBox},
    documents::{
        self, Upload,
        state_secret::{self, Attempt},
    },
    error::{AppError, AppResult},
    web::{
        Reply, Stay, clean, format, frame,
        page::{Choice, Crumb, FieldErrors, Page, RefusalBox},
        render, see_other,
    },
};

/// What the clerk reads on the paper, and its scan.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Paper {
    /// Cơ quan, tổ chức ban hành.
    #[serde(default)]
    pub sender_name: String,
    /// Số, as printed; empty when the paper bears none.
    #[serde(default)]
    pub number: String,
    /// Ký hiệu.
    #[serde(default)]
    pub symbol: String,
    /// Ngày, tháng, năm of the document.
    #[schema(value_type = String, format = Date)]
    pub issued_on: Option<Date>,
    /// Key of the kind of document, of the list in force: `quyet_dinh`, `cong_van` …
    #[serde(default)]
    pub type_key: String,
    /// Trích yếu.
    #[serde(default)]
    pub subject: String,
    /// Mức độ khẩn: `normal`, `urgent`, `very_urgent`, `express`.
    #[schema(value_type = Option<String>)]
    pub urgency: Option<Urgency>,
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
            ..self
        }
    }
}

/// A file that the clerk brought.
struct Brought {
    id: FileId,
    name: String,
    media_type: String,
    pages: Option<i64>,
}

/// Registers a paper document: it begins its way registered, with its arrival number.
///
/// # Errors
/// The refusals of [`register_paper`], of the document type and of the arrival number; `ND30-22.3b` without a scan;
/// [`AppError::NotFound`] for a file that the clerk did not upload.
pub async fn register(app: &App, who: &Who, command: CommandId, data: Paper) -> AppResult<Registered> {
    let attempt = Attempt {
        act: "incoming.register_paper",
        doing: "vào sổ văn bản giấy",
        object_kind: "incoming",
        object: None,
        file: None,
    };
    let registered = register_checked(app, who, command, data).await;
    state_secret::journal_refusal(app, who, attempt, registered).await
}

async fn register_checked(app: &App, who: &Who, command: CommandId, data: Paper) -> AppResult<Registered> {
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    may(who)?;
    let data = data.cleaned();
    let mut files = Vec::new();
    for file in data.main_file.iter().chain(&data.attachments) {
        if files.iter().all(|known: &Brought| known.id != *file) {
            files.push(brought(&mut act, who, *file).await?);
        }
    }
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    let today = act.today();
    let plan = register_paper(
        &who.actor,
        who.agency(),
        &PaperDocument {
            document_type: Some(&data.type_key),
            number: &data.number,
            symbol: &data.symbol,
            issued_on: data.issued_on,
            issuer: &data.sender_name,
            subject: &data.subject,
            arrived_on: today,
            today,
            secrecy: SecretMarks {
                symbols: &[&data.symbol, &data.number],
                file_names: &names,
                texts: &[
                    &data.subject,
                    &data.note,
                    &data.sender_name,
                    &data.signer_name,
                    &data.signer_title,
                ],
                ..SecretMarks::default()
            },
        },
    )?;
    let kind = document_types::usable(&data.type_key, today)?;
    let pages = match files.first().filter(|file| Some(file.id) == data.main_file) {
        Some(scan) if is_scan(&scan.media_type) => scan.pages,
        Some(_) => {
            return Err(no_scan(
                "Bản chụp văn bản phải là tệp PDF hoặc ảnh. Tệp loại khác gửi ở phần tài liệu kèm theo.",
            ));
        }
        None => {
            return Err(no_scan(
                "Vui lòng đính kèm bản chụp (PDF hoặc ảnh) của văn bản giấy.",
            ));
        }
    };
    let attachments: Vec<FileId> = files.iter().skip(1).map(|file| file.id).collect();
    let duplicates = duplicates::of(
        &mut act,
        who.agency(),
        None,
        &Keys {
            document_code: None,
            number: &data.number,
            symbol: &data.symbol,
            sender_id: None,
            sender_name: &data.sender_name,
        },
    )
    .await?;
    let taken = register::take_number(&mut act, who.agency()).await?;
    let set = documents::new_set(&mut act, data.main_file, &attachments).await?;
    let id = IncomingId::from_uuid(act.new_id());
    let now = act.now();
    // The checks of QD28-9.1 are about electronic deliveries: here the system has checked nothing.
    let unchecked = CheckOutcome::Undetermined.as_str();
    let value = legal_value(SignatureVerdict::Absent, SignatureVerdict::Absent, true);
    act.run(
        sql!(
            "INSERT INTO incoming (id, agency_id, source, sender_name, number, symbol, issued_on, type_key, subject, \
             folded_subject, urgency, signer_name, signer_title, respond_by, file_set, pages, note, completeness, \
             integrity, authenticity, legal_value, state, revision, delivered_at, updated_at, series, year, \
             arrival_number, arrived_on, due_on) \
             VALUES ($1, $2, 'paper', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17, $17, \
             $18, $19, 0, $20, $20, $21, $22, $23, $24, $25)"
        ),
        args![
            id,
            who.agency(),
            data.sender_name.as_str(),
            data.number.as_str(),
            data.symbol.as_str(),
            data.issued_on,
            kind.key,
            data.subject.as_str(),
            viet_text::fold(&data.subject),
            data.urgency.unwrap_or(Urgency::Normal).as_str(),
            data.signer_name.as_str(),
            data.signer_title.as_str(),
            data.respond_by,
            set,
            pages,
            Some(data.note.clone()).filter(|note| !note.is_empty()),
            unchecked,
            value.as_str(),
            plan.next.as_str(),
            now,
            ARRIVAL_SERIES,
            taken.year,
            taken.number,
            taken.date,
            data.due_on,
        ],
    )
    .await?;
    desk::refresh_incoming(&mut act, id).await?;
    let number = printed_number(taken.number);
    act.journal(Entry {
        act: "incoming.register_paper",
        object_kind: "incoming",
        object: id.as_uuid(),
        agency: None,
        summary: format!("{} văn bản giấy, số đến {number}", IncomingEvent::Registered.label()),
        details: serde_json::json!({
            "arrival_number": taken.number, "year": taken.year, "arrived_on": taken.date, "due_on": data.due_on,
            "sender_name": data.sender_name, "number": data.number, "symbol": data.symbol,
            "issued_on": data.issued_on, "note": data.note,
        }),
    })
    .await?;
    let answer = Registered {
        id,
        arrival_number: taken.number,
        year: taken.year,
        arrived_on: taken.date,
        duplicates,
    };
    app.commit(act, &answer).await?;
    Ok(answer)
}

/// Only clerks register (ND30-4.2b).
fn may(who: &Who) -> AppResult<()> {
    load::visible(access::decide(
        &who.actor,
        Action::Register,
        &ObjectFacts::agency(who.agency()),
    ))?;
    Ok(())
}

/// A file that this person uploaded; the files of others are not there.
async fn brought(act: &mut Act, who: &Who, id: FileId) -> AppResult<Brought> {
    let row = act
        .opt(
            sql!("SELECT name, media_type, pages, account_id FROM file WHERE id = $1 AND agency_id = $2"),
            args![id, who.agency()],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    if row.get::<Option<AccountId>>("account_id")? != Some(who.account()) {
        return Err(AppError::NotFound);
    }
    Ok(Brought {
        id,
        name: row.get("name")?,
        media_type: row.get("media_type")?,
        pages: row.get("pages")?,
    })
}

fn is_scan(media_type: &str) -> bool {
    media_type == "application/pdf" || media_type.starts_with("image/")
}

fn no_scan(message: &str) -> AppError {
    Refusal::new("ND30-22.3b", "incoming.no_scan", message)
        .on("main_file")
        .into()
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

/// What stands in the form, as text.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Typed {
    sender_name: String,
    number: String,
    symbol: String,
    issued_on: String,
    type_key: String,
    subject: String,
    urgency: String,
    signer_name: String,
    signer_title: String,
    respond_by: String,
    due_on: String,
    note: String,
    kept_main: String,
    kept: Vec<String>,
}

impl Typed {
    /// Files that came with the form count as kept: a refused form does not ask for them again.
    fn keep(&mut self, sent: &Upload) {
        if let Some(file) = sent.files_in("main_file").last() {
            self.kept_main = file.id.to_string();
        }
        self.kept
            .extend(sent.files_in("attachments").map(|file| file.id.to_string()));
    }

    fn paper(&self) -> AppResult<Paper> {
        let files = self.kept.iter().map(|file| read(file, "tài liệu kèm theo"));
        Ok(Paper {
            sender_name: self.sender_name.clone(),
            number: self.number.clone(),
            symbol: self.symbol.clone(),
            issued_on: read(&self.issued_on, "ngày văn bản")?,
            type_key: self.type_key.clone(),
            subject: self.subject.clone(),
            urgency: read(&self.urgency, "mức độ khẩn")?,
            signer_name: self.signer_name.clone(),
            signer_title: self.signer_title.clone(),
            respond_by: read(&self.respond_by, "hạn trả lời")?,
            due_on: read(&self.due_on, "thời hạn giải quyết")?,
            note: self.note.clone(),
            main_file: read(&self.kept_main, "bản chụp văn bản")?.map(FileId::from_uuid),
            attachments: files
                .collect::<AppResult<Vec<Option<Uuid>>>>()?
                .into_iter()
                .flatten()
                .map(FileId::from_uuid)
                .collect(),
        })
    }
}

fn read<T: std::str::FromStr>(text: &str, what: &str) -> AppResult<Option<T>> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = |_| AppError::BadInput(format!("Ô {what} có giá trị không đọc được. Vui lòng nhập lại."));
    text.parse().map(Some).map_err(wrong)
}

#[derive(Template)]
#[template(path = "incoming/paper.html")]
struct PaperPage {
    page: Page,
    crumbs: Vec<Crumb>,
    command_id: Uuid,
    refusal: Option<RefusalBox>,
    errors: FieldErrors,
    typed: Typed,
    kinds: Vec<Choice>,
    urgencies: Vec<Choice>,
    kept_main_name: String,
    kept_files: Vec<Choice>,
    today: String,
    today_shown: String,
}

/// `GET /incoming/paper`.
pub async fn new_page(State(app): State<App>, who: Who, jar: CookieJar) -> Reply {
    may(&who)?;
    let typed = Typed {
        type_key: document_types::OFFICIAL_LETTER.to_owned(),
        urgency: Urgency::Normal.as_str().to_owned(),
        ..Typed::default()
    };
    render(&form_page(&app, &who, &jar, typed, None).await?)
}

/// `POST /incoming/paper`.
pub async fn page(State(app): State<App>, jar: CookieJar, sent: Upload) -> Reply {
    may(&sent.who)?;
    let mut typed: Typed = sent.form()?;
    typed.keep(&sent);
    let done = async {
        if let Some(refusal) = sent.refused {
            return Err(refusal.into());
        }
        register(&app, &sent.who, sent.command, typed.paper()?).await
    };
    match done.await {
        Ok(done) => {
            let mut sentence = format!(
                "Đã vào sổ văn bản đến số {}.",
                printed_number(done.arrival_number)
            );
            if !done.duplicates.is_empty() {
                sentence.push_str(" Lưu ý: có văn bản trùng đã vào sổ trước đó.");
            }
            Ok(see_other(&app, &detail::href(done.id), &sentence))
        }
        Err(error @ (AppError::Refused(_) | AppError::BadInput(_))) => {
            Stay::on(&form_page(&app, &sent.who, &jar, typed, Some(error)).await?)
        }
        Err(error) => Err(error),
    }
}

async fn form_page(
    app: &App,
    who: &Who,
    jar: &CookieJar,
    typed: Typed,
    error: Option<AppError>,
) -> AppResult<PaperPage> {
    let mut errors = FieldErrors::none();
    let refusal = error.map(|error| {
        let problem = error.problem();
        if let Some(field) = problem.field {
            errors.add(field_of_form(field), problem.message.as_str());
        }
        RefusalBox {
            sentence: problem.message,
            clause: problem.clause.map(format::clause).unwrap_or_default(),
            what_to_do: String::new(),
        }
    });
    let kept_main_name = name_of(app, who, &typed.kept_main).await?;
    let mut kept_files = Vec::new();
    for file in &typed.kept {
        let name = name_of(app, who, file).await?;
        if !name.is_empty() {
            kept_files.push(Choice::new(file.clone(), name));
        }
    }
    let title = "Vào sổ văn bản giấy";
    let reception = DeskBox::Reception;
    let today = app.clock.today();
    Ok(PaperPage {
        page: frame(app, who, jar, title, reception.key()).await?,
        crumbs: vec![
            Crumb::new(reception.label(), format!("/boxes/{}", reception.key())),
            Crumb::new(title, ""),
        ],
        command_id: app.ids.next(),
        refusal,
        errors,
        kinds: document_types::in_force(today)
            .map(|kind| Choice::new(kind.key, kind.name))
            .collect(),
        urgencies: Urgency::ALL
            .iter()
            .map(|urgency| Choice::new(urgency.as_str(), urgency.label()))
            .collect(),
        kept_main_name,
        kept_files,
        today: today.to_string(),
        today_shown: format::date(today),
        typed,
    })
}

/// Names of fields as the rules call them, to names of the form.
fn field_of_form(field: &'static str) -> &'static str {
    match field {
        "issuer" => "sender_name",
        "document_type" => "type_key",
        "file" => "main_file",
        "content" => "subject",
        other => other,
    }
}

/// The name of a file that this person uploaded; other files have no name here.
async fn name_of(app: &App, who: &Who, id: &str) -> AppResult<String> {
    let Ok(id) = id.parse::<Uuid>() else {
        return Ok(String::new());
    };
    let row = app
        .db
        .opt(
            sql!("SELECT name FROM file WHERE id = $1 AND account_id = $2"),
            args![id, who.account()],
        )
        .await?;
    Ok(row.map(|row| row.get("name")).transpose()?.unwrap_or_default())
}
