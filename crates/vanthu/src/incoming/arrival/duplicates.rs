//! Văn bản trùng: the same document come twice, known by two keys. A warning to the clerk, who goes on with a reason.

use jiff::civil::Date;
use rules::{
    Decision,
    ids::{AgencyId, IncomingId},
    incoming::register_despite_duplicates,
};
use serde::{Deserialize, Serialize};
use store::{Act, Arg, Row, args, sql};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{context::App, error::AppResult, web::format};

/// A document that looks like the same one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Duplicate {
    /// Its id.
    #[schema(value_type = Uuid)]
    pub id: IncomingId,
    /// Số đến.
    pub arrival_number: i64,
    /// Ngày đến.
    #[schema(value_type = String, format = Date)]
    pub arrived_on: Date,
    /// Whether it bears the same identifier: then it is the same document; else only số, ký hiệu and sender are the same.
    #[serde(default)]
    pub same_code: bool,
}

impl Duplicate {
    /// What is the same, in words.
    pub(in crate::incoming) fn what(&self) -> &'static str {
        if self.same_code {
            "trùng mã định danh văn bản"
        } else {
            "trùng số, ký hiệu và nơi gửi, khác mã định danh"
        }
    }

    /// Where it stands in the register, and what is the same.
    fn place(&self) -> String {
        format!(
            "số đến {:02} ngày {}, {}",
            self.arrival_number,
            format::date(self.arrived_on),
            self.what()
        )
    }
}

/// Whoever registers in spite of `found` says why.
///
/// # Errors
/// The refusal of [`register_despite_duplicates`].
pub(in crate::incoming) fn need_reason(found: &[Duplicate], despite: &str) -> Decision<()> {
    let known: Vec<String> = found.iter().map(Duplicate::place).collect();
    register_despite_duplicates(&known, despite)
}

/// What is compared: the document's code; or số, ký hiệu and sender. Numbers begin again each year (ND30-15), so what is dated in
/// another year is another document.
pub(in crate::incoming) struct Keys<'a> {
    pub document_code: Option<&'a str>,
    pub number: &'a str,
    pub symbol: &'a str,
    pub issued_on: Option<Date>,
    pub sender_id: Option<Uuid>,
    pub sender_name: &'a str,
}

macro_rules! duplicates {
    () => {
        sql!(
            "SELECT id, arrival_number, arrived_on, cast(1 AS bigint) AS same_code FROM incoming WHERE agency_id = $1 AND document_code = $2 \
             AND arrival_number IS NOT NULL AND id <> $3 UNION \
             SELECT id, arrival_number, arrived_on, cast(0 AS bigint) AS same_code FROM incoming WHERE agency_id = $1 AND number = $4 AND symbol = $5 \
             AND (number <> '' OR symbol <> '') AND (substr(issued_on, 1, 4) = $8 OR issued_on IS NULL OR $8 IS NULL) \
             AND (sender_id = $6 OR sender_name = $7) AND arrival_number IS NOT NULL AND id <> $3 \
             AND (document_code <> $2 OR document_code IS NULL OR $2 IS NULL) \
             ORDER BY arrived_on, arrival_number LIMIT 5"
        )
    };
}

fn values(agency: AgencyId, but: Option<IncomingId>, keys: &Keys<'_>) -> Vec<Arg> {
    let but = but.map_or(Uuid::nil(), IncomingId::as_uuid);
    args![
        agency,
        keys.document_code,
        but,
        keys.number,
        keys.symbol,
        keys.sender_id,
        keys.sender_name,
        keys.issued_on.map(|on| on.year().to_string()),
    ]
}

fn read(rows: &[Row]) -> store::Result<Vec<Duplicate>> {
    let one = |row: &Row| {
        Ok(Duplicate {
            id: row.get("id")?,
            arrival_number: row.get("arrival_number")?,
            arrived_on: row.get("arrived_on")?,
            same_code: row.get::<i64>("same_code")? == 1,
        })
    };
    rows.iter().map(one).collect()
}

/// Registered documents of the agency with one of the keys, other than `but`.
///
/// # Errors
/// When the database fails.
pub(in crate::incoming) async fn of(
    act: &mut Act,
    agency: AgencyId,
    but: Option<IncomingId>,
    keys: &Keys<'_>,
) -> AppResult<Vec<Duplicate>> {
    Ok(read(&act.all(duplicates!(), values(agency, but, keys)).await?)?)
}

/// The same, read outside an act, for the page.
///
/// # Errors
/// When the database fails.
pub(in crate::incoming) async fn seen(
    app: &App,
    agency: AgencyId,
    but: IncomingId,
    keys: &Keys<'_>,
) -> AppResult<Vec<Duplicate>> {
    Ok(read(
        &app.db.all(duplicates!(), values(agency, Some(but), keys)).await?,
    )?)
}
