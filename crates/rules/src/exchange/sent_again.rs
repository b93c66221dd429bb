//! Văn bản gửi lại, cập nhật sau khi bị trả lại: what a status means for a line whose document went out more than once.
//!
//! A return (02) is final for one sending. An update may meet a document that was returned meanwhile: it then lies in the
//! recipient's reception box once more, and what the recipient says from then on counts, in whatever order it arrives.

use jiff::Timestamp;

use super::{DeliveryState, StatusCode, advance};

/// What was said on a line besides the message at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SaidBefore {
    /// When the recipient last said that it returns the document (02).
    pub returned: Option<Timestamp>,
    /// When it last said that the document arrived (01).
    pub arrived: Option<Timestamp>,
}

/// The state of a line whose document, or an update of it, was sent more than once, after a status said `at`.
///
/// What was said after the return moves the line on; a return that was said before the last arrival is an old story.
#[must_use]
pub fn advance_sent_again(
    current: DeliveryState,
    received: StatusCode,
    at: Timestamp,
    before: SaidBefore,
) -> DeliveryState {
    let is_after_return = before.returned.is_some_and(|returned| at > returned);
    let is_old_return = before.arrived.is_some_and(|arrived| at < arrived);
    match (current, received) {
        (_, StatusCode::Refused) if is_old_return => current,
        (
            DeliveryState::Refused,
            StatusCode::Arrived
            | StatusCode::Received
            | StatusCode::Assigned
            | StatusCode::InProgress
            | StatusCode::Finished,
        ) if is_after_return => advance(DeliveryState::Sent, received),
        _ => advance(current, received),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    /// Everything that was said, in the order of `arrival`, as a sender folds it.
    fn fold(said: &[(StatusCode, i64)], arrival: &[usize]) -> DeliveryState {
        let at = |second| Timestamp::from_second(second).unwrap();
        let mut state = DeliveryState::Sent;
        for (step, index) in arrival.iter().enumerate() {
            let (code, second) = said[*index];
            let earlier = &arrival[..step];
            let last = |code| {
                earlier
                    .iter()
                    .filter(|index| said[**index].0 == code)
                    .map(|index| at(said[*index].1))
                    .max()
            };
            let before = SaidBefore {
                returned: last(StatusCode::Refused),
                arrived: last(StatusCode::Arrived),
            };
            state = advance_sent_again(state, code, at(second), before);
        }
        state
    }

    const ACCEPTED: &[(StatusCode, i64)] = &[
        (StatusCode::Arrived, 1),
        (StatusCode::Refused, 2),
        (StatusCode::Arrived, 3),
        (StatusCode::Received, 5),
    ];
    const RETURNED_TWICE: &[(StatusCode, i64)] = &[
        (StatusCode::Arrived, 1),
        (StatusCode::Refused, 2),
        (StatusCode::Arrived, 3),
        (StatusCode::Refused, 4),
    ];
    const IN_THE_BOX_AGAIN: &[(StatusCode, i64)] = &[
        (StatusCode::Arrived, 1),
        (StatusCode::Refused, 2),
        (StatusCode::Arrived, 3),
    ];

    #[rstest]
    #[case(ACCEPTED, DeliveryState::Received)]
    #[case(RETURNED_TWICE, DeliveryState::Refused)]
    #[case(IN_THE_BOX_AGAIN, DeliveryState::Arrived)]
    fn cn_217_what_came_again_ends_as_the_recipient_has_it(
        #[case] said: &[(StatusCode, i64)],
        #[case] end: DeliveryState,
    ) {
        let in_order: Vec<usize> = (0..said.len()).collect();
        assert_eq!(fold(said, &in_order), end);
    }

    proptest! {
        #[test]
        fn qd28_6_3_the_order_in_which_the_axis_brings_it_does_not_matter(
            (said, end, arrival) in prop_oneof![
                Just((ACCEPTED, DeliveryState::Received)),
                Just((RETURNED_TWICE, DeliveryState::Refused)),
                Just((IN_THE_BOX_AGAIN, DeliveryState::Arrived)),
            ].prop_flat_map(|(said, end)| {
                (Just(said), Just(end), Just((0..said.len()).collect::<Vec<_>>()).prop_shuffle())
            }),
        ) {
            prop_assert_eq!(fold(said, &arrival), end);
        }
    }
}
