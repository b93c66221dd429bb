//! The document security store: certificates, revocation lists and status answers for long-term validation.

use aws_lc_rs::digest;

use super::{Update, name};
use crate::document::{Dictionary, Object, ObjectId, ReadError, SignatureFields};

/// One kind of evidence: key in the store, key in the information about one signature.
const KINDS: [(&str, &str); 3] = [("Certs", "Cert"), ("CRLs", "CRL"), ("OCSPs", "OCSP")];

/// Adds what is not there yet. Entries of the store are never taken away.
pub fn add_validation_data(
    update: &mut Update<'_, '_>,
    evidence: [&[Vec<u8>]; 3],
    signatures: &SignatureFields,
) -> Result<(), ReadError> {
    let view = update.document().latest();
    let root = view.root()?;
    let catalog = view.catalog()?;
    let known = catalog
        .dictionary()
        .and_then(|catalog| catalog.get("DSS"))
        .cloned();
    let mut store = match &known {
        Some(known) => view.resolve(known)?.dictionary().cloned().unwrap_or_default(),
        None => Dictionary::new(),
    };
    store.set("Type", name("DSS"));
    let mut information = Dictionary::new();
    for ((plural, singular), items) in KINDS.into_iter().zip(evidence) {
        let mut listed = view.value(&store, plural)?.array().unwrap_or_default().to_vec();
        let mut stored = contents(update, &listed)?;
        let mut own = Vec::new();
        for item in items {
            let id = match stored.iter().find(|(data, _)| data == item) {
                Some((_, id)) => *id,
                None => {
                    let id = update.add_stream(b"<< >>", item);
                    listed.push(Object::Reference(id));
                    stored.push((item.clone(), id));
                    id
                }
            };
            own.push(Object::Reference(id));
        }
        if !own.is_empty() {
            store.set(plural, Object::Array(listed));
            information.set(singular, Object::Array(own));
        }
    }
    let mut per_signature = view
        .value(&store, "VRI")?
        .dictionary()
        .cloned()
        .unwrap_or_default();
    let mut new_information = false;
    for signature in signatures
        .signed
        .iter()
        .filter(|signature| !signature.contents.is_empty())
    {
        let key = vri_key(&signature.contents);
        if !information.entries().is_empty() && !per_signature.contains(&key) {
            per_signature.set(&key, Object::Dictionary(information.clone()));
            new_information = true;
        }
    }
    if update.is_empty() && !new_information {
        return Ok(());
    }
    if !per_signature.entries().is_empty() {
        store.set("VRI", Object::Dictionary(per_signature));
    }
    match known {
        Some(Object::Reference(id)) if view.get(id)?.is_some() => update.set(id, Object::Dictionary(store)),
        _ => {
            let id = update.add(Object::Dictionary(store));
            update.edit(root, |catalog| catalog.set("DSS", Object::Reference(id)))?;
        }
    }
    Ok(())
}

/// What the streams of a list hold; a stream that cannot be decoded is like none.
fn contents(update: &Update<'_, '_>, listed: &[Object]) -> Result<Vec<(Vec<u8>, ObjectId)>, ReadError> {
    let view = update.document().latest();
    let mut found = Vec::new();
    for id in listed.iter().filter_map(Object::reference) {
        let Some(object) = view.get(id)? else { continue };
        if let Ok(data) = view.stream_content(&object) {
            found.push((data, id));
        }
    }
    Ok(found)
}

/// Key of a signature in `/VRI`: SHA-1 of its `/Contents`, padding included (ETSI EN 319 142-1, 5.4.2.3). A name, no protection.
fn vri_key(contents: &[u8]) -> String {
    hex::encode_upper(digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, contents))
}
