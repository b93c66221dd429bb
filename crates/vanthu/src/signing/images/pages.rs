//! The pages of images: a preview of each, in the size in which a seal is drawn.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::header,
    response::IntoResponse,
};
use axum_extra::extract::cookie::CookieJar;
use rules::ids::{AccountId, AgencyId};
use serde::Deserialize;
use store::{Row, args, sql};
use uuid::Uuid;

use super::acts::{self, NewImage, Owner, millimetres};
use crate::{
    administration,
    context::{App, Who},
    error::{AppError, AppResult},
    organization,
    signing::scope::{self, Of, Scope},
    web::{
        Reply, SmallFiles, Stay, Submitted, clean, format, frame,
        page::{Choice, FieldErrors, Page, RefusalBox, Tab},
        render, see_other,
    },
};

struct ImageCard {
    id: Uuid,
    owner: String,
    note: String,
    added: String,
}

#[derive(Template)]
#[template(path = "signing/images/list.html")]
struct ListPage {
    page: Page,
    tabs: Vec<Tab>,
    scope: Scope,
    seal: Option<ImageCard>,
    people: Vec<ImageCard>,
    command_id: String,
}

/// `GET /administration/signing/images`.
pub async fn list(State(app): State<App>, who: Who, jar: CookieJar, Query(of): Query<Of>) -> Reply {
    let scope = scope::administered(&app, &who, of).await?;
    let rows = app
        .db
        .all(
            sql!(
                "SELECT i.id, i.owner, i.width, i.height, i.diameter, i.added_at, i.added_by, a.full_name \
                 FROM signature_image i LEFT JOIN account a ON a.id = i.account_id \
                 WHERE i.agency_id = $1 AND i.removed_at IS NULL ORDER BY a.sort_name, i.id"
            ),
            args![scope.agency],
        )
        .await?;
    let (mut seal, mut people) = (None, Vec::new());
    for row in &rows {
        let card = card(row, &scope.name)?;
        if row.get::<String>("owner")? == "agency" {
            seal = Some(card);
        } else {
            people.push(card);
        }
    }
    render(&ListPage {
        page: frame(&app, &who, &jar, "Hình ảnh chữ ký, con dấu", "signing").await?,
        tabs: scope::tabs(&who, scope.agency, "images"),
        scope,
        seal,
        people,
        command_id: app.ids.next().to_string(),
    })
}

fn card(row: &Row, agency: &str) -> AppResult<ImageCard> {
    let name: Option<String> = row.get("full_name")?;
    let size = format!(
        "{} × {} điểm ảnh",
        row.get::<i64>("width")?,
        row.get::<i64>("height")?
    );
    let diameter = row
        .get::<Option<i64>>("diameter")?
        .and_then(|tenths| u32::try_from(tenths).ok());
    Ok(ImageCard {
        id: row.get("id")?,
        owner: name.unwrap_or_else(|| agency.to_owned()),
        note: match diameter {
            Some(tenths) => format!("Đường kính {} mm, {size}", millimetres(tenths)),
            None => size,
        },
        added: format!(
            "{}, {}",
            format::moment(row.get("added_at")?),
            row.get::<String>("added_by")?
        ),
    })
}

/// `GET /administration/signing/images/{id}`: the picture itself.
pub async fn picture(State(app): State<App>, who: Who, Path(id): Path<Uuid>) -> Reply {
    administration::must_administer(&who)?;
    let row = app
        .db
        .opt(
            sql!("SELECT agency_id, png FROM signature_image WHERE id = $1"),
            args![id],
        )
        .await?
        .filter(|row| {
            row.get::<AgencyId>("agency_id")
                .is_ok_and(|agency| administration::manages(&who, agency))
        })
        .ok_or(AppError::NotFound)?;
    let headers = [
        (header::CONTENT_TYPE, "image/png"),
        // A seal is not left in the cache of a browser that others use.
        (header::CACHE_CONTROL, "private, no-store"),
    ];
    Ok((headers, row.get::<Vec<u8>>("png")?).into_response())
}

/// What was typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ImageForm {
    #[serde(deserialize_with = "crate::web::blank_as_none")]
    agency: Option<AgencyId>,
    /// An account; empty: the agency.
    account: String,
    diameter: String,
}

#[derive(Template)]
#[template(path = "signing/images/new.html")]
struct FormPage {
    page: Page,
    tabs: Vec<Tab>,
    scope: Scope,
    owners: Vec<Choice>,
    form: ImageForm,
    errors: FieldErrors,
    refusal: Option<RefusalBox>,
    command_id: String,
}

/// `GET /administration/signing/images/new`.
pub async fn form(State(app): State<App>, who: Who, jar: CookieJar, Query(form): Query<ImageForm>) -> Reply {
    render(&form_page(&app, &who, &jar, form, None).await?)
}

async fn form_page(
    app: &App,
    who: &Who,
    jar: &CookieJar,
    form: ImageForm,
    refused: Option<AppError>,
) -> AppResult<FormPage> {
    let scope = scope::administered(app, who, Of { agency: form.agency }).await?;
    let posts = organization::posts_of(app, scope.agency).await?;
    let ids = app
        .db
        .all(
            sql!(
                "SELECT DISTINCT account_id, id FROM post WHERE agency_id = $1 AND (valid_to IS NULL OR valid_to >= $2)"
            ),
            args![scope.agency, app.clock.today()],
        )
        .await?;
    let mut owners: Vec<Choice> = Vec::new();
    for post in posts {
        for row in &ids {
            if row.get::<rules::ids::PostId>("id")? == post.post {
                let account: AccountId = row.get("account_id")?;
                let choice = Choice::new(account.to_string(), &post.name).hint(post.title.clone());
                if !owners.iter().any(|known| known.value == choice.value) {
                    owners.push(choice);
                }
            }
        }
    }
    let mut errors = FieldErrors::none();
    let refusal = refused.map(|error| errors.tell(error));
    Ok(FormPage {
        page: frame(app, who, jar, "Đặt hình ảnh", "signing").await?,
        tabs: scope::tabs(who, scope.agency, "images"),
        scope,
        owners,
        form,
        errors,
        refusal,
        command_id: app.ids.next().to_string(),
    })
}

/// `POST /administration/signing/images`.
pub async fn submit(State(app): State<App>, jar: CookieJar, sent: SmallFiles<ImageForm>) -> Reply {
    let form = sent.data.clone();
    let scope = scope::administered(&app, &sent.who, Of { agency: form.agency }).await?;
    let done = async {
        let missing = || {
            rules::Refusal::new(
                "PL1-7",
                "image.no_file",
                "Vui lòng chọn tệp hình ảnh PNG có nền trong suốt.",
            )
            .on("image")
        };
        let file = sent.file("image").ok_or_else(missing)?;
        let account = form.account.trim();
        let owner = if account.is_empty() {
            Owner::Agency {
                diameter: tenths(&form.diameter)?,
            }
        } else {
            Owner::Person(account.parse().map_err(|_| AppError::NotFound)?)
        };
        let new = NewImage {
            agency: scope.agency,
            owner,
            png: file.bytes.clone(),
        };
        acts::set(&app, &sent.who, sent.command, new).await
    };
    match done.await {
        Ok(_) => Ok(see_other(
            &app,
            &format!("/administration/signing/images?agency={}", scope.agency),
            "Đã đặt hình ảnh.",
        )),
        Err(error @ (AppError::Refused(_) | AppError::BadInput(_))) => {
            Stay::on(&form_page(&app, &sent.who, &jar, form, Some(error)).await?)
        }
        Err(error) => Err(error),
    }
}

/// `36` or `36,5` millimetres, in tenths.
fn tenths(text: &str) -> AppResult<u32> {
    let text = clean(text).replace(',', ".");
    let (whole, part) = text.split_once('.').unwrap_or((&text, "0"));
    let digits = |text: &str| text.parse::<u32>().ok().filter(|_| text.len() <= 3);
    let part = Some(part).filter(|part| part.len() == 1).and_then(digits);
    let value = digits(whole).zip(part).map(|(whole, part)| whole * 10 + part);
    value.ok_or_else(|| {
        rules::Refusal::new(
            "PL1-8",
            "image.diameter",
            "Vui lòng nhập đường kính thật của con dấu bằng milimét, ví dụ 36 hoặc 36,5.",
        )
        .on("diameter")
        .into()
    })
}

/// No fields of its own.
#[derive(Debug, Deserialize)]
pub struct Nothing {}

/// `POST /administration/signing/images/{id}/remove`.
pub async fn remove(State(app): State<App>, Path(id): Path<Uuid>, form: Submitted<Nothing>) -> Reply {
    let agency = acts::remove(&app, &form.who, form.command, id).await?;
    Ok(see_other(
        &app,
        &format!("/administration/signing/images?agency={agency}"),
        "Đã bỏ hình ảnh.",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn diameters_are_read_with_a_comma_or_a_point() {
        assert_eq!(tenths("36").unwrap(), 360);
        assert_eq!(tenths(" 36,5 ").unwrap(), 365);
        assert_eq!(tenths("42.0").unwrap(), 420);
        for wrong in ["", "ba sáu", "36,55", "-3", "9999", "36 mm"] {
            assert!(tenths(wrong).is_err(), "{wrong}");
        }
    }
}
