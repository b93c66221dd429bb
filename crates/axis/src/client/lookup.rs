//! After a send whose outcome is unknown: is it there?

use jiff::{SignedDuration, Timestamp};
use viet_text::nfc;

use super::SentRow;

/// What a packet that may have been sent looks like in the list of sent packets. The axis keeps neither the document's
/// identifier nor a digest there, so these are all the marks there are.
#[derive(Debug, Clone)]
pub struct WantedSent<'a> {
    /// Code of the sender.
    pub from: &'a str,
    /// Number and notation, as `123/SVD-VP`.
    pub notation: &'a str,
    /// Subject.
    pub title: &'a str,
    /// When the attempt began, by our clock.
    pub since: Timestamp,
}

/// Rows of the list that are this packet, one for each recipient. Clocks may differ by five minutes. A row whose time
/// cannot be read counts: rather a packet too few than one twice.
pub fn find_sent<'a>(rows: &'a [SentRow], wanted: &WantedSent<'_>) -> Vec<&'a SentRow> {
    let earliest = wanted
        .since
        .checked_sub(SignedDuration::from_mins(5))
        .unwrap_or(Timestamp::MIN);
    rows.iter()
        .filter(|row| {
            same_code(&row.from, wanted.from)
                && same(row.notation.as_deref(), wanted.notation)
                && same(row.title.as_deref(), wanted.title)
                && row.sent_at.is_none_or(|at| at >= earliest)
        })
        .collect()
}

fn same_code(left: &str, right: &str) -> bool {
    left.trim().eq_ignore_ascii_case(right.trim())
}

/// Titles come back with other white space and composition. An axis that keeps no title cannot say it is another one.
fn same(row: Option<&str>, wanted: &str) -> bool {
    let words = |text: &str| {
        nfc(text)
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .to_uppercase()
    };
    row.is_none_or(|row| words(row) == words(wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(notation: &str, title: Option<&str>, sent_at: Option<&str>) -> SentRow {
        SentRow {
            kind: None,
            from: "H16.05".to_owned(),
            to: "G99".to_owned(),
            sender_doc_id: "a".to_owned(),
            receiver_doc_id: None,
            title: title.map(str::to_owned),
            notation: Some(notation.to_owned()),
            sent_at: sent_at.map(|t| t.parse().unwrap()),
            send_status: None,
            send_status_desc: None,
            received_at: None,
            receive_status: None,
            receive_status_desc: None,
        }
    }

    #[test]
    fn edxml_12_6_a_sent_packet_is_found_whatever_its_composition_and_not_an_older_one() {
        let decomposed = viet_text::nfd("V/v  báo cáo số liệu");
        let rows = [
            row("123/SVD-VP", Some(&decomposed), Some("2026-01-05T08:00:00Z")),
            row(
                "123/SVD-VP",
                Some("V/v báo cáo số liệu"),
                Some("2026-01-04T08:00:00Z"),
            ),
            row(
                "124/SVD-VP",
                Some("V/v báo cáo số liệu"),
                Some("2026-01-05T08:00:00Z"),
            ),
            row("123/svd-vp", None, None),
        ];
        let wanted = WantedSent {
            from: "h16.05",
            notation: "123/SVD-VP",
            title: "V/v báo cáo số liệu",
            since: "2026-01-05T08:02:00Z".parse().unwrap(),
        };
        let found = find_sent(&rows, &wanted);
        assert_eq!(found, [&rows[0], &rows[3]]);
    }
}
