//! Writes the files from which fuzzing begins: `make_seeds TARGET FOLDER`.
#![expect(clippy::unwrap_used, reason = "a tool for development")]

use std::{
    env, fs,
    io::{Cursor, Write},
    path::Path,
};

use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

fn main() {
    let mut arguments = env::args().skip(1);
    let (target, folder) = (arguments.next().unwrap(), arguments.next().unwrap());
    let folder = Path::new(&folder);
    if target == "attachment" {
        archives(folder);
    } else {
        messages(folder);
    }
}

/// The samples and what fuzzing found before.
fn messages(folder: &Path) {
    for from in ["samples", "findings"] {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(from);
        for entry in fs::read_dir(from).unwrap() {
            let path = entry.unwrap().path();
            fs::copy(&path, folder.join(path.file_name().unwrap())).unwrap();
        }
    }
    let odd = "<?xml version='1.0' encoding='windows-1258'?><x:edXML><x:MessageHeader><Business/><x:DocumentId>1</x:DocumentId>\
        <Code><CodeNumber>1/A</CodeNumber></Code><OtherInfo><Priority>9</Priority><Appendixes><Appendix>&#x1;<![CDATA[a]]>\
        </Appendix></Appendixes></OtherInfo></x:MessageHeader><edXMLAttachments><Attachment><AttachmentName>a.txt\
        </AttachmentName><AttachmentData>YWJj&#13;<![CDATA[YWJj]]></AttachmentData></Attachment></edXMLAttachments></x:edXML>";
    fs::write(folder.join("odd"), odd).unwrap();
}

/// Archives behind the byte that picks the name.
fn archives(folder: &Path) {
    let kinds: [(&str, CompressionMethod, &[&str]); 4] = [
        ("deflated", CompressionMethod::Deflated, &["a.xls"]),
        ("stored", CompressionMethod::Stored, &["a.xls"]),
        ("two", CompressionMethod::Deflated, &["a.xls", "b.xls"]),
        ("document", CompressionMethod::Deflated, &["[Content_Types].xml"]),
    ];
    for (kind, method, names) in kinds {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        for name in names {
            archive
                .start_file(*name, SimpleFileOptions::default().compression_method(method))
                .unwrap();
            archive.write_all(&b"noi dung ".repeat(20)).unwrap();
        }
        let bytes = archive.finish().unwrap().into_inner();
        for pick in 0..8 {
            fs::write(
                folder.join(format!("{kind}-{pick}")),
                [&[pick], bytes.as_slice()].concat(),
            )
            .unwrap();
        }
    }
}
