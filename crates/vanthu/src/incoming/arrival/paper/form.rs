//! The form: what was typed stays when something is refused, files too.

use askama::Template;
use axum::extract::State;
use axum_extra::extract::cookie::CookieJar;
use jiff::civil::Date;
use rules::{
    Refusal, document_types,
    file_rules::ScanFault,
    ids::FileId,
    incoming::{PaperChannel, RegistrationField},
    numbering::printed_number,
    secrecy::SecrecyLevel,
    urgency::Urgency,
};
use serde::Deserialize;
use store::{args, sql};
use uuid::Uuid;

use super::{
    Paper,
    reading::{self, Marks, Note, untouched},
    register::{may, register},
};
use crate::{
    context::{App, Who},
    desk::DeskBox,
    documents::{Upload, scans},
    error::{AppError, AppResult},
    incoming::detail,
    organization,
    web::{
        Reply, Stay, clean, format, frame,
        page::{Choice, Crumb, FieldErrors, Page, RefusalBox},
        render, see_other,
    },
};

/// What stands in the form, as text.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    pub(super) channel: String,
    pub(super) sender_name: String,
    pub(super) number: String,
    pub(super) symbol: String,
    pub(super) issued_on: String,
    pub(super) type_key: String,
    pub(super) subject: String,
    pub(super) urgency: String,
    pub(super) signer_name: String,
    pub(super) signer_title: String,
    /// What was read of the main file, see [`reading`].
    pub(super) read: Vec<String>,
    /// Which button was pressed: `read`, or none of a name.
    pub(super) step: String,
    pub(super) secrecy: String,
    pub(super) respond_by: String,
    pub(super) due_on: String,
    pub(super) note: String,
    pub(super) kept_main: String,
    pub(super) kept: Vec<String>,
    pub(super) unopened: String,
    pub(super) dossier_unit: String,
    pub(super) dossier_description: String,
    pub(super) despite: String,
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

    async fn paper(&self, app: &App) -> AppResult<Paper> {
        let files = self.kept.iter().map(|file| read(file, "tài liệu kèm theo"));
        Ok(Paper {
            channel: read(&self.channel, "nhận qua")?,
            sender: organization::agency_of_text(app, &clean(&self.sender_name)).await?,
            sender_name: self.sender_name.clone(),
            number: self.number.clone(),
            symbol: self.symbol.clone(),
            issued_on: read(&self.issued_on, "ngày văn bản")?,
            type_key: self.type_key.clone(),
            subject: self.subject.clone(),
            urgency: read(&self.urgency, "mức độ khẩn")?,
            secrecy: read(&self.secrecy, "độ mật")?,
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
            unopened: read(&self.unopened, "bì thư")?,
            dossier_unit: read(&self.dossier_unit, "đơn vị nhận hồ sơ")?,
            dossier_description: self.dossier_description.clone(),
            despite: self.despite.clone(),
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
#[template(path = "incoming/arrival/paper.html")]
pub(super) struct PaperPage {
    page: Page,
    crumbs: Vec<Crumb>,
    command_id: Uuid,
    refusal: Option<RefusalBox>,
    errors: FieldErrors,
    typed: Typed,
    /// Names of the directory, to choose from while typing.
    senders: Vec<String>,
    kinds: Vec<Choice>,
    urgencies: Vec<Choice>,
    channels: Vec<Choice>,
    units: Vec<Choice>,
    levels: Vec<Choice>,
    kept_main_name: String,
    /// What to set on the scanner (CN-109).
    scan_faults: Vec<&'static str>,
    kept_files: Vec<Choice>,
    /// What the viewer shows of the main file, or nothing.
    src: String,
    /// The same for a picture.
    image: String,
    marks: Marks,
    note: Option<Note>,
    today: String,
    today_shown: String,
}

/// `GET /incoming/paper`.
pub async fn new_page(State(app): State<App>, who: Who, jar: CookieJar) -> Reply {
    may(&who)?;
    render(&form_page(&app, &who, &jar, untouched(), None, None).await?)
}

/// `POST /incoming/paper`: registers, or reads the main file and shows the form with what was read.
pub async fn page(State(app): State<App>, jar: CookieJar, sent: Upload) -> Reply {
    may(&sent.who)?;
    let mut typed: Typed = sent.form()?;
    typed.keep(&sent);
    if typed.step == "read" {
        return read_page(&app, &jar, sent, typed).await;
    }
    let done = async {
        if let Some(refusal) = sent.refused {
            return Err(refusal.into());
        }
        register(&app, &sent.who, sent.command, typed.paper(&app).await?).await
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
            Stay::on(&form_page(&app, &sent.who, &jar, typed, Some(error), None).await?)
        }
        Err(error) => Err(error),
    }
}

/// The form with what was read of the main file; it changes nothing.
async fn read_page(app: &App, jar: &CookieJar, sent: Upload, mut typed: Typed) -> Reply {
    let who = &sent.who;
    let read = async {
        if let Some(refusal) = sent.refused {
            return Err(refusal.into());
        }
        let file: Option<Uuid> = read(&typed.kept_main, "bản chụp văn bản")?;
        let file = file.ok_or_else(|| {
            AppError::Refused(
                Refusal::new(
                    "ND30-22.3b",
                    "incoming.no_scan",
                    "Vui lòng chọn tệp của văn bản rồi bấm “Đọc thông tin từ tệp”.",
                )
                .on("file"),
            )
        })?;
        reading::fill(app, who, FileId::from_uuid(file), &mut typed).await
    };
    match read.await {
        Ok(note) => render(&form_page(app, who, jar, typed, None, Some(note)).await?),
        Err(error @ (AppError::Refused(_) | AppError::BadInput(_))) => {
            Stay::on(&form_page(app, who, jar, typed, Some(error), None).await?)
        }
        Err(error) => Err(error),
    }
}

pub(super) async fn form_page(
    app: &App,
    who: &Who,
    jar: &CookieJar,
    typed: Typed,
    error: Option<AppError>,
    note: Option<Note>,
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
    let main = kept_file(app, who, &typed.kept_main).await?;
    let shown_as = |shown: fn(&str) -> bool| match &main {
        Some((_, media_type)) if shown(media_type) => format!("/files/{}", typed.kept_main),
        _ => String::new(),
    };
    let src = shown_as(|media_type| media_type == "application/pdf");
    let image = shown_as(|media_type| matches!(media_type, "image/jpeg" | "image/png"));
    let kept_main_name = main.map(|(name, _)| name).unwrap_or_default();
    // Who sends a file by mail did not scan it for us.
    let scan_faults = match typed.kept_main.parse::<Uuid>() {
        Ok(file) if !kept_main_name.is_empty() && typed.channel != PaperChannel::Email.as_str() => {
            scans::faults_of(app, FileId::from_uuid(file))
                .await?
                .into_iter()
                .map(ScanFault::label)
                .collect()
        }
        _ => Vec::new(),
    };
    let mut kept_files = Vec::new();
    for file in &typed.kept {
        if let Some((name, _)) = kept_file(app, who, file).await? {
            kept_files.push(Choice::new(file.clone(), name));
        }
    }
    let marks = Marks::of(&typed, shown_value);
    let title = title_of(&typed.channel);
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
        senders: organization::agency_texts(app).await?,
        kinds: document_types::in_force(today)
            .map(|kind| Choice::new(kind.key, kind.name))
            .collect(),
        urgencies: Urgency::ALL
            .iter()
            .map(|urgency| Choice::new(urgency.as_str(), urgency.label()))
            .collect(),
        channels: PaperChannel::ALL
            .iter()
            .map(|channel| Choice::new(channel.as_str(), channel.label()))
            .collect(),
        units: super::super::dossier::units(app, who).await?,
        levels: SecrecyLevel::ALL
            .iter()
            .map(|level| Choice::new(level.as_str(), level.label()))
            .collect(),
        kept_main_name,
        scan_faults,
        kept_files,
        src,
        image,
        marks,
        note,
        today: today.to_string(),
        today_shown: format::date(today),
        typed,
    })
}

/// What the page is about: the way by which the document came, as it stands in the form. Only what came on paper is called so.
fn title_of(channel: &str) -> &'static str {
    match channel.parse::<PaperChannel>() {
        Ok(PaperChannel::Email) => "Vào sổ văn bản nhận qua thư điện tử",
        Ok(PaperChannel::Fax) => "Vào sổ văn bản nhận qua fax",
        Ok(PaperChannel::Paper) | Err(_) => "Vào sổ văn bản giấy",
    }
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

/// How a value that was read is told beside what was typed.
fn shown_value(field: RegistrationField, value: &str) -> String {
    match field {
        RegistrationField::DocumentType => {
            document_types::by_key(value).map_or_else(|| value.to_owned(), |kind| kind.name.to_owned())
        }
        RegistrationField::Urgency => value
            .parse::<Urgency>()
            .map_or_else(|_| value.to_owned(), |urgency| urgency.label().to_owned()),
        RegistrationField::IssuedOn => value
            .parse::<Date>()
            .map_or_else(|_| value.to_owned(), format::date),
        _ => value.to_owned(),
    }
}

/// Name and media type of a file that this person uploaded; other files are not there.
async fn kept_file(app: &App, who: &Who, id: &str) -> AppResult<Option<(String, String)>> {
    let Ok(id) = id.parse::<Uuid>() else {
        return Ok(None);
    };
    let row = app
        .db
        .opt(
            sql!("SELECT name, media_type FROM file WHERE id = $1 AND account_id = $2"),
            args![id, who.account()],
        )
        .await?;
    Ok(row
        .map(|row| Ok::<_, store::Error>((row.get("name")?, row.get("media_type")?)))
        .transpose()?)
}
