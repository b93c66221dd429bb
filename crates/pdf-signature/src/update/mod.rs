//! Incremental writer: what is appended to a document. The bytes before it are never changed.

mod form_xobject;

pub use form_xobject::{FormXObject, RawObject, placeholder};
