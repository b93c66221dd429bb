//! The people of a slip as its maker chose them: leaders by steps, advisers.

use rules::{
    ids::PostId,
    people::Role,
    slip::{Member, SlipAsked},
};
use serde::{Deserialize, Serialize};

use crate::organization::PostOption;

/// Kept with the slip until it is submitted; each submission copies it into its round.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Chosen {
    /// The leaders; who stands in one step is asked side by side.
    pub steps: Vec<Vec<PostId>>,
    /// Those of the leaders who are asked for “Ký duyệt”; the others are asked for “Phê duyệt”.
    pub signers: Vec<PostId>,
    /// Whose advice is asked for.
    pub advisers: Vec<PostId>,
}

impl Chosen {
    /// What is asked of a leader.
    pub fn asked(&self, post: PostId) -> SlipAsked {
        if self.signers.contains(&post) {
            SlipAsked::Sign
        } else {
            SlipAsked::Approve
        }
    }
}

/// The people as the rules look at them.
pub struct Members {
    pub steps: Vec<Vec<Member>>,
    pub advisers: Vec<Member>,
}

/// The same people, each with whether the agency has them now.
pub fn members(chosen: &Chosen, known: &[PostOption]) -> Members {
    Members {
        steps: chosen
            .steps
            .iter()
            .filter(|step| !step.is_empty())
            .map(|step| some(step, known))
            .collect(),
        advisers: some(&chosen.advisers, known),
    }
}

/// These posts, each with whether the agency has it now.
pub fn some(posts: &[PostId], known: &[PostOption]) -> Vec<Member> {
    let member = |post: &PostId| {
        let option = known.iter().find(|option| option.post == *post);
        Member {
            post: *post,
            account: option.map(|option| option.account),
            is_of_agency: option.is_some_and(|option| option.role != Role::Administrator),
        }
    };
    posts.iter().map(member).collect()
}

/// The names of these posts, for the journal.
pub fn names<'a>(posts: impl IntoIterator<Item = &'a PostId>, known: &[PostOption]) -> String {
    let names: Vec<&str> = posts
        .into_iter()
        .filter_map(|post| known.iter().find(|option| option.post == *post))
        .map(|option| option.name.as_str())
        .collect();
    names.join(", ")
}
