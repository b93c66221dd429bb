//! Whom a person may choose in the forms of a document.

use rules::people::Role;

use super::acts::ActKind;
use crate::{
    context::{App, Who},
    error::AppResult,
    organization::{self, PostOption},
    web::page::Choice,
};

/// The choices of the forms that a page shows.
#[derive(Default)]
pub(in crate::incoming) struct Choices {
    /// Leaders, to present to.
    pub leaders: Vec<Choice>,
    /// Units by their heads, and people.
    pub people: Vec<Choice>,
}

/// Reads the posts of the agency when one of the acts needs them.
///
/// # Errors
/// When the database fails.
pub(in crate::incoming) async fn for_acts(app: &App, who: &Who, acts: &[ActKind]) -> AppResult<Choices> {
    let presents = acts.iter().any(|act| act.key() == ActKind::Present.key());
    let directs = acts.contains(&ActKind::Direct);
    let passes = acts.iter().any(|act| {
        matches!(
            act,
            ActKind::PassDown | ActKind::AssignAgain | ActKind::AssignMore
        )
    });
    if !presents && !directs && !passes {
        return Ok(Choices::default());
    }
    let posts = organization::posts_of(app, who.agency()).await?;
    let others = || {
        posts
            .iter()
            .filter(|option| option.post != who.post() && option.role != Role::Administrator)
    };
    let leaders = others()
        .filter(|option| option.role == Role::Leader)
        .map(PostOption::choice)
        .collect();
    let within_unit = !directs && who.role() == Role::UnitHead;
    let people = if within_unit {
        others()
            .filter(|option| option.unit.is_some() && option.unit == who.unit())
            .map(PostOption::choice)
            .collect()
    } else {
        // Units first: a leader usually assigns to a unit.
        let heads = others().filter(|option| is_head(option)).map(unit_choice);
        let rest = others().filter(|option| !is_head(option)).map(PostOption::choice);
        heads.chain(rest).collect()
    };
    Ok(Choices { leaders, people })
}

/// Whether this post stands for its unit.
pub(in crate::incoming) fn is_head(option: &PostOption) -> bool {
    option.role == Role::UnitHead
        && option.unit.is_some()
        && !crate::incoming::assign::is_deputy(&option.title)
}

fn unit_choice(head: &PostOption) -> Choice {
    let unit = head.unit_name.clone().unwrap_or_default();
    Choice::new(head.post.to_string(), unit).hint(format!("{}, {}", head.name, head.title))
}
