//! Thời hạn phát hành, gửi (ND30-18.1, QD28-6.2, CN-214): by when a signed document must be out, and which of the agency are late.
//!
//! No deadline is stored. It follows from the moment of signing, the working calendar and the agency's hours, so a changed
//! calendar or hour is right for everything at once.

use jiff::{
    Timestamp,
    civil::{Date, DateTime},
};
use rules::{
    deadlines::{DeadlineSettings, WorkingCalendar, arrivals_late_before},
    ids::AgencyId,
    office_time::{VIETNAM, civil},
    outgoing::{OfficeHours, OutgoingState, Reach, Timeliness, issue_by, late_before, timeliness},
    urgency::Urgency,
};
use store::{args, sql};

use crate::{
    agency_settings,
    context::{App, Who},
    error::AppResult,
    web::page::{Badge, Tone},
};

/// The setting with the agency's [`OfficeHours`].
pub const HOURS: &str = "outgoing.office_hours";

/// The agency's terms as they stand at one moment.
#[derive(Debug)]
pub struct Terms<'app> {
    calendar: &'app WorkingCalendar,
    hours: OfficeHours,
    now: DateTime,
}

impl<'app> Terms<'app> {
    /// The terms of `agency` now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn of(app: &'app App, agency: AgencyId) -> AppResult<Self> {
        let hours: Option<OfficeHours> = agency_settings::read(app, agency, HOURS, app.clock.today()).await?;
        Ok(Self {
            calendar: &app.calendar,
            hours: hours.unwrap_or_default(),
            now: civil(app.clock.now()),
        })
    }

    /// By when a document signed at `signed` must be out, and how it stands if it is not.
    pub fn term(&self, signed: Timestamp, urgency: Urgency, on_paper: bool) -> Term {
        let reach = if on_paper {
            Reach::PaperOnly
        } else {
            Reach::Electronic
        };
        let by = issue_by(civil(signed), urgency, reach, self.calendar, self.hours);
        Term {
            by,
            stands: timeliness(by, self.now),
            at_once: urgency.is_urgent(),
        }
    }

    /// What was signed before these moments and is not urgent is late: electronic documents, and those on paper alone.
    pub fn late_before(&self) -> AppResult<(Timestamp, Timestamp)> {
        let before = |reach| {
            let moment = late_before(self.now, reach, self.calendar, self.hours);
            VIETNAM.to_timestamp(moment).map_err(anyhow::Error::from)
        };
        Ok((before(Reach::Electronic)?, before(Reach::PaperOnly)?))
    }

    /// What was delivered before this moment and is not registered, or was registered before this day and is not presented, is late
    /// (ND30-4.2c, 23.1); what is urgent is at once.
    pub fn arrivals_late_before(&self) -> AppResult<(Timestamp, Date)> {
        let settings = DeadlineSettings {
            day_ends: self.hours.day_ends,
            ..DeadlineSettings::default()
        };
        let moment = arrivals_late_before(self.now, self.calendar, &settings);
        let instant = VIETNAM.to_timestamp(moment).map_err(anyhow::Error::from)?;
        Ok((instant, moment.date()))
    }
}

/// The deadline of one document.
#[derive(Debug, Clone, Copy)]
pub struct Term {
    /// By when, in Viet Nam.
    pub by: DateTime,
    /// How it stands now, if it is not out.
    pub stands: Timeliness,
    at_once: bool,
}

impl Term {
    /// The deadline as people read it: `12:00 23/11/2026`; an urgent document goes at once.
    pub fn words(&self) -> String {
        if self.at_once {
            return "ngay sau khi ký".to_owned();
        }
        self.by.strftime("%H:%M %d/%m/%Y").to_string()
    }

    /// The same for machines, RFC 3339.
    pub fn machine(&self) -> String {
        self.by.strftime("%Y-%m-%dT%H:%M:%S+07:00").to_string()
    }

    /// The mark of a document that is not out; `verb` says what is due: “Phát hành”, “Gửi”.
    pub fn badge(&self, verb: &str) -> Badge {
        if self.at_once {
            return Badge::new(format!("{verb} ngay"), Tone::Bad).icon("alert-triangle");
        }
        let words = self.words();
        match self.stands {
            Timeliness::Late => Badge::new(format!("Quá hạn {} {words}", verb.to_lowercase()), Tone::Bad)
                .icon("alert-triangle"),
            Timeliness::Today => Badge::new(format!("{verb} trước {words}"), Tone::Warn).icon("clock"),
            Timeliness::InTime => Badge::new(format!("{verb} trước {words}"), Tone::Neutral),
        }
    }
}

/// Whether a document in this state waits to be issued: it is signed and not out.
pub const fn waits_for_issue(state: OutgoingState) -> bool {
    matches!(state, OutgoingState::Approved | OutgoingState::Numbered)
}

/// How many documents of the person's agency are late, `most` at most.
///
/// # Errors
/// When the database fails.
pub async fn count_late(app: &App, who: &Who, most: i64) -> AppResult<i64> {
    let (electronic, paper) = Terms::of(app, who.agency()).await?.late_before()?;
    let row = app
        .db
        .one(
            sql!(
                "SELECT count(*) AS late FROM (SELECT id FROM outgoing WHERE agency_id = $1 \
                 AND state IN ('approved', 'numbered') AND signed_at IS NOT NULL AND (urgency <> 'normal' \
                 OR (on_paper = 0 AND signed_at < $2) OR (on_paper = 1 AND signed_at < $3)) \
                 UNION SELECT o.id FROM delivery d JOIN outgoing o ON o.id = d.outgoing_id WHERE d.agency_id = $1 \
                 AND d.state IN ('pending', 'sending', 'failed') AND o.recalled_at IS NULL AND o.signed_at IS NOT NULL \
                 AND (o.urgency <> 'normal' OR (o.on_paper = 0 AND o.signed_at < $2) \
                 OR (o.on_paper = 1 AND o.signed_at < $3)) LIMIT $4) late"
            ),
            args![who.agency(), electronic, paper, most],
        )
        .await?;
    Ok(row.get("late")?)
}

/// Whether an issued document has recipients to whom it was not sent yet.
///
/// # Errors
/// When the database fails.
pub async fn is_unsent(app: &App, who: &Who, id: rules::ids::OutgoingId) -> AppResult<bool> {
    let row = app
        .db
        .opt(
            sql!(
                "SELECT 1 AS one FROM delivery WHERE agency_id = $1 AND outgoing_id = $2 \
                 AND state IN ('pending', 'sending', 'failed') LIMIT 1"
            ),
            args![who.agency(), id],
        )
        .await?;
    Ok(row.is_some())
}
