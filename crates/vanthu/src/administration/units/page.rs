//! The page of a unit: its names, renaming, closing after a dry run, and the minutes once it is closed.

use askama::Template;
use axum::extract::{Path, State};
use axum_extra::extract::cookie::CookieJar;
use jiff::civil::Date;
use rules::{
    ids::{AgencyId, PostId, UnitId},
    people::Role,
};
use serde::Deserialize;
use store::{Row, args, sql};
use uuid::Uuid;

use super::{
    super::managed::{manages, must_administer},
    close::{self, CloseUnit},
    minutes::{self, Line},
    name::NameUnit,
};
use crate::{
    context::{App, Who},
    error::{AppError, AppResult},
    organization,
    web::{
        Reply, Stay, Submitted, format, frame,
        page::{Choice, Fact, FieldErrors, Page, RefusalBox},
        render, see_other,
    },
};

/// The forms of the page, as they are typed.
#[derive(Debug, Default)]
pub(super) struct Typed {
    name: Option<NameUnit>,
    close: CloseUnit,
    /// What closing would do, when it was asked.
    preview: Option<Vec<Line>>,
}

impl Typed {
    /// The form of the name.
    pub fn named(name: NameUnit) -> Self {
        Self {
            name: Some(name),
            ..Self::default()
        }
    }
}

struct ShownLine {
    kind: &'static str,
    name: String,
    from: String,
    to: String,
}

#[derive(Template)]
#[template(path = "administration/units/page.html")]
struct UnitPage {
    page: Page,
    command_id: Uuid,
    id: String,
    agency: String,
    facts: Vec<Fact>,
    is_open: bool,
    unit_name: String,
    unit_abbr: String,
    name_basis: String,
    units: Vec<Choice>,
    people: Vec<Choice>,
    successor: String,
    receiver: String,
    head_title: String,
    close_basis: String,
    is_preview: bool,
    lines: Vec<ShownLine>,
    refusal: Option<RefusalBox>,
    errors: FieldErrors,
}

/// `GET /administration/units/{id}`.
pub async fn show(State(app): State<App>, who: Who, jar: CookieJar, Path(id): Path<UnitId>) -> Reply {
    render(&build(&app, &who, &jar, id, Typed::default(), None).await?)
}

/// The page again after a refusal.
///
/// # Errors
/// When the database fails.
pub(super) async fn stay(
    app: &App,
    who: &Who,
    jar: &CookieJar,
    id: UnitId,
    typed: Typed,
    error: AppError,
) -> Reply {
    Stay::on(&build(app, who, jar, id, typed, Some(error)).await?)
}

/// The form of closing: `step` is `preview` for the dry run.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct CloseForm {
    step: String,
    #[serde(deserialize_with = "crate::web::blank_as_none")]
    successor: Option<UnitId>,
    #[serde(deserialize_with = "crate::web::blank_as_none")]
    receiver: Option<PostId>,
    head_title: String,
    /// Two forms of the page ask for a paper; each field has its own name there.
    #[serde(rename = "close_basis")]
    basis: String,
}

/// `POST /administration/units/{id}/close`.
pub async fn close(
    State(app): State<App>,
    jar: CookieJar,
    Path(id): Path<UnitId>,
    form: Submitted<CloseForm>,
) -> Reply {
    let sent = form.data;
    let step = sent.step;
    let data = CloseUnit {
        successor: sent.successor,
        receiver: sent.receiver,
        head_title: sent.head_title,
        basis: sent.basis,
    };
    let who = &form.who;
    let done = if step == "preview" {
        close::dry_run(&app, who, id, &data).await.map(Some)
    } else {
        close::close(&app, who, form.command, id, &data)
            .await
            .map(|_| None)
    };
    let typed = |preview| Typed {
        close: data.clone(),
        preview,
        name: None,
    };
    match done {
        Ok(None) => Ok(see_other(
            &app,
            &format!("/administration/units/{id}"),
            "Đơn vị đã kết thúc hoạt động; biên bản bàn giao ở dưới.",
        )),
        Ok(preview) => render(&build(&app, who, &jar, id, typed(preview), None).await?),
        Err(AppError::Refused(refusal)) => {
            let refusal = match refusal.field {
                Some("basis") => refusal.on("close_basis"),
                _ => refusal,
            };
            stay(&app, who, &jar, id, typed(None), refusal.into()).await
        }
        Err(error @ AppError::BadInput(_)) => stay(&app, who, &jar, id, typed(None), error).await,
        Err(error) => Err(error),
    }
}

fn shown(line: Line) -> ShownLine {
    ShownLine {
        kind: line.kind.label(),
        name: line.name,
        from: line.from,
        to: line.to,
    }
}

async fn build(
    app: &App,
    who: &Who,
    jar: &CookieJar,
    id: UnitId,
    typed: Typed,
    error: Option<AppError>,
) -> AppResult<UnitPage> {
    must_administer(who)?;
    let row = app
        .db
        .opt(
            sql!(
                "SELECT u.agency_id, u.name, u.abbr, u.valid_from, u.valid_to, g.name AS agency_name, s.name AS successor \
                 FROM unit u JOIN agency g ON g.id = u.agency_id LEFT JOIN unit s ON s.id = u.successor_id WHERE u.id = $1"
            ),
            args![id],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    let agency: AgencyId = row.get("agency_id")?;
    if !manages(who, agency) {
        return Err(AppError::NotFound);
    }
    let today = app.clock.today();
    let valid_to: Option<Date> = row.get("valid_to")?;
    let is_open = valid_to.is_none_or(|last| last >= today);
    let (name, abbr): (String, String) = (row.get("name")?, row.get("abbr")?);
    let mut facts = vec![
        Fact::new("Cơ quan", row.get::<String>("agency_name")?)
            .link(format!("/administration/agencies/{agency}")),
        Fact::new("Chữ viết tắt", abbr.as_str()),
        Fact::new("Hoạt động từ", format::date(row.get("valid_from")?)),
    ];
    if let Some(last) = valid_to {
        facts.push(Fact::new("Đến hết ngày", format::date(last)));
        facts.push(Fact::new(
            "Đơn vị kế thừa",
            row.get::<Option<String>>("successor")?.unwrap_or_default(),
        ));
    }
    facts.extend(former_names(app, id).await?);
    let people = organization::posts_of(app, agency)
        .await?
        .into_iter()
        .filter(|option| option.unit != Some(id) && option.role != Role::Administrator)
        .map(|option| option.choice())
        .collect();
    let mut errors = FieldErrors::none();
    let refusal = error.map(|error| errors.tell(error));
    let is_preview = typed.preview.is_some();
    let lines = match typed.preview {
        Some(lines) => lines,
        None => minutes::of(app, id).await?,
    };
    let page = frame(app, who, jar, &name, "agencies").await?;
    let named = typed.name.unwrap_or(NameUnit {
        name,
        abbr,
        basis: String::new(),
    });
    let text = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    Ok(UnitPage {
        page,
        command_id: app.ids.next(),
        id: id.to_string(),
        agency: agency.to_string(),
        facts,
        is_open,
        unit_name: named.name,
        unit_abbr: named.abbr,
        name_basis: named.basis,
        units: units(app, agency, id, today).await?,
        people,
        successor: text(typed.close.successor.map(UnitId::as_uuid)),
        receiver: text(typed.close.receiver.map(PostId::as_uuid)),
        head_title: typed.close.head_title,
        close_basis: typed.close.basis,
        is_preview,
        lines: lines.into_iter().map(shown).collect(),
        refusal,
        errors,
    })
}

async fn former_names(app: &App, id: UnitId) -> AppResult<Vec<Fact>> {
    let rows = app
        .db
        .all(
            sql!("SELECT name, abbr, valid_from, valid_to FROM unit_former_name WHERE unit_id = $1 ORDER BY valid_to DESC"),
            args![id],
        )
        .await?;
    let fact = |row: &Row| {
        Ok(Fact::new(
            "Tên trước đây",
            format!(
                "{} ({}), đến hết ngày {}",
                row.get::<String>("name")?,
                row.get::<String>("abbr")?,
                format::date(row.get("valid_to")?)
            ),
        ))
    };
    Ok(rows.iter().map(fact).collect::<store::Result<_>>()?)
}

async fn units(app: &App, agency: AgencyId, but: UnitId, today: Date) -> AppResult<Vec<Choice>> {
    let rows = app
        .db
        .all(
            sql!(
                "SELECT id, name FROM unit WHERE agency_id = $1 AND id <> $2 AND (valid_to IS NULL OR valid_to >= $3) ORDER BY sort, id"
            ),
            args![agency, but, today],
        )
        .await?;
    let choice = |row: &Row| {
        Ok(Choice::new(
            row.get::<UnitId>("id")?.to_string(),
            row.get::<String>("name")?,
        ))
    };
    Ok(rows.iter().map(choice).collect::<store::Result<_>>()?)
}
