//! Images that the demo shows on documents: handwritten signatures in blue, round seals in red, both PNG with a transparent
//! background (NĐ 30/2020 Phụ lục I Phần I Mục II khoản 7d, 8a). They imitate no real person's hand and no real seal: the seal has a
//! plain star where an authority's would have the national emblem.

mod canvas;
mod handwriting;
mod lettering;
mod seal;

pub use handwriting::handwriting_png;
pub use seal::seal_png;
