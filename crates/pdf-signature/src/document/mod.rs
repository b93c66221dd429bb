//! Reader of PDF files: strict, lazy, knows the revisions.
