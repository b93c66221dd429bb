//! The form: signature fields may be added and signed, nothing else.

use std::collections::HashSet;

use super::step::Step;
use super::{AddedWidget, ChangeLevel};
use crate::document::{Dictionary, Field, Form, Object, ObjectId, ReadError, WidgetPlaces};

/// The form before and after.
pub struct Forms {
    before: Form,
    after: Form,
    old_value: Option<Object>,
    new_value: Option<Object>,
    /// Widgets of signature fields that the update adds.
    pub new_widgets: HashSet<ObjectId>,
}

/// What a new signature field may consist of: no actions, no optional content.
const NEW_FIELD: [&str; 26] = [
    "Type", "Subtype", "FT", "T", "TU", "TM", "Ff", "V", "Rect", "F", "P", "AP", "AS", "MK", "DA", "DR", "Q",
    "Parent", "Kids", "Lock", "SV", "M", "NM", "BS", "Border", "H",
];
/// What signing an empty field may change in it.
const SIGNED_NOW: [&str; 8] = ["V", "AP", "AS", "F", "M", "DA", "MK", "Q"];
/// What filling in a form may change in a field.
const FILLED_IN: [&str; 6] = ["V", "AP", "AS", "I", "M", "MK"];

impl Step<'_, '_> {
    /// Reads both forms; their fields get their role.
    pub(super) fn find_form(&mut self, old: &Dictionary, new: &Dictionary) -> Result<Forms, ReadError> {
        let (before, after) = (self.old.form()?, self.new.form()?);
        self.roles.fields.extend(
            before
                .fields
                .iter()
                .chain(&after.fields)
                .map(|field| field.id().number),
        );
        let known: HashSet<ObjectId> = before.fields.iter().map(Field::id).collect();
        let new_widgets = after
            .fields
            .iter()
            .filter(|field| {
                !known.contains(&field.id()) && field.is_signature() && self.is_added(field.id().number)
            })
            .filter(|field| {
                field
                    .dictionary()
                    .get("Subtype")
                    .is_some_and(|kind| kind.is_name("Widget"))
            })
            .map(Field::id)
            .collect();
        for id in [before.id, after.id].into_iter().flatten() {
            self.single(id.number);
        }
        Ok(Forms {
            before,
            after,
            old_value: old.get("AcroForm").cloned(),
            new_value: new.get("AcroForm").cloned(),
            new_widgets,
        })
    }

    pub(super) fn form(&mut self, forms: &Forms) -> Result<(), ReadError> {
        let holder = forms.after.id.map_or(0, |id| id.number);
        let empty = Dictionary::new();
        let (old, new) = match (&forms.before.dictionary, &forms.after.dictionary) {
            (None, None) => {
                if forms.old_value != forms.new_value {
                    self.refuse(holder, "form", "là biểu mẫu sai kiểu");
                }
                return Ok(());
            }
            (Some(_), None) => {
                self.refuse(holder, "form", "là biểu mẫu bị bỏ sau khi ký");
                return Ok(());
            }
            (old, Some(new)) => (old.as_ref().unwrap_or(&empty), new),
        };
        self.explained.insert(holder);
        if forms.before.id.is_some() && forms.before.id != forms.after.id {
            self.refuse(holder, "form", "là biểu mẫu thay cho biểu mẫu đã ký");
        }
        self.form_keys(holder, old, new, forms)?;
        self.fields(forms)
    }

    fn form_keys(
        &mut self,
        holder: u32,
        old: &Dictionary,
        new: &Dictionary,
        forms: &Forms,
    ) -> Result<(), ReadError> {
        if self
            .new
            .value(new, "NeedAppearances")?
            .same(&Object::Boolean(true))
            && !self
                .old
                .value(old, "NeedAppearances")?
                .same(&Object::Boolean(true))
        {
            self.refuse(holder, "form", "yêu cầu vẽ lại các trường sau khi ký");
        }
        let flags = |value: Object| value.integer().unwrap_or(0);
        let (before, after) = (
            flags(self.old.value(old, "SigFlags")?),
            flags(self.new.value(new, "SigFlags")?),
        );
        if before & after != before {
            self.refuse(holder, "form", "bị bỏ cờ chữ ký sau khi ký");
        }
        if let Some(flags) = new.get("SigFlags").filter(|flags| flags.reference().is_some()) {
            self.explain(flags)?;
        }
        self.list(holder, old.get("Fields"), new.get("Fields"), "Fields")?;
        self.default_resources(holder, old, new, forms)?;
        self.compare_keys(
            holder,
            old,
            new,
            &["Fields", "SigFlags", "DR", "DA", "NeedAppearances"],
        )
    }

    /// A list whose old elements must stay in front.
    fn list(
        &mut self,
        holder: u32,
        old: Option<&Object>,
        new: Option<&Object>,
        key: &str,
    ) -> Result<(), ReadError> {
        let before = old.map(|old| self.old.resolve(old)).transpose()?;
        let after = new.map(|new| self.new.resolve(new)).transpose()?;
        let before = before.as_ref().and_then(Object::array).unwrap_or_default();
        let after = after.as_ref().and_then(Object::array).unwrap_or_default();
        if before.len() > after.len()
            || before
                .iter()
                .zip(after)
                .any(|(before, after)| !before.same(after))
        {
            self.refuse(
                holder,
                "form",
                &format!("bị bớt hoặc đổi thứ tự /{key} sau khi ký"),
            );
        }
        if let Some(id) = new.and_then(Object::reference) {
            self.single(id.number);
        }
        Ok(())
    }

    /// `/DR` and `/DA`: signing programs rewrite them. Without other fields they show nothing; with other fields what was
    /// there must stay.
    fn default_resources(
        &mut self,
        holder: u32,
        old: &Dictionary,
        new: &Dictionary,
        forms: &Forms,
    ) -> Result<(), ReadError> {
        let others = forms
            .before
            .fields
            .iter()
            .any(|field| !field.is_signature() && !field.inner);
        if !others {
            for value in [new.get("DR"), new.get("DA")].into_iter().flatten() {
                self.explain(value)?;
            }
            return Ok(());
        }
        if !self.old.value(old, "DA")?.same(&self.new.value(new, "DA")?) {
            self.refuse(
                holder,
                "default_resources",
                "bị đổi kiểu chữ của các trường sau khi ký",
            );
        }
        let (before, after) = (self.old.value(old, "DR")?, self.new.value(new, "DR")?);
        let (Some(before), after) = (
            before.dictionary(),
            after.dictionary().cloned().unwrap_or_default(),
        ) else {
            return Ok(());
        };
        for category in before.entries() {
            let key = String::from_utf8_lossy(&category.key).into_owned();
            let then = self.old.resolve(&category.value)?;
            let now = self.new.value(&after, &key)?;
            let (Some(then), Some(now)) = (then.dictionary(), now.dictionary()) else {
                if !then.same(&now) {
                    self.refuse(
                        holder,
                        "default_resources",
                        "bị đổi tài nguyên của biểu mẫu sau khi ký",
                    );
                }
                continue;
            };
            for entry in then.entries() {
                let name = String::from_utf8_lossy(&entry.key);
                match now.get(&name) {
                    Some(value) if value.same(&entry.value) => self.freeze(value, &name)?,
                    _ => self.refuse(
                        holder,
                        "default_resources",
                        "bị đổi tài nguyên của biểu mẫu sau khi ký",
                    ),
                }
            }
        }
        for value in [Some(&Object::Dictionary(after.clone())), new.get("DR")]
            .into_iter()
            .flatten()
        {
            self.explain_containers(value)?;
        }
        Ok(())
    }

    /// Accepts changed objects that are dictionaries only: the categories of resources, not what they name.
    fn explain_containers(&mut self, value: &Object) -> Result<(), ReadError> {
        let direct: Vec<ObjectId> = match value {
            Object::Reference(id) => vec![*id],
            Object::Dictionary(dictionary) => dictionary
                .entries()
                .iter()
                .filter_map(|entry| entry.value.reference())
                .collect(),
            _ => Vec::new(),
        };
        for id in direct {
            if self
                .new
                .get(id)?
                .is_some_and(|found| found.dictionary().is_some() && found.stream.is_none())
            {
                self.single(id.number);
            }
        }
        Ok(())
    }

    fn fields(&mut self, forms: &Forms) -> Result<(), ReadError> {
        let mut places = WidgetPlaces::of(self.new);
        for after in &forms.after.fields {
            match forms.before.field(after.id()) {
                None => self.new_field(after, forms, &mut places)?,
                Some(before) => self.known_field(before, after, forms, &mut places)?,
            }
        }
        for before in &forms.before.fields {
            if forms.after.field(before.id()).is_none() {
                self.refuse(before.id().number, "field_removed", "là trường bị bỏ sau khi ký");
            }
        }
        Ok(())
    }

    fn new_field(
        &mut self,
        field: &Field,
        forms: &Forms,
        places: &mut WidgetPlaces<'_, '_>,
    ) -> Result<(), ReadError> {
        let number = field.id().number;
        let group = field.inner && field.kind.is_none() && !field.dictionary().contains("Subtype");
        if !(field.is_signature() || group) {
            self.refuse(number, "field_added", "là trường biểu mẫu được thêm sau khi ký");
            return Ok(());
        }
        if !self.is_added(number) {
            self.refuse(number, "field_added", "được dùng làm trường chữ ký sau khi ký");
            return Ok(());
        }
        let strange = field
            .dictionary()
            .entries()
            .iter()
            .find(|entry| !NEW_FIELD.iter().any(|known| known.as_bytes() == entry.key));
        if let Some(strange) = strange {
            let key = String::from_utf8_lossy(&strange.key).into_owned();
            self.refuse(
                number,
                "field_added",
                &format!("là trường chữ ký mới có thành phần lạ /{key}"),
            );
        }
        let twice = forms.after.fields.iter().any(|other| {
            other.id() != field.id() && other.name == field.name && !other.widget_only && !field.widget_only
        });
        if twice {
            self.refuse(number, "field_added", "là trường mới trùng tên với trường khác");
        }
        self.explained.insert(number);
        for key in ["V", "AP", "MK", "DR", "Lock", "SV"] {
            if let Some(value) = field.dictionary().get(key) {
                self.explain(value)?;
            }
        }
        if !group {
            self.signature_of(field, forms, places)?;
        }
        Ok(())
    }

    /// A field or widget whose signature came now: its level, and what it shows.
    fn signature_of(
        &mut self,
        field: &Field,
        forms: &Forms,
        places: &mut WidgetPlaces<'_, '_>,
    ) -> Result<(), ReadError> {
        let number = field.id().number;
        let owner = if field.widget_only {
            field
                .parent
                .and_then(|parent| forms.after.field(parent))
                .unwrap_or(field)
        } else {
            field
        };
        let value = owner.dictionary().get("V");
        let signed = match value {
            None | Some(Object::Null) => None,
            Some(Object::Reference(id)) if self.is_added(id.number) => self.new.get(*id)?,
            Some(_) => {
                self.refuse(
                    number,
                    "signature_value",
                    "có chữ ký không được tạo trong cùng phần bổ sung",
                );
                return Ok(());
            }
        };
        let shows = field.dictionary().contains("AP") || field.dictionary().contains("MK");
        // What one program does not understand, another one draws.
        let rectangle = self.new.rectangle(field.dictionary(), "Rect");
        if rectangle.is_err() || (shows && rectangle == Ok(None)) {
            self.refuse(number, "widget_rectangle", "có vị trí hiển thị không đọc được");
            return Ok(());
        }
        let area = places.area(field.id(), field.dictionary())?;
        let key = |name: &str| {
            signed
                .as_ref()
                .and_then(|signed| signed.dictionary()?.get(name).cloned())
        };
        if signed.is_some() && key("ByteRange").is_none() {
            self.refuse(number, "signature_value", "có chữ ký không ghi phạm vi được ký");
        }
        // A key of the signature as every reader resolves it.
        let is = |name: &str, expected: &str| -> Result<bool, ReadError> {
            let Some(value) = key(name) else { return Ok(false) };
            Ok(self.new.resolve(&value)?.is_name(expected))
        };
        let stamp = is("Type", "DocTimeStamp")? || is("SubFilter", "ETSI.RFC3161")?;
        if let (Some(area), true) = (area, shows) {
            if stamp {
                self.refuse(
                    number,
                    "timestamp_appearance",
                    "là dấu thời gian có hình ảnh hiển thị; dấu thời gian không do người ký tạo nên không được hiển thị",
                );
            }
            if signed.is_none() {
                self.refuse(
                    number,
                    "unsigned_appearance",
                    "hiển thị hình ảnh thêm sau mà không có chữ ký",
                );
            }
            self.added_widgets.push(AddedWidget {
                field: owner.name.clone(),
                revision: self.index(),
                area,
                share: places.share(&area)?,
            });
        }
        let (level, text) = match (signed.is_some(), stamp && area.is_none()) {
            (true, true) => (
                ChangeLevel::ValidationData,
                "Dấu thời gian của văn bản được bổ sung sau khi ký.",
            ),
            (true, false) => (ChangeLevel::NewSignatures, "Chữ ký được bổ sung sau."),
            (false, _) => (
                ChangeLevel::NewSignatures,
                "Trường chữ ký chưa ký được bổ sung sau.",
            ),
        };
        self.note(number, "signature_added", level, text);
        Ok(())
    }

    fn known_field(
        &mut self,
        before: &Field,
        after: &Field,
        forms: &Forms,
        places: &mut WidgetPlaces<'_, '_>,
    ) -> Result<(), ReadError> {
        let number = after.id().number;
        let (old, new) = (before.dictionary(), after.dictionary());
        if before.parent != after.parent || before.name != after.name || before.kind != after.kind {
            self.refuse(
                number,
                "field_changed",
                "là trường bị đổi tên, kiểu hoặc vị trí sau khi ký",
            );
        }
        if old.contains("Kids") || new.contains("Kids") {
            self.list(number, old.get("Kids"), new.get("Kids"), "Kids")?;
        }
        let signed_now = signed_now(before, after)
            || (after.widget_only
                && after.parent.is_some_and(|parent| {
                    let pair = (forms.before.field(parent), forms.after.field(parent));
                    matches!(pair, (Some(before), Some(after)) if signed_now(before, after))
                }));
        let mut except = vec!["Kids", "Parent", "P"];
        for key in ["Parent", "P"] {
            if old.get(key) != new.get(key) {
                self.refuse(number, "field_changed", "là trường bị chuyển chỗ sau khi ký");
            }
        }
        self.explained.insert(number);
        if signed_now {
            except.extend(SIGNED_NOW);
            for key in SIGNED_NOW {
                if let Some(value) = new.get(key) {
                    self.explain(value)?;
                }
            }
            self.signature_of(after, forms, places)?;
        } else if !after.is_signature() {
            except.extend(FILLED_IN);
            self.filled_in(number, old, new)?;
        }
        self.compare_keys(number, old, new, &except)
    }

    /// Values of other fields: a level of its own, which documents of the state do not have.
    fn filled_in(&mut self, number: u32, old: &Dictionary, new: &Dictionary) -> Result<(), ReadError> {
        let mut filled = false;
        for key in FILLED_IN {
            let touched = new.get(key).is_some_and(|value| touches(self, value));
            filled |= touched || old.get(key) != new.get(key);
            if let Some(value) = new.get(key) {
                if touched {
                    self.explain(value)?;
                } else {
                    self.freeze(value, key)?;
                }
            }
        }
        if filled {
            let text = format!("Trường biểu mẫu (đối tượng {number}) được điền hoặc sửa sau khi ký.");
            self.note(number, "form_filling", ChangeLevel::FormFilling, &text);
        }
        Ok(())
    }
}

fn signed_now(before: &Field, after: &Field) -> bool {
    let empty = |field: &Field| matches!(field.dictionary().get("V"), None | Some(Object::Null));
    before.is_signature() && after.is_signature() && empty(before) && !empty(after)
}

fn touches(step: &Step<'_, '_>, value: &Object) -> bool {
    match value {
        Object::Reference(id) => step.is_changed(id.number),
        Object::Array(items) => items.iter().any(|item| touches(step, item)),
        Object::Dictionary(dictionary) => dictionary
            .entries()
            .iter()
            .any(|entry| touches(step, &entry.value)),
        _ => false,
    }
}
