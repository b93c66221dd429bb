//! CRL, OCSP and issuers' certificates from the network, behind a guard.
