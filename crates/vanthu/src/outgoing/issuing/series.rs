//! Dãy số văn bản đi (ND30-15): the next number of a series, foreseen before the act and taken in it.
//!
//! A composed document carries its number in its text, and laying it out takes longer than anything else of an issue.
//! Done in the act it would make the whole house wait (on SQLite an act is the one writer). So the number is foreseen,
//! the PDF is made outside, and the act only finds that the number is still the one it has made.

use jiff::civil::Date;
use rules::{
    Refusal,
    document_types::DocumentType,
    ids::{AgencyId, OutgoingId},
    numbering::{self, Continued, LastTaken, Reserved, SeriesRule, Taken},
};
use store::{Act, Row, Sql, args, sql};
use tokio::sync::OwnedMutexGuard;
use uuid::Uuid;

use crate::{agency_settings, context::App, error::AppResult};

const LAST: Sql = sql!(
    "SELECT last_number, last_date FROM number_counter WHERE agency_id = $1 AND series = $2 \
     AND last_number > 0 ORDER BY year DESC LIMIT 1"
);
const USED_UNDER: Sql =
    sql!("SELECT rule_from FROM number_counter WHERE agency_id = $1 AND series = $2 AND year = $3");
const GIVEN: Sql = sql!(
    "SELECT type_key, max(number) AS number FROM (SELECT type_key, number FROM outgoing WHERE agency_id = $1 AND year = $2 \
     AND number IS NOT NULL UNION ALL SELECT type_key, number FROM reserved_number WHERE agency_id = $1 AND year = $2) given \
     GROUP BY type_key"
);
const CONTINUED: Sql =
    sql!("SELECT rule, series, last_number FROM number_continuation WHERE agency_id = $1 AND year = $2");

/// The number that was reserved for a document.
const ASSIGNED: Sql = sql!(
    "SELECT r.id, r.number, r.year, r.series, r.reserved_on, r.state, (SELECT min(o.issued_on) FROM outgoing o \
     WHERE o.agency_id = r.agency_id AND o.series = r.series AND o.year = r.year AND o.number > r.number) AS next_on \
     FROM reserved_number r WHERE r.outgoing_id = $1 AND r.state = 'held'"
);

/// The setting with the agency's [`SeriesRule`].
pub(crate) const RULE: &str = "numbering.series";

/// The rule of series that is in force on a day.
#[derive(Debug, Clone)]
pub(crate) struct InForce {
    /// The rule.
    pub rule: SeriesRule,
    /// Its first day; none for the one that holds as long as nothing was chosen.
    pub from: Option<Date>,
    /// The day for which it was asked.
    pub day: Date,
}

/// How the agency numbers its documents on `day` (ND30-15.1c).
///
/// # Errors
/// When the database fails.
pub(crate) async fn rule(app: &App, agency: AgencyId, day: Date) -> AppResult<InForce> {
    let chosen: Option<(Date, SeriesRule)> = agency_settings::in_force(app, agency, RULE, day).await?;
    let (from, rule) = chosen.map_or_else(
        || (None, SeriesRule::default()),
        |(from, rule)| (Some(from), rule),
    );
    Ok(InForce { rule, from, day })
}

/// One series of one agency.
#[derive(Debug)]
pub(crate) struct Series {
    agency: AgencyId,
    key: String,
    rule: InForce,
    /// The document that will bear the number, and the reservation that was chosen for it when the series was read.
    document: Option<(OutgoingId, Option<Uuid>)>,
    /// What the number is taken for, in the words of whoever is asked to do it once more.
    what: &'static str,
}

impl Series {
    /// The series in which documents of `kind` are numbered.
    pub fn of(agency: AgencyId, rule: InForce, kind: &DocumentType) -> Self {
        let key = numbering::series_key(&rule.rule, kind);
        Self::named(agency, rule, key)
    }

    /// The series of this key under `rule`.
    pub fn named(agency: AgencyId, rule: InForce, key: String) -> Self {
        Self {
            agency,
            key,
            rule,
            document: None,
            what: "phát hành",
        }
    }

    /// The same series for something else than issuing a document, in the words of whoever does it.
    pub fn for_what(self, what: &'static str) -> Self {
        Self { what, ..self }
    }

    /// The series in which `document` is numbered: with the number that is reserved for it, if one is (ND30-15.1).
    ///
    /// # Errors
    /// `ND30-15.1` when the reserved number is one of another series; when the database fails.
    pub async fn with_reserved(mut self, app: &App, document: OutgoingId) -> AppResult<Self> {
        let mut planned = None;
        if let Some(row) = app.db.opt(ASSIGNED, args![document]).await? {
            if row.get::<String>("series")? != self.key {
                return Err(numbering::other_series().into());
            }
            planned = Some(row.get("id")?);
        }
        self.document = Some((document, planned));
        Ok(self)
    }

    /// As it is written down.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// How the counter says under which rule it was used.
    fn rule_from(&self) -> String {
        self.rule.from.map(|from| from.to_string()).unwrap_or_default()
    }

    /// Waits until nobody else of this node is between [`Self::foresee`] and the end of the act.
    pub async fn turn(&self, app: &App) -> OwnedMutexGuard<()> {
        app.turn(&(self.agency, &self.key)).await
    }

    /// What [`Self::take`] will give, unless another node or midnight comes in between.
    ///
    /// # Errors
    /// The refusal of [`numbering::next`]; when the database fails.
    pub async fn foresee(&self, app: &App) -> AppResult<Taken> {
        let (today, year) = (app.clock.today(), app.clock.today().year());
        if let Some((document, Some(_))) = self.document
            && let Some(row) = app.db.opt(ASSIGNED, args![document]).await?
        {
            return Ok(numbering::use_reserved(&reserved(&row)?, today)?);
        }
        let last = app.db.opt(LAST, args![self.agency, self.key.as_str()]).await?;
        let used = app
            .db
            .opt(USED_UNDER, args![self.agency, self.key.as_str(), year])
            .await?;
        let used: String = used
            .map(|row| row.get("rule_from"))
            .transpose()?
            .unwrap_or_default();
        let given = if used == self.rule_from() {
            0
        } else {
            let by_kind = app.db.all(GIVEN, args![self.agency, year]).await?;
            let continued = app.db.all(CONTINUED, args![self.agency, year]).await?;
            self.given(&by_kind, &continued, today)?
        };
        Ok(numbering::next_after(
            last.as_ref().map(last_taken).transpose()?,
            given,
            today,
        )?)
    }

    /// Takes the next number. The counter's row is locked from here to the end of the act, so that numbers are given
    /// one after another and a rolled-back act gives its number back. A series that was last used under another rule, or not yet,
    /// goes on after what its kinds were given since the year began, so that number and symbol stay unique.
    ///
    /// # Errors
    /// The refusal of [`numbering::next`]; `ND30-15.1` when midnight has passed since the rule was read, or when another reserved number
    /// was chosen for the document since then; when the database fails.
    pub async fn take(&self, act: &mut Act) -> AppResult<Taken> {
        let today = act.today();
        if today != self.rule.day {
            return Err(Refusal::new(
                "ND30-15.1",
                "numbering.day_changed",
                format!("Đã sang ngày mới trong lúc cấp số. Vui lòng {} lại.", self.what),
            )
            .into());
        }
        if let Some((document, planned)) = self.document
            && as_planned(act, document, planned).await?
        {
            return self.take_reserved(act, document).await;
        }
        act.run(
            sql!(
                "INSERT INTO number_counter (agency_id, series, year, last_number, last_date) VALUES ($1, $2, $3, 0, $4) \
                 ON CONFLICT (agency_id, series, year) DO UPDATE SET last_number = number_counter.last_number"
            ),
            args![self.agency, self.key.as_str(), today.year(), today],
        )
        .await?;
        let last = act.opt(LAST, args![self.agency, self.key.as_str()]).await?;
        let used: String = act
            .one(USED_UNDER, args![self.agency, self.key.as_str(), today.year()])
            .await?
            .get("rule_from")?;
        let given = if used == self.rule_from() {
            0
        } else {
            let by_kind = act.all(GIVEN, args![self.agency, today.year()]).await?;
            let continued = act.all(CONTINUED, args![self.agency, today.year()]).await?;
            self.given(&by_kind, &continued, today)?
        };
        let taken = numbering::next_after(last.as_ref().map(last_taken).transpose()?, given, today)?;
        act.run(
            sql!(
                "UPDATE number_counter SET last_number = $4, last_date = $5, rule_from = $6 \
                 WHERE agency_id = $1 AND series = $2 AND year = $3"
            ),
            args![
                self.agency,
                self.key.as_str(),
                taken.year,
                taken.number,
                taken.date,
                self.rule_from()
            ],
        )
        .await?;
        Ok(taken)
    }

    /// Whether `number` is the last one that this series gave or reserved, by the rule that still holds, today. The counter's row is locked from
    /// here to the end of the act.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn is_last(&self, act: &mut Act, number: u32) -> AppResult<bool> {
        let today = act.today();
        let row = act
            .opt(
                sql!(
                    "UPDATE number_counter SET last_number = last_number WHERE agency_id = $1 AND series = $2 AND year = $3 \
                     RETURNING last_number, last_date, rule_from"
                ),
                args![self.agency, self.key.as_str(), today.year()],
            )
            .await?;
        let Some(row) = row else { return Ok(false) };
        let last = last_taken(&row)?;
        let is_same_rule = row.get::<String>("rule_from")? == self.rule_from();
        Ok(last.number == number && last.date == today && is_same_rule)
    }

    /// Gives the last number back: the next document gets it. What [`Self::is_last`] found in the same act holds.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn give_back(&self, act: &mut Act, number: u32) -> AppResult<()> {
        let year = act.today().year();
        act.run(
            sql!(
                "UPDATE number_counter SET last_number = last_number - 1 \
                 WHERE agency_id = $1 AND series = $2 AND year = $3 AND last_number = $4"
            ),
            args![self.agency, self.key.as_str(), year, number],
        )
        .await?;
        Ok(())
    }

    /// Takes the number that is reserved for the document; the counter's row is locked meanwhile, as no larger number may be given.
    async fn take_reserved(&self, act: &mut Act, document: OutgoingId) -> AppResult<Taken> {
        let today = act.today();
        act.run(
            sql!(
                "UPDATE number_counter SET last_number = last_number WHERE agency_id = $1 AND series = $2 AND year = $3"
            ),
            args![self.agency, self.key.as_str(), today.year()],
        )
        .await?;
        let row = act.opt(ASSIGNED, args![document]).await?.ok_or_else(gone)?;
        let taken = numbering::use_reserved(&reserved(&row)?, today)?;
        let (id, now, post): (Uuid, _, _) = (row.get("id")?, act.now(), act.actor().post);
        let used = act
            .run(
                sql!(
                    "UPDATE reserved_number SET state = 'used', closed_by = $2, closed_at = $3 \
                     WHERE id = $1 AND state = 'held' AND outgoing_id = $4"
                ),
                args![id, post, now, document],
            )
            .await?;
        // Somebody made it void, or chose it for another document, since it was read.
        if used == 0 {
            return Err(gone().into());
        }
        Ok(taken)
    }

    /// The largest number of the year that counts as given in this series.
    fn given(&self, by_kind: &[Row], continued: &[Row], today: Date) -> store::Result<u32> {
        let mut kinds: Vec<(String, u32)> = Vec::with_capacity(by_kind.len());
        for row in by_kind {
            kinds.push((row.get("type_key")?, row.get("number")?));
        }
        let mut elsewhere = Vec::with_capacity(continued.len());
        for row in continued {
            elsewhere.push(Continued {
                rule: row.json("rule")?,
                series: row.get("series")?,
                last_number: row.get("last_number")?,
            });
        }
        Ok(numbering::given_in_year(
            &self.rule.rule,
            &self.key,
            &kinds,
            &elsewhere,
            today,
        ))
    }
}

/// Whether the document takes a reserved number, which must still be the one that was planned: else it would get another number than the
/// clerk chose, and the chosen one would stay held for it. Choosing locks the document, as issuing does.
async fn as_planned(act: &mut Act, document: OutgoingId, planned: Option<Uuid>) -> AppResult<bool> {
    let chosen: Option<Uuid> = act
        .opt(ASSIGNED, args![document])
        .await?
        .map(|row| row.get("id"))
        .transpose()?;
    if planned == chosen {
        return Ok(planned.is_some());
    }
    let refusal = if chosen.is_none() {
        gone()
    } else {
        chosen_meanwhile()
    };
    Err(refusal.into())
}

fn reserved(row: &Row) -> store::Result<Reserved> {
    Ok(Reserved {
        number: row.get("number")?,
        year: row.get("year")?,
        reserved_on: row.get("reserved_on")?,
        state: row.parse("state")?,
        next_on: row.get("next_on")?,
    })
}

fn last_taken(row: &Row) -> store::Result<LastTaken> {
    Ok(LastTaken {
        number: row.get("last_number")?,
        date: row.get("last_date")?,
    })
}

/// Another clerk chose a reserved number for the document, or another one, while it was being issued.
fn chosen_meanwhile() -> Refusal {
    Refusal::new(
        "ND30-15.1",
        "numbering.reserved_meanwhile",
        "Văn bản vừa được chọn số đã giữ trong lúc phát hành. Vui lòng tải lại trang để xem số rồi phát hành.",
    )
}

/// The number that was chosen for the document is not there any more.
fn gone() -> Refusal {
    Refusal::new(
        "ND30-15.1",
        "numbering.reserved_gone",
        "Số đã giữ cho văn bản này vừa được hủy hoặc bỏ chọn. Vui lòng tải lại trang rồi phát hành.",
    )
}
