//! Fonts: read once, embedded as subsets.

use std::collections::BTreeMap;
use std::sync::Arc;

use subsetter::GlyphRemapper;
use ttf_parser::{Face, GlyphId, name_id};

use super::AppearanceError;
use super::text::deflated;
use crate::update::{RawObject, placeholder};

/// A TrueType font. Clones share the bytes.
#[derive(Clone)]
pub struct Font {
    bytes: Arc<[u8]>,
    index: u32,
}

/// The two faces in which number and date are written.
#[derive(Debug, Clone)]
pub struct Fonts {
    /// Upright: ô 3 and notes.
    pub regular: Font,
    /// Italic: ô 4.
    pub italic: Font,
}

impl std::fmt::Debug for Font {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Font")
            .field("bytes", &self.bytes.len())
            .field("index", &self.index)
            .finish()
    }
}

impl Font {
    /// A font from the bytes of a `.ttf` or `.ttc` file, `index` being the place in a collection (0 otherwise).
    ///
    /// # Errors
    /// [`AppearanceError::Font`] when it cannot be read, has no TrueType outlines or forbids embedding.
    pub fn new(bytes: impl Into<Arc<[u8]>>, index: u32) -> Result<Self, AppearanceError> {
        let font = Self {
            bytes: bytes.into(),
            index,
        };
        let face = font.face()?;
        if face.tables().glyf.is_none() {
            return Err(unusable("thiếu đường nét TrueType"));
        }
        if face.permissions() == Some(ttf_parser::Permissions::Restricted) {
            return Err(unusable("không cho phép nhúng"));
        }
        Ok(font)
    }

    #[cfg(test)]
    pub(super) fn file(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn face(&self) -> Result<Face<'_>, AppearanceError> {
        Face::parse(&self.bytes, self.index).map_err(|error| unusable(&error.to_string()))
    }
}

fn unusable(detail: &str) -> AppearanceError {
    AppearanceError::Font {
        detail: detail.to_owned(),
    }
}

/// A font in use: which glyphs of it are needed, under which numbers, and what they mean.
pub(super) struct UsedFont<'a> {
    font: &'a Font,
    face: Face<'a>,
    glyphs: GlyphRemapper,
    /// New number → the character it stands for and its width in thousandths of an em.
    meaning: BTreeMap<u16, (char, f64)>,
}

impl<'a> UsedFont<'a> {
    pub fn new(font: &'a Font) -> Result<Self, AppearanceError> {
        Ok(Self {
            font,
            face: font.face()?,
            glyphs: GlyphRemapper::new(),
            meaning: BTreeMap::new(),
        })
    }

    fn glyph(&self, character: char) -> Result<GlyphId, AppearanceError> {
        self.face
            .glyph_index(character)
            .ok_or(AppearanceError::MissingLetter { character })
    }

    /// Thousandths of an em.
    fn advance(&self, glyph: GlyphId) -> f64 {
        let units = f64::from(self.face.glyph_hor_advance(glyph).unwrap_or_default());
        units * 1000.0 / f64::from(self.face.units_per_em())
    }

    /// Width of a text in ems.
    pub fn width(&self, text: &str) -> Result<f64, AppearanceError> {
        let mut width = 0.0;
        for character in text.chars() {
            width += self.advance(self.glyph(character)?);
        }
        Ok(width / 1000.0)
    }

    /// The text as a hexadecimal string of glyph numbers.
    pub fn encode(&mut self, text: &str) -> Result<String, AppearanceError> {
        let mut hex = String::from("<");
        for character in text.chars() {
            let glyph = self.glyph(character)?;
            let number = self.glyphs.remap(glyph.0);
            let advance = self.advance(glyph);
            self.meaning.entry(number).or_insert((character, advance));
            hex.push_str(&format!("{number:04X}"));
        }
        hex.push('>');
        Ok(hex)
    }

    /// The five objects of the font; the first, which resources refer to, gets the number `first`.
    pub fn objects(&self, first: usize) -> Result<Vec<RawObject>, AppearanceError> {
        let subset = subsetter::subset(&self.font.bytes, self.font.index, &self.glyphs)
            .map_err(|error| unusable(&error.to_string()))?;
        let name = self.name(&subset);
        let [descendant, descriptor, unicode, file] = [1, 2, 3, 4].map(|offset| placeholder(first + offset));
        let plain = |dictionary: String| RawObject {
            dictionary: dictionary.into_bytes(),
            stream: None,
        };
        let packed = |dictionary: &str, data: &[u8]| -> Result<RawObject, AppearanceError> {
            Ok(RawObject {
                dictionary: dictionary.as_bytes().to_vec(),
                stream: Some(deflated(data).map_err(|error| unusable(&error.to_string()))?),
            })
        };
        let widths: String = self
            .meaning
            .iter()
            .map(|(number, (_, width))| format!("{number} [{width:.3}] "))
            .collect();
        Ok(vec![
            plain(format!(
                "<< /Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H \
                 /DescendantFonts [{descendant}] /ToUnicode {unicode} >>"
            )),
            plain(format!(
                "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{name} /CIDSystemInfo << /Registry (Adobe) \
                 /Ordering (Identity) /Supplement 0 >> /FontDescriptor {descriptor} /DW 0 /W [{widths}] \
                 /CIDToGIDMap /Identity >>"
            )),
            plain(self.descriptor(&name, &file)),
            packed("<< /Filter /FlateDecode >>", self.unicode_map().as_bytes())?,
            packed(
                &format!("<< /Filter /FlateDecode /Length1 {} >>", subset.len()),
                &subset,
            )?,
        ])
    }

    /// PostScript name with the six letters of a subset, which differ when the subset does.
    fn name(&self, subset: &[u8]) -> String {
        use sha2::{Digest as _, Sha256};
        let tag: String = Sha256::digest(subset)
            .iter()
            .take(6)
            .map(|byte| char::from(b'A' + byte % 26))
            .collect();
        let full = self
            .face
            .names()
            .into_iter()
            .filter(|name| name.name_id == name_id::POST_SCRIPT_NAME)
            .find_map(|name| name.to_string())
            .unwrap_or_default();
        let plain: String = full
            .chars()
            .filter(|sign| sign.is_ascii_alphanumeric() || *sign == '-')
            .collect();
        format!("{tag}+{}", if plain.is_empty() { "Font" } else { &plain })
    }

    fn descriptor(&self, name: &str, file: &str) -> String {
        let scale = |units: i16| f64::from(units) * 1000.0 / f64::from(self.face.units_per_em());
        let bounds = self.face.global_bounding_box();
        let angle = f64::from(self.face.italic_angle());
        // serif and symbolic (its own glyph numbers), and italic where it is
        let flags = 2 + 4 + if angle == 0.0 { 0 } else { 64 };
        let capitals = self.face.capital_height().unwrap_or_else(|| self.face.ascender());
        format!(
            "<< /Type /FontDescriptor /FontName /{name} /Flags {flags} /FontBBox [{:.0} {:.0} {:.0} {:.0}] \
             /ItalicAngle {angle:.1} /Ascent {:.0} /Descent {:.0} /CapHeight {:.0} /StemV 80 /FontFile2 {file} >>",
            scale(bounds.x_min),
            scale(bounds.y_min),
            scale(bounds.x_max),
            scale(bounds.y_max),
            scale(self.face.ascender()),
            scale(self.face.descender()),
            scale(capitals),
        )
    }

    /// What the glyphs mean, so that the text can be searched and copied.
    fn unicode_map(&self) -> String {
        let mut map = String::from(
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n\
             /CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n\
             /CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n\
             1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n",
        );
        let entries: Vec<_> = self.meaning.iter().collect();
        // at most a hundred in one block
        for block in entries.chunks(100) {
            map.push_str(&format!("{} beginbfchar\n", block.len()));
            for (number, (character, _)) in block {
                let mut units = [0; 2];
                let code: String = character
                    .encode_utf16(&mut units)
                    .iter()
                    .map(|unit| format!("{unit:04X}"))
                    .collect();
                map.push_str(&format!("<{number:04X}> <{code}>\n"));
            }
            map.push_str("endbfchar\n");
        }
        map.push_str("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend");
        map
    }
}
