//! A signature field: merged with its widget, listed in the form and among the annotations of its page.

use super::{FormXObject, Update, name, text};
use crate::document::{Dictionary, Object, ObjectId, Page, ReadError};

/// Flags of the widget: printed, locked.
const PRINT_AND_LOCKED: i64 = 4 | 128;
/// Flags of the form: signatures exist, append only.
const SIGNATURES_EXIST_APPEND_ONLY: i64 = 3;

/// A field to add.
pub struct NewField<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its page.
    pub page: &'a Page,
    /// Rectangle in units of the page; `None` makes it invisible.
    pub rectangle: Option<[f64; 4]>,
    /// What is seen in the rectangle.
    pub drawing: Option<&'a FormXObject>,
    /// Object of the signature dictionary.
    pub value: ObjectId,
}

/// Adds a field and returns its object.
pub fn add_signature_field(update: &mut Update<'_, '_>, field: &NewField<'_>) -> Result<ObjectId, ReadError> {
    let mut widget = Dictionary::new();
    widget.set("Type", name("Annot"));
    widget.set("Subtype", name("Widget"));
    widget.set("FT", name("Sig"));
    widget.set("T", text(field.name));
    widget.set("F", Object::Integer(PRINT_AND_LOCKED));
    widget.set("P", Object::Reference(field.page.object.id));
    let rectangle = field.rectangle.unwrap_or_default();
    widget.set(
        "Rect",
        Object::Array(rectangle.iter().map(|side| Object::Real(*side)).collect()),
    );
    widget.set("V", Object::Reference(field.value));
    if field.rectangle.is_some() {
        // PDF/A wants an appearance wherever there is an extent, be it an empty one.
        let empty = FormXObject {
            bbox: [0.0, 0.0, 1.0, 1.0],
            ..FormXObject::default()
        };
        let drawn = update.add_form(field.drawing.unwrap_or(&empty), upright(field.page.rotation));
        let mut appearance = Dictionary::new();
        appearance.set("N", Object::Reference(drawn));
        widget.set("AP", Object::Dictionary(appearance));
    }
    let widget = update.add(Object::Dictionary(widget));
    update.append(field.page.object.id, "Annots", Object::Reference(widget))?;
    add_to_form(update, widget)?;
    Ok(widget)
}

/// Turns a drawing so that it stands upright on a page that is shown turned clockwise by this angle.
fn upright(rotation: u16) -> [i8; 4] {
    match rotation {
        90 => [0, 1, -1, 0],
        180 => [-1, 0, 0, -1],
        270 => [0, -1, 1, 0],
        _ => [1, 0, 0, 1],
    }
}

fn add_to_form(update: &mut Update<'_, '_>, widget: ObjectId) -> Result<(), ReadError> {
    let root = update.document().latest().root()?;
    let Object::Dictionary(catalog) = update.current(root)? else {
        return Err(ReadError::DamagedObject(
            root.number,
            "không phải danh mục của văn bản",
        ));
    };
    let flags = |form: &Dictionary| {
        let known = form.get("SigFlags").and_then(Object::integer).unwrap_or(0);
        Object::Integer(known | SIGNATURES_EXIST_APPEND_ONLY)
    };
    match catalog.get("AcroForm") {
        Some(Object::Reference(id)) if update.current(*id).is_ok_and(|form| form.dictionary().is_some()) => {
            update.append(*id, "Fields", Object::Reference(widget))?;
            update.edit(*id, |form| form.set("SigFlags", flags(form)))
        }
        Some(Object::Dictionary(form)) => {
            let mut form = form.clone();
            form.set("SigFlags", flags(&form));
            match form.get("Fields") {
                Some(Object::Reference(list)) => {
                    let Object::Array(mut items) = update.current(*list)? else {
                        return Err(ReadError::DamagedForm("danh sách trường sai kiểu"));
                    };
                    items.push(Object::Reference(widget));
                    update.set(*list, Object::Array(items));
                }
                other => {
                    let mut items = other.and_then(Object::array).unwrap_or_default().to_vec();
                    items.push(Object::Reference(widget));
                    form.set("Fields", Object::Array(items));
                }
            }
            update.edit(root, |catalog| catalog.set("AcroForm", Object::Dictionary(form)))
        }
        _ => {
            let mut form = Dictionary::new();
            form.set("Fields", Object::Array(vec![Object::Reference(widget)]));
            form.set("SigFlags", flags(&form));
            let form = update.add(Object::Dictionary(form));
            update.edit(root, |catalog| catalog.set("AcroForm", Object::Reference(form)))
        }
    }
}
