//! Trình, chuyển giao, giải quyết và theo dõi: what people do with a registered document until its handling ends (NĐ 30 Điều 23, 24).

pub(super) mod assign;
pub(super) mod assign_more;
pub(super) mod change_part;
pub(super) mod complete;
pub(super) mod direct;
pub(super) mod extension;
pub(super) mod finish;
pub(super) mod following;
pub(super) mod give_back;
pub(super) mod hand_on;
pub(super) mod mark_seen;
pub(super) mod opinion;
pub(super) mod part;
pub(super) mod pass_down;
pub(super) mod prepare_directive;
pub(super) mod present;
pub(super) mod start;
pub(super) mod take_back;
pub(super) mod urge;
