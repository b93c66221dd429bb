//! Where a document lies: from its facts to desks, with no I/O.

use jiff::{Timestamp, civil::Date};
use rules::{
    ids::{AgencyId, PostId},
    incoming::{AssignmentRole, AssignmentState, IncomingState},
    outgoing::OutgoingState,
    urgency::Urgency,
};
use uuid::Uuid;

use super::DeskBox;

/// One place of a document: an owner, a box, a rank in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// A post, or the agency for the clerks' common boxes.
    pub owner: Uuid,
    /// The box.
    pub desk_box: DeskBox,
    /// Larger is higher: urgent before ordinary, then newer before older.
    pub rank: i64,
    /// The deadline of this owner.
    pub due_on: Option<Date>,
}

/// An assignment, as far as the desk cares.
#[derive(Debug, Clone)]
pub struct Assigned {
    /// Who handles.
    pub post: PostId,
    /// Whether a leader gave it with the directive; else it was passed down.
    pub is_first_level: bool,
    /// In which role.
    pub role: AssignmentRole,
    /// How far.
    pub state: AssignmentState,
    /// Until when.
    pub due_on: Option<Date>,
    /// Since when.
    pub given_at: Timestamp,
    /// Who gave it.
    pub given_by: PostId,
    /// Whether its holder opened the document since.
    pub seen: bool,
    /// Of a part that came back: whether whom it concerns has seen that.
    pub told: bool,
}

impl Assigned {
    /// Whether the giver took it back after its holder had opened the document, and has to tell so.
    fn is_to_be_told(&self) -> bool {
        self.state == AssignmentState::TakenBack && self.seen && !self.told
    }

    /// Whether it was taken back before its holder knew of it.
    fn never_was(&self) -> bool {
        self.state == AssignmentState::TakenBack && !self.seen
    }
}

/// Facts of an incoming document.
#[derive(Debug, Clone)]
pub struct Incoming {
    /// The receiving agency.
    pub agency: AgencyId,
    /// Its state.
    pub state: IncomingState,
    /// Its urgency.
    pub urgency: Urgency,
    /// When it was delivered.
    pub delivered_at: Timestamp,
    /// The last change.
    pub updated_at: Timestamp,
    /// The leader it was presented to.
    pub presented_to: Option<PostId>,
    /// Everybody it was assigned to.
    pub assignments: Vec<Assigned>,
    /// Since when the oldest request of the sender waits for the clerk.
    pub asked_at: Option<Timestamp>,
    /// Those who gave a part whose holder waits for an answer about a later deadline.
    pub extensions: Vec<PostId>,
}

/// Facts of an outgoing document.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// The issuing agency.
    pub agency: AgencyId,
    /// Its state.
    pub state: OutgoingState,
    /// Its urgency.
    pub urgency: Urgency,
    /// The last change.
    pub updated_at: Timestamp,
    /// Who drafts.
    pub drafter: PostId,
    /// Who signs.
    pub signer: PostId,
    /// Who may check the content: the heads of the drafting unit.
    pub content_reviewers: Vec<PostId>,
    /// Who helps to write it.
    pub co_drafters: Vec<PostId>,
    /// Whose opinion is awaited.
    pub consulted: Vec<Consulted>,
}

/// A colleague whose opinion on a draft is awaited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Consulted {
    /// The post.
    pub post: PostId,
    /// Until when.
    pub due_on: Date,
    /// Since when.
    pub asked_at: Timestamp,
}

/// Ranks from here on belong to documents with an urgency mark. Microseconds need 51 bits until the year 2041; the urgency
/// stands above them.
pub(super) const URGENT_FROM: i64 = 1 << 53;

impl Place {
    /// Whether what lies here bears an urgency mark.
    pub fn is_urgent(&self) -> bool {
        self.rank >= URGENT_FROM
    }
}

pub(super) fn urgent(urgency: Urgency, at: Timestamp) -> i64 {
    ((urgency as i64) * URGENT_FROM) | at.as_microsecond()
}

impl Incoming {
    /// The places of this document.
    pub fn places(&self) -> Vec<Place> {
        let mut places = Vec::new();
        let mut put = |owner: Uuid, desk_box: DeskBox, rank: i64, due_on: Option<Date>| {
            if !places
                .iter()
                .any(|place: &Place| place.owner == owner && place.desk_box == desk_box)
            {
                places.push(Place {
                    owner,
                    desk_box,
                    rank,
                    due_on,
                });
            }
        };
        let clerks = self.agency.as_uuid();
        if let Some(asked_at) = self.asked_at {
            put(clerks, DeskBox::Requests, urgent(self.urgency, asked_at), None);
        }
        match self.state {
            IncomingState::Delivered => {
                put(
                    clerks,
                    DeskBox::Reception,
                    urgent(self.urgency, self.delivered_at),
                    None,
                );
            }
            IncomingState::Refused => put(clerks, DeskBox::Refused, self.updated_at.as_microsecond(), None),
            IncomingState::Registered => {
                put(
                    clerks,
                    DeskBox::Presenting,
                    urgent(self.urgency, self.delivered_at),
                    None,
                );
            }
            IncomingState::Presented => {
                if let Some(leader) = self.presented_to {
                    put(
                        leader.as_uuid(),
                        DeskBox::Directing,
                        urgent(self.urgency, self.delivered_at),
                        None,
                    );
                }
            }
            IncomingState::Assigned
            | IncomingState::InProgress
            | IncomingState::Finished
            | IncomingState::Recalled => {
                let finished = !self.state.is_open();
                // Who was at work on it is told by the box, until they open the document once.
                for assigned in &self.assignments {
                    let stopped = assigned.state == AssignmentState::Closed && !assigned.seen;
                    if self.state == IncomingState::Recalled && stopped {
                        let rank = urgent(self.urgency, self.updated_at);
                        put(assigned.post.as_uuid(), DeskBox::Recalled, rank, None);
                    }
                }
                if !finished {
                    for owner in self.givers_to_assign_again() {
                        let rank = urgent(self.urgency, self.updated_at);
                        put(owner.as_uuid(), DeskBox::GivenBack, rank, None);
                    }
                    for giver in &self.extensions {
                        let rank = urgent(self.urgency, self.delivered_at);
                        put(giver.as_uuid(), DeskBox::Extensions, rank, None);
                    }
                }
                for assigned in self.assignments.iter().filter(|one| one.is_to_be_told()) {
                    let rank = urgent(self.urgency, self.updated_at);
                    put(assigned.post.as_uuid(), DeskBox::Recalled, rank, None);
                }
                // Open ones first: somebody who passed on and got it back has it open.
                for assigned in &self.assignments {
                    if assigned.state == AssignmentState::Open && !finished {
                        let desk_box = match assigned.role {
                            AssignmentRole::Lead => DeskBox::Handling,
                            AssignmentRole::Cooperate => DeskBox::Supporting,
                            AssignmentRole::Inform => DeskBox::Information,
                        };
                        let rank = urgent(self.urgency, assigned.given_at);
                        put(assigned.post.as_uuid(), desk_box, rank, assigned.due_on);
                    }
                }
                let open: Vec<Uuid> = places.iter().map(|place| place.owner).collect();
                let mut done: Vec<Uuid> = self
                    .assignments
                    .iter()
                    .filter(|assigned| !assigned.never_was())
                    .map(|assigned| assigned.post.as_uuid())
                    .collect();
                done.extend(
                    self.assignments
                        .iter()
                        .map(|assigned| assigned.given_by.as_uuid()),
                );
                done.extend(self.presented_to.map(PostId::as_uuid));
                for owner in done {
                    let has_it = open.contains(&owner)
                        || places
                            .iter()
                            .any(|place| place.owner == owner && place.desk_box == DeskBox::Handled);
                    if !has_it {
                        let rank = self.delivered_at.as_microsecond();
                        places.push(Place {
                            owner,
                            desk_box: DeskBox::Handled,
                            rank,
                            due_on: None,
                        });
                    }
                }
            }
        }
        places
    }

    /// Who gave what came back: until there is a lead again, or until they have seen that another part came back.
    fn givers_to_assign_again(&self) -> Vec<PostId> {
        let is_led = self
            .assignments
            .iter()
            .any(|one| one.role == AssignmentRole::Lead && one.state.is_active());
        let mut givers: Vec<PostId> = self
            .assignments
            .iter()
            .filter(|one| one.state == AssignmentState::GivenBack && !one.told)
            .map(|one| one.given_by)
            .collect();
        if !is_led {
            // What was passed down ended with the part above it.
            let last = self
                .assignments
                .iter()
                .rfind(|one| one.role == AssignmentRole::Lead && one.is_first_level);
            givers.extend(last.map(|one| one.given_by));
        }
        givers
    }
}

impl Outgoing {
    /// The places of this document.
    pub fn places(&self) -> Vec<Place> {
        let rank = urgent(self.urgency, self.updated_at);
        let clerks = self.agency.as_uuid();
        let drafter = self.drafter.as_uuid();
        let at = |owner, desk_box| Place {
            owner,
            desk_box,
            rank,
            due_on: None,
        };
        let mut places = match self.state {
            OutgoingState::Draft => {
                let mut places = vec![at(drafter, DeskBox::Drafts)];
                let others = self.co_drafters.iter().filter(|post| **post != self.drafter);
                places.extend(others.map(|post| at(post.as_uuid(), DeskBox::CoDrafting)));
                places.extend(self.asked());
                return places;
            }
            OutgoingState::Cancelled | OutgoingState::Voided => return Vec::new(),
            OutgoingState::ContentReview => self
                .content_reviewers
                .iter()
                .map(|post| at(post.as_uuid(), DeskBox::ContentReview))
                .collect(),
            OutgoingState::FormReview => vec![at(clerks, DeskBox::FormReview)],
            OutgoingState::Approval | OutgoingState::Signing => {
                vec![at(self.signer.as_uuid(), DeskBox::Signing)]
            }
            OutgoingState::Approved | OutgoingState::Numbered => vec![at(clerks, DeskBox::Issuing)],
            OutgoingState::Issued => {
                let rank = self.updated_at.as_microsecond();
                let at = |owner, desk_box| Place {
                    owner,
                    desk_box,
                    rank,
                    due_on: None,
                };
                let mut places = vec![at(clerks, DeskBox::Dispatched), at(drafter, DeskBox::Issued)];
                if self.signer != self.drafter {
                    places.push(at(self.signer.as_uuid(), DeskBox::Issued));
                }
                return places;
            }
        };
        places.push(at(drafter, DeskBox::UnderReview));
        places.extend(self.asked());
        places
    }

    /// The places of those who are asked for their opinion: as long as the draft is not approved (ND30-10.3).
    fn asked(&self) -> Vec<Place> {
        use OutgoingState::{Approval, ContentReview, Draft, FormReview};
        if !matches!(self.state, Draft | ContentReview | FormReview | Approval) {
            return Vec::new();
        }
        let place = |asked: &Consulted| Place {
            owner: asked.post.as_uuid(),
            desk_box: DeskBox::Consulted,
            rank: urgent(self.urgency, asked.asked_at),
            due_on: Some(asked.due_on),
        };
        self.consulted.iter().map(place).collect()
    }
}

#[cfg(test)]
mod tests;
