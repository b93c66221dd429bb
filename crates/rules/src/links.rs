//! Liên kết văn bản (PL6-III.4): documents that belong together are found from each other. What answers a document or takes its place is
//! linked by that very act; people link what a document is based on and what it has to do with.

use crate::ids::{AgencyId, PostId};
use crate::names::named_enum;
use crate::people::Actor;
use crate::{Decision, Refusal};

named_enum! {
    /// How two documents belong together.
    LinkKind {
        /// The one is issued or handled on the basis of the other.
        Basis = "basis", "Căn cứ";
        /// They have to do with each other; it is the same from both sides.
        Related = "related", "Liên quan";
    }
}

impl LinkKind {
    /// What the other document says of it.
    #[must_use]
    pub const fn label_at_other(self) -> &'static str {
        match self {
            Self::Basis => "Là căn cứ của",
            Self::Related => Self::Related.label(),
        }
    }
}

/// Somebody who sees both documents links them.
///
/// # Errors
/// `PL6-III.4` for a document with itself, and when they are linked in this way already.
pub fn link(is_itself: bool, is_linked: bool) -> Decision<()> {
    let refuse = |code, message: &str| Err(Refusal::new("PL6-III.4", code, message));
    if is_itself {
        return refuse("link.itself", "Văn bản không liên kết với chính nó.");
    }
    if is_linked {
        return refuse("link.twice", "Hai văn bản đã được liên kết như vậy.");
    }
    Ok(())
}

/// Whoever made a link takes it away; so do clerks and leaders of the agency.
///
/// # Errors
/// `PL6-III.4` for anybody else.
pub fn unlink(actor: &Actor, agency: AgencyId, made_by: PostId) -> Decision<()> {
    if actor.post == made_by || actor.is_clerk_of(agency) || actor.leads(agency) {
        return Ok(());
    }
    Err(Refusal::new(
        "PL6-III.4",
        "link.not_yours",
        "Chỉ người đã liên kết, văn thư hoặc lãnh đạo cơ quan được bỏ liên kết.",
    ))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::ids::AccountId;
    use crate::people::Role;

    const AGENCY: AgencyId = AgencyId::from_uuid(Uuid::from_u128(1));

    fn person(post: u128, agency: u128, role: Role) -> Actor {
        Actor::new(
            AccountId::from_uuid(Uuid::from_u128(post)),
            PostId::from_uuid(Uuid::from_u128(post)),
            AgencyId::from_uuid(Uuid::from_u128(agency)),
            None,
            role,
        )
    }

    #[test]
    fn cn_127_pl6_iii_4_two_documents_are_linked_once_in_each_way() {
        assert_eq!(link(false, false), Ok(()));
        assert_eq!(link(true, false).unwrap_err().code, "link.itself");
        assert_eq!(link(false, true).unwrap_err().code, "link.twice");
        assert_eq!(LinkKind::Basis.label_at_other(), "Là căn cứ của");
        assert_eq!(LinkKind::Related.label_at_other(), LinkKind::Related.label());
    }

    #[test]
    fn cn_127_pl6_iii_4_its_maker_clerks_and_leaders_take_a_link_away() {
        let made_by = person(7, 1, Role::Officer).post;
        for by in [
            person(7, 1, Role::Officer),
            person(8, 1, Role::Clerk),
            person(9, 1, Role::Leader),
        ] {
            assert_eq!(unlink(&by, AGENCY, made_by), Ok(()), "{:?}", by.role);
        }
        for by in [
            person(8, 1, Role::Officer),
            person(8, 1, Role::UnitHead),
            person(8, 2, Role::Clerk),
        ] {
            assert_eq!(unlink(&by, AGENCY, made_by).unwrap_err().code, "link.not_yours");
        }
    }
}
