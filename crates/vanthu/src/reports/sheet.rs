//! The report as XLSX; the numbers are numbers, so that they can be added up.

use axum::{
    body::Body,
    extract::{Query, State},
    http::header,
    response::{IntoResponse, Response},
};
use rules::workload::{Column, Tally};
use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

use super::count::{self, UnitLines, WorkloadQuery};
use crate::{
    context::{App, Who},
    error::{AppError, AppResult},
    web::format,
};

/// `GET /reports/workload.xlsx`.
pub async fn file(
    State(app): State<App>,
    who: Who,
    Query(query): Query<WorkloadQuery>,
) -> AppResult<Response> {
    let (from, to) = query.days(&app);
    let (units, whole) = count::tally(&count::groups(&app, &who, from, to).await?);
    let days = format!("Từ ngày {} đến ngày {}", format::date(from), format::date(to));
    let agency = who.agency_name.clone();
    let bytes = app
        .heavy(move |_| write(&agency, &days, &units, &whole))
        .await?
        .map_err(|error| AppError::from(anyhow::Error::from(error)))?;
    let headers = [
        (
            header::CONTENT_TYPE,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".to_owned(),
        ),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"khoi-luong-tien-do-{from}-{to}.xlsx\""),
        ),
    ];
    Ok((headers, Body::from(bytes)).into_response())
}

fn write(agency: &str, days: &str, units: &[UnitLines], whole: &Tally) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("Khối lượng, tiến độ")?;
    sheet.set_landscape().set_paper_size(9); // A4
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_column_width(0, 40)?;
    let last = u16::try_from(Column::ALL.len()).unwrap_or(1);
    let centre = Format::new().set_align(FormatAlign::Center);
    let title = centre.clone().set_bold().set_font_size(14);
    sheet.merge_range(0, 0, 0, last, &agency.to_uppercase(), &centre)?;
    sheet.merge_range(1, 0, 1, last, "KHỐI LƯỢNG VÀ TIẾN ĐỘ XỬ LÝ VĂN BẢN ĐẾN", &title)?;
    sheet.merge_range(2, 0, 2, last, days, &centre)?;
    let cell = Format::new().set_border(FormatBorder::Thin).set_text_wrap();
    let strong = cell.clone().set_bold();
    sheet.write_string_with_format(4, 0, "Đơn vị, cá nhân", &strong)?;
    for (column, known) in (1_u16..).zip(Column::ALL) {
        sheet.write_string_with_format(4, column, known.label(), &strong)?;
    }
    let mut row = 5;
    for unit in units {
        line(sheet, row, &unit.name, &unit.tally, &strong)?;
        row += 1;
        for person in &unit.people {
            let name = format!("{}, {}", person.name, person.title);
            line(sheet, row, &name, &person.tally, &cell)?;
            row += 1;
        }
    }
    line(sheet, row, "Tổng cộng", whole, &strong)?;
    sheet.set_freeze_panes(5, 1)?;
    book.save_to_buffer()
}

fn line(sheet: &mut Worksheet, row: u32, name: &str, tally: &Tally, look: &Format) -> Result<(), XlsxError> {
    sheet.write_string_with_format(row, 0, name, look)?;
    for (column, known) in (1_u16..).zip(Column::ALL) {
        // The numbers of an agency are far from where a double loses units.
        sheet.write_number_with_format(row, column, tally.of(*known) as f64, look)?;
    }
    Ok(())
}
