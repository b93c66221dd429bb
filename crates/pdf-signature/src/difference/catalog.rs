//! The catalog: what hangs on it, and which parts may change.

use super::ChangeLevel;
use super::step::{Step, has_type};
use crate::document::{Dictionary, Object, ReadError};

/// Keys with a rule of their own.
const OWN: [&str; 6] = ["AcroForm", "DSS", "Extensions", "Version", "Metadata", "Pages"];

impl Step<'_, '_> {
    pub(super) fn catalog(&mut self) -> Result<(), ReadError> {
        let (before, after) = (self.old.catalog()?, self.new.catalog()?);
        let (Some(old), Some(new)) = (before.dictionary(), after.dictionary()) else {
            return Ok(());
        };
        self.explained.insert(after.id.number);
        // The parts with roles come first: they tell the others where paths end.
        let forms = self.find_form(old, new)?;
        let pages = self.find_pages(old, new)?;
        self.form(&forms)?;
        self.pages(&pages, &forms)?;
        self.store(old, new)?;
        self.metadata(old, new)?;
        self.version(old, new)?;
        self.extensions(old, new)?;
        self.compare_keys(after.id.number, old, new, &OWN)
    }

    fn metadata(&mut self, old: &Dictionary, new: &Dictionary) -> Result<(), ReadError> {
        let Some(after) = new.get("Metadata") else {
            if old.contains("Metadata") {
                self.refuse(0, "metadata", "bị bỏ siêu dữ liệu sau khi ký");
            }
            return Ok(());
        };
        let Some(id) = after.reference() else {
            self.refuse(0, "metadata", "có siêu dữ liệu sai kiểu");
            return Ok(());
        };
        if !self.is_changed(id.number) {
            if !old.get("Metadata").is_some_and(|before| before.same(after)) {
                self.refuse(id.number, "metadata", "được dùng làm siêu dữ liệu sau khi ký");
            }
            return self.freeze(after, "Metadata");
        }
        let plain = self.new.get(id)?.is_some_and(|found| {
            has_type(&found, "Metadata")
                && found
                    .dictionary()
                    .and_then(|found| found.get("Subtype"))
                    .is_some_and(|kind| kind.is_name("XML"))
        });
        if !plain {
            self.refuse(id.number, "metadata", "không phải siêu dữ liệu XMP");
            return Ok(());
        }
        self.roles.single.insert(id.number);
        self.explained.insert(id.number);
        self.note(
            id.number,
            "metadata",
            ChangeLevel::ValidationData,
            "Siêu dữ liệu của tệp được cập nhật sau khi ký.",
        );
        Ok(())
    }

    fn version(&mut self, old: &Dictionary, new: &Dictionary) -> Result<(), ReadError> {
        let (before, after) = (self.old.value(old, "Version")?, self.new.value(new, "Version")?);
        if before.same(&after) {
            return Ok(());
        }
        let known = |value: &Object| match value.name() {
            Some(name @ ([b'1', b'.', b'0'..=b'9'] | b"2.0")) => Some(name.to_vec()),
            _ => None,
        };
        if known(&after).is_none() || (before != Object::Null && known(&before) > known(&after)) {
            self.refuse(0, "version", "bị đổi phiên bản PDF sau khi ký");
        } else {
            self.note(
                0,
                "version",
                ChangeLevel::ValidationData,
                "Phiên bản PDF được nâng sau khi ký.",
            );
        }
        Ok(())
    }

    fn extensions(&mut self, old: &Dictionary, new: &Dictionary) -> Result<(), ReadError> {
        let (before, after) = (old.get("Extensions"), new.get("Extensions"));
        match (before, after) {
            (None, None) => return Ok(()),
            (Some(_), None) => {
                self.refuse(0, "extensions", "bị bỏ danh sách phần mở rộng sau khi ký");
                return Ok(());
            }
            (Some(before), Some(after)) if before.same(after) => {
                let changed = after.reference().is_some_and(|id| self.is_changed(id.number));
                if !changed {
                    return self.freeze(after, "Extensions");
                }
            }
            _ => {}
        }
        if self.new.value(new, "Extensions")?.dictionary().is_none() {
            self.refuse(0, "extensions", "có danh sách phần mở rộng sai kiểu");
        }
        if let Some(after) = after {
            self.explain(after)?;
        }
        self.note(
            0,
            "extensions",
            ChangeLevel::ValidationData,
            "Danh sách phần mở rộng PDF được cập nhật sau khi ký.",
        );
        Ok(())
    }
}
