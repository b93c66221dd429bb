//! The report on the signatures of a document.
