//! Which agency a code means, and which line a status is about (spec edxml 6, 10.4): codes are compared after their
//! aliases, documents by their identifier first.

use std::collections::HashSet;

use edxml::model::ResponseFor;
use rules::{
    identifiers::AgencyCode,
    ids::{AgencyId, DeliveryId, IncomingId, OutgoingId},
};
use store::{Act, args, sql};
use uuid::Uuid;

use crate::{context::App, directory, error::AppResult};

/// A code as it is compared: trimmed and in capitals.
pub fn plain_code(code: &str) -> String {
    code.trim().to_uppercase()
}

/// The codes in what an axis gives as recipients: one, several with commas or semicolons between, or a list as JSON.
pub fn codes_in(text: &str) -> Vec<String> {
    let listed: Vec<String> =
        serde_json::from_str(text).unwrap_or_else(|_| text.split([',', ';']).map(str::to_owned).collect());
    listed
        .iter()
        .map(|code| plain_code(code))
        .filter(|code| !code.is_empty())
        .collect()
}

/// Text as it is compared: NFC, trimmed.
pub fn plain_text(text: &str) -> String {
    viet_text::nfc(text.trim())
}

/// All codes for which the organisation with this code speaks, its own first: what the directory says, organisations that it took
/// over included, then our own agencies, then what is mechanical (level 1 of the older form).
///
/// # Errors
/// When the database fails.
pub async fn aliases(app: &App, code: &str) -> AppResult<Vec<String>> {
    let code = plain_code(code);
    let mut found = vec![code.clone()];
    found.extend(directory::codes_of(app, &code).await?);
    // Who has the code now comes before who had it: numbers are given out again.
    for row in app
        .db
        .all(
            sql!(
                "SELECT a.code, a.old_code, f.code AS former FROM agency a LEFT JOIN agency_former_code f ON f.agency_id = a.id \
                 AND NOT EXISTS (SELECT 1 FROM agency u WHERE u.id <> a.id AND (u.code = f.code OR u.old_code = f.code)) \
                 WHERE a.id = (SELECT o.id FROM agency o LEFT JOIN agency_former_code h ON h.agency_id = o.id AND h.code = $1 \
                 WHERE o.code = $1 OR o.old_code = $1 OR h.code = $1 \
                 ORDER BY CASE WHEN o.code = $1 THEN 0 WHEN o.old_code = $1 THEN 1 ELSE 2 END, o.id LIMIT 1)"
            ),
            args![code.as_str()],
        )
        .await?
    {
        for column in ["code", "old_code", "former"] {
            found.extend(row.get::<Option<String>>(column)?);
        }
    }
    if let Ok(parsed) = AgencyCode::parse(&code)
        && parsed.level() == 1
        && let Some(other) = parsed.proposed_counterpart()
    {
        found.push(other.to_string());
    }
    let mut seen = Vec::with_capacity(found.len());
    for code in found {
        if !seen.contains(&code) {
            seen.push(code);
        }
    }
    Ok(seen)
}

/// The agency of our own list that has one of these codes, and its name in the directory.
///
/// # Errors
/// When the database fails.
pub async fn known_sender(act: &mut Act, codes: &[String]) -> AppResult<(Option<AgencyId>, Option<String>)> {
    let (mut agency, mut name) = (None, None);
    for code in codes {
        if let Some(row) = act
            .opt(
                sql!("SELECT id, name FROM agency WHERE code = $1 OR old_code = $1 ORDER BY id LIMIT 1"),
                args![code.as_str()],
            )
            .await?
        {
            agency = Some(row.get("id")?);
            name = Some(row.get("name")?);
            break;
        }
        if name.is_none()
            && let Some(row) = act
                .opt(
                    sql!(
                        "SELECT e.name FROM directory_code c JOIN directory_entry e ON e.id = c.entry_id WHERE c.code = $1 AND c.confirmed = 1 \
                         ORDER BY e.id LIMIT 1"
                    ),
                    args![code.as_str()],
                )
                .await?
        {
            name = Some(row.get("name")?);
        }
    }
    Ok((agency, name))
}

/// The incoming document that a recall, an update or a status 13 of `sender` is about: by its identifier, else by number,
/// symbol and date. The newest when it came several times.
///
/// # Errors
/// When the database fails.
pub async fn target(
    act: &mut Act,
    agency: AgencyId,
    sender: &[String],
    document_id: Option<&str>,
    about: Option<&ResponseFor>,
) -> AppResult<Option<IncomingId>> {
    if let Some(document_id) = document_id {
        let rows = act
            .all(
                sql!(
                    "SELECT id, sender_code FROM incoming WHERE agency_id = $1 AND document_code = $2 AND source = 'axis' \
                     ORDER BY delivered_at DESC, id DESC"
                ),
                args![agency, plain_text(document_id)],
            )
            .await?;
        if let Some(found) = of_sender(&rows, sender)? {
            return Ok(Some(found));
        }
    }
    let Some((number, symbol)) = about
        .and_then(|about| about.code.as_deref())
        .and_then(|code| code.split_once('/'))
    else {
        return Ok(None);
    };
    let issued_on = about.and_then(|about| about.promulgation_date);
    let rows = act
        .all(
            sql!(
                "SELECT id, sender_code FROM incoming WHERE agency_id = $1 AND number = $2 AND symbol = $3 AND source = 'axis' \
                 AND (issued_on = $4 OR $4 IS NULL) ORDER BY delivered_at DESC, id DESC"
            ),
            args![agency, plain_text(number), plain_text(symbol), issued_on],
        )
        .await?;
    // Numbers begin anew every year: without the day it must be the only one.
    if issued_on.is_none() && rows.len() > 1 {
        return Ok(None);
    }
    of_sender(&rows, sender)
}

/// Nobody takes back what another agency sent.
fn of_sender(rows: &[store::Row], sender: &[String]) -> AppResult<Option<IncomingId>> {
    for row in rows {
        let code: Option<String> = row.get("sender_code")?;
        if code.is_some_and(|code| sender.contains(&plain_code(&code))) {
            return Ok(Some(row.get("id")?));
        }
    }
    Ok(None)
}

/// The line of ours that a status is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// The document.
    pub outgoing: OutgoingId,
    /// Whose document it is.
    pub agency: AgencyId,
    /// The recipient's line.
    pub delivery: DeliveryId,
}

/// Finds the line by the document's identifier and the sender of the status; else by number, symbol and date. Clients are
/// known that swap the fields, so each identifier is looked for in both.
///
/// # Errors
/// When the database fails.
pub async fn line(act: &mut Act, sender: &[String], about: &ResponseFor) -> AppResult<Option<Line>> {
    let texts = [about.document_id.as_deref(), about.code.as_deref()];
    for text in texts.into_iter().flatten() {
        let rows = act
            .all(
                sql!(
                    "SELECT d.id, d.outgoing_id, d.agency_id, d.recipient_code FROM outgoing o JOIN delivery d ON d.outgoing_id = o.id \
                     WHERE o.document_code = $1 AND d.channel = 'axis' ORDER BY d.id"
                ),
                args![plain_text(text)],
            )
            .await?;
        if let Some(found) = to_recipient(&rows, sender)? {
            return Ok(Some(found));
        }
    }
    // `123/SVD-VP`, or the third part of an identifier that another system wrote its own way.
    for text in texts.into_iter().flatten() {
        let code = text.rsplit(',').next().unwrap_or(text);
        let Some((number, symbol)) = code.split_once('/') else {
            continue;
        };
        let Ok(number) = number.trim().parse::<u32>() else {
            continue;
        };
        let rows = act
            .all(
                sql!(
                    "SELECT d.id, d.outgoing_id, d.agency_id, d.recipient_code FROM outgoing o JOIN delivery d ON d.outgoing_id = o.id \
                     WHERE o.number = $1 AND o.symbol = $2 AND (o.issued_on = $3 OR $3 IS NULL) AND d.channel = 'axis' \
                     ORDER BY o.issued_at DESC, d.id"
                ),
                args![number, plain_text(symbol), about.promulgation_date],
            )
            .await?;
        // Numbers begin anew every year, and every agency has its own: without the day it must be the only document.
        let documents = rows
            .iter()
            .map(|row| row.get::<Uuid>("outgoing_id"))
            .collect::<store::Result<HashSet<_>>>()?;
        if about.promulgation_date.is_none() && documents.len() > 1 {
            continue;
        }
        if let Some(found) = to_recipient(&rows, sender)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

fn to_recipient(rows: &[store::Row], sender: &[String]) -> AppResult<Option<Line>> {
    for row in rows {
        let code: Option<String> = row.get("recipient_code")?;
        if code.is_some_and(|code| sender.contains(&plain_code(&code))) {
            return Ok(Some(Line {
                outgoing: row.get("outgoing_id")?,
                agency: row.get("agency_id")?,
                delivery: row.get("id")?,
            }));
        }
    }
    Ok(None)
}

/// Văn bản thông báo thu hồi: a document of ours that went to a recipient with a recall, not by a line of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Notice {
    /// The notice.
    pub outgoing: OutgoingId,
    /// Whose it is.
    pub agency: AgencyId,
}

/// The notice that a status is about, when it went to the sender of the status.
///
/// # Errors
/// When the database fails.
pub async fn notice(act: &mut Act, sender: &[String], about: &ResponseFor) -> AppResult<Option<Notice>> {
    let Some(document_id) = about.document_id.as_deref() else {
        return Ok(None);
    };
    let rows = act
        .all(
            sql!(
                "SELECT DISTINCT o.id, o.agency_id, d.recipient_code FROM outgoing o JOIN dispatch p ON p.carrier_id = o.id \
                 JOIN dispatch_line l ON l.dispatch_id = p.id JOIN delivery d ON d.id = l.delivery_id \
                 WHERE o.document_code = $1 AND d.channel = 'axis'"
            ),
            args![plain_text(document_id)],
        )
        .await?;
    for row in rows {
        let code: Option<String> = row.get("recipient_code")?;
        if code.is_some_and(|code| sender.contains(&plain_code(&code))) {
            return Ok(Some(Notice {
                outgoing: row.get("id")?,
                agency: row.get("agency_id")?,
            }));
        }
    }
    Ok(None)
}

/// An id that is the same whenever the same content comes again; the content says who sends it.
pub fn id_of_content(what: &str, agency: AgencyId, fingerprint: &[u8]) -> Uuid {
    let within = Uuid::new_v5(&agency.as_uuid(), what.as_bytes());
    Uuid::new_v5(&within, fingerprint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edxml_13_1_r13_recipients_are_read_in_every_form() {
        assert_eq!(codes_in(" h16.05 "), ["H16.05"]);
        assert_eq!(codes_in("H16.05, H16.06;H16.07"), ["H16.05", "H16.06", "H16.07"]);
        assert_eq!(codes_in(r#"["h16.05","H16.06"]"#), ["H16.05", "H16.06"]);
        assert!(codes_in("").is_empty() && codes_in("[]").is_empty());
    }
}
