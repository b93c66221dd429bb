//! Which bytes a signature stands for: all of its revision but itself, or it is refused.

use std::ops::Range;

use super::Document;
use super::object::{Dictionary, Indirect, Object};
use super::signatures::StructureRefusal;
use super::xref::{Place, Section};

/// The two signed parts, when the structure leaves no doubt about them.
pub fn check(
    document: &Document<'_>,
    signature: &Dictionary,
    holder: &Indirect,
) -> Result<[Range<usize>; 2], StructureRefusal> {
    if holder.container.is_some() || holder.stream.is_some() || signature.entries().is_empty() {
        return Err(StructureRefusal::NotPlain);
    }
    let range = byte_range(signature).ok_or(StructureRefusal::BadByteRange)?;
    let [start, first, second, length] = range;
    let end = second.checked_add(length).ok_or(StructureRefusal::BadByteRange)?;
    if start != 0 || first == 0 || second <= first || length == 0 || end > document.bytes().len() {
        return Err(StructureRefusal::BadByteRange);
    }
    let contents = signature.entry("Contents").ok_or(StructureRefusal::BadContents)?;
    match &contents.value {
        Object::String { bytes, .. } if !bytes.is_empty() => {}
        _ => return Err(StructureRefusal::BadContents),
    }
    let gap = first..second;
    if contents.span != gap || !is_plain_hex(document.bytes().get(gap.clone()).unwrap_or_default()) {
        return Err(StructureRefusal::GapIsNotContents);
    }
    let revisions = document.revisions();
    let own = revisions
        .iter()
        .position(|revision| revision.bytes.contains(&holder.span.start));
    let (Some(index), Some(own)) = (own, own.and_then(|own| revisions.get(own))) else {
        return Err(StructureRefusal::ShortCoverage);
    };
    // Whether a signer took the line end behind %%EOF along is of no consequence.
    if !(own.bytes.end..=own.end_with_line_ends).contains(&end) {
        return Err(StructureRefusal::ShortCoverage);
    }
    reaches_outside(document, index, &gap, own.bytes.end)?;
    inside_object(document, index, &gap, holder)?;
    Ok([0..first, second..end])
}

fn byte_range(signature: &Dictionary) -> Option<[usize; 4]> {
    // A reference would be an object that somebody could replace later.
    let items = signature.get("ByteRange")?.array()?;
    let numbers: Option<Vec<usize>> = items
        .iter()
        .map(|item| item.integer().and_then(|value| usize::try_from(value).ok()))
        .collect();
    numbers?.try_into().ok()
}

/// `<`, an even number of hexadecimal digits, `>`, and nothing else.
fn is_plain_hex(token: &[u8]) -> bool {
    match token {
        [b'<', digits @ .., b'>'] => digits.len() % 2 == 0 && digits.iter().all(u8::is_ascii_hexdigit),
        _ => false,
    }
}

fn reaches_outside(
    document: &Document<'_>,
    revision: usize,
    gap: &Range<usize>,
    end: usize,
) -> Result<(), StructureRefusal> {
    for section in (0..=revision).flat_map(|index| document.sections_of(index)) {
        let outside = |offset: usize| offset >= end || gap.contains(&offset);
        let entry_outside = section
            .entries()
            .iter()
            .any(|(_, place)| matches!(place, Place::At { offset, .. } if outside(*offset)));
        if entry_outside || outside(section.offset) || section.hybrid_stream.is_some_and(outside) {
            return Err(StructureRefusal::ReachesOutside);
        }
    }
    Ok(())
}

/// An object around the signature would have unsigned bytes in it: text of a page that changes with the padding.
fn inside_object(
    document: &Document<'_>,
    revision: usize,
    gap: &Range<usize>,
    holder: &Indirect,
) -> Result<(), StructureRefusal> {
    if holder.span.start >= gap.start || holder.span.end <= gap.end {
        return Err(StructureRefusal::GapIsNotContents);
    }
    for index in 0..=revision {
        let view = document.at(index);
        for (number, place) in document.sections_of(index).iter().flat_map(Section::entries) {
            let Place::At { offset, .. } = place else { continue };
            if *offset >= gap.start || *offset == holder.span.start {
                continue;
            }
            // An object that cannot be read shows nothing; whoever needs it meets the error itself.
            let Ok(Some(object)) = view.load(*number, *place) else {
                continue;
            };
            if object.span.end > gap.start {
                return Err(StructureRefusal::GapInsideObject);
            }
        }
    }
    Ok(())
}
