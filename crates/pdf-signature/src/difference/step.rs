//! One revision against the one before it.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{AddedWidget, ChangeLevel, ChangeNote, Changes};
use crate::document::{Dictionary, Document, Indirect, Object, Place, ReadError, Section, View};

/// What happened to an object number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It was not in use.
    Added,
    /// It means something else now.
    Overwritten,
    /// It is not in use any more.
    Freed,
}

/// Objects whose changes have a rule of their own, wherever they are referred to.
#[derive(Default)]
pub struct Roles {
    /// Pages and nodes of the page tree.
    pub pages: HashSet<u32>,
    /// Form fields and their widgets.
    pub fields: HashSet<u32>,
    /// Catalog, form, lists: reachable on one path only.
    pub single: HashSet<u32>,
}

/// One revision against the one before it.
pub struct Step<'d, 'a> {
    pub old: View<'d, 'a>,
    pub new: View<'d, 'a>,
    pub changed: BTreeMap<u32, Fate>,
    /// Changed objects that a rule has accepted.
    pub explained: HashSet<u32>,
    pub roles: Roles,
    /// Objects that were found frozen and unchanged.
    pub frozen: HashSet<u32>,
    pub notes: Vec<ChangeNote>,
    pub added_widgets: Vec<AddedWidget>,
    index: usize,
    holders: &'d Holders,
}

/// Objects that others lie in or are measured by (object streams, what their dictionaries refer to), and the first revision
/// that relies on each.
#[derive(Default)]
pub struct Holders(HashMap<u32, usize>);

impl Holders {
    /// Of all revisions.
    pub fn of(document: &Document<'_>) -> Self {
        let mut holders = Self::default();
        for revision in 0..document.revisions().len() {
            let view = document.at(revision);
            for (_, place) in document.sections_of(revision).iter().flat_map(Section::entries) {
                let Place::In { container, .. } = place else {
                    continue;
                };
                if holders.0.contains_key(container) {
                    continue;
                }
                holders.0.insert(*container, revision);
                // One that cannot be read holds nothing; that it stays so is what counts.
                let Ok(Some(stream)) = view.get_number(*container) else {
                    continue;
                };
                let entries = stream.dictionary().map(Dictionary::entries).unwrap_or_default();
                for id in entries.iter().filter_map(|entry| entry.value.reference()) {
                    holders.0.entry(id.number).or_insert(revision);
                }
            }
        }
        holders
    }
}

/// Judges a revision (index from 1).
pub fn judge(document: &Document<'_>, index: usize, holders: &Holders) -> Changes {
    let mut step = Step {
        old: document.at(index.saturating_sub(1)),
        new: document.at(index),
        changed: BTreeMap::new(),
        explained: HashSet::new(),
        roles: Roles::default(),
        frozen: HashSet::new(),
        notes: Vec::new(),
        added_widgets: Vec::new(),
        index,
        holders,
    };
    if let Err(error) = step.run() {
        step.note(
            0,
            "unreadable",
            ChangeLevel::Other,
            &format!("Không đọc được phần bổ sung sau khi ký: {error}"),
        );
    }
    let level = step
        .notes
        .iter()
        .map(|note| note.level)
        .max()
        .unwrap_or(ChangeLevel::None);
    Changes {
        level,
        notes: step.notes,
        added_widgets: step.added_widgets,
    }
}

impl Step<'_, '_> {
    fn run(&mut self) -> Result<(), ReadError> {
        self.find_changes()?;
        self.trailer()?;
        for (number, fate) in self.changed.clone() {
            if fate != Fate::Added && !self.explained.contains(&number) {
                let text = match fate {
                    Fate::Freed => "bị xóa sau khi ký",
                    _ => "bị ghi đè sau khi ký mà không thuộc thay đổi được phép",
                };
                self.refuse(number, "unexplained", text);
            }
        }
        Ok(())
    }

    /// Notes a change.
    pub fn note(&mut self, object: u32, rule: &str, level: ChangeLevel, text: &str) {
        let known = self
            .notes
            .iter()
            .any(|note| note.object == object && note.rule == rule && note.level == level);
        if !known {
            let (rule, text) = (rule.to_owned(), text.to_owned());
            self.notes.push(ChangeNote {
                revision: self.index,
                object,
                rule,
                level,
                text,
            });
        }
    }

    /// Notes a change that nothing allows.
    pub fn refuse(&mut self, object: u32, rule: &str, what: &str) {
        let text = if object == 0 {
            format!("Văn bản {what}.")
        } else {
            format!("Đối tượng {object} {what}.")
        };
        self.note(object, rule, ChangeLevel::Other, &text);
    }

    /// Number of the revision judged.
    pub fn index(&self) -> usize {
        self.index
    }

    /// Whether the update changes this object number.
    pub fn is_changed(&self, number: u32) -> bool {
        self.changed.contains_key(&number)
    }

    /// Whether the update brings this object into being.
    pub fn is_added(&self, number: u32) -> bool {
        self.changed.get(&number) == Some(&Fate::Added)
    }

    fn find_changes(&mut self) -> Result<(), ReadError> {
        let document = self.new.document();
        let Some(own) = document
            .revisions()
            .get(self.index)
            .map(|revision| revision.bytes.clone())
        else {
            return Ok(());
        };
        for section in document.sections_of(self.index) {
            let stream = section.hybrid_stream.unwrap_or(section.offset);
            if !own.contains(&section.offset) || !own.contains(&stream) {
                self.refuse(0, "outside_update", "có bảng tham chiếu nằm ngoài phần bổ sung");
            }
            for (number, place) in section.entries() {
                let (number, place) = (*number, *place);
                let before = self.old.place(number).unwrap_or(Place::Free);
                if before == place {
                    continue;
                }
                let offset = match place {
                    Place::Free => None,
                    Place::At { offset, .. } => Some(offset),
                    Place::In { container, .. } => match self.new.place(container) {
                        Some(Place::At { offset, .. }) => Some(offset),
                        _ => Some(usize::MAX),
                    },
                };
                if offset.is_some_and(|offset| !own.contains(&offset)) {
                    self.refuse(
                        number,
                        "outside_update",
                        "được tham chiếu tới dữ liệu nằm ngoài phần bổ sung",
                    );
                }
                self.find_fate(number)?;
            }
        }
        Ok(())
    }

    fn find_fate(&mut self, number: u32) -> Result<(), ReadError> {
        let before = self.old.get_number(number)?;
        let after = self.new.get_number(number)?;
        let fate = match (&before, &after) {
            (None, None) => return Ok(()),
            (None, Some(_)) => Fate::Added,
            (Some(_), None) => Fate::Freed,
            (Some(before), Some(after)) if self.same(before, after) => return Ok(()),
            (Some(_), Some(_)) => Fate::Overwritten,
        };
        // Objects inside an object stream come, go and move with it, although no entry of theirs changes.
        let relied_on = self
            .holders
            .0
            .get(&number)
            .is_some_and(|first| *first < self.index);
        if relied_on || before.is_some_and(|before| has_type(&before, "ObjStm")) {
            self.refuse(
                number,
                "object_stream_replaced",
                "là luồng đối tượng được thêm hoặc bị thay thế sau khi ký",
            );
        }
        self.changed.insert(number, fate);
        Ok(())
    }

    /// Whether both mean the same, the data of streams included.
    pub fn same(&self, before: &Indirect, after: &Indirect) -> bool {
        if std::ptr::eq(before, after) {
            return true;
        }
        let bytes = self.new.document().bytes();
        let data = |object: &Indirect| object.stream.clone().and_then(|range| bytes.get(range));
        before.id == after.id && before.value.same(&after.value) && data(before) == data(after)
    }

    fn trailer(&mut self) -> Result<(), ReadError> {
        let (before, after) = (self.old.trailer(), self.new.trailer());
        let root = self.old.root()?;
        if self.new.root()? != root {
            self.refuse(0, "root_replaced", "bị thay danh mục gốc sau khi ký");
            return Ok(());
        }
        self.roles.single.insert(root.number);
        self.catalog()?;
        if let (Some(old), Some(new)) = (first_id(before), first_id(after))
            && !old.same(new)
        {
            self.note(
                0,
                "identifier",
                ChangeLevel::ValidationData,
                "Mã định danh của tệp được thay sau khi ký.",
            );
        }
        self.information(before.get("Info"), after.get("Info"))?;
        let own = [
            "Size",
            "Prev",
            "ID",
            "Info",
            "Root",
            "XRefStm",
            "Type",
            "W",
            "Index",
            "Filter",
            "DecodeParms",
            "Length",
        ];
        self.compare_keys(0, before, after, &own)
    }

    /// The information dictionary: title, author, dates.
    fn information(&mut self, before: Option<&Object>, after: Option<&Object>) -> Result<(), ReadError> {
        let Some(after) = after else { return Ok(()) };
        let changed = after.reference().is_some_and(|id| self.is_changed(id.number));
        if !changed && before.is_some_and(|before| before.same(after)) {
            return Ok(());
        }
        let number = after.reference().map_or(0, |id| id.number);
        let plain = match after.reference() {
            Some(id) => self
                .new
                .get(id)?
                .is_none_or(|found| found.dictionary().is_some() && found.stream.is_none()),
            None => after.dictionary().is_some(),
        };
        if !plain {
            self.refuse(number, "information", "là thông tin tệp sai kiểu");
            return Ok(());
        }
        self.explain_information(after)?;
        self.note(
            number,
            "information",
            ChangeLevel::ValidationData,
            "Thông tin mô tả tệp được cập nhật sau khi ký.",
        );
        Ok(())
    }

    /// Accepts the information dictionary itself and changed texts in it, but no structure that hangs on it.
    fn explain_information(&mut self, information: &Object) -> Result<(), ReadError> {
        let entries = match information.reference() {
            Some(id) => {
                self.explained.insert(id.number);
                self.new.get(id)?.and_then(|found| found.dictionary().cloned())
            }
            None => information.dictionary().cloned(),
        };
        let simple = |object: &Indirect| {
            object.stream.is_none()
                && !matches!(
                    object.value,
                    Object::Array(_) | Object::Dictionary(_) | Object::Reference(_)
                )
        };
        for id in entries
            .iter()
            .flat_map(Dictionary::entries)
            .filter_map(|entry| entry.value.reference())
        {
            let now = self.new.get_number(id.number)?;
            let before = self.old.get_number(id.number)?;
            if now.iter().chain(&before).all(|object| simple(object)) {
                self.explained.insert(id.number);
            }
        }
        Ok(())
    }

    /// All keys but some must be there on both sides, mean the same, and be frozen.
    pub fn compare_keys(
        &mut self,
        object: u32,
        before: &Dictionary,
        after: &Dictionary,
        except: &[&str],
    ) -> Result<(), ReadError> {
        let skipped = |key: &[u8]| except.iter().any(|known| known.as_bytes() == key);
        let (known, now) = (before.by_key(), after.by_key());
        for entry in before.entries().iter().filter(|entry| !skipped(&entry.key)) {
            let key = String::from_utf8_lossy(&entry.key).into_owned();
            match now.get(entry.key.as_slice()) {
                Some(now) if now.same(&entry.value) => self.freeze(now, &key)?,
                Some(_) => self.refuse(
                    object,
                    "key_changed",
                    &format!("bị thay giá trị /{key} sau khi ký"),
                ),
                None => self.refuse(object, "key_removed", &format!("bị bỏ giá trị /{key} sau khi ký")),
            }
        }
        for entry in after.entries().iter().filter(|entry| !skipped(&entry.key)) {
            if !known.contains_key(entry.key.as_slice()) {
                let key = String::from_utf8_lossy(&entry.key).into_owned();
                self.refuse(
                    object,
                    "key_added",
                    &format!("được thêm giá trị /{key} sau khi ký"),
                );
            }
        }
        Ok(())
    }
}

/// Whether a stream is of a type.
pub fn has_type(object: &Indirect, kind: &str) -> bool {
    object.stream.is_some()
        && object
            .dictionary()
            .and_then(|dictionary| dictionary.get("Type"))
            .is_some_and(|found| found.is_name(kind))
}

fn first_id(trailer: &Dictionary) -> Option<&Object> {
    trailer.get("ID")?.array()?.first()
}
