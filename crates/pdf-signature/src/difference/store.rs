//! The document security store: evidence may be added, never replaced.

use std::collections::HashSet;

use super::ChangeLevel;
use super::step::{Fate, Step};
use crate::document::{Dictionary, Object, ReadError};

impl Step<'_, '_> {
    pub(super) fn store(&mut self, old: &Dictionary, new: &Dictionary) -> Result<(), ReadError> {
        let (before, after) = (self.old.value(old, "DSS")?, self.new.value(new, "DSS")?);
        let holder = new
            .get("DSS")
            .and_then(Object::reference)
            .map_or(0, |id| id.number);
        let (before, after) = match (before, after) {
            (Object::Null, Object::Null) => return Ok(()),
            (Object::Null, Object::Dictionary(after)) => (Dictionary::new(), after),
            (Object::Dictionary(before), Object::Dictionary(after)) => (before, after),
            _ => {
                self.refuse(
                    holder,
                    "validation_data",
                    "là kho dữ liệu xác thực bị bỏ hoặc sai kiểu",
                );
                return Ok(());
            }
        };
        let mut touched = self.own(new.get("DSS"));
        let known = evidence(self, true, &before, 0)?;
        let now = evidence(self, false, &after, 0)?;
        touched |= now.touched;
        if !now.proper {
            self.refuse(
                holder,
                "validation_data",
                "là kho dữ liệu xác thực có thành phần lạ",
            );
        }
        if known.streams.iter().any(|stream| !now.streams.contains(stream)) {
            self.refuse(
                holder,
                "validation_data",
                "là kho dữ liệu xác thực bị bớt dữ liệu",
            );
        }
        for stream in &now.streams {
            match self.changed.get(stream) {
                None => {}
                // An object that something else refers to may not come into being as evidence either: that path is frozen.
                Some(Fate::Added) => touched = true,
                Some(_) => self.refuse(*stream, "validation_data", "là dữ liệu xác thực bị thay thế"),
            }
            self.explained.insert(*stream);
        }
        if touched || !before.same(&after) {
            let text = "Dữ liệu xác thực lâu dài (chứng thư, CRL, OCSP) được bổ sung sau khi ký.";
            self.note(holder, "validation_data", ChangeLevel::ValidationData, text);
        }
        Ok(())
    }

    /// Takes a part of the store as explained; tells whether the update touches it.
    fn own(&mut self, value: Option<&Object>) -> bool {
        let Some(id) = value.and_then(Object::reference) else {
            return false;
        };
        self.single(id.number);
        self.is_changed(id.number)
    }
}

#[derive(Default)]
struct Evidence {
    streams: HashSet<u32>,
    touched: bool,
    proper: bool,
}

/// The streams of a store, or (at depth 1 and 2) of its information about signatures.
fn evidence(
    step: &mut Step<'_, '_>,
    old: bool,
    store: &Dictionary,
    depth: usize,
) -> Result<Evidence, ReadError> {
    let view = if old { step.old } else { step.new };
    let mut found = Evidence {
        proper: true,
        ..Evidence::default()
    };
    for entry in store.entries() {
        if !old {
            found.touched |= step.own(Some(&entry.value).filter(|_| entry.key != b"TS"));
        }
        let value = view.resolve(&entry.value)?;
        let key = entry.key.as_slice();
        let lists = if depth == 0 {
            [&b"Certs"[..], b"CRLs", b"OCSPs"]
        } else {
            [&b"Cert"[..], b"CRL", b"OCSP"]
        };
        match value {
            Object::Array(items) if depth != 1 && lists.contains(&key) => {
                for item in &items {
                    let stream = item.reference().map(|id| view.get(id)).transpose()?.flatten();
                    match stream {
                        Some(stream) if stream.stream.is_some() => {
                            found.streams.insert(stream.id.number);
                        }
                        // A list that names a missing object says nothing about it.
                        _ => found.proper = old,
                    }
                }
            }
            Object::Dictionary(inner) if (depth == 0 && key == b"VRI") || depth == 1 => {
                let inner = evidence(step, old, &inner, depth + 1)?;
                found.streams.extend(inner.streams);
                found.touched |= inner.touched;
                found.proper &= inner.proper;
            }
            Object::Name(_) if key == b"Type" => {}
            Object::String { .. } if depth == 2 && key == b"TU" => {}
            Object::Dictionary(_) if depth == 2 && key == b"TS" => {
                if let Some(id) = entry.value.reference() {
                    found.streams.insert(id.number);
                }
            }
            _ => found.proper = false,
        }
    }
    Ok(found)
}
