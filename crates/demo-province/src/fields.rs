//! Fields of government (lĩnh vực).

/// A field of government in which an agency works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum FieldKey {
    Administration,
    Information,
    Interior,
    Trade,
    Education,
    Transport,
    Planning,
    Science,
    Labour,
    Agriculture,
    Finance,
    Land,
    Justice,
    Culture,
    Construction,
    Health,
    Inspection,
    Ethnic,
}
