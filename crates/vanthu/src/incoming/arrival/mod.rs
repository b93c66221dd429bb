//! Tiếp nhận, đăng ký: from what comes, over the exchange, on paper, by mail or from hand to hand, to its line in the register or back
//! to its sender (NĐ 30 Điều 21, 22).

pub(super) mod arrive;
pub(super) mod check;
pub(super) mod dossier;
pub(super) mod duplicates;
pub(super) mod late;
pub(super) mod mail;
pub(super) mod paper;
pub(super) mod paper_beside;
pub(super) mod refuse;
pub(super) mod register;
pub(super) mod replacement;
pub(super) mod unopened;
