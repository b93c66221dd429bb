//! Where signature, number and day stand on the main file: as the program laid it out, as somebody placed them, or where
//! Phụ lục I puts them.

use pdf_signature::appearance::{Area, Slot};
use rules::ids::OutgoingId;
use serde::{Deserialize, Serialize};
use store::{Act, args, sql};

use crate::{context::App, error::AppResult};

/// Left edges of day and month where Phụ lục I puts them, mm.
pub const USUAL_DAY: f64 = 142.0;
/// See [`USUAL_DAY`].
pub const USUAL_MONTH: f64 = 161.0;

/// The blanks in the row of ô 3 and ô 4.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Blanks {
    /// Số, before the slash of the symbol.
    pub number: Slot,
    /// The day; minutes (mẫu 1.9) have no line of place and date.
    #[serde(default)]
    pub day: Option<Slot>,
    /// The month.
    #[serde(default)]
    pub month: Option<Slot>,
    /// The year, where it was left blank too.
    pub year: Option<Slot>,
}

/// Places on the main file, mm from the upper left corner of a page as it is seen.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Places {
    /// Ô 7c, between title and name.
    pub signature: Area,
    /// The blanks of the first page.
    pub blanks: Blanks,
    /// Where the handwriting was drawn, once it was: the seal stands over its left third.
    #[serde(default)]
    pub signed: Option<Area>,
    /// Whether a person placed them.
    #[serde(default)]
    pub by_hand: bool,
}

impl Places {
    /// The places of a document that the program laid out with blanks; `None` when a box is missing.
    pub fn of_layout(found: &the_thuc::Places) -> Option<Self> {
        let box_7c = found.signature?;
        let slot = |blank: the_thuc::Blank| Slot {
            page: blank.page,
            x: blank.x,
            baseline: blank.baseline,
            width: blank.width,
            size: blank.size,
        };
        Some(Self {
            signature: Area {
                page: box_7c.page,
                x: box_7c.x,
                y: box_7c.y,
                width: box_7c.width,
                height: box_7c.height,
            },
            blanks: Blanks {
                number: slot(found.blanks.number?),
                day: found.blanks.day.map(slot),
                month: found.blanks.month.map(slot),
                year: found.blanks.year.map(slot),
            },
            signed: None,
            by_hand: false,
        })
    }

    /// Where Phụ lục I puts them on A4 with its margins (30 mm left, 20 mm top and right), for an uploaded file in which they
    /// were not found: ô 3 and ô 4 below two lines of heading, ô 7c at the lower right of the last page.
    pub fn usual(last_page: u32) -> Self {
        let slot = |x, width| Slot {
            page: 1,
            x,
            baseline: 37.5,
            width,
            size: 13.0,
        };
        Self {
            signature: Area {
                page: last_page.max(1),
                x: 115.0,
                y: 215.0,
                width: 75.0,
                height: 30.0,
            },
            blanks: Blanks {
                number: slot(55.0, 9.0),
                day: Some(slot(USUAL_DAY, 6.0)),
                month: Some(slot(USUAL_MONTH, 6.0)),
                year: None,
            },
            signed: None,
            by_hand: false,
        }
    }
}

/// What is known of the places of a version.
///
/// # Errors
/// When the database fails.
pub async fn stored(app: &App, id: OutgoingId, version: u32) -> AppResult<Option<Places>> {
    let row = app
        .db
        .one(
            sql!("SELECT places FROM outgoing_version WHERE outgoing_id = $1 AND version = $2"),
            args![id, version],
        )
        .await?;
    Ok(match row.get::<Option<String>>("places")? {
        Some(_) => Some(row.json("places")?),
        None => None,
    })
}

/// The same inside an act.
///
/// # Errors
/// When the database fails.
pub async fn stored_in(act: &mut Act, id: OutgoingId, version: u32) -> AppResult<Option<Places>> {
    let row = act
        .one(
            sql!("SELECT places FROM outgoing_version WHERE outgoing_id = $1 AND version = $2"),
            args![id, version],
        )
        .await?;
    Ok(match row.get::<Option<String>>("places")? {
        Some(_) => Some(row.json("places")?),
        None => None,
    })
}

/// Keeps the places of a version.
///
/// # Errors
/// When the database fails.
pub async fn keep(act: &mut Act, id: OutgoingId, version: u32, places: &Places) -> AppResult<()> {
    act.run(
        sql!("UPDATE outgoing_version SET places = $3 WHERE outgoing_id = $1 AND version = $2"),
        args![id, version, serde_json::to_string(places)?],
    )
    .await?;
    Ok(())
}
