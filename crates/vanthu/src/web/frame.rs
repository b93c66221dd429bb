//! Fills the frame of a page: the person, their boxes with counters, the flash.

use axum_extra::extract::cookie::CookieJar;

use crate::{
    context::{App, Who},
    desk,
    error::AppResult,
    notices, sign_in,
    web::{
        format,
        page::{Page, Person, Place},
        surface::flash_of,
    },
};

/// The frame of a page of somebody signed in. `current` is the key of the box that the page belongs to.
///
/// # Errors
/// When the database fails.
pub async fn frame(app: &App, who: &Who, jar: &CookieJar, title: &str, current: &str) -> AppResult<Page> {
    let other_posts = sign_in::other_posts(app, who).await?;
    Ok(Page {
        title: title.to_owned(),
        who: Some(Person {
            name: who.name.clone(),
            post_title: who.title.clone(),
            agency_name: who.agency_name.clone(),
            role_label: who.role().label().to_owned(),
            other_posts,
        }),
        boxes: desk::boxes(app, who).await?,
        current: current.to_owned(),
        flash: flash_of(jar),
        csrf: who.csrf.clone(),
        query: String::new(),
        sample_data: app.has_sample_data(),
        notices: match who.in_place {
            Some(_) => None,
            None => notices::unread(app, who).await?,
        },
        urgent: desk::urgent_arrivals(app, who).await?,
        in_place: who.in_place.as_ref().map(|seat| Place {
            giver: seat.giver.clone(),
            until: format::date(seat.until),
            scope: seat.scope.label(),
        }),
    })
}

/// The frame of a page before signing in, or of an error.
pub fn bare(title: &str, jar: Option<&CookieJar>) -> Page {
    Page {
        title: title.to_owned(),
        flash: jar.and_then(flash_of),
        ..Page::default()
    }
}
