//! Who acts: roles of ND30 Điều 6 and the provincial regulation Điều 23.

use crate::delegation::Scope;
use crate::ids::{AccountId, AgencyId, PostId, UnitId};
use crate::names::named_enum;

named_enum! {
    /// What a post is for. One account may hold several posts; an act is done in one of them.
    Role {
        /// Văn thư cơ quan: registers, numbers, issues (ND30-6.3).
        Clerk = "clerk", "Văn thư";
        /// Lãnh đạo cơ quan: the head and the deputies.
        Leader = "leader", "Lãnh đạo";
        /// Trưởng phòng: head of a unit.
        UnitHead = "unit_head", "Trưởng phòng";
        /// Chuyên viên: handles and drafts.
        Officer = "officer", "Chuyên viên";
        /// Quản trị: accounts, units, settings; sees no document content.
        Administrator = "administrator", "Quản trị";
        /// Lưu trữ: keeps handed-over case files.
        Archivist = "archivist", "Lưu trữ";
    }
}

/// The person who acts, in the post in which they act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The signed-in account.
    pub account: AccountId,
    /// The post in which the act is done.
    pub post: PostId,
    /// The agency of the post.
    pub agency: AgencyId,
    /// The unit of the post; leaders of an agency have none.
    pub unit: Option<UnitId>,
    /// What the post is for.
    pub role: Role,
    /// Whether the post heads the agency (thủ trưởng).
    pub is_agency_head: bool,
    /// Whether the head assigned this person to check form (ND30-12.2); clerks always may.
    pub checks_form: bool,
    /// Whether an administrator is the province's, not one agency's.
    pub is_province_administrator: bool,
    /// The post is somebody else's, in whose place the account acts, with these functions (CN-805).
    pub in_place: Option<Scope>,
}

impl Actor {
    /// A post with no special assignment.
    #[must_use]
    pub const fn new(
        account: AccountId,
        post: PostId,
        agency: AgencyId,
        unit: Option<UnitId>,
        role: Role,
    ) -> Self {
        Self {
            account,
            post,
            agency,
            unit,
            role,
            is_agency_head: false,
            checks_form: false,
            is_province_administrator: false,
            in_place: None,
        }
    }

    /// Whether the actor heads `unit`.
    #[must_use]
    pub fn heads_unit(&self, unit: UnitId) -> bool {
        self.role == Role::UnitHead && self.unit == Some(unit)
    }

    /// Whether the actor is a clerk of `agency`.
    #[must_use]
    pub fn is_clerk_of(&self, agency: AgencyId) -> bool {
        self.role == Role::Clerk && self.agency == agency
    }

    /// Whether the actor is a leader of `agency`.
    #[must_use]
    pub fn leads(&self, agency: AgencyId) -> bool {
        self.agency == agency && (self.role == Role::Leader || self.is_agency_head)
    }
}
