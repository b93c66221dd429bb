//! Time stamps by RFC 3161 over HTTP.
