//! The page: one table, units with their people; each number leads to the list behind it.

use askama::Template;
use axum::extract::{Query, State};
use axum_extra::extract::cookie::CookieJar;
use jiff::civil::Date;
use rules::{
    ids::{PostId, UnitId},
    workload::{Column, Tally},
};

use super::{
    HREF,
    count::{self, WorkloadQuery},
};
use crate::{
    context::{App, Who},
    error::AppError,
    web::{
        Reply, Stay, format, frame,
        page::{FieldErrors, Page, RefusalBox},
        render,
    },
};

/// A number with the list behind it.
struct Cell {
    label: &'static str,
    count: u64,
    /// Empty for zero.
    href: String,
    is_bad: bool,
}

struct Line {
    name: String,
    title: String,
    is_unit: bool,
    cells: Vec<Cell>,
}

#[derive(Template)]
#[template(path = "reports/workload.html")]
struct WorkloadPage {
    page: Page,
    columns: &'static [Column],
    lines: Vec<Line>,
    from: String,
    to: String,
    days: String,
    sheet: String,
    refusal: Option<RefusalBox>,
    errors: FieldErrors,
}

/// Where the list behind a number is.
fn href(column: Column, unit: Option<UnitId>, post: Option<PostId>, from: Date, to: Date) -> String {
    let mut href = format!("{HREF}/list?column={}&from={from}&to={to}", column.as_str());
    if let Some(post) = post {
        href.push_str(&format!("&post={post}"));
    } else if let Some(unit) = unit {
        href.push_str(&format!("&unit={unit}"));
    }
    href
}

fn cells(tally: &Tally, unit: Option<UnitId>, post: Option<PostId>, from: Date, to: Date) -> Vec<Cell> {
    let cell = |column: &Column| {
        let count = tally.of(*column);
        // The line of all leaders together has no list of its own.
        let has_list = count > 0 && (unit.is_some() || post.is_some());
        Cell {
            label: column.label(),
            count,
            href: if has_list {
                href(*column, unit, post, from, to)
            } else {
                String::new()
            },
            is_bad: count > 0 && matches!(column, Column::Overdue | Column::DoneLate),
        }
    };
    Column::ALL.iter().map(cell).collect()
}

/// `GET /reports/workload`.
pub async fn show(
    State(app): State<App>,
    who: Who,
    jar: CookieJar,
    Query(query): Query<WorkloadQuery>,
) -> Reply {
    let (from, to) = query.days(&app);
    let mut errors = FieldErrors::none();
    let (groups, refusal) = match count::groups(&app, &who, from, to).await {
        Ok(groups) => (groups, None),
        Err(error @ AppError::Refused(_)) if super::link(&who).is_some() => {
            (Vec::new(), Some(errors.tell(error)))
        }
        Err(error) => return Err(error),
    };
    let (units, whole) = count::tally(&groups);
    let mut lines = Vec::new();
    for unit in units {
        lines.push(Line {
            name: unit.name,
            title: String::new(),
            is_unit: true,
            cells: cells(&unit.tally, unit.unit, None, from, to),
        });
        for person in unit.people {
            lines.push(Line {
                cells: cells(&person.tally, unit.unit, Some(person.post), from, to),
                name: person.name,
                title: person.title,
                is_unit: false,
            });
        }
    }
    if !whole.is_empty() {
        lines.push(Line {
            name: "Tổng cộng".to_owned(),
            title: String::new(),
            is_unit: true,
            cells: cells(&whole, None, None, from, to),
        });
    }
    let shown = WorkloadPage {
        page: frame(&app, &who, &jar, "Khối lượng và tiến độ", "workload").await?,
        columns: Column::ALL,
        lines,
        from: from.to_string(),
        to: to.to_string(),
        days: format!("{} – {}", format::date(from), format::date(to)),
        sheet: format!("{HREF}.xlsx?from={from}&to={to}"),
        refusal,
        errors,
    };
    if shown.refusal.is_some() {
        Stay::on(&shown)
    } else {
        render(&shown)
    }
}
