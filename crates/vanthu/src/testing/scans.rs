//! Scans: PDFs whose page is a picture.

use lopdf::{
    Document, Object, Stream,
    content::{Content, Operation},
    dictionary,
    xref::XrefType,
};

/// A page of A4 that is one picture of so many points in this space of colours, drawn into this part of the page.
pub fn scan(version: &str, points: (i64, i64), space: Object, part: f32) -> Vec<u8> {
    let mut document = Document::with_version(version);
    // A stream instead of a table would make the file one of PDF 1.5.
    document.reference_table.cross_reference_type = XrefType::CrossReferenceTable;
    let pages = document.new_object_id();
    let image = document.add_object(Stream::new(
        dictionary! {
            "Type" => "XObject", "Subtype" => "Image", "Width" => points.0, "Height" => points.1,
            "ColorSpace" => space, "BitsPerComponent" => 8,
        },
        vec![0; 16],
    ));
    let zero = Object::Real(0.0);
    let operations = vec![
        Operation::new("q", vec![]),
        Operation::new(
            "cm",
            vec![
                Object::Real(595.0 * part),
                zero.clone(),
                zero.clone(),
                Object::Real(842.0 * part),
                zero.clone(),
                zero,
            ],
        ),
        Operation::new("Do", vec!["I".into()]),
        Operation::new("Q", vec![]),
    ];
    let content = document.add_object(Stream::new(
        dictionary! {},
        Content { operations }.encode().unwrap(),
    ));
    let page = document.add_object(dictionary! {
        "Type" => "Page", "Parent" => pages, "Contents" => content,
        "Resources" => dictionary! { "XObject" => dictionary! { "I" => image } },
    });
    document.objects.insert(
        pages,
        Object::Dictionary(dictionary! {
            "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1,
            "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
        }),
    );
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    document.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}
