//! Several documents of a box at once: [`bulk`] offers, [`several`] does, [`files`] packs, [`many`] shows what became of each.

pub(super) mod bulk;
pub(super) mod files;
pub(super) mod many;
pub(super) mod several;
