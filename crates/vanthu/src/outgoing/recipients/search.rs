//! Tìm nơi nhận ngoài hệ thống: while a draft is written, by name or code, one or many pasted at once.

use askama::Template;
use axum::extract::{Query, State};
use rules::{access::Action, access::ObjectFacts, exchange::Purpose, ids::AgencyId, recipients::Channel};
use serde::Deserialize;
use store::{args, sql};
use uuid::Uuid;

use crate::{
    access,
    context::{App, Who},
    directory::{self, DirectoryLine, DirectoryQuery},
    error::AppResult,
    organization,
    outgoing::drafting::content::AxisRecipient,
    web::{Reply, page::Choice, render},
};

/// The button that looks for recipients.
pub const FIND: &str = "find";
/// Entries that one search offers.
const OFFERED: usize = 20;
/// Lines of a pasted list; more are not looked at.
const PASTED: usize = 200;
/// Said once, not at every recipient.
const ON_PAPER: &str = "Cơ quan ta chưa kết nối trục liên thông: nơi nhận chọn ở đây được gửi bản giấy.";

/// A recipient of the directory in the form, chosen or offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AxisRow {
    /// Mã định danh.
    pub code: String,
    /// Name.
    pub name: String,
    /// What tells it from others, and how it is reached.
    pub hint: String,
    /// `act`, `know`; empty: offered, not chosen.
    pub purpose: &'static str,
}

impl AxisRow {
    /// The value of one of its options.
    pub fn value(&self, purpose: &str) -> String {
        format!("{purpose}:{}", self.code)
    }

    fn offered(line: &DirectoryLine, way: &str) -> Self {
        let mut hint = line.code.clone();
        if let Some(parent) = &line.parent_name {
            hint.push_str(" · ");
            hint.push_str(parent);
        }
        hint.push_str(" · ");
        hint.push_str(way);
        Self {
            code: line.code.clone(),
            name: line.name.clone(),
            hint,
            purpose: "",
        }
    }
}

/// What stands in the form about recipients outside.
#[derive(Debug, Clone, Default)]
pub struct AxisPart {
    /// Chosen, then offered.
    pub rows: Vec<AxisRow>,
    /// What could not be found.
    pub notes: Vec<String>,
    /// Ids of agencies of our own tables that pasted lines name.
    pub agencies: Vec<String>,
}

impl AxisPart {
    /// Ticks those agencies in the form, unless they are chosen there already.
    pub fn tick(&mut self, recipients: &mut Vec<String>, to_know: &[String]) {
        for agency in self.agencies.drain(..) {
            if !recipients.contains(&agency) && !to_know.contains(&agency) {
                recipients.push(agency);
            }
        }
    }
}

/// What a form is to look for of what was typed. It looks again only when asked: a refused form keeps its choice.
pub fn looked_for(typed: String, pressed: &str) -> String {
    if pressed == FIND { typed } else { String::new() }
}

/// Reads the chosen rows of a form: `act:H98.01`, `know:G99`; an offered row that stayed so is none.
pub fn chosen(values: &[String]) -> Vec<AxisRecipient> {
    values
        .iter()
        .filter_map(|value| {
            let (purpose, code) = value.split_once(':')?;
            Some(AxisRecipient {
                code: code.to_owned(),
                name: String::new(),
                purpose: purpose.parse().ok()?,
            })
        })
        .collect()
}

/// The other way round, for a saved draft.
pub fn values(axis: &[AxisRecipient]) -> Vec<String> {
    axis.iter()
        .map(|recipient| format!("{}:{}", recipient.purpose.as_str(), recipient.code))
        .collect()
}

/// The chosen rows, and those that `text` finds.
///
/// # Errors
/// When the database fails.
pub async fn part(app: &App, own: AgencyId, values: &[String], text: &str) -> AppResult<AxisPart> {
    let connected = directory::is_connected(app, own).await?;
    let way = if connected { Channel::Axis } else { Channel::Paper }.label();
    let mut part = AxisPart::default();
    if !connected {
        part.notes.push(ON_PAPER.to_owned());
    }
    for recipient in chosen(values) {
        let line = directory::named(app, &recipient.code).await?.into_iter().next();
        let mut row = line.map_or_else(
            || AxisRow {
                code: recipient.code.clone(),
                name: recipient.code.clone(),
                hint: "Mã này không có trong danh mục".to_owned(),
                purpose: "",
            },
            |line| AxisRow::offered(&line, way),
        );
        row.purpose = match recipient.purpose {
            Purpose::Act => "act",
            Purpose::Know => "know",
        };
        put(&mut part.rows, row);
    }
    let lines: Vec<&str> = text
        .split(['\n', ';'])
        .map(|line| {
            line.trim()
                .trim_start_matches(['-', '–', '•'])
                .trim()
                .trim_end_matches('.')
        })
        .filter(|line| !line.is_empty())
        .take(PASTED)
        .collect();
    if let [line] = lines.as_slice() {
        let found = directory::find(app, &DirectoryQuery::of(line), OFFERED).await?;
        if found.items.is_empty() {
            part.notes.push(format!(
                "Không tìm thấy “{line}” trong danh mục. Vui lòng thử ít từ hơn, hoặc tìm theo mã định danh."
            ));
        }
        if found.next.is_some() {
            part.notes.push(format!(
                "Chỉ hiện {OFFERED} kết quả đầu. Vui lòng gõ thêm từ để thu hẹp."
            ));
        }
        for line in &found.items {
            put(&mut part.rows, AxisRow::offered(line, way));
        }
        return Ok(part);
    }
    for line in lines {
        if let Some(agency) = organization::agency_of_text(app, line).await? {
            part.agencies.push(agency.to_string());
            continue;
        }
        let found = directory::named(app, line).await?;
        match found.as_slice() {
            [] => part
                .notes
                .push(format!("Không tìm thấy “{line}” trong danh mục.")),
            [one] => put(
                &mut part.rows,
                AxisRow {
                    purpose: "act",
                    ..AxisRow::offered(one, way)
                },
            ),
            several => {
                part.notes.push(format!(
                    "Có {} nơi mang tên “{line}”. Vui lòng chọn trong danh sách.",
                    several.len()
                ));
                for line in several {
                    put(&mut part.rows, AxisRow::offered(line, way));
                }
            }
        }
    }
    Ok(part)
}

fn put(rows: &mut Vec<AxisRow>, row: AxisRow) {
    if rows.iter().all(|known| known.code != row.code) {
        rows.push(row);
    }
}

/// Agencies of our own tables to choose from, each with the way to it.
///
/// # Errors
/// When the database fails.
pub async fn agencies(app: &App, own: AgencyId) -> AppResult<Vec<Choice>> {
    let connected = directory::is_connected(app, own).await?;
    let rows = app
        .db
        .all(
            sql!(
                "SELECT a.id, a.name, a.code, a.level, CASE WHEN a.level = 'partner' AND EXISTS (\
                 SELECT 1 FROM directory_code c JOIN directory_entry e ON e.id = c.entry_id \
                 WHERE (c.code = a.code OR c.code = a.old_code) AND c.confirmed = 1 AND e.valid_to IS NULL) THEN 1 ELSE 0 END AS listed \
                 FROM agency a WHERE (a.valid_to IS NULL OR a.valid_to >= $1) AND a.id <> $2 ORDER BY a.folded_name, a.id"
            ),
            args![app.clock.today(), own],
        )
        .await?;
    let mut choices = Vec::with_capacity(rows.len());
    for row in &rows {
        let partner = row.get::<String>("level")? == "partner";
        let way = if !partner {
            Channel::Internal
        } else if connected && row.get::<bool>("listed")? {
            Channel::Axis
        } else {
            Channel::Paper
        };
        let code: Option<String> = row.get("code")?;
        let hint = code.map_or_else(
            || way.label().to_owned(),
            |code| format!("{code} · {}", way.label()),
        );
        let id: Uuid = row.get("id")?;
        choices.push(Choice::new(id.to_string(), row.get::<String>("name")?).hint(hint));
    }
    Ok(choices)
}

/// What is looked for while typing.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Looked {
    q: String,
}

#[derive(Template)]
#[template(path = "outgoing/recipients/rows.html")]
struct RowsPart {
    rows: Vec<AxisRow>,
    notes: Vec<String>,
}

/// `GET /outgoing/recipients`: the rows that a text finds, as a part of the form.
pub async fn rows(State(app): State<App>, who: Who, Query(looked): Query<Looked>) -> Reply {
    access::may(&who, Action::CreateDraft, &ObjectFacts::agency(who.agency()))?;
    let first = looked.q.lines().next().unwrap_or_default().replace(';', " ");
    let part = if first.trim().is_empty() {
        AxisPart::default()
    } else {
        part(&app, who.agency(), &[], &first).await?
    };
    render(&RowsPart {
        rows: part.rows,
        notes: part.notes,
    })
}
