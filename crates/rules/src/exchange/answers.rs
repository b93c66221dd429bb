//! Trả lời của bên nhận: which order of the sender a status answers (QD28 Điều 9.2).
//!
//! On the wire an answer (15, 16) names the document only, and a recall and an update of one document may be open at once.
//! Our own answers therefore begin with a fixed phrase; what other systems write is matched by time.

use jiff::Timestamp;

use super::{Business, DeliveryState, StatusCode};

/// A recall or an update of a document that its recipient has not answered yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenOrder {
    /// Recall or update.
    pub business: Business,
    /// When it was ordered.
    pub at: Timestamp,
}

/// What an answer begins with, so that the sender's system knows which order it is about: `Đồng ý cập nhật`.
#[must_use]
pub const fn answer_phrase(business: Business, agreed: bool) -> &'static str {
    match (business, agreed) {
        (Business::Update, true) => "Đồng ý cập nhật",
        (Business::Update, false) => "Từ chối cập nhật",
        (_, true) => "Đồng ý thu hồi",
        (_, false) => "Từ chối thu hồi",
    }
}

/// What a status is called. 15 and 16 answer an update as well as a recall: the words say which, otherwise it is the `newest`
/// order about the document.
#[must_use]
pub fn status_label(code: StatusCode, description: &str, newest: Option<Business>) -> &'static str {
    let agreed = match code {
        StatusCode::RecallAgreed => true,
        StatusCode::RecallRefused => false,
        _ => return code.label(),
    };
    let business = named_business(description).or(newest);
    business.map_or(code.label(), |business| answer_phrase(business, agreed))
}

/// What a status says about an open request, if anything. Some systems answer with 03 and 02 instead of 15 and 16 (spec edxml
/// 6): that counts only for what was said after the request, by a recipient that had accepted the document before it.
#[must_use]
pub const fn answer_of(code: StatusCode, line: DeliveryState, said_after: bool) -> Option<StatusCode> {
    let accepted = matches!(
        line,
        DeliveryState::Received
            | DeliveryState::Assigned
            | DeliveryState::InProgress
            | DeliveryState::Finished
    );
    match code {
        StatusCode::RecallAgreed | StatusCode::RecallRefused => Some(code),
        StatusCode::Received if accepted && said_after => Some(StatusCode::RecallAgreed),
        StatusCode::Refused if accepted && said_after => Some(StatusCode::RecallRefused),
        _ => None,
    }
}

/// Which of the `open` orders, the newest first, a status answers, and how. `line` is where the recipient stood before it, `at`
/// and `description` are what the status says. An answer that names its business never closes an order of the other one.
#[must_use]
pub fn answered(
    open: &[OpenOrder],
    code: StatusCode,
    line: DeliveryState,
    at: Timestamp,
    description: &str,
) -> Option<(usize, StatusCode)> {
    let named = named_business(description);
    open.iter().enumerate().find_map(|(index, order)| {
        if named.is_some_and(|business| business != order.business) {
            return None;
        }
        // The wire knows whole seconds only.
        let said_after = at.as_second() >= order.at.as_second();
        Some((index, answer_of(code, line, said_after)?))
    })
}

/// The business that the text of an answer names with [`answer_phrase`]; `None` when it names none or both.
fn named_business(description: &str) -> Option<Business> {
    let names = |business| {
        [true, false]
            .iter()
            .any(|agreed| description.contains(answer_phrase(business, *agreed)))
    };
    match (names(Business::Recall), names(Business::Update)) {
        (true, false) => Some(Business::Recall),
        (false, true) => Some(Business::Update),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn order(business: Business, second: i64) -> OpenOrder {
        OpenOrder {
            business,
            at: at(second),
        }
    }

    #[rstest]
    #[case::the_words_say_it(
        StatusCode::RecallAgreed,
        "Đồng ý cập nhật.",
        Some(Business::Recall),
        "Đồng ý cập nhật"
    )]
    #[case::the_newest_order(StatusCode::RecallAgreed, "", Some(Business::Update), "Đồng ý cập nhật")]
    #[case::refused(
        StatusCode::RecallRefused,
        "Sai tệp",
        Some(Business::Update),
        "Từ chối cập nhật"
    )]
    #[case::nothing_is_known(StatusCode::RecallAgreed, "", None, "Đồng ý thu hồi")]
    #[case::a_recall(StatusCode::RecallRefused, "", Some(Business::Recall), "Từ chối thu hồi")]
    #[case::no_answer(StatusCode::Arrived, "Đồng ý cập nhật", Some(Business::Update), "Đã đến")]
    fn qd28_9_2_the_answer_to_an_update_is_called_one(
        #[case] code: StatusCode,
        #[case] description: &str,
        #[case] newest: Option<Business>,
        #[case] called: &str,
    ) {
        assert_eq!(status_label(code, description, newest), called);
    }

    #[rstest]
    #[case(
        StatusCode::RecallAgreed,
        DeliveryState::Arrived,
        false,
        Some(StatusCode::RecallAgreed)
    )]
    #[case(
        StatusCode::Received,
        DeliveryState::Received,
        true,
        Some(StatusCode::RecallAgreed)
    )]
    #[case(
        StatusCode::Refused,
        DeliveryState::Assigned,
        true,
        Some(StatusCode::RecallRefused)
    )]
    #[case(StatusCode::Received, DeliveryState::Received, false, None)]
    #[case(StatusCode::Received, DeliveryState::Arrived, true, None)]
    #[case(StatusCode::Finished, DeliveryState::Received, true, None)]
    #[case(StatusCode::RecallRequested, DeliveryState::Received, true, None)]
    fn edxml_6_both_pairs_of_answers_to_a_recall_are_understood(
        #[case] code: StatusCode,
        #[case] line: DeliveryState,
        #[case] said_after: bool,
        #[case] expected: Option<StatusCode>,
    ) {
        assert_eq!(answer_of(code, line, said_after), expected);
    }

    /// What a recipient of ours says of an update must not end a recall that was ordered meanwhile.
    #[rstest]
    #[case::names_the_update("Văn thư - Sở A: Đồng ý cập nhật. Đã cập nhật văn bản.", &[Business::Recall], None)]
    #[case::names_the_recall("Đồng ý thu hồi. Đã hủy văn bản.", &[Business::Recall], Some(0))]
    #[case::the_other_one_is_newer("Đồng ý cập nhật.", &[Business::Recall, Business::Update], Some(1))]
    #[case::names_nothing("Đã thực hiện", &[Business::Recall, Business::Update], Some(0))]
    #[case::names_both("Đồng ý thu hồi, Từ chối cập nhật", &[Business::Update, Business::Recall], Some(0))]
    #[case::nothing_is_open("Đồng ý thu hồi.", &[], None)]
    fn qd28_9_2_an_answer_ends_the_order_that_it_names(
        #[case] description: &str,
        #[case] open: &[Business],
        #[case] expected: Option<usize>,
    ) {
        let open: Vec<_> = open.iter().map(|business| order(*business, 10)).collect();
        let found = answered(
            &open,
            StatusCode::RecallAgreed,
            DeliveryState::Received,
            at(20),
            description,
        );
        assert_eq!(found.map(|(index, _)| index), expected);
    }

    #[test]
    fn edxml_6_a_03_in_the_second_of_the_order_counts_as_said_after_it() {
        let open = [OpenOrder {
            business: Business::Recall,
            at: "2026-03-02T08:00:00.7Z".parse().unwrap(),
        }];
        let said = "2026-03-02T08:00:00Z".parse().unwrap();
        let found = answered(&open, StatusCode::Received, DeliveryState::Received, said, "");
        assert_eq!(found, Some((0, StatusCode::RecallAgreed)));
    }
}
