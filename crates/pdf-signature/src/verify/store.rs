//! Validation data inside the document (`/DSS`), and since which revision each piece is there.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::{
    document::{Dictionary, Document, Object, ObjectId, View},
    pki::pool::Pool,
};

/// Pieces that are read from one document, at most.
const MAX_PIECES: usize = 2_000;

/// One piece and the first revision (index from 0) that has it.
struct Piece {
    der: Vec<u8>,
    revision: usize,
}

/// All validation data of a document.
#[derive(Default)]
pub(crate) struct Store {
    certificates: Vec<Piece>,
    crls: Vec<Piece>,
    ocsps: Vec<Piece>,
    /// The piece of each stream, so that none is unpacked twice.
    seen: HashMap<(ObjectId, usize), ()>,
}

/// A trusted document time stamp: it proves everything up to its revision.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Proof {
    pub revision: usize,
    pub at: Timestamp,
}

/// The earliest time at which the content of a revision is proven to have existed.
pub(crate) fn proven(proofs: &[Proof], revision: usize) -> Option<Timestamp> {
    proofs
        .iter()
        .filter(|proof| proof.revision >= revision)
        .map(|proof| proof.at)
        .min()
}

impl Store {
    /// Reads what can be read; a damaged store is no evidence, and no reason to refuse.
    pub(crate) fn of(document: &Document<'_>) -> Self {
        let mut store = Self::default();
        for revision in 0..document.revisions().len() {
            store.read(document.at(revision), revision);
        }
        store
    }

    /// Whether any revision from this one on carries the piece.
    pub(crate) fn has(&self, der: &[u8]) -> Option<usize> {
        self.crls
            .iter()
            .chain(&self.ocsps)
            .find(|piece| piece.der == der)
            .map(|piece| piece.revision)
    }

    /// Adds everything to the pool, with the times that the time stamps prove.
    pub(crate) fn fill<'a>(&'a self, pool: &mut Pool<'a>, proofs: &[Proof]) {
        for piece in &self.certificates {
            pool.certificate(&piece.der);
        }
        for piece in &self.crls {
            pool.crl(&piece.der, proven(proofs, piece.revision));
        }
        for piece in &self.ocsps {
            pool.ocsp(&piece.der, proven(proofs, piece.revision));
        }
    }

    fn read(&mut self, view: View<'_, '_>, revision: usize) {
        let Some(store) = view
            .catalog()
            .ok()
            .and_then(|catalog| view.value(catalog.dictionary()?, "DSS").ok())
        else {
            return;
        };
        let Some(store) = store.dictionary() else {
            return;
        };
        self.lists(view, revision, store, ["Certs", "CRLs", "OCSPs"]);
        let Ok(related) = view.value(store, "VRI") else {
            return;
        };
        for entry in related.dictionary().map(Dictionary::entries).unwrap_or_default() {
            if let Ok(Object::Dictionary(one)) = view.resolve(&entry.value) {
                self.lists(view, revision, &one, ["Cert", "CRL", "OCSP"]);
            }
        }
    }

    fn lists(&mut self, view: View<'_, '_>, revision: usize, of: &Dictionary, keys: [&str; 3]) {
        for (kind, key) in keys.into_iter().enumerate() {
            let Ok(list) = view.value(of, key) else {
                continue;
            };
            for id in list
                .array()
                .unwrap_or_default()
                .iter()
                .filter_map(Object::reference)
            {
                self.stream(view, revision, kind, id);
            }
        }
    }

    fn stream(&mut self, view: View<'_, '_>, revision: usize, kind: usize, id: ObjectId) {
        let Ok(Some(object)) = view.get(id) else {
            return;
        };
        let full = self.certificates.len() + self.crls.len() + self.ocsps.len() >= MAX_PIECES;
        if full || self.seen.insert((id, object.span.start), ()).is_some() {
            return;
        }
        let Ok(der) = view.stream_content(&object) else {
            return;
        };
        let into = match kind {
            0 => &mut self.certificates,
            1 => &mut self.crls,
            _ => &mut self.ocsps,
        };
        if !into.iter().any(|piece| piece.der == der) {
            into.push(Piece { der, revision });
        }
    }
}
