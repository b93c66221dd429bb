//! All evidence at hand, each piece once, and since when it is proven to exist.

use jiff::Timestamp;

/// A list or an answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Item<'a> {
    pub der: &'a [u8],
    /// A trusted time stamp proves that it existed at that time; without one it is known since the time of the check.
    pub proven: Option<Timestamp>,
    /// It came with the document only: whoever made the document chose it.
    pub embedded: bool,
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
            add(&mut pool.crls, crl, None, false);
        }
        for ocsp in &evidence.ocsps {
            add(&mut pool.ocsps, ocsp, None, false);
        }
        pool
    }

    pub(crate) fn certificate(&mut self, der: &'a [u8]) {
        if !self.certificates.contains(&der) {
            self.certificates.push(der);
        }
    }

    /// A list from the document.
    pub(crate) fn crl(&mut self, der: &'a [u8], proven: Option<Timestamp>) {
        add(&mut self.crls, der, proven, true);
    }

    /// An answer from the document.
    pub(crate) fn ocsp(&mut self, der: &'a [u8], proven: Option<Timestamp>) {
        add(&mut self.ocsps, der, proven, true);
    }
}

/// The earliest proof counts, and that it was found outside too.
fn add<'a>(items: &mut Vec<Item<'a>>, der: &'a [u8], proven: Option<Timestamp>, embedded: bool) {
    if let Some(item) = items.iter_mut().find(|item| item.der == der) {
        item.proven = match (item.proven, proven) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        item.embedded &= embedded;
    } else {
        items.push(Item {
            der,
            proven,
            embedded,
        });
    }
}
