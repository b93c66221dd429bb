//! Cryptographic message syntax: signed attributes, assembly, tolerant reading.
