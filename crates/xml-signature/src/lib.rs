//! XML signatures (XMLDSig) of exchanged messages: written and judged strictly.
