//! The pages: the list, the link to it, and the two forms.

use askama::Template;
use axum::extract::{Path, State};
use axum_extra::extract::cookie::CookieJar;
use rules::{
    ids::{IncomingId, UnitId},
    incoming::{DossierFacts, receive_dossier},
};
use uuid::Uuid;

use super::{Dossier, NoteDossier, ReceiveDossier, note, receive, seen, sees_all};
use crate::{
    context::{App, Who},
    error::AppError,
    incoming::{detail, may_view},
    web::{
        Reply, Submitted, frame,
        page::{BoxLink, Page, Tab},
        render, see_other,
    },
};

/// Where the list is.
const HERE: &str = "/incoming/dossiers";
/// The key of the link in the left column.
pub(in crate::incoming) const LINK: &str = "by-hand";

/// The link in the left column: what goes from hand to hand.
pub fn by_hand_link(who: &Who) -> BoxLink {
    if who.is_clerk() {
        BoxLink::new(
            LINK,
            "Bì thư, hồ sơ chuyển tay",
            "/incoming/unopened",
            "mail-opened",
        )
    } else {
        BoxLink::new(LINK, "Thư, hồ sơ chuyển tay", "/incoming/unopened", "mail-opened")
    }
}

/// The two lists.
pub(in crate::incoming) fn tabs(current: &str) -> Vec<Tab> {
    [
        ("/incoming/unopened", "Bì thư chuyển không bóc"),
        (HERE, "Hồ sơ chuyển trực tiếp"),
    ]
    .into_iter()
    .map(|(href, label)| Tab {
        label,
        href: href.to_owned(),
        is_current: href == current,
    })
    .collect()
}

struct Line {
    dossier: Dossier,
    /// Empty for who may not see the document.
    href: String,
    may_receive: bool,
}

#[derive(Template)]
#[template(path = "incoming/arrival/dossiers.html")]
struct DossiersPage {
    page: Page,
    tabs: Vec<Tab>,
    lines: Vec<Line>,
    command_id: Uuid,
}

/// `GET /incoming/dossiers`.
pub async fn page(State(app): State<App>, who: Who, jar: CookieJar) -> Reply {
    let mut lines = Vec::new();
    for dossier in seen(&app, &who).await? {
        let id = IncomingId::from_uuid(dossier.incoming);
        let visible = sees_all(&who)
            || match may_view(&app, &who, id).await {
                Ok(()) => true,
                Err(AppError::NotFound) => false,
                Err(error) => return Err(error),
            };
        lines.push(Line {
            may_receive: may_receive(&who, &dossier),
            href: if visible { detail::href(id) } else { String::new() },
            dossier,
        });
    }
    render(&DossiersPage {
        page: frame(&app, &who, &jar, "Hồ sơ kèm theo chuyển trực tiếp", LINK).await?,
        tabs: tabs(HERE),
        lines,
        command_id: app.ids.next(),
    })
}

/// Whether this person confirms it.
pub(in crate::incoming) fn may_receive(who: &Who, dossier: &Dossier) -> bool {
    receive_dossier(
        &who.actor,
        &DossierFacts {
            agency: who.agency(),
            unit: UnitId::from_uuid(dossier.unit),
            is_received: dossier.received_at.is_some(),
        },
    )
    .is_ok()
}

/// `POST /incoming/{id}/dossiers`.
pub async fn note_page(
    State(app): State<App>,
    Path(id): Path<IncomingId>,
    jar: CookieJar,
    form: Submitted<NoteDossier>,
) -> Reply {
    let typed = detail::Typed {
        act: "dossiers",
        dossier_unit: form
            .data
            .dossier_unit
            .map(|unit| unit.to_string())
            .unwrap_or_default(),
        dossier_description: form.data.dossier_description.clone(),
        ..detail::Typed::default()
    };
    match note(&app, &form.who, form.command, id, form.data).await {
        Ok(_) => Ok(see_other(
            &app,
            &detail::href(id),
            "Đã ghi hồ sơ kèm theo chuyển trực tiếp; đơn vị xác nhận khi nhận.",
        )),
        Err(error) => detail::stay(&app, &form.who, &jar, id, typed, error).await,
    }
}

/// `POST /incoming/dossiers/{id}/receive`.
pub async fn receive_page(
    State(app): State<App>,
    Path(id): Path<Uuid>,
    form: Submitted<ReceiveDossier>,
) -> Reply {
    receive(&app, &form.who, form.command, id, form.data).await?;
    Ok(see_other(&app, HERE, "Đã xác nhận nhận hồ sơ."))
}
