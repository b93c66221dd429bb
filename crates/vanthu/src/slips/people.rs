//! The people of a slip as its maker chose them: leaders by steps, advisers.

use rules::{ids::PostId, people::Role, slip::Member};
use serde::{Deserialize, Serialize};

use crate::organization::PostOption;

/// Kept with the slip until it is submitted; each submission copies it into its round.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Chosen {
    /// The leaders; who stands in one step is asked side by side.
    pub steps: Vec<Vec<PostId>>,
    /// Whose advice is asked for.
    pub advisers: Vec<PostId>,
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
    let member = |post: &PostId| Member {
        post: *post,
        is_of_agency: known
            .iter()
            .any(|option| option.post == *post && option.role != Role::Administrator),
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
