//! What changed in a document after a signature: every change must be explained, otherwise it is refused.
