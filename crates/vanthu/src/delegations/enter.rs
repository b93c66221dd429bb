//! Into the place of whoever is replaced, and back to the own work.

use axum::extract::{Path, State};
use axum_extra::extract::cookie::CookieJar;
use serde::Deserialize;
use serde_json::json;
use store::{Begun, Entry};
use uuid::Uuid;

use crate::{
    act_names,
    context::{App, Who},
    desk::DeskBox,
    error::AppResult,
    sign_in,
    web::{Reply, Submitted, see_other},
};

/// Which box opens then.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Enter {
    desk_box: String,
}

/// The form without fields by which the place is left.
#[derive(Debug, Deserialize)]
pub struct Leave {}

fn entry(who: &Who, act: &'static str, delegation: Uuid, summary: String) -> Entry {
    Entry {
        act,
        object_kind: "delegation",
        object: delegation,
        agency: None,
        summary,
        details: json!({ "post": who.own_post() }),
    }
}

/// `POST /delegations/{id}/enter`.
pub async fn enter(
    State(app): State<App>,
    jar: CookieJar,
    Path(id): Path<Uuid>,
    form: Submitted<Enter>,
) -> Reply {
    if let Begun::Now(mut act) = app.begin::<()>(&form.who, form.command).await? {
        sign_in::work_in_place(&app, &mut act, &form.who, &jar, Some(id)).await?;
        act.journal(entry(
            &form.who,
            act_names::ENTER_PLACE,
            id,
            "Bắt đầu xử lý thay theo ủy quyền.".to_owned(),
        ))
        .await?;
        app.commit(act, &()).await?;
    }
    let to = DeskBox::by_key(&form.data.desk_box)
        .map_or_else(|| "/".to_owned(), |known| format!("/boxes/{}", known.key()));
    Ok(see_other(
        &app,
        &to,
        "Ông/Bà đang xử lý thay; mọi thao tác ghi rõ “thay” người ủy quyền.",
    ))
}

/// `POST /delegations/leave`.
pub async fn leave(State(app): State<App>, jar: CookieJar, form: Submitted<Leave>) -> Reply {
    end(&app, &jar, &form).await?;
    Ok(see_other(&app, "/", "Đã trở về việc của Ông/Bà."))
}

async fn end(app: &App, jar: &CookieJar, form: &Submitted<Leave>) -> AppResult<()> {
    let Some(seat) = &form.who.in_place else {
        return Ok(());
    };
    if let Begun::Now(mut act) = app.begin::<()>(&form.who, form.command).await? {
        sign_in::work_in_place(app, &mut act, &form.who, jar, None).await?;
        act.journal(entry(
            &form.who,
            act_names::LEAVE_PLACE,
            seat.delegation,
            "Thôi xử lý thay, trở về việc của mình.".to_owned(),
        ))
        .await?;
        app.commit(act, &()).await?;
    }
    Ok(())
}
