//! Which rounds of a slip somebody sees (QC01-4.2).

use super::{SlipFacts, SlipState};
use crate::people::Actor;

/// The last round that the actor sees; the rounds before it belong to what lay before them. The maker sees all. Whoever took part in
/// an earlier round only sees nothing of what others were asked later: of that they learn the outcome.
///
/// `own` are the rounds in which the post is a leader or an adviser. Without any the actor sees the slip for another reason, such as
/// having taken over the post of somebody who was on it: then nothing is held back.
#[must_use]
pub fn rounds_seen(actor: &Actor, slip: &SlipFacts, own: &[u32]) -> u32 {
    if actor.post == slip.maker {
        return slip.round;
    }
    own.iter().copied().max().unwrap_or(slip.round)
}

/// Whether the people of a round go on seeing the draft that the slip carried, once the round ended as `outcome`. Approved, it goes on as
/// they approved it. Returned or given up, it is its drafter's again: what becomes of it is laid before those of the next round only.
#[must_use]
pub const fn goes_on_seeing_draft(outcome: SlipState) -> bool {
    match outcome {
        SlipState::Running | SlipState::Approved => true,
        SlipState::Draft | SlipState::Returned | SlipState::Cancelled => false,
    }
}
