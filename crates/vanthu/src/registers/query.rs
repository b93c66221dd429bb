//! Which part of a book is read: year, days, place.

use jiff::{Timestamp, civil::Date, tz::Offset};
use rules::ids::AgencyId;
use serde::{Deserialize, Serialize};
use store::{Filter, args};
use utoipa::{IntoParams, ToSchema};

use crate::{
    context::App,
    error::{AppError, AppResult},
    web::encode,
};

/// Rows of a page.
pub const PAGE: usize = 25;

/// Which rows of a register are wanted. Without a year it is the current one.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct RegisterQuery {
    /// Năm; numbers run from 01 on 01/01 to 31/12.
    #[serde(deserialize_with = "crate::web::blank_as_none")]
    #[param(value_type = Option<i32>)]
    pub year: Option<i16>,
    /// First day (of issue or of arrival), ISO.
    #[serde(deserialize_with = "crate::web::blank_as_none")]
    #[param(value_type = Option<String>)]
    pub from: Option<Date>,
    /// Last day, ISO.
    #[serde(deserialize_with = "crate::web::blank_as_none")]
    #[param(value_type = Option<String>)]
    pub to: Option<Date>,
    /// Continue with older rows after this place: the `next` of the page before.
    pub after: String,
    /// Go back to newer rows before this place.
    pub before: String,
}

/// The part of a book to read, once the query is understood.
#[derive(Debug, Clone, Copy)]
pub struct Part<P> {
    pub agency: AgencyId,
    pub year: i16,
    pub from: Option<Date>,
    pub to: Option<Date>,
    /// Where to go on.
    pub place: Option<P>,
    /// Ascending: towards newer rows.
    pub ascending: bool,
    /// Most rows to read.
    pub limit: i64,
}

/// A page of a book, newest first, as the screen shows it and the API answers.
#[derive(Debug, Serialize, ToSchema)]
pub struct BookPage<L> {
    /// The lines, newest first.
    pub items: Vec<L>,
    /// Pass as `after` for older lines; absent on the last page.
    pub next: Option<String>,
    /// Pass as `before` for newer lines; absent on the first page.
    pub previous: Option<String>,
}

impl RegisterQuery {
    /// The year that is read.
    pub fn year(&self, app: &App) -> i16 {
        self.year.unwrap_or_else(|| app.clock.today().year())
    }

    /// The part that a page shows, with one row more to know whether another page follows.
    pub fn page<P>(
        &self,
        app: &App,
        agency: AgencyId,
        read: impl Fn(&str) -> Option<P>,
    ) -> AppResult<Part<P>> {
        let ascending = !self.before.is_empty();
        let text = if ascending { &self.before } else { &self.after };
        let place = if text.is_empty() {
            None
        } else {
            Some(read(text).ok_or_else(|| {
                AppError::BadInput("Đường dẫn trang không đúng. Mở lại sổ từ cột bên trái.".to_owned())
            })?)
        };
        let (year, from, to) = self.span(app)?;
        Ok(Part {
            agency,
            year,
            from,
            to,
            place,
            ascending,
            limit: PAGE as i64 + 1,
        })
    }

    /// The part that is printed: from its beginning, at most `limit` rows.
    pub fn printed<P>(&self, app: &App, agency: AgencyId, limit: i64) -> AppResult<Part<P>> {
        let (year, from, to) = self.span(app)?;
        Ok(Part {
            agency,
            year,
            from,
            to,
            place: None,
            ascending: true,
            limit,
        })
    }

    fn span(&self, app: &App) -> AppResult<(i16, Option<Date>, Option<Date>)> {
        let year = self.year(app);
        if !(1976..=9998).contains(&year) {
            return Err(AppError::BadInput("Năm của sổ không đúng.".to_owned()));
        }
        if let (Some(from), Some(to)) = (self.from, self.to)
            && from > to
        {
            return Err(AppError::BadInput(
                "“Từ ngày” phải trước hoặc cùng ngày với “Đến ngày”.".to_owned(),
            ));
        }
        Ok((year, self.from, self.to))
    }

    /// The filter as the end of an address, without the place.
    pub fn keep(&self, app: &App) -> String {
        let day = |name: &str, day: Option<Date>| day.map(|day| format!("&{name}={day}")).unwrap_or_default();
        format!(
            "year={}{}{}",
            self.year(app),
            day("from", self.from),
            day("to", self.to)
        )
    }
}

impl<P: Copy> Part<P> {
    /// Keeps what was issued on the days of the part; `o` is the table `outgoing` of the statement.
    pub fn issued_within(self, mut filter: Filter) -> AppResult<Filter> {
        if let Some(from) = self.from {
            filter = filter.and("o.issued_at >= ?", args![midnight(from)?]);
        }
        if let Some(to) = self.to {
            let next_day = to.saturating_add(jiff::Span::new().days(1));
            filter = filter.and("o.issued_at < ?", args![midnight(next_day)?]);
        }
        Ok(filter)
    }

    /// Cuts the extra row off, turns the page newest first and says where its neighbours are.
    pub fn page_of<L>(self, mut lines: Vec<L>, place: impl Fn(&L) -> String) -> BookPage<L> {
        let more = lines.len() > PAGE;
        lines.truncate(PAGE);
        if self.ascending {
            lines.reverse();
        }
        let (has_next, has_previous) = if self.ascending {
            (true, more)
        } else {
            (more, self.place.is_some())
        };
        let at = |line: Option<&L>| line.map(|line| encode(&place(line)));
        BookPage {
            next: at(lines.last()).filter(|_| has_next),
            previous: at(lines.first()).filter(|_| has_previous),
            items: lines,
        }
    }
}

/// The first instant of a day in Viet Nam.
pub fn midnight(day: Date) -> AppResult<Timestamp> {
    Offset::constant(7)
        .to_timestamp(day.at(0, 0, 0, 0))
        .map_err(|_| AppError::BadInput("Ngày nằm ngoài khoảng cho phép.".to_owned()))
}
