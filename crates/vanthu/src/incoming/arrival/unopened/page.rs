//! The list with the form of the clerk, and the acts on each line.

use askama::Template;
use axum::extract::{Path, State};
use axum_extra::extract::cookie::CookieJar;
use rules::{
    incoming::{AddresseeKind, PaperChannel, UnopenedFacts, UnopenedState, register_unopened},
    people::Role,
};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    acts::{self, ForwardUnopened, HandBackUnopened, ReceiveUnopened},
    list::{self, UnopenedMail},
};
use crate::{
    context::{App, Who},
    error::{AppError, AppResult},
    incoming::{
        detail, dossier,
        paper::{self, Filled},
    },
    organization::{self, PostOption},
    web::{
        Reply, Stay, Submitted, format, frame,
        page::{Badge, Choice, FieldErrors, Page, RefusalBox, Tab, Tone},
        render, see_other,
    },
};

const HERE: &str = super::ENVELOPES;

struct Line {
    mail: UnopenedMail,
    state: Badge,
    arrived_on: String,
    trail: Vec<String>,
    /// Where the document is that it became.
    href: String,
    may_receive: bool,
    may_hand_back: bool,
    may_register: bool,
}

/// What was typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    addressee_kind: String,
    addressee: String,
    addressee_post: String,
    sender: String,
    marks: String,
    arrived_on: String,
}

#[derive(Template)]
#[template(path = "incoming/arrival/unopened/page.html")]
struct UnopenedPage {
    page: Page,
    tabs: Vec<Tab>,
    lines: Vec<Line>,
    may_write: bool,
    kinds: Vec<Choice>,
    people: Vec<Choice>,
    typed: Typed,
    today: String,
    errors: FieldErrors,
    refusal: Option<RefusalBox>,
    command_id: Uuid,
}

/// `GET /incoming/unopened`.
pub async fn page(State(app): State<App>, who: Who, jar: CookieJar) -> Reply {
    render(&build(&app, &who, &jar, fresh(&app), None).await?)
}

fn fresh(app: &App) -> Typed {
    Typed {
        addressee_kind: AddresseeKind::Person.as_str().to_owned(),
        arrived_on: app.clock.today().to_string(),
        ..Typed::default()
    }
}

/// `POST /incoming/unopened`.
pub async fn forward_page(State(app): State<App>, jar: CookieJar, form: Submitted<Typed>) -> Reply {
    let typed = form.data;
    let done = async {
        let data = ForwardUnopened {
            addressee_kind: typed.addressee_kind.parse().map_err(|_| {
                AppError::BadInput("Vui lòng chọn bì gửi cá nhân hay tổ chức đoàn thể.".to_owned())
            })?,
            addressee: typed.addressee.clone(),
            addressee_post: match typed.addressee_post.trim() {
                "" => None,
                post => Some(
                    post.parse()
                        .map_err(|_| AppError::BadInput("Vui lòng chọn lại người nhận.".to_owned()))?,
                ),
            },
            sender: typed.sender.clone(),
            marks: typed.marks.clone(),
            arrived_on: Some(
                typed
                    .arrived_on
                    .parse()
                    .map_err(|_| AppError::BadInput("Vui lòng chọn ngày đến.".to_owned()))?,
            ),
        };
        acts::forward(&app, &form.who, form.command, data).await
    };
    match done.await {
        Ok(_) => Ok(see_other(&app, HERE, "Đã ghi bì thư chuyển không bóc.")),
        Err(error @ (AppError::Refused(_) | AppError::BadInput(_))) => {
            Stay::on(&build(&app, &form.who, &jar, typed, Some(error)).await?)
        }
        Err(error) => Err(error),
    }
}

/// `POST /incoming/unopened/{id}/receive`.
pub async fn receive_page(
    State(app): State<App>,
    Path(id): Path<Uuid>,
    jar: CookieJar,
    form: Submitted<ReceiveUnopened>,
) -> Reply {
    match acts::receive(&app, &form.who, form.command, id, form.data).await {
        Ok(_) => Ok(see_other(&app, HERE, "Đã ghi việc ký nhận.")),
        Err(error) => stay(&app, &form.who, &jar, error).await,
    }
}

/// `POST /incoming/unopened/{id}/hand-back`.
pub async fn hand_back_page(
    State(app): State<App>,
    Path(id): Path<Uuid>,
    jar: CookieJar,
    form: Submitted<HandBackUnopened>,
) -> Reply {
    match acts::hand_back(&app, &form.who, form.command, id, form.data).await {
        Ok(_) => Ok(see_other(&app, HERE, "Đã chuyển lại văn thư để đăng ký.")),
        Err(error) => stay(&app, &form.who, &jar, error).await,
    }
}

async fn stay(app: &App, who: &Who, jar: &CookieJar, error: AppError) -> Reply {
    match error {
        error @ (AppError::Refused(_) | AppError::BadInput(_)) => {
            Stay::on(&build(app, who, jar, fresh(app), Some(error)).await?)
        }
        error => Err(error),
    }
}

/// `GET /incoming/unopened/{id}/register`: the form of registration with what is known of the envelope.
pub async fn register_page(State(app): State<App>, who: Who, jar: CookieJar, Path(id): Path<Uuid>) -> Reply {
    paper::may(&who)?;
    let mail = list::one(&app, &who, id).await?;
    register_unopened(&who.actor, &facts(&who, &mail))?;
    let marks = if mail.marks.is_empty() {
        String::new()
    } else {
        format!("; trên bì ghi: {}", mail.marks)
    };
    let filled = Filled {
        channel: PaperChannel::Paper,
        main: String::new(),
        reads_main: false,
        others: Vec::new(),
        sender: mail.sender.clone(),
        subject: mail.back_reason.clone().unwrap_or_default(),
        note: format!(
            "Bì gửi {}, chuyển không bóc ngày {}{marks}",
            mail.addressee,
            format::date(mail.arrived_on)
        ),
        unopened: mail.id.to_string(),
        notes: vec![format!(
            "Văn bản trong bì gửi {} do {} chuyển lại để đăng ký. Vui lòng chụp văn bản, kiểm tra các ô rồi vào sổ.",
            mail.addressee,
            mail.back_by.as_deref().unwrap_or("người nhận")
        )],
    };
    paper::filled_page(&app, &who, &jar, filled).await
}

fn facts(who: &Who, mail: &UnopenedMail) -> UnopenedFacts {
    UnopenedFacts {
        agency: who.agency(),
        state: mail.state,
        addressee: mail.addressee_post,
    }
}

fn line(who: &Who, mail: UnopenedMail) -> Line {
    let involved = who.is_clerk() || mail.addressee_post == Some(who.post());
    let tone = match mail.state {
        UnopenedState::Forwarded => Tone::Info,
        UnopenedState::HandedBack => Tone::Warn,
        UnopenedState::Received | UnopenedState::Registered => Tone::Good,
    };
    let mut trail = vec![format!("Chuyển {}", format::moment(mail.forwarded_at))];
    if let (Some(by), Some(at)) = (&mail.received_by, mail.received_at) {
        trail.push(format!("{by} ký nhận {}", format::moment(at)));
    }
    if let (Some(by), Some(at)) = (&mail.back_by, mail.back_at) {
        trail.push(format!(
            "{by} chuyển lại {}: {}",
            format::moment(at),
            mail.back_reason.as_deref().unwrap_or_default()
        ));
    }
    Line {
        state: Badge::new(mail.state.label(), tone),
        arrived_on: format::date(mail.arrived_on),
        trail,
        href: match mail.incoming {
            Some(id) if who.is_clerk() => detail::href(rules::ids::IncomingId::from_uuid(id)),
            _ => String::new(),
        },
        may_receive: involved && mail.state == UnopenedState::Forwarded,
        may_hand_back: involved && matches!(mail.state, UnopenedState::Forwarded | UnopenedState::Received),
        may_register: register_unopened(&who.actor, &facts(who, &mail)).is_ok(),
        mail,
    }
}

async fn build(
    app: &App,
    who: &Who,
    jar: &CookieJar,
    typed: Typed,
    refused: Option<AppError>,
) -> AppResult<UnopenedPage> {
    let mut errors = FieldErrors::none();
    let refusal = refused.map(|error| errors.tell(error));
    let people = if who.is_clerk() {
        organization::posts_of(app, who.agency())
            .await?
            .iter()
            .filter(|post| post.role != Role::Administrator)
            .map(PostOption::choice)
            .collect()
    } else {
        Vec::new()
    };
    let lines = list::seen(app, who).await?;
    Ok(UnopenedPage {
        page: frame(app, who, jar, "Bì thư chuyển không bóc", dossier::LINK).await?,
        tabs: dossier::tabs(HERE),
        lines: lines.into_iter().map(|mail| line(who, mail)).collect(),
        may_write: who.is_clerk(),
        kinds: AddresseeKind::ALL
            .iter()
            .map(|kind| Choice::new(kind.as_str(), kind.label()))
            .collect(),
        people,
        typed,
        today: app.clock.today().to_string(),
        errors,
        refusal,
        command_id: app.ids.next(),
    })
}
