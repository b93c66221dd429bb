//! Filters of cross-reference and object streams: Flate with predictors. Page content is never decoded here.

use flate2::{Decompress, FlushDecompress, Status};

use super::error::ReadError;
use super::object::{Dictionary, Object};

/// Decodes a stream whose dictionary has direct values only. `budget` is what may still be inflated, and is reduced.
pub fn decode(dictionary: &Dictionary, raw: &[u8], budget: &mut usize) -> Result<Vec<u8>, ReadError> {
    let filter = match dictionary.get("Filter") {
        None | Some(Object::Null) => None,
        Some(Object::Array(items)) if items.is_empty() => None,
        Some(Object::Array(items)) if items.len() == 1 => items.first(),
        Some(filter @ Object::Name(_)) => Some(filter),
        Some(_) => return Err(ReadError::DamagedXref("bộ lọc không hỗ trợ")),
    };
    let Some(filter) = filter else {
        *budget = budget
            .checked_sub(raw.len())
            .ok_or(ReadError::Limit("dung lượng giải nén"))?;
        return Ok(raw.to_vec());
    };
    if !filter.is_name("FlateDecode") {
        return Err(ReadError::DamagedXref("bộ lọc không hỗ trợ"));
    }
    let inflated = inflate(raw, budget)?;
    let parameters = match dictionary.get("DecodeParms") {
        Some(Object::Array(items)) => items.first(),
        other => other,
    };
    match parameters {
        None | Some(Object::Null) => Ok(inflated),
        Some(Object::Dictionary(parameters)) => unpredict(inflated, parameters),
        Some(_) => Err(ReadError::DamagedXref("tham số bộ lọc sai")),
    }
}

fn inflate(raw: &[u8], budget: &mut usize) -> Result<Vec<u8>, ReadError> {
    let damaged = ReadError::DamagedXref("dữ liệu nén hỏng");
    let mut state = Decompress::new(true);
    let mut out = Vec::with_capacity(raw.len().saturating_mul(3).min(*budget).min(1 << 20));
    loop {
        if out.len() == out.capacity() {
            out.reserve(out.capacity().max(4096));
        }
        let read = usize::try_from(state.total_in()).unwrap_or(usize::MAX);
        let (before_in, before_out) = (state.total_in(), state.total_out());
        let rest = raw.get(read..).unwrap_or_default();
        let status = state
            .decompress_vec(rest, &mut out, FlushDecompress::None)
            .map_err(|_| damaged.clone())?;
        if out.len() > *budget {
            return Err(ReadError::Limit("dung lượng giải nén"));
        }
        match status {
            Status::StreamEnd => break,
            Status::Ok | Status::BufError => {
                if before_in == state.total_in()
                    && before_out == state.total_out()
                    && out.len() < out.capacity()
                {
                    return Err(damaged);
                }
            }
        }
    }
    *budget -= out.len();
    Ok(out)
}

fn unpredict(data: Vec<u8>, parameters: &Dictionary) -> Result<Vec<u8>, ReadError> {
    let wrong = ReadError::DamagedXref("tham số bộ lọc sai");
    let number = |key: &str, default: usize| match parameters.get(key) {
        None => Ok(default),
        Some(Object::Integer(value)) => usize::try_from(*value).map_err(|_| wrong.clone()),
        Some(_) => Err(wrong.clone()),
    };
    let predictor = number("Predictor", 1)?;
    if predictor == 1 {
        return Ok(data);
    }
    let (colours, bits, columns) = (
        number("Colors", 1)?,
        number("BitsPerComponent", 8)?,
        number("Columns", 1)?,
    );
    if !(10..=15).contains(&predictor)
        || bits != 8
        || !(1..=4).contains(&colours)
        || !(1..=1 << 20).contains(&columns)
    {
        return Err(wrong);
    }
    let row = colours * columns;
    if !data.len().is_multiple_of(row + 1) {
        return Err(ReadError::DamagedXref("dữ liệu nén hỏng"));
    }
    let mut out: Vec<u8> = Vec::with_capacity(data.len() / (row + 1) * row);
    let mut previous = vec![0u8; row];
    let mut current = vec![0u8; row];
    for line in data.chunks_exact(row + 1) {
        let (kind, line) = (line[0], &line[1..]);
        for (index, byte) in line.iter().enumerate() {
            let up = previous[index];
            let (left, upper_left) = if index >= colours {
                (current[index - colours], previous[index - colours])
            } else {
                (0, 0)
            };
            current[index] = byte.wrapping_add(match kind {
                0 => 0,
                1 => left,
                2 => up,
                3 => u16::midpoint(left.into(), up.into()).to_le_bytes()[0],
                4 => paeth(left, up, upper_left),
                _ => return Err(ReadError::DamagedXref("dữ liệu nén hỏng")),
            });
        }
        out.extend_from_slice(&current);
        std::mem::swap(&mut previous, &mut current);
    }
    Ok(out)
}

fn paeth(left: u8, up: u8, upper_left: u8) -> u8 {
    let estimate = i16::from(left) + i16::from(up) - i16::from(upper_left);
    let distance = |value: u8| (estimate - i16::from(value)).abs();
    if distance(left) <= distance(up) && distance(left) <= distance(upper_left) {
        left
    } else if distance(up) <= distance(upper_left) {
        up
    } else {
        upper_left
    }
}
