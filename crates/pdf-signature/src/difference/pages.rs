//! Pages: nothing may change but that widgets of new signatures are added behind the annotations that were there.

use super::form::Forms;
use super::step::Step;
use crate::document::{Dictionary, Object, ObjectId, PageTree, ReadError};

impl Step<'_, '_> {
    /// The page tree, which must be the same; its pages and nodes get their role.
    pub(super) fn find_pages(&mut self, old: &Dictionary, new: &Dictionary) -> Result<PageTree, ReadError> {
        let (before, after) = (self.old.page_tree()?, self.new.page_tree()?);
        let root = new
            .get("Pages")
            .and_then(Object::reference)
            .map_or(0, |id| id.number);
        let same_root = match (old.get("Pages"), new.get("Pages")) {
            (Some(before), Some(after)) => before.same(after),
            _ => false,
        };
        if !same_root || before.pages != after.pages || before.nodes != after.nodes {
            self.refuse(root, "page_tree", "là cây trang bị thay đổi sau khi ký");
        }
        self.roles
            .pages
            .extend(after.pages.iter().chain(&after.nodes).map(|id| id.number));
        Ok(after)
    }

    pub(super) fn pages(&mut self, tree: &PageTree, forms: &Forms) -> Result<(), ReadError> {
        for id in &tree.nodes {
            if self.is_changed(id.number) {
                self.refuse(id.number, "page_tree", "là cây trang bị thay đổi sau khi ký");
            }
            self.freeze_keys(*id, &["Kids", "Parent"])?;
        }
        for id in &tree.pages {
            self.page(*id, forms)?;
        }
        Ok(())
    }

    fn freeze_keys(&mut self, id: ObjectId, except: &[&str]) -> Result<(), ReadError> {
        let Some(object) = self.new.get(id)? else {
            return Ok(());
        };
        for entry in object.dictionary().map(Dictionary::entries).unwrap_or_default() {
            let key = String::from_utf8_lossy(&entry.key);
            if !except.contains(&key.as_ref()) {
                self.freeze(&entry.value, &key)?;
            }
        }
        Ok(())
    }

    fn page(&mut self, id: ObjectId, forms: &Forms) -> Result<(), ReadError> {
        let (Some(before), Some(after)) = (self.old.get(id)?, self.new.get(id)?) else {
            return Ok(());
        };
        let (Some(old), Some(new)) = (before.dictionary(), after.dictionary()) else {
            return Ok(());
        };
        self.explained.insert(id.number);
        self.compare_keys(id.number, old, new, &["Annots", "Parent"])?;
        if old.get("Parent") != new.get("Parent") {
            self.refuse(id.number, "page_tree", "là trang bị chuyển chỗ sau khi ký");
        }
        self.annotations(id, old, new, forms)
    }

    fn annotations(
        &mut self,
        page: ObjectId,
        old: &Dictionary,
        new: &Dictionary,
        forms: &Forms,
    ) -> Result<(), ReadError> {
        let (before, after) = (self.old.value(old, "Annots")?, self.new.value(new, "Annots")?);
        let list = |value: &Object| match value {
            Object::Null => Some(Vec::new()),
            Object::Array(items) => Some(items.clone()),
            _ => None,
        };
        let (Some(before), Some(after)) = (list(&before), list(&after)) else {
            self.refuse(page.number, "annotations", "có danh sách chú thích sai kiểu");
            return Ok(());
        };
        if let Some(id) = new.get("Annots").and_then(Object::reference) {
            if self.is_changed(id.number) {
                self.roles.single.insert(id.number);
                self.explained.insert(id.number);
            } else {
                self.frozen.insert(id.number);
            }
        }
        if before.len() > after.len()
            || before
                .iter()
                .zip(&after)
                .any(|(before, after)| !before.same(after))
        {
            self.refuse(
                page.number,
                "annotations",
                "bị bớt hoặc đổi thứ tự chú thích sau khi ký",
            );
            return Ok(());
        }
        for annotation in &before {
            self.freeze(annotation, "Annots")?;
        }
        for annotation in after.iter().skip(before.len()) {
            let id = annotation.reference();
            let Some(widget) = id.filter(|id| forms.new_widgets.contains(id)) else {
                let number = id.map_or(page.number, |id| id.number);
                self.refuse(number, "annotation_added", "là chú thích được thêm sau khi ký");
                continue;
            };
            let says = self
                .new
                .get(widget)?
                .and_then(|widget| widget.dictionary()?.get("P").cloned());
            if says.is_some_and(|says| says != Object::Reference(page)) {
                self.refuse(
                    widget.number,
                    "annotation_added",
                    "nằm ở trang khác với trang đã ghi",
                );
            }
        }
        Ok(())
    }
}
