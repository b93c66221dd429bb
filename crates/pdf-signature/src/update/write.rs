//! From values to PDF source.

use crate::document::{Dictionary, Object, is_space};

/// Writes a value.
pub fn write(value: &Object, out: &mut Vec<u8>) {
    match value {
        Object::Null => out.extend_from_slice(b"null"),
        Object::Boolean(true) => out.extend_from_slice(b"true"),
        Object::Boolean(false) => out.extend_from_slice(b"false"),
        Object::Integer(value) => out.extend_from_slice(value.to_string().as_bytes()),
        Object::Real(value) => out.extend_from_slice(real(*value).as_bytes()),
        Object::String { bytes, hex: true } => write_hex(bytes, out),
        Object::String { bytes, hex: false } => write_literal(bytes, out),
        Object::Name(name) => write_name(name, out),
        Object::Array(items) => {
            out.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(b' ');
                }
                write(item, out);
            }
            out.push(b']');
        }
        Object::Dictionary(dictionary) => write_dictionary(dictionary, out),
        Object::Reference(id) => out.extend_from_slice(format!("{id} R").as_bytes()),
    }
}

/// Writes a dictionary.
pub fn write_dictionary(dictionary: &Dictionary, out: &mut Vec<u8>) {
    out.extend_from_slice(b"<<");
    for entry in dictionary.entries() {
        out.push(b' ');
        write_name(&entry.key, out);
        out.push(b' ');
        write(&entry.value, out);
    }
    out.extend_from_slice(b" >>");
}

/// A number without exponent, which PDF does not know, and without needless zeros.
pub fn real(value: f64) -> String {
    if !value.is_finite() {
        return "0".to_owned();
    }
    let text = format!("{value:.5}");
    let text = if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.')
    } else {
        &text
    };
    if text.is_empty() || text == "-0" {
        "0".to_owned()
    } else {
        text.to_owned()
    }
}

/// A text as a string object: plain when ASCII, otherwise UTF-16.
pub fn text(value: &str) -> Object {
    if value.is_ascii() {
        return Object::String {
            bytes: value.as_bytes().to_vec(),
            hex: false,
        };
    }
    let units = value.encode_utf16().flat_map(u16::to_be_bytes);
    Object::String {
        bytes: [0xFE, 0xFF].into_iter().chain(units).collect(),
        hex: true,
    }
}

/// A name object.
pub fn name(value: &str) -> Object {
    Object::Name(value.as_bytes().to_vec())
}

fn write_hex(bytes: &[u8], out: &mut Vec<u8>) {
    out.push(b'<');
    out.extend_from_slice(hex::encode(bytes).as_bytes());
    out.push(b'>');
}

fn write_literal(bytes: &[u8], out: &mut Vec<u8>) {
    out.push(b'(');
    for byte in bytes {
        match byte {
            b'(' | b')' | b'\\' => out.extend_from_slice(&[b'\\', *byte]),
            b' '..=b'~' => out.push(*byte),
            other => out.extend_from_slice(format!("\\{other:03o}").as_bytes()),
        }
    }
    out.push(b')');
}

fn write_name(name: &[u8], out: &mut Vec<u8>) {
    out.push(b'/');
    for byte in name {
        let special = matches!(
            byte,
            b'#' | b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%'
        );
        if special || is_space(*byte) || !byte.is_ascii_graphic() {
            out.extend_from_slice(format!("#{byte:02X}").as_bytes());
        } else {
            out.push(*byte);
        }
    }
}
