//! What must not change: nothing reachable from there may be touched by the update.

use super::step::Step;
use crate::document::{Object, ObjectId, ReadError};

/// Keys under which fields and widgets may be referred to; anywhere else they would be something else as well.
const FIELD_KEYS: [&[u8]; 5] = [b"Fields", b"Annots", b"Kids", b"Parent", b"Obj"];

impl Step<'_, '_> {
    /// Follows a value, which is the same before and after, and refuses every changed object on the way.
    ///
    /// Pages and fields have their own rules, so paths end there. Catalog, form and lists must be reachable on their one
    /// path only.
    pub fn freeze(&mut self, value: &Object, key: &str) -> Result<(), ReadError> {
        let mut stack = Vec::new();
        collect(value, key.as_bytes(), &mut stack);
        while let Some((id, key)) = stack.pop() {
            let number = id.number;
            if self.roles.pages.contains(&number) {
                continue;
            }
            let field = self.roles.fields.contains(&number);
            if field && FIELD_KEYS.contains(&key.as_slice()) {
                continue;
            }
            if self.is_changed(number) {
                let what = if self.is_added(number) {
                    "được tạo thêm vào chỗ tham chiếu có sẵn"
                } else {
                    "là nội dung đã ký, bị thay đổi sau khi ký"
                };
                let key = String::from_utf8_lossy(&key);
                self.refuse(number, "frozen", &format!("{what} (tại /{key})"));
                continue;
            }
            if field || self.roles.single.contains(&number) || !self.frozen.insert(number) {
                continue;
            }
            let now = self.new.get(id)?;
            // No entry of its own need change: what it lies in may have come into being, or have grown.
            let before = self.old.get(id).ok();
            let same = before.is_some_and(|before| match (&before, &now) {
                (None, None) => true,
                (Some(before), Some(now)) => self.same(before, now),
                _ => false,
            });
            if !same {
                let key = String::from_utf8_lossy(&key);
                self.refuse(
                    number,
                    "frozen",
                    &format!("không còn như khi được ký (tại /{key})"),
                );
                continue;
            }
            if let Some(object) = now {
                collect(&object.value, &key, &mut stack);
            }
        }
        Ok(())
    }

    /// Takes an object as reachable on its one path only. One that the update leaves alone may well be reachable elsewhere:
    /// paths must not end there.
    pub fn single(&mut self, number: u32) {
        if self.is_changed(number) {
            self.roles.single.insert(number);
            self.explained.insert(number);
        }
    }

    /// Accepts the changed objects behind a value whose rule allows it to change. Other paths to them still count.
    pub fn explain(&mut self, value: &Object) -> Result<(), ReadError> {
        let mut stack = Vec::new();
        collect(value, b"", &mut stack);
        while let Some((id, _)) = stack.pop() {
            if !self.is_changed(id.number) || !self.explained.insert(id.number) {
                continue;
            }
            for view in [self.old, self.new] {
                if let Some(object) = view.get_number(id.number)? {
                    collect(&object.value, b"", &mut stack);
                }
            }
        }
        Ok(())
    }
}

/// References in a value, each with the key it stands under.
fn collect(value: &Object, key: &[u8], into: &mut Vec<(ObjectId, Vec<u8>)>) {
    match value {
        Object::Reference(id) => into.push((*id, key.to_vec())),
        Object::Array(items) => items.iter().for_each(|item| collect(item, key, into)),
        Object::Dictionary(dictionary) => {
            for entry in dictionary.entries() {
                collect(&entry.value, &entry.key, into);
            }
        }
        _ => {}
    }
}
