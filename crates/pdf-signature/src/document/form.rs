//! The interactive form: its fields by object.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::error::ReadError;
use super::limits;
use super::object::{Dictionary, Indirect, Object, ObjectId};
use super::view::View;

/// A node of the form: a field, or a widget below one.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its object.
    pub object: Rc<Indirect>,
    /// The node above it.
    pub parent: Option<ObjectId>,
    /// Names from the top, joined by dots.
    pub name: String,
    /// `/FT`, also inherited.
    pub kind: Option<Vec<u8>>,
    /// It has children.
    pub inner: bool,
    /// It has no name of its own: another widget of the field above it.
    pub widget_only: bool,
}

impl Field {
    /// Number and generation.
    pub fn id(&self) -> ObjectId {
        self.object.id
    }

    /// Its dictionary.
    pub fn dictionary(&self) -> &Dictionary {
        static EMPTY: Dictionary = Dictionary::EMPTY;
        self.object.dictionary().unwrap_or(&EMPTY)
    }

    /// Whether it is a signature field.
    pub fn is_signature(&self) -> bool {
        self.kind.as_deref() == Some(b"Sig")
    }
}

/// The interactive form of a revision.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// The form's dictionary; `None` when there is no form.
    pub dictionary: Option<Dictionary>,
    /// Its object, unless it stands in the catalog itself.
    pub id: Option<ObjectId>,
    /// All nodes, parents before children.
    pub fields: Vec<Field>,
    by_object: HashMap<ObjectId, usize>,
}

impl Form {
    /// A node by its object.
    pub fn field(&self, id: ObjectId) -> Option<&Field> {
        self.by_object.get(&id).and_then(|index| self.fields.get(*index))
    }
}

impl View<'_, '_> {
    /// The interactive form.
    ///
    /// # Errors
    /// Not a tree, fields that are no objects, too many.
    pub fn form(&self) -> Result<Form, ReadError> {
        let catalog = self.catalog()?;
        let Some(entry) = catalog.dictionary().and_then(|catalog| catalog.get("AcroForm")) else {
            return Ok(Form::default());
        };
        let id = entry.reference();
        let dictionary = match self.resolve(entry)? {
            Object::Null => {
                return Ok(Form {
                    id,
                    ..Form::default()
                });
            }
            Object::Dictionary(dictionary) => dictionary,
            _ => return Err(ReadError::DamagedForm("biểu mẫu sai kiểu")),
        };
        let mut fields = Vec::new();
        let top = self.value(&dictionary, "Fields")?;
        let mut seen = HashSet::new();
        let mut stack: Vec<(ObjectId, Option<usize>, usize)> = Vec::new();
        for field in children(&top)?.into_iter().rev() {
            stack.push((field, None, 0));
        }
        while let Some((id, parent, depth)) = stack.pop() {
            if !seen.insert(id.number) {
                return Err(ReadError::DamagedForm("một trường được liệt kê hai lần"));
            }
            if depth > limits::DEPTH || seen.len() > limits::FIELDS {
                return Err(ReadError::Limit("số trường biểu mẫu"));
            }
            // A field that is listed but does not exist shows nothing and signs nothing.
            let Some(object) = self.get(id)? else { continue };
            let above: Option<&Field> = parent.and_then(|parent: usize| fields.get(parent));
            let (field, kids) = self.field(object, above)?;
            let index = fields.len();
            fields.push(field);
            for kid in kids.into_iter().rev() {
                stack.push((kid, Some(index), depth + 1));
            }
        }
        let by_object = fields
            .iter()
            .enumerate()
            .map(|(index, field)| (field.id(), index))
            .collect();
        Ok(Form {
            dictionary: Some(dictionary),
            id,
            fields,
            by_object,
        })
    }

    fn field(
        &self,
        object: Rc<Indirect>,
        above: Option<&Field>,
    ) -> Result<(Field, Vec<ObjectId>), ReadError> {
        let wrong = ReadError::DamagedForm("trường sai kiểu");
        let dictionary = object
            .dictionary()
            .filter(|_| object.stream.is_none())
            .ok_or(wrong)?;
        let own_name = self.value(dictionary, "T")?.text();
        let name = match (
            above
                .map(|above| above.name.as_str())
                .filter(|name| !name.is_empty()),
            &own_name,
        ) {
            (Some(above), Some(own)) => format!("{above}.{own}"),
            (Some(above), None) => above.to_owned(),
            (None, own) => own.clone().unwrap_or_default(),
        };
        let kind = self.value(dictionary, "FT")?.name().map(<[u8]>::to_vec);
        let kind = kind.or_else(|| above.and_then(|above| above.kind.clone()));
        let kids = children(&self.value(dictionary, "Kids")?)?;
        let field = Field {
            parent: above.map(Field::id),
            name,
            kind,
            inner: !kids.is_empty(),
            widget_only: own_name.is_none() && above.is_some(),
            object,
        };
        Ok((field, kids))
    }
}

fn children(list: &Object) -> Result<Vec<ObjectId>, ReadError> {
    match list {
        Object::Null => Ok(Vec::new()),
        Object::Array(items) => items
            .iter()
            .map(|item| {
                item.reference()
                    .ok_or(ReadError::DamagedForm("trường không phải tham chiếu"))
            })
            .collect(),
        _ => Err(ReadError::DamagedForm("danh sách trường sai kiểu")),
    }
}
