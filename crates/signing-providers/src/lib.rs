//! Where keys live and what certificates are asked of: tokens, HSM, remote signing, local agents, time stamps, status services.
