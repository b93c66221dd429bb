//! Sao sang bản điện tử: the form with the scan, and the one button that has the copy numbered and signed (ND30-25.1c).

use askama::Template;
use axum::extract::{Query, State};
use axum_extra::extract::cookie::CookieJar;
use rules::{
    copies::{CopyKind, Medium},
    file_rules::ScanFault,
    ids::FileId,
};
use uuid::Uuid;

use super::{
    base, detail,
    make::{CopyMade, MakeCopy, Of, make, signer_choices, tabs},
    sign_copy, source,
};
use crate::{
    context::{App, Who},
    documents::{Upload, scans, state_secret},
    error::{AppError, AppResult},
    outgoing,
    web::{
        Reply, Stay, frame,
        page::{Choice, Fact, FieldErrors, Page, RefusalBox, Tab},
        render, see_other,
    },
};

const ROUTE: &str = "/registers/copies/electronic";

#[derive(Template)]
#[template(path = "registers/copies/electronic.html")]
struct ElectronicForm {
    page: Page,
    command_id: Uuid,
    refusal: Option<RefusalBox>,
    errors: FieldErrors,
    facts: Vec<Fact>,
    tabs: Vec<Tab>,
    back: String,
    /// Forms of copy that the law knows from this document to an electronic one.
    kinds: Vec<Choice>,
    /// From which of both the copy is made; nothing where there is one only.
    origins: Vec<Choice>,
    origin: String,
    /// Whether only a part may be copied: the document is electronic itself.
    is_extract_only: bool,
    signers: Vec<Choice>,
    typed: MakeCopy,
    source_id: String,
    kind: String,
    signer: String,
    /// The scan that the document has already, or empty.
    own_scan: String,
    /// The file that was sent with the form before, its id and name, or empty.
    sent_file: String,
    sent_name: String,
    /// Of the scan that would be taken, what to set on the scanner.
    scan_faults: Vec<&'static str>,
}

/// `GET /registers/copies/electronic`.
pub async fn form(State(app): State<App>, who: Who, jar: CookieJar, Query(of): Query<Of>) -> Reply {
    let (source_kind, id) = of.target()?;
    let typed = MakeCopy {
        source_kind: source_kind.to_owned(),
        source: Some(id),
        copies: 1,
        ..MakeCopy::default()
    };
    render(&shown(&app, &who, &jar, typed, None).await?)
}

/// `POST /registers/copies/electronic`: numbered, then signed. A signature that fails leaves the numbered copy waiting for it.
pub async fn submit(State(app): State<App>, jar: CookieJar, sent: Upload) -> Reply {
    let mut data: MakeCopy = sent.form()?;
    data.to = Some(Medium::Electronic);
    if let Some(file) = sent.files_in("scan").last() {
        data.main_file = Some(file.id);
    }
    match numbered(&app, &sent, &data).await {
        Ok(made) => signed(&app, &sent, &jar, &made).await,
        Err(error @ (AppError::Refused(_) | AppError::BadInput(_))) => {
            Stay::on(&shown(&app, &sent.who, &jar, data, Some(error)).await?)
        }
        Err(error) => Err(error),
    }
}

async fn numbered(app: &App, sent: &Upload, data: &MakeCopy) -> AppResult<CopyMade> {
    if let Some(refusal) = &sent.refused {
        return Err(refusal.clone().into());
    }
    let texts: Vec<&str> = sent.fields.iter().map(|(_, value)| value.as_str()).collect();
    state_secret::at_the_door(app, &sent.who, ROUTE, &texts).await?;
    make(app, &sent.who, sent.command, data).await
}

async fn signed(app: &App, sent: &Upload, jar: &CookieJar, made: &CopyMade) -> Reply {
    let who = &sent.who;
    let href = format!("/registers/copies/{}", made.id);
    if sign_copy::asks_for_pin(app, who.agency()).await? {
        let sentence = format!(
            "Đã cấp số bản sao {}. Vui lòng nhập mã PIN để ký số.",
            made.number_and_symbol
        );
        return Ok(see_other(app, &href, &sentence));
    }
    let command = sign_copy::command_of(sent.command);
    match sign_copy::sign(app, who, command, made.id, "").await {
        Ok(signed) => {
            let sentence = match signed.request {
                Some(_) => format!("Đã cấp số bản sao {}.", signed.number_and_symbol),
                None => format!("Đã cấp số và ký số bản sao điện tử {}.", signed.number_and_symbol),
            };
            Ok(see_other(app, &sign_copy::next(&signed), &sentence))
        }
        Err(AppError::Refused(refusal)) => {
            Stay::on(&detail::shown(app, who, jar, made.id, Some(refusal)).await?)
        }
        Err(error) => Err(error),
    }
}

async fn shown(
    app: &App,
    who: &Who,
    jar: &CookieJar,
    mut typed: MakeCopy,
    error: Option<AppError>,
) -> AppResult<ElectronicForm> {
    super::super::may_read(who)?;
    let id = typed.source.ok_or(AppError::NotFound)?;
    let seen = source(app, who, &typed.source_kind, id).await?;
    // What stands in the way of every copy is told before anything is filled in.
    let error = match error {
        Some(error) => Some(error),
        None => sign_copy::key(app, who.agency())
            .await
            .err()
            .filter(|error| matches!(error, AppError::Refused(_))),
    };
    let mut errors = FieldErrors::none();
    let refusal = error.map(|error| {
        errors.tell(match error {
            // The field of the form through which the file comes.
            AppError::Refused(refusal) if refusal.field == Some("main_file") => refusal.on("scan").into(),
            other => other,
        })
    });
    let own = base::own_scan(app, &seen).await?;
    let sent = match typed.main_file {
        Some(file) => outgoing::own_file(app, who, &[], file).await.ok(),
        None => None,
    };
    let taken: Option<FileId> = sent.as_ref().or(own.as_ref()).map(|file| file.id);
    let scan_faults = match taken {
        Some(file) => scans::faults_of(app, file)
            .await?
            .into_iter()
            .map(ScanFault::label)
            .collect(),
        None => Vec::new(),
    };
    let has_both = seen.has_paper;
    let is_copied = |kind: CopyKind| {
        rules::copies::is_copied(kind, seen.medium, Medium::Electronic)
            || (has_both && rules::copies::is_copied(kind, Medium::Paper, Medium::Electronic))
    };
    let kinds: Vec<CopyKind> = CopyKind::ALL
        .iter()
        .copied()
        .filter(|kind| is_copied(*kind))
        .collect();
    if typed.kind.is_none() {
        typed.kind = kinds.first().copied();
    }
    Ok(ElectronicForm {
        page: frame(app, who, jar, "Sao sang bản điện tử", "copies").await?,
        command_id: app.ids.next(),
        refusal,
        errors,
        facts: vec![
            Fact::new("Văn bản được sao", seen.name.as_str()),
            Fact::new("Văn bản là", seen.medium.label()),
            Fact::new("Bản sao là", Medium::Electronic.label()),
        ],
        tabs: tabs(&seen, Medium::Electronic),
        back: format!("/{}/{id}", seen.kind),
        kinds: kinds
            .iter()
            .map(|kind| Choice::new(kind.as_str(), kind.label()))
            .collect(),
        origins: if has_both {
            vec![
                Choice::new(Medium::Paper.as_str(), "Bản chính giấy").hint("quét bản giấy đã in, đóng dấu"),
                Choice::new(Medium::Electronic.as_str(), "Bản điện tử").hint("chỉ trích sao"),
            ]
        } else {
            Vec::new()
        },
        origin: typed.from.unwrap_or(seen.medium).as_str().to_owned(),
        is_extract_only: seen.medium == Medium::Electronic && !has_both,
        signers: signer_choices(app, who).await?,
        source_id: id.to_string(),
        kind: typed
            .kind
            .map(|kind| kind.as_str().to_owned())
            .unwrap_or_default(),
        signer: typed.signer.map(|post| post.to_string()).unwrap_or_default(),
        own_scan: own.map(|file| file.name).unwrap_or_default(),
        sent_file: sent.as_ref().map(|file| file.id.to_string()).unwrap_or_default(),
        sent_name: sent.map(|file| file.name).unwrap_or_default(),
        scan_faults,
        typed,
    })
}
