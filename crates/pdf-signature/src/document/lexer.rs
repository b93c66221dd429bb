//! From bytes to values, strictly: what readers could understand differently is an error.

use std::collections::HashSet;

use super::error::ReadError;
use super::limits;
use super::object::{Dictionary, Entry, FEW_KEYS, Object, ObjectId};

/// Space of PDF: NUL, tab, line feed, form feed, carriage return, blank.
pub fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0C | b'\r' | b' ')
}

fn is_delimiter(byte: u8) -> bool {
    matches!(
        byte,
        b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%'
    )
}

fn is_regular(byte: u8) -> bool {
    !is_space(byte) && !is_delimiter(byte)
}

/// A place in some bytes.
#[derive(Clone)]
pub struct Lexer<'a> {
    bytes: &'a [u8],
    /// Next byte.
    pub at: usize,
    /// Values taken so far, nested ones counted.
    pub taken: usize,
}

impl<'a> Lexer<'a> {
    /// Starts at a place.
    pub fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at, taken: 0 }
    }

    /// Next byte without taking it.
    pub fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn peek_at(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at.checked_add(ahead)?).copied()
    }

    fn wrong<T>(&self, what: &'static str) -> Result<T, ReadError> {
        Err(ReadError::Syntax(self.at, what))
    }

    /// Skips space only.
    pub fn skip_space(&mut self) {
        while self.peek().is_some_and(is_space) {
            self.at += 1;
        }
    }

    /// Skips space and comments.
    pub fn skip_space_and_comments(&mut self) {
        loop {
            self.skip_space();
            if self.peek() != Some(b'%') {
                return;
            }
            while self.peek().is_some_and(|byte| byte != b'\n' && byte != b'\r') {
                self.at += 1;
            }
        }
    }

    /// Takes these very bytes if they are next.
    pub fn take(&mut self, expected: &[u8]) -> bool {
        let next = self
            .bytes
            .get(self.at..)
            .is_some_and(|rest| rest.starts_with(expected));
        if next {
            self.at += expected.len();
        }
        next
    }

    /// Takes a keyword: these bytes and no further regular character.
    pub fn take_keyword(&mut self, keyword: &[u8]) -> bool {
        let start = self.at;
        if self.take(keyword) && !self.peek().is_some_and(is_regular) {
            return true;
        }
        self.at = start;
        false
    }

    /// Takes digits as a number without sign.
    pub fn take_unsigned(&mut self) -> Option<u64> {
        let start = self.at;
        let mut value: u64 = 0;
        while let Some(digit) = self.peek().filter(u8::is_ascii_digit) {
            value = value.checked_mul(10)?.checked_add(u64::from(digit - b'0'))?;
            self.at += 1;
        }
        (self.at > start).then_some(value)
    }

    /// Takes `N G obj`.
    pub fn take_header(&mut self) -> Option<ObjectId> {
        let number = u32::try_from(self.take_unsigned()?).ok()?;
        self.require_space()?;
        let generation = u16::try_from(self.take_unsigned()?).ok()?;
        self.require_space()?;
        self.take_keyword(b"obj")
            .then_some(ObjectId { number, generation })
    }

    fn require_space(&mut self) -> Option<()> {
        let start = self.at;
        self.skip_space();
        (self.at > start).then_some(())
    }

    /// Takes one value.
    pub fn value(&mut self) -> Result<Object, ReadError> {
        self.value_at_depth(0)
    }

    fn value_at_depth(&mut self, depth: usize) -> Result<Object, ReadError> {
        if depth > limits::DEPTH {
            return Err(ReadError::Limit("độ sâu"));
        }
        self.taken += 1;
        if self.taken > limits::VALUES {
            return Err(ReadError::Limit("số giá trị của một đối tượng"));
        }
        self.skip_space_and_comments();
        match self.peek() {
            None => self.wrong("hết tệp giữa chừng"),
            Some(b'/') => self.name().map(Object::Name),
            Some(b'(') => self.literal_string(),
            Some(b'<') if self.peek_at(1) == Some(b'<') => {
                self.at += 2;
                self.dictionary_body(depth).map(Object::Dictionary)
            }
            Some(b'<') => self.hex_string(),
            Some(b'[') => {
                self.at += 1;
                self.array_body(depth)
            }
            Some(b'0'..=b'9' | b'+' | b'-' | b'.') => self.number_or_reference(),
            Some(_) if self.take_keyword(b"true") => Ok(Object::Boolean(true)),
            Some(_) if self.take_keyword(b"false") => Ok(Object::Boolean(false)),
            Some(_) if self.take_keyword(b"null") => Ok(Object::Null),
            Some(_) => self.wrong("từ lạ"),
        }
    }

    fn array_body(&mut self, depth: usize) -> Result<Object, ReadError> {
        let mut items = Vec::new();
        loop {
            self.skip_space_and_comments();
            if self.take(b"]") {
                return Ok(Object::Array(items));
            }
            items.push(self.value_at_depth(depth + 1)?);
        }
    }

    fn dictionary_body(&mut self, depth: usize) -> Result<Dictionary, ReadError> {
        let mut entries: Vec<Entry> = Vec::new();
        // Filled when there are more keys than a search is good for.
        let mut known: HashSet<Vec<u8>> = HashSet::new();
        loop {
            self.skip_space_and_comments();
            if self.take(b">>") {
                return Ok(Dictionary::of(entries));
            }
            if entries.len() >= limits::KEYS {
                return Err(ReadError::Limit("số khóa của một từ điển"));
            }
            let key_at = self.at;
            if self.peek() != Some(b'/') {
                return self.wrong("thiếu tên khóa");
            }
            let key = self.name()?;
            if entries.len() == FEW_KEYS {
                known.extend(entries.iter().map(|entry| entry.key.clone()));
            }
            let twice = if entries.len() < FEW_KEYS {
                entries.iter().any(|entry| entry.key == key)
            } else {
                !known.insert(key.clone())
            };
            if twice {
                return Err(ReadError::DuplicateKey(key_at));
            }
            self.skip_space_and_comments();
            let start = self.at;
            let value = self.value_at_depth(depth + 1)?;
            entries.push(Entry {
                key,
                value,
                span: start..self.at,
            });
        }
    }

    fn name(&mut self) -> Result<Vec<u8>, ReadError> {
        self.at += 1;
        let mut name = Vec::new();
        while let Some(byte) = self.peek().filter(|byte| is_regular(*byte)) {
            self.at += 1;
            if byte != b'#' {
                name.push(byte);
                continue;
            }
            let digits = (
                self.peek().and_then(hex_digit),
                self.peek_at(1).and_then(hex_digit),
            );
            let (Some(high), Some(low)) = digits else {
                return self.wrong("tên sai");
            };
            name.push(high << 4 | low);
            self.at += 2;
        }
        Ok(name)
    }

    fn literal_string(&mut self) -> Result<Object, ReadError> {
        self.at += 1;
        let mut bytes = Vec::new();
        let mut open = 1usize;
        loop {
            let Some(byte) = self.peek() else {
                return self.wrong("chuỗi không kết thúc");
            };
            self.at += 1;
            match byte {
                b'(' => {
                    open += 1;
                    bytes.push(byte);
                }
                b')' => {
                    open -= 1;
                    if open == 0 {
                        return Ok(Object::String { bytes, hex: false });
                    }
                    bytes.push(byte);
                }
                b'\\' => self.escape(&mut bytes),
                b'\r' => {
                    self.take(b"\n");
                    bytes.push(b'\n');
                }
                _ => bytes.push(byte),
            }
        }
    }

    fn escape(&mut self, bytes: &mut Vec<u8>) {
        let Some(byte) = self.peek() else {
            return;
        };
        self.at += 1;
        match byte {
            b'n' => bytes.push(b'\n'),
            b'r' => bytes.push(b'\r'),
            b't' => bytes.push(b'\t'),
            b'b' => bytes.push(8),
            b'f' => bytes.push(12),
            b'\r' => {
                self.take(b"\n");
            }
            b'\n' => {}
            b'0'..=b'7' => {
                let mut code = u32::from(byte - b'0');
                for _ in 0..2 {
                    let Some(digit) = self.peek().filter(|byte| matches!(byte, b'0'..=b'7')) else {
                        break;
                    };
                    code = code * 8 + u32::from(digit - b'0');
                    self.at += 1;
                }
                // ISO 32000-1, 7.3.4.2: high-order overflow is ignored.
                bytes.push((code & 0xFF).to_le_bytes()[0]);
            }
            other => bytes.push(other),
        }
    }

    fn hex_string(&mut self) -> Result<Object, ReadError> {
        self.at += 1;
        let mut bytes = Vec::new();
        let mut half = None;
        loop {
            let Some(byte) = self.peek() else {
                return self.wrong("chuỗi không kết thúc");
            };
            self.at += 1;
            if byte == b'>' {
                if let Some(high) = half {
                    bytes.push(high << 4);
                }
                return Ok(Object::String { bytes, hex: true });
            }
            if is_space(byte) {
                continue;
            }
            let Some(digit) = hex_digit(byte) else {
                return self.wrong("chuỗi thập lục phân sai");
            };
            half = match half {
                None => Some(digit),
                Some(high) => {
                    bytes.push(high << 4 | digit);
                    None
                }
            };
        }
    }

    fn number_or_reference(&mut self) -> Result<Object, ReadError> {
        let number = self.number()?;
        let Object::Integer(first) = number else {
            return Ok(number);
        };
        let after = self.at;
        if let Some(id) = u32::try_from(first)
            .ok()
            .and_then(|number| self.rest_of_reference(number))
        {
            return Ok(Object::Reference(id));
        }
        self.at = after;
        Ok(number)
    }

    fn rest_of_reference(&mut self, number: u32) -> Option<ObjectId> {
        self.require_space()?;
        let generation = u16::try_from(self.take_unsigned()?).ok()?;
        self.require_space()?;
        self.take_keyword(b"R").then_some(ObjectId { number, generation })
    }

    fn number(&mut self) -> Result<Object, ReadError> {
        let start = self.at;
        if matches!(self.peek(), Some(b'+' | b'-')) {
            self.at += 1;
        }
        let mut digits = 0usize;
        let mut points = 0usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'0'..=b'9' => digits += 1,
                b'.' => points += 1,
                _ => break,
            }
            self.at += 1;
        }
        let text = self
            .bytes
            .get(start..self.at)
            .and_then(|text| std::str::from_utf8(text).ok());
        let (Some(text), true) = (
            text,
            digits > 0 && points <= 1 && !self.peek().is_some_and(is_regular),
        ) else {
            return self.wrong("số sai");
        };
        if points == 0
            && let Ok(value) = text.parse()
        {
            return Ok(Object::Integer(value));
        }
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(Object::Real(value)),
            _ => self.wrong("số sai"),
        }
    }
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}
