//! What the rules of slips look at, and what they answer.

use crate::ids::{AccountId, AgencyId, PostId};
use crate::names::named_enum;

named_enum! {
    /// Where a slip stands.
    SlipState {
        /// Not submitted yet.
        Draft = "draft", "Chưa trình";
        /// Before the leaders.
        Running = "running", "Đang trình";
        /// A leader returned it to its maker.
        Returned = "returned", "Bị trả lại";
        /// The last leader approved.
        Approved = "approved", "Đã phê duyệt";
        /// Given up by its maker.
        Cancelled = "cancelled", "Đã hủy";
    }
}

named_enum! {
    /// What a leader answers.
    SlipAnswer {
        /// Phê duyệt.
        Approve = "approve", "Phê duyệt";
        /// Ký duyệt: approved with the leader's digital signature on what they approve.
        Sign = "sign", "Ký duyệt";
        /// Trả lại: the whole slip goes back to its maker.
        Return = "return", "Trả lại";
    }
}

named_enum! {
    /// What a leader is asked for.
    SlipAsked {
        /// Phê duyệt, without a signature.
        Approve = "approve", "Phê duyệt";
        /// Ký duyệt, with the leader's digital signature.
        Sign = "sign", "Ký duyệt";
    }
}

/// A leader in the round that runs, or that ended last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decider {
    /// The post.
    pub post: PostId,
    /// Its step, counted from 1; who shares a step is asked side by side.
    pub step: u32,
    /// What is asked of them; they may always return the slip instead.
    pub asked: SlipAsked,
    /// What they answered.
    pub answer: Option<SlipAnswer>,
}

/// A slip as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlipFacts {
    /// The agency within which it goes.
    pub agency: AgencyId,
    /// The post of its maker.
    pub maker: PostId,
    /// The person of that post: whoever holds several posts is still one person.
    pub maker_account: AccountId,
    /// Where it stands.
    pub state: SlipState,
    /// The round: how often it was submitted.
    pub round: u32,
    /// The leaders of the round, in order.
    pub deciders: Vec<Decider>,
    /// Whose advice is asked for in the round.
    pub advisers: Vec<PostId>,
}

impl SlipFacts {
    /// The step that decides now; `None` when the slip does not run.
    #[must_use]
    pub fn current_step(&self) -> Option<u32> {
        if self.state != SlipState::Running {
            return None;
        }
        let open = self.deciders.iter().filter(|one| one.answer.is_none());
        open.map(|one| one.step).min()
    }

    /// Whose answer is awaited now.
    #[must_use]
    pub fn awaited(&self) -> Vec<PostId> {
        let Some(step) = self.current_step() else {
            return Vec::new();
        };
        self.deciders
            .iter()
            .filter(|one| one.step == step && one.answer.is_none())
            .map(|one| one.post)
            .collect()
    }

    /// Whether the post is one of the leaders or advisers of the round.
    #[must_use]
    pub fn is_on(&self, post: PostId) -> bool {
        self.deciders.iter().any(|one| one.post == post) || self.advisers.contains(&post)
    }

    /// Whether its maker may still write it.
    #[must_use]
    pub const fn is_written(&self) -> bool {
        matches!(self.state, SlipState::Draft | SlipState::Returned)
    }
}

/// What an answer does to the slip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SlipPlan {
    /// Where the slip stands afterwards.
    pub next: SlipState,
    /// Whether the round ends with it.
    pub ends_round: bool,
    /// Whether the next step begins with it.
    pub begins_step: Option<u32>,
}
