//! Digital signatures of PDF documents: PAdES signing in two steps, verification that denies by default.
