//! A book as XLSX, for what a clerk arranges further: the columns of the printed book, ready to be printed on A4 across.

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};
use the_thuc::RegisterSheet;

use crate::{
    error::{AppError, AppResult},
    web::format,
};

/// Characters that the widths of a book share.
const WIDTH: f64 = 150.0;
/// A cell takes no more, by the format of the file.
const MAX_CELL: usize = 32_000;

/// The volume as XLSX; every cell is text, so nothing is taken for a formula.
///
/// # Errors
/// When the file cannot be put together.
pub fn xlsx_of(volume: &RegisterSheet) -> AppResult<Vec<u8>> {
    write(volume).map_err(|error| AppError::from(anyhow::Error::from(error)))
}

fn write(volume: &RegisterSheet) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name(name_of_sheet(volume.book.title()))?;
    sheet.set_landscape().set_paper_size(9); // A4
    sheet.set_margins(0.8, 0.6, 0.8, 0.6, 0.3, 0.3);
    sheet.set_print_fit_to_pages(1, 0);

    let columns = volume.book.columns();
    let last = u16::try_from(columns.len()).unwrap_or(1).saturating_sub(1);
    let widths = volume.book.widths();
    let whole: f64 = widths.iter().sum();
    for (column, width) in (0_u16..).zip(widths) {
        sheet.set_column_width(column, width / whole * WIDTH)?;
    }
    let title = Format::new()
        .set_bold()
        .set_font_size(14)
        .set_align(FormatAlign::Center);
    let plain = Format::new().set_align(FormatAlign::Center);
    sheet.merge_range(0, 0, 0, last, &volume.agency.name.to_uppercase(), &plain)?;
    sheet.merge_range(1, 0, 1, last, &volume.book.title().to_uppercase(), &title)?;
    sheet.merge_range(2, 0, 2, last, &span(volume), &plain)?;
    rows(sheet, volume)?;
    sheet.set_repeat_rows(4, 5)?;
    sheet.set_freeze_panes(6, 0)?;
    book.save_to_buffer()
}

fn rows(sheet: &mut Worksheet, volume: &RegisterSheet) -> Result<(), XlsxError> {
    let cell = Format::new()
        .set_border(FormatBorder::Thin)
        .set_text_wrap()
        .set_align(FormatAlign::Top);
    let head = cell
        .clone()
        .set_bold()
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter);
    let number = cell.clone().set_italic().set_align(FormatAlign::Center);
    for (column, heading) in (0_u16..).zip(volume.book.columns()) {
        sheet.write_string_with_format(4, column, *heading, &head)?;
        sheet.write_string_with_format(5, column, format!("({})", column + 1), &number)?;
    }
    for (row, cells) in (6_u32..).zip(&volume.rows) {
        for (column, text) in (0_u16..).zip(cells) {
            let text: String = text.chars().take(MAX_CELL).collect();
            sheet.write_string_with_format(row, column, text, &cell)?;
        }
    }
    Ok(())
}

/// Năm, từ ngày … đến ngày …, as on the cover.
fn span(volume: &RegisterSheet) -> String {
    let days = volume.days.map_or_else(String::new, |(from, to)| {
        format!(", từ ngày {} đến ngày {}", format::date(from), format::date(to))
    });
    format!("Năm {}{days}", volume.year)
}

/// Names of sheets are not longer than 31 characters.
fn name_of_sheet(title: &str) -> String {
    title.chars().take(31).collect()
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Data, Reader, Xlsx};
    use the_thuc::{Issuer, RegisterBook};

    use super::*;

    #[test]
    fn cn_708_every_book_is_a_sheet_with_its_columns_and_no_formula() {
        for book in [
            RegisterBook::Outgoing,
            RegisterBook::Incoming,
            RegisterBook::Post,
            RegisterBook::KeptCopies,
            RegisterBook::Handling,
        ] {
            let row = vec!["=HYPERLINK(\"x\")".to_owned(); book.columns().len()];
            let volume = RegisterSheet {
                book,
                agency: Issuer {
                    parent_name: None,
                    name: "Sở Thông tin và Truyền thông".into(),
                },
                year: 2026,
                days: None,
                numbers: None,
                volume: None,
                rows: vec![row.clone(), row],
            };
            let bytes = xlsx_of(&volume).unwrap();
            let mut read: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
            let name = read.sheet_names()[0].clone();
            let cells = read.worksheet_range(&name).unwrap();
            let line = |row: u32| -> Vec<String> {
                let columns = u32::try_from(book.columns().len()).unwrap();
                (0..columns)
                    .map(|column| match cells.get_value((row, column)) {
                        Some(Data::String(text)) => text.clone(),
                        other => panic!("{other:?}"),
                    })
                    .collect()
            };
            assert_eq!(line(4), book.columns());
            assert_eq!(line(5).last().unwrap(), &format!("({})", book.columns().len()));
            assert!(line(7).iter().all(|cell| cell.starts_with("=HYPERLINK")));
            assert!(read.worksheet_formula(&name).unwrap().is_empty());
        }
    }
}
