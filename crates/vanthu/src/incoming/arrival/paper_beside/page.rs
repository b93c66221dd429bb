//! The paper on the page of its document: where it is, and the three forms.

use axum::extract::{Path, State};
use axum_extra::extract::cookie::CookieJar;
use rules::{
    ids::IncomingId,
    incoming::{PaperGiven, PaperPlace, hand_over_paper, receive_paper, take_paper_back},
};
use store::args;
use uuid::Uuid;

use super::{ENTITLED, HandOverPaper, PaperBeside, PaperSigned, hand_over, label, receive, take_back};
use crate::{
    context::{App, Who},
    error::AppResult,
    incoming::{
        detail::{self, Typed},
        seen::Seen,
    },
    web::{Reply, Submitted, page::Choice, see_other},
};

/// What the page shows.
pub(in crate::incoming) struct PaperPart {
    pub paper: PaperBeside,
    pub may_hand_over: bool,
    pub may_receive: bool,
    pub may_take_back: bool,
    /// To whom it can be handed.
    pub people: Vec<Choice>,
}

impl PaperPart {
    /// Whether it is noted already that there is paper.
    pub fn is_noted(&self) -> bool {
        self.paper.description.is_some()
    }
}

/// The paper of a document as this person sees it; asked of the very rules. Paper goes from hand to hand: nobody moves it in
/// somebody's place.
///
/// # Errors
/// When the database fails.
pub(in crate::incoming) async fn part(app: &App, who: &Who, seen: &Seen) -> AppResult<PaperPart> {
    let paper = PaperBeside::read(app, seen.id).await?;
    let place = paper.place();
    let anybody = PaperGiven {
        description: "…",
        to: Some(who.post()),
        is_entitled: true,
    };
    let is_own = who.in_place.is_none();
    let mut may_hand_over = is_own && hand_over_paper(&who.actor, &seen.facts, place, &anybody).is_ok();
    let mut people = Vec::new();
    if may_hand_over {
        for row in app.db.all(ENTITLED, args![seen.id, app.clock.today()]).await? {
            people.push(Choice::new(row.get::<Uuid>("id")?.to_string(), label(&row)?));
        }
        // What the clerks have and nobody was given yet stays where it is.
        may_hand_over = place == PaperPlace::Unknown || !people.is_empty();
    }
    Ok(PaperPart {
        may_hand_over,
        may_receive: is_own && receive_paper(&who.actor, place).is_ok(),
        may_take_back: is_own && take_paper_back(&who.actor, &seen.facts, place).is_ok(),
        paper,
        people,
    })
}

/// `POST /incoming/{id}/paper-beside`.
pub async fn hand_over_page(
    State(app): State<App>,
    Path(id): Path<IncomingId>,
    jar: CookieJar,
    form: Submitted<HandOverPaper>,
) -> Reply {
    let done = hand_over(&app, &form.who, form.command, id, &form.data).await;
    match done {
        Ok(_) => Ok(see_other(
            &app,
            &detail::href(id),
            "Đã ghi nhận bản giấy kèm theo.",
        )),
        Err(error) => {
            let typed = Typed {
                act: "paper-beside",
                paper_description: form.data.paper_description.clone(),
                paper_holder: form
                    .data
                    .paper_holder
                    .map(|post| post.to_string())
                    .unwrap_or_default(),
                ..Typed::default()
            };
            detail::stay(&app, &form.who, &jar, id, typed, error).await
        }
    }
}

/// `POST /incoming/{id}/paper-beside/receive`.
pub async fn receive_page(
    State(app): State<App>,
    Path(id): Path<IncomingId>,
    jar: CookieJar,
    form: Submitted<PaperSigned>,
) -> Reply {
    match receive(&app, &form.who, form.command, id).await {
        Ok(_) => Ok(see_other(&app, &detail::href(id), "Đã ký nhận bản giấy.")),
        Err(error) => detail::stay(&app, &form.who, &jar, id, Typed::default(), error).await,
    }
}

/// `POST /incoming/{id}/paper-beside/back`.
pub async fn take_back_page(
    State(app): State<App>,
    Path(id): Path<IncomingId>,
    jar: CookieJar,
    form: Submitted<PaperSigned>,
) -> Reply {
    match take_back(&app, &form.who, form.command, id).await {
        Ok(_) => Ok(see_other(&app, &detail::href(id), "Đã nhận lại bản giấy.")),
        Err(error) => detail::stay(&app, &form.who, &jar, id, Typed::default(), error).await,
    }
}
