//! The page tree: order, inherited boxes and rotation.

use std::collections::HashSet;
use std::rc::Rc;

use super::error::ReadError;
use super::limits;
use super::object::{Dictionary, Indirect, Object, ObjectId};
use super::view::View;

/// One page as it is seen.
#[derive(Clone, Debug)]
pub struct Page {
    /// Object of the page.
    pub object: Rc<Indirect>,
    /// What is seen of it: crop box within media box; left, bottom, right, top in units of the page.
    pub seen: [f64; 4],
    /// Clockwise rotation when seen: 0, 90, 180, 270.
    pub rotation: u16,
    /// Points per unit of the page, usually 1.
    pub user_unit: f64,
}

#[derive(Clone, Default)]
struct Inherited {
    media: Option<[f64; 4]>,
    crop: Option<[f64; 4]>,
    rotation: Option<i64>,
}

/// Takes a page with what it inherits; says whether to go on.
type Visitor<'v> = dyn FnMut(&Rc<Indirect>, &Inherited) -> Result<bool, ReadError> + 'v;

/// US Letter, what readers assume when a file says nothing.
const DEFAULT_MEDIA: [f64; 4] = [0.0, 0.0, 612.0, 792.0];

impl View<'_, '_> {
    /// All pages in order, and the nodes above them.
    ///
    /// # Errors
    /// Not a tree, too deep, too many.
    pub fn page_tree(&self) -> Result<PageTree, ReadError> {
        let mut tree = PageTree::default();
        self.walk_pages(&mut |page, _| {
            tree.pages.push(page.id);
            Ok(true)
        })
        .map(|nodes| tree.nodes = nodes)?;
        Ok(tree)
    }

    /// A page by its number, from 1; `None` when there are fewer.
    ///
    /// # Errors
    /// As [`View::page_tree`]; boxes that are no rectangles.
    pub fn page(&self, number: u32) -> Result<Option<Page>, ReadError> {
        let mut left = number;
        let mut found = None;
        self.walk_pages(&mut |object, inherited| {
            left = left.saturating_sub(1);
            if left == 0 && number > 0 {
                found = Some(self.finished_page(object, inherited)?);
                return Ok(false);
            }
            Ok(number > 0)
        })?;
        Ok(found)
    }

    fn finished_page(&self, object: &Rc<Indirect>, inherited: &Inherited) -> Result<Page, ReadError> {
        let media = inherited.media.unwrap_or(DEFAULT_MEDIA);
        let crop = inherited.crop.unwrap_or(media);
        let both = [
            crop[0].max(media[0]),
            crop[1].max(media[1]),
            crop[2].min(media[2]),
            crop[3].min(media[3]),
        ];
        let seen = if both[0] < both[2] && both[1] < both[3] {
            both
        } else {
            media
        };
        let rotation = inherited.rotation.unwrap_or(0).rem_euclid(360);
        let rotation = match rotation {
            0 => 0,
            90 => 90,
            180 => 180,
            270 => 270,
            _ => return Err(ReadError::DamagedPages("góc xoay sai")),
        };
        let unit = object
            .dictionary()
            .map_or(Ok(Object::Null), |page| self.value(page, "UserUnit"))?;
        let user_unit = unit
            .number()
            .filter(|unit| (0.001..=10_000.0).contains(unit))
            .unwrap_or(1.0);
        Ok(Page {
            object: Rc::clone(object),
            seen,
            rotation,
            user_unit,
        })
    }

    /// Visits the pages in order until the visitor says `false`; returns the inner nodes seen.
    fn walk_pages(&self, visit: &mut Visitor<'_>) -> Result<Vec<ObjectId>, ReadError> {
        let catalog = self.catalog()?;
        let root = catalog
            .dictionary()
            .and_then(|catalog| catalog.get("Pages"))
            .and_then(Object::reference);
        let root = root.ok_or(ReadError::DamagedPages("thiếu Pages"))?;
        let mut seen = HashSet::new();
        let mut nodes = Vec::new();
        // The stack holds what is still to visit, in order; depth counts ancestors.
        let mut stack = vec![(root, Inherited::default(), 0usize)];
        while let Some((id, mut inherited, depth)) = stack.pop() {
            if !seen.insert(id.number) {
                return Err(ReadError::PageTreeLoop);
            }
            if depth > limits::DEPTH || seen.len() > limits::PAGES {
                return Err(ReadError::Limit("cây trang"));
            }
            let node = self.get(id)?.ok_or(ReadError::DamagedPages("thiếu trang"))?;
            let dictionary = node.dictionary().filter(|_| node.stream.is_none());
            let dictionary = dictionary.ok_or(ReadError::DamagedPages("trang sai kiểu"))?;
            self.inherit(dictionary, &mut inherited)?;
            let kind = self.value(dictionary, "Type")?;
            let inner = kind.is_name("Pages") || (kind == Object::Null && dictionary.contains("Kids"));
            if !inner {
                if !kind.is_name("Page") || depth == 0 {
                    return Err(ReadError::DamagedPages("trang sai kiểu"));
                }
                if !visit(&node, &inherited)? {
                    return Ok(nodes);
                }
                continue;
            }
            nodes.push(id);
            let kids = self.value(dictionary, "Kids")?;
            let kids = kids.array().ok_or(ReadError::DamagedPages("thiếu Kids"))?;
            for kid in kids.iter().rev() {
                let kid = kid
                    .reference()
                    .ok_or(ReadError::DamagedPages("trang không phải tham chiếu"))?;
                stack.push((kid, inherited.clone(), depth + 1));
            }
            if stack.len() > limits::PAGES {
                return Err(ReadError::Limit("cây trang"));
            }
        }
        Ok(nodes)
    }

    fn inherit(&self, node: &Dictionary, inherited: &mut Inherited) -> Result<(), ReadError> {
        if let Some(media) = self.rectangle(node, "MediaBox")? {
            inherited.media = Some(media);
        }
        if let Some(crop) = self.rectangle(node, "CropBox")? {
            inherited.crop = Some(crop);
        }
        if let Some(rotation) = self.value(node, "Rotate")?.integer() {
            inherited.rotation = Some(rotation);
        }
        Ok(())
    }

    /// A rectangle with its corners in order; `None` when the key is missing.
    ///
    /// # Errors
    /// Not four numbers.
    pub fn rectangle(&self, dictionary: &Dictionary, key: &str) -> Result<Option<[f64; 4]>, ReadError> {
        let value = self.value(dictionary, key)?;
        if value == Object::Null {
            return Ok(None);
        }
        let wrong = ReadError::DamagedPages("khung trang sai");
        let items = value.array().ok_or(wrong.clone())?;
        let mut corners = Vec::with_capacity(4);
        for item in items {
            corners.push(self.resolve(item)?.number().ok_or(wrong.clone())?);
        }
        let [a, b, c, d] = corners[..] else {
            return Err(wrong);
        };
        Ok(Some([a.min(c), b.min(d), a.max(c), b.max(d)]))
    }
}

/// The page tree by object.
#[derive(Clone, Debug, Default)]
pub struct PageTree {
    /// Pages in order.
    pub pages: Vec<ObjectId>,
    /// Nodes above them.
    pub nodes: Vec<ObjectId>,
}
