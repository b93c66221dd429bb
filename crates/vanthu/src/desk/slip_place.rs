//! Where a submission slip lies: from its facts to desks, with no I/O.

use jiff::Timestamp;
use rules::{ids::PostId, slip::SlipState, urgency::Urgency};

use super::{
    DeskBox,
    place::{Place, urgent},
};

/// Facts of a submission slip.
#[derive(Debug, Clone)]
pub struct SlipPlaces {
    /// Who made it.
    pub maker: PostId,
    /// Its state.
    pub state: SlipState,
    /// Its urgency.
    pub urgency: Urgency,
    /// The last change.
    pub updated_at: Timestamp,
    /// When it was submitted last.
    pub submitted_at: Option<Timestamp>,
    /// Whose answer is awaited now.
    pub awaited: Vec<PostId>,
    /// Whose advice is asked for in this round.
    pub advisers: Vec<PostId>,
    /// Who gave advice in this round.
    pub advised: Vec<PostId>,
    /// Who answered or gave advice in any round.
    pub spoke: Vec<PostId>,
}

impl SlipPlaces {
    /// The places of this slip.
    pub fn places(&self) -> Vec<Place> {
        let at = |owner: PostId, desk_box, rank| Place {
            owner: owner.as_uuid(),
            desk_box,
            rank,
            due_on: None,
        };
        // What others say does not make it new again for whom it waits.
        let submitted = self.submitted_at.unwrap_or(self.updated_at);
        let mut places = vec![at(
            self.maker,
            DeskBox::SlipsOwn,
            self.updated_at.as_microsecond(),
        )];
        if self.state == SlipState::Returned {
            let rank = urgent(self.urgency, self.updated_at);
            places.push(at(self.maker, DeskBox::SlipsReturned, rank));
        }
        let mut waits: Vec<PostId> = self.awaited.clone();
        if self.state == SlipState::Running {
            let silent = self.advisers.iter().filter(|post| !self.advised.contains(post));
            waits.extend(silent);
        }
        for post in &waits {
            places.push(at(*post, DeskBox::SlipsWaiting, urgent(self.urgency, submitted)));
        }
        for post in self.spoke.iter().filter(|post| !waits.contains(post)) {
            places.push(at(*post, DeskBox::SlipsHandled, submitted.as_microsecond()));
        }
        places
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn post(n: u128) -> PostId {
        PostId::from_uuid(Uuid::from_u128(n))
    }

    fn boxes(slip: &SlipPlaces) -> Vec<(u128, DeskBox)> {
        let places = slip.places();
        places
            .iter()
            .map(|place| (place.owner.as_u128(), place.desk_box))
            .collect()
    }

    #[test]
    fn cn_302_a_slip_waits_for_leaders_and_advisers_and_comes_back_to_its_maker() {
        use DeskBox::{SlipsHandled, SlipsOwn, SlipsReturned, SlipsWaiting};
        let running = SlipPlaces {
            maker: post(1),
            state: SlipState::Running,
            urgency: Urgency::Normal,
            updated_at: Timestamp::UNIX_EPOCH,
            submitted_at: None,
            awaited: vec![post(20)],
            advisers: vec![post(30), post(31)],
            advised: vec![post(31)],
            spoke: vec![post(10), post(31)],
        };
        assert_eq!(
            boxes(&running),
            [
                (1, SlipsOwn),
                (20, SlipsWaiting),
                (30, SlipsWaiting),
                (10, SlipsHandled),
                (31, SlipsHandled)
            ]
        );
        // Advice that did not come in time is not awaited any more (CN-304).
        let returned = SlipPlaces {
            state: SlipState::Returned,
            awaited: Vec::new(),
            ..running
        };
        assert_eq!(
            boxes(&returned),
            [
                (1, SlipsOwn),
                (1, SlipsReturned),
                (10, SlipsHandled),
                (31, SlipsHandled)
            ]
        );
    }
}
