//! All evidence at hand, each piece once, and since when it is proven to exist.

use jiff::Timestamp;

/// A list or an answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Item<'a> {
    pub der: &'a [u8],
    /// A trusted time stamp proves that it existed at that time; without one it is known since the time of the check.
    pub proven: Option<Timestamp>,
}

/// Certificates, lists and answers, from the document and from outside.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pool<'a> {
    pub certificates: Vec<&'a [u8]>,
    pub crls: Vec<Item<'a>>,
    pub ocsps: Vec<Item<'a>>,
}

impl<'a> Pool<'a> {
    pub(crate) fn of(evidence: &'a super::Evidence) -> Self {
        let mut pool = Self::default();
        for certificate in &evidence.certificates {
            pool.certificate(certificate);
        }
        for crl in &evidence.crls {
            pool.crl(crl, None);
        }
        for ocsp in &evidence.ocsps {
            pool.ocsp(ocsp, None);
        }
        pool
    }

    pub(crate) fn certificate(&mut self, der: &'a [u8]) {
        if !self.certificates.contains(&der) {
            self.certificates.push(der);
        }
    }

    pub(crate) fn crl(&mut self, der: &'a [u8], proven: Option<Timestamp>) {
        add(&mut self.crls, der, proven);
    }

    pub(crate) fn ocsp(&mut self, der: &'a [u8], proven: Option<Timestamp>) {
        add(&mut self.ocsps, der, proven);
    }
}

/// The earliest proof counts.
fn add<'a>(items: &mut Vec<Item<'a>>, der: &'a [u8], proven: Option<Timestamp>) {
    if let Some(item) = items.iter_mut().find(|item| item.der == der) {
        item.proven = match (item.proven, proven) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
    } else {
        items.push(Item { der, proven });
    }
}
