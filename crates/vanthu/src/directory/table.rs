//! Lists of organisations as files: CSV and XLSX, in and out.

use std::io::{Cursor, Read};

use calamine::{DataRef, Reader as _, Xlsx};
use rules::Refusal;
use rust_xlsxwriter::{Format, Workbook};

use super::{Load, Record};
use crate::{
    context::App,
    error::{AppError, AppResult},
};

/// The largest file that is read.
pub const MAX_FILE: usize = 32 * 1024 * 1024;
/// What an XLSX may grow to when it is unpacked.
const MAX_UNPACKED: u64 = 256 * 1024 * 1024;
/// Characters of a cell that are looked at; no name is longer.
const MAX_CELL: usize = 1000;
/// Bytes of all cells: a text that is written once may stand in every cell of an XLSX.
const MAX_TEXT: usize = 128 * 1024 * 1024;
/// Columns that are looked at.
const MAX_COLUMNS: usize = 64;
/// Rows above the headings: titles of the list.
const MAX_TITLES: usize = 20;

/// Headings of what we write, in order; what we read is recognised by [`column`].
pub const HEADINGS: [&str; 7] = [
    "Mã định danh",
    "Mã cũ",
    "Tên cơ quan, tổ chức",
    "Mã cấp trên",
    "Cấp",
    "Thư điện tử",
    "Trạng thái",
];

/// Puts the lines of a file down as a load.
///
/// # Errors
/// `CN-407` when the file is neither, is too large, or has no column of codes or of names; when the database fails.
pub async fn read(app: &App, load: &mut Load, name: &str, bytes: &[u8]) -> AppResult<()> {
    if bytes.len() > MAX_FILE {
        return Err(unreadable(format!(
            "Tệp lớn hơn {} MB. Vui lòng chia thành nhiều tệp.",
            MAX_FILE / (1024 * 1024)
        )));
    }
    let bytes = bytes.to_vec();
    let rows = app
        .heavy(move |_| {
            if bytes.starts_with(b"PK") {
                rows_of_xlsx(&bytes)
            } else {
                rows_of_csv(&bytes)
            }
        })
        .await??;
    let mut columns: Option<Columns> = None;
    for (line, row) in rows {
        let Some(columns) = &columns else {
            columns = Columns::of(&row);
            if columns.is_none() && line as usize > MAX_TITLES {
                break;
            }
            continue;
        };
        if row.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        load.push_at(app, line, columns.record(&row)).await?;
    }
    if columns.is_none() {
        return Err(unreadable(format!(
            "Không thấy dòng tiêu đề có cột “Mã định danh” và cột “Tên” trong {name}. Vui lòng dùng tệp mẫu hoặc đặt tên cột như tệp mẫu."
        )));
    }
    Ok(())
}

fn unreadable(sentence: String) -> AppError {
    Refusal::new("CN-407", "directory.unreadable", sentence)
        .on("file")
        .into()
}

/// Where each field stands in a row.
#[derive(Debug, Default)]
struct Columns {
    code: usize,
    name: usize,
    old_code: Option<usize>,
    parent_code: Option<usize>,
    level: Option<usize>,
    email: Option<usize>,
    state: Option<usize>,
}

impl Columns {
    fn of(row: &[String]) -> Option<Self> {
        let at = |wanted: &str| row.iter().position(|cell| column(cell) == Some(wanted));
        Some(Self {
            code: at("code")?,
            name: at("name")?,
            old_code: at("old_code"),
            parent_code: at("parent_code"),
            level: at("level"),
            email: at("email"),
            state: at("state"),
        })
    }

    fn record(&self, row: &[String]) -> Record {
        let cell = |at: usize| {
            let text = row.get(at).map_or("", |text| text.trim());
            // What keeps a spreadsheet from reading the cell as a formula.
            text.strip_prefix('\'').unwrap_or(text).to_owned()
        };
        let optional = |at: Option<usize>| at.map(cell).filter(|text| !text.is_empty());
        Record {
            code: cell(self.code),
            name: cell(self.name),
            old_code: optional(self.old_code),
            parent_code: optional(self.parent_code),
            level: optional(self.level),
            email: optional(self.email),
            deleted: optional(self.state).is_some_and(|state| viet_text::fold(&state) == "da dong"),
            ..Record::default()
        }
    }
}

/// Which field a heading names.
fn column(heading: &str) -> Option<&'static str> {
    let folded = viet_text::fold(heading);
    Some(match folded.trim() {
        "ma"
        | "code"
        | "ma dinh danh"
        | "ma co quan"
        | "ma moi"
        | "ma dinh danh co quan"
        | "ma dinh danh dien tu" => "code",
        "ma cu" | "old_code" | "oldcode" | "code102" | "ma 13 ky tu" | "ma dinh danh cu" => "old_code",
        "ten" | "name" | "ten co quan" | "ten don vi" | "ten co quan, to chuc" | "ten co quan, don vi" => {
            "name"
        }
        "ma cap tren" | "parent_code" | "ma cha" | "ma co quan cap tren" | "pcode" => "parent_code",
        "cap" | "level" => "level",
        "thu dien tu" | "email" | "e-mail" | "mail" => "email",
        "trang thai" | "state" => "state",
        _ => return None,
    })
}

type Rows = Vec<(u32, Vec<String>)>;

fn rows_of_csv(bytes: &[u8]) -> AppResult<Rows> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|_| {
        unreadable(
            "Tệp CSV không ở bảng mã UTF-8. Vui lòng lưu lại dạng “CSV UTF-8”, hoặc gửi tệp XLSX.".to_owned(),
        )
    })?;
    // Titles may stand above the headings.
    let times = |mark: char| {
        text.lines()
            .take(MAX_TITLES)
            .map(|line| line.matches(mark).count())
            .sum::<usize>()
    };
    let delimiter = [';', '\t', ',']
        .into_iter()
        .max_by_key(|mark| times(*mark))
        .unwrap_or(',');
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(u8::try_from(delimiter).unwrap_or(b','))
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| unreadable(format!("Tệp CSV không đọc được: {error}.")))?;
        let line = record.position().map_or(0, csv::Position::line);
        rows.push((
            u32::try_from(line).unwrap_or(u32::MAX),
            record
                .iter()
                .take(MAX_COLUMNS)
                .map(|cell| cell.chars().take(MAX_CELL).collect())
                .collect(),
        ));
    }
    Ok(rows)
}

/// The first sheet. Cells are read one by one: a file that claims a sheet of a billion cells costs no memory.
fn rows_of_xlsx(bytes: &[u8]) -> AppResult<Rows> {
    let broken =
        |_| unreadable("Tệp XLSX bị lỗi, không đọc được. Vui lòng lưu lại tệp rồi gửi lại.".to_owned());
    bounded(bytes)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let sheet = book
        .sheet_names()
        .first()
        .cloned()
        .ok_or_else(|| unreadable("Tệp XLSX không có trang tính nào.".to_owned()))?;
    let mut cells = book.worksheet_cells_reader(&sheet).map_err(broken)?;
    let mut rows: Rows = Vec::new();
    let mut left = MAX_TEXT;
    while let Some(cell) = cells.next_cell().map_err(broken)? {
        let (row, column) = cell.get_position();
        let column = column as usize;
        if column >= MAX_COLUMNS {
            continue;
        }
        let text = match cell.get_value() {
            DataRef::String(text) => text.chars().take(MAX_CELL).collect(),
            DataRef::SharedString(text) => text.chars().take(MAX_CELL).collect(),
            DataRef::Int(number) => number.to_string(),
            DataRef::Float(number) => number.to_string(),
            DataRef::Bool(yes) => yes.to_string(),
            _ => continue,
        };
        let line = row.saturating_add(1);
        if rows.last().is_none_or(|(last, _)| *last != line) {
            if rows.len() > super::load::MAX_LINES as usize {
                break;
            }
            rows.push((line, Vec::new()));
        }
        if let Some((_, row)) = rows.last_mut() {
            let cells = (column + 1).saturating_sub(row.len()) * size_of::<String>();
            left = left.checked_sub(text.len() + cells).ok_or_else(too_large)?;
            if row.len() <= column {
                row.resize(column + 1, String::new());
            }
            row[column] = text;
        }
    }
    Ok(rows)
}

fn too_large() -> AppError {
    unreadable("Tệp XLSX quá lớn khi giải nén. Vui lòng chia thành nhiều tệp hoặc gửi tệp CSV.".to_owned())
}

/// Refuses a file that grows beyond measure when it is unpacked, whatever it says of its sizes.
fn bounded(bytes: &[u8]) -> AppResult<()> {
    let broken =
        |_| unreadable("Tệp XLSX bị lỗi, không đọc được. Vui lòng lưu lại tệp rồi gửi lại.".to_owned());
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    let mut left = MAX_UNPACKED;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(broken)?;
        let size = std::io::copy(&mut part.take(left + 1), &mut std::io::sink())?;
        left = left.checked_sub(size).ok_or_else(too_large)?;
    }
    Ok(())
}

/// One line of what is written.
#[derive(Debug, Clone, Default)]
pub struct Written {
    /// Cells in the order of [`HEADINGS`].
    pub cells: [String; HEADINGS.len()],
}

/// As CSV that spreadsheets open: UTF-8 with a mark at its beginning.
///
/// # Errors
/// When memory cannot be written, which does not happen.
pub fn csv_of(lines: &[Written]) -> AppResult<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(b"\xEF\xBB\xBF".to_vec());
    let failed = |error: csv::Error| AppError::from(anyhow::Error::from(error));
    writer.write_record(HEADINGS).map_err(failed)?;
    for line in lines {
        writer
            .write_record(line.cells.iter().map(|cell| harmless(cell)))
            .map_err(failed)?;
    }
    writer
        .into_inner()
        .map_err(|error| anyhow::anyhow!("{error}").into())
}

/// A cell that no spreadsheet takes for a formula.
fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

/// As XLSX; every cell is text.
///
/// # Errors
/// When the file cannot be put together.
pub fn xlsx_of(lines: &[Written]) -> AppResult<Vec<u8>> {
    let failed = |error: rust_xlsxwriter::XlsxError| AppError::from(anyhow::Error::from(error));
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("Danh mục").map_err(failed)?;
    let bold = Format::new().set_bold();
    for (column, (heading, width)) in (0_u16..).zip(HEADINGS.iter().zip([18, 18, 60, 18, 6, 32, 12])) {
        sheet
            .write_string_with_format(0, column, *heading, &bold)
            .map_err(failed)?;
        sheet.set_column_width(column, width).map_err(failed)?;
    }
    for (row, line) in (1_u32..).zip(lines) {
        for (column, cell) in (0_u16..).zip(&line.cells) {
            if !cell.is_empty() {
                sheet.write_string(row, column, cell).map_err(failed)?;
            }
        }
    }
    sheet.set_freeze_panes(1, 0).map_err(failed)?;
    book.save_to_buffer().map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(cells: [&str; 7]) -> Written {
        Written {
            cells: cells.map(str::to_owned),
        }
    }

    #[test]
    fn cn_407_what_is_written_is_read_again() {
        let lines = [
            written([
                "H98.01",
                "000.00.01.H98",
                "Sở Mẫu, \"tỉnh\" Thử",
                "H98",
                "2",
                "vt@somau.example",
                "",
            ]),
            written(["0123456789", "", "=CMD()", "", "", "", "Đã đóng"]),
        ];
        for bytes in [csv_of(&lines).unwrap(), xlsx_of(&lines).unwrap()] {
            let rows = if bytes.starts_with(b"PK") {
                rows_of_xlsx(&bytes).unwrap()
            } else {
                assert!(String::from_utf8_lossy(&bytes).contains("'=CMD()"));
                rows_of_csv(&bytes).unwrap()
            };
            let columns = Columns::of(&rows[0].1).unwrap();
            let first = columns.record(&rows[1].1);
            assert_eq!(rows[1].0, 2);
            assert_eq!(first.name, "Sở Mẫu, \"tỉnh\" Thử");
            assert_eq!(first.old_code.as_deref(), Some("000.00.01.H98"));
            assert_eq!(first.level.as_deref(), Some("2"));
            let second = columns.record(&rows[2].1);
            assert_eq!(
                (second.code.as_str(), second.name.as_str()),
                ("0123456789", "=CMD()")
            );
            assert!(second.deleted && !first.deleted);
        }
    }

    #[test]
    fn cn_407_no_cell_is_longer_than_any_name() {
        let lines = [written(["H98.01", "", &"ă".repeat(5000), "", "", "", ""])];
        for bytes in [csv_of(&lines).unwrap(), xlsx_of(&lines).unwrap()] {
            let rows = if bytes.starts_with(b"PK") {
                rows_of_xlsx(&bytes).unwrap()
            } else {
                rows_of_csv(&bytes).unwrap()
            };
            assert_eq!(rows[1].1[2].chars().count(), MAX_CELL);
        }
    }

    #[test]
    fn cn_407_headings_of_others_and_other_separators_are_understood() {
        for text in [
            "Mã mới;Mã cũ;Tên đơn vị\nH98.01;;Sở Mẫu",
            "code\tname\nH98.01\tSở Mẫu",
            "Tên cơ quan,Mã cơ quan\nSở Mẫu,H98.01",
        ] {
            let rows = rows_of_csv(text.as_bytes()).unwrap();
            let record = Columns::of(&rows[0].1).unwrap().record(&rows[1].1);
            assert_eq!((record.code.as_str(), record.name.as_str()), ("H98.01", "Sở Mẫu"));
        }
        assert!(Columns::of(&["Họ tên".to_owned(), "Mã".to_owned()]).is_none());
        assert!(rows_of_csv(b"M\xE3,T\xEAn").is_err());
        assert!(rows_of_xlsx(b"PK\x03\x04 not a book").is_err());
    }

    #[test]
    fn a_book_that_grows_beyond_measure_is_refused() {
        use std::io::Write;
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        zip.start_file("xl/workbook.xml", zip::write::SimpleFileOptions::default())
            .unwrap();
        let zeros = vec![0_u8; 1 << 20];
        for _ in 0..=(MAX_UNPACKED >> 20) {
            zip.write_all(&zeros).unwrap();
        }
        let bytes = zip.finish().unwrap().into_inner();
        let refused = rows_of_xlsx(&bytes).unwrap_err().to_string();
        assert!(refused.contains("quá lớn"), "{refused}");
    }
}
