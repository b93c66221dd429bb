use jiff::civil::{Date, date};
use uuid::Uuid;

use super::*;
use crate::exchange::StatusCode;
use crate::ids::{AccountId, AgencyId, AssignmentId, PostId, UnitId};
use crate::legal_value::{LegalValue, SignatureVerdict};
use crate::people::{Actor, Role};
use crate::secrecy::{SecrecyLevel, SecretMarks};

mod amendment;
mod by_hand;
mod direction;
mod extension;
mod reception;

const AGENCY: AgencyId = AgencyId::from_uuid(Uuid::from_u128(1));
const OTHER_AGENCY: AgencyId = AgencyId::from_uuid(Uuid::from_u128(2));
const UNIT: UnitId = UnitId::from_uuid(Uuid::from_u128(11));
const OTHER_UNIT: UnitId = UnitId::from_uuid(Uuid::from_u128(12));
const TODAY: Date = date(2026, 11, 23);
const DUE: Date = date(2026, 11, 30);
const NO_ACTION: FinishResult<'static> = FinishResult::NoActionNeeded {
    reason: "Để theo dõi",
};

fn actor(id: u128, agency: AgencyId, unit: Option<UnitId>, role: Role) -> Actor {
    let post = PostId::from_uuid(Uuid::from_u128(100 + id));
    Actor::new(
        AccountId::from_uuid(Uuid::from_u128(200 + id)),
        post,
        agency,
        unit,
        role,
    )
}

fn clerk() -> Actor {
    actor(1, AGENCY, None, Role::Clerk)
}
fn leader() -> Actor {
    actor(2, AGENCY, None, Role::Leader)
}
fn unit_head() -> Actor {
    actor(3, AGENCY, Some(UNIT), Role::UnitHead)
}
fn officer() -> Actor {
    actor(4, AGENCY, Some(UNIT), Role::Officer)
}
fn other_officer() -> Actor {
    actor(5, AGENCY, Some(OTHER_UNIT), Role::Officer)
}
fn foreign_clerk() -> Actor {
    actor(6, OTHER_AGENCY, None, Role::Clerk)
}
fn other_leader() -> Actor {
    actor(7, AGENCY, None, Role::Leader)
}

fn document(state: IncomingState) -> IncomingFacts {
    IncomingFacts {
        state,
        agency: AGENCY,
        presented_to: Some(leader().post),
        from_exchange: true,
        reply_required: false,
    }
}

fn to_unit(unit: UnitId, role: AssignmentRole, deadline: Option<Date>) -> AssignmentRequest {
    AssignmentRequest {
        assignee: Assignee::Unit(unit),
        agency: AGENCY,
        unit: Some(unit),
        role,
        deadline,
    }
}

fn to_person(person: &Actor, role: AssignmentRole, deadline: Option<Date>) -> AssignmentRequest {
    AssignmentRequest {
        assignee: Assignee::Person(person.post),
        agency: person.agency,
        unit: person.unit,
        role,
        deadline,
    }
}

fn direction(assignments: &[AssignmentRequest]) -> Direction<'_> {
    Direction {
        opinion: "Giao tham mưu trả lời",
        assignments,
        today: TODAY,
    }
}

fn assignment(
    id: u128,
    parent: Option<u128>,
    assignee: Assignee,
    role: AssignmentRole,
    state: AssignmentState,
) -> AssignmentFacts {
    let id_of = |id| AssignmentId::from_uuid(Uuid::from_u128(id));
    AssignmentFacts {
        id: id_of(id),
        parent: parent.map(id_of),
        given_by: parent.map_or(leader().post, |_| unit_head().post),
        assignee,
        role,
        opened: true,
        state,
        deadline: Some(DUE),
    }
}

/// The lead part was passed from the unit to the officer; another unit co-operates, a leader is informed.
fn whole_chain() -> Vec<AssignmentFacts> {
    use AssignmentRole::{Cooperate, Inform, Lead};
    use AssignmentState::{Done, Open, PassedDown};
    vec![
        assignment(31, None, Assignee::Unit(UNIT), Lead, PassedDown),
        assignment(32, Some(31), Assignee::Person(officer().post), Lead, Open),
        assignment(33, None, Assignee::Unit(OTHER_UNIT), Cooperate, Open),
        assignment(34, None, Assignee::Person(other_leader().post), Inform, Done),
    ]
}

/// The head of the other unit.
fn other_head() -> Actor {
    actor(8, AGENCY, Some(OTHER_UNIT), Role::UnitHead)
}
