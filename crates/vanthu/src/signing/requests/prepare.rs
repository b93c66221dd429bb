//! The first of the two steps: what will be added to a file is written down, and its hash is all that a key gets to see.

use std::sync::Arc;

use pdf_signature::{
    appearance::{
        Appearance, AppearanceError, Area, Entry, Fonts, NumberAndDate, SealImage, Slot, attachment_note,
        copy_note, note_area, row_area,
    },
    cms,
    document::Document,
    sign::{self, FieldSpec, Prepared},
};
use rules::Refusal;

use super::{
    row::{digest, unhex},
    work::{Mark, Numbered, Open, WorkFile},
};
use crate::{
    context::App,
    error::{AppError, AppResult},
};

/// Room for the CMS with its certificates and a time stamp, bytes.
const RESERVE: usize = 16 * 1024;
/// Lines that the text of a copy may take in the top margin of its first page: names of agencies are long.
const COPY_LINES: u32 = 3;
/// Points of a millimetre.
const POINTS: f64 = 72.0 / 25.4;

/// What signatures look like, read once for all files of a batch.
#[derive(Debug, Clone, Default)]
pub struct Ink {
    /// The person's handwriting.
    pub handwriting: Option<SealImage>,
    /// The agency's seal.
    pub seal: Option<SealImage>,
    /// Times New Roman or its equal.
    pub fonts: Option<Arc<Fonts>>,
    /// Who signs, for the signature dictionary.
    pub signer: String,
    /// The certificate that will sign, DER.
    pub certificate: Vec<u8>,
}

/// Prepares the next signature of a file and keeps the bytes that it will add.
///
/// # Errors
/// A refusal for a file that cannot be signed (encrypted, damaged, certified against changes) and for a missing image.
pub async fn next(app: &App, file: &mut WorkFile, ink: &Ink) -> AppResult<()> {
    let Some(mark) = file.todo.first().cloned() else {
        return Ok(());
    };
    let bytes = app.blobs.read(digest(&file.content)?).await?;
    let (own, at) = (ink.clone(), app.clock.now());
    let made = app.heavy(move |_| prepare(&bytes, &mark, &own, at)).await?;
    let (prepared, attributes) = made.map_err(|error| explained(error, &file.name))?;
    let tail = app.blobs.put(&prepared.tail).await?;
    file.open = Some(Open {
        base_len: prepared.base_len,
        tail: tail.digest.to_string(),
        hole: (prepared.hole.start, prepared.hole.end),
        digest: hex::encode(prepared.digest),
        hash: hex::encode(cms::to_sign(&attributes)),
        attributes: hex::encode(attributes),
    });
    Ok(())
}

/// Reads a prepared signature back.
///
/// # Errors
/// When it is damaged.
pub async fn read(app: &App, open: &Open) -> AppResult<Prepared> {
    let tail = app.blobs.read(digest(&open.tail)?).await?;
    let digest: [u8; 32] = unhex(&open.digest)?
        .try_into()
        .map_err(|_| anyhow::anyhow!("a digest of another length"))?;
    Ok(Prepared {
        base_len: open.base_len,
        tail,
        hole: open.hole.0..open.hole.1,
        digest,
    })
}

fn explained(error: AppError, name: &str) -> AppError {
    match error {
        AppError::Refused(refusal) => AppError::Refused(Refusal {
            message: format!("Tệp “{name}”: {}", refusal.message),
            ..refusal
        }),
        other => other,
    }
}

fn prepare(pdf: &[u8], mark: &Mark, ink: &Ink, at: jiff::Timestamp) -> AppResult<(Prepared, Vec<u8>)> {
    let (area, appearance) = drawn(pdf, mark, ink, at)?;
    within_page(pdf, &area)?;
    let name = sign::next_field_name(pdf, "ChuKy").map_err(|error| cannot(error.code(), &error))?;
    let prepared = sign::prepare(
        pdf,
        &FieldSpec {
            name: &name,
            area: Some(area),
            appearance: Some(&appearance),
            reason: None,
            location: None,
            signer_name: Some(&ink.signer),
            at,
            reserve: RESERVE,
        },
    )
    .map_err(|error| cannot(error.code(), &error))?;
    let attributes = cms::signed_attributes(&prepared.digest, &ink.certificate)
        .map_err(|error| anyhow::anyhow!("signed attributes: {error}"))?;
    Ok((prepared, attributes))
}

fn cannot(code: &'static str, sentence: &impl std::fmt::Display) -> AppError {
    AppError::Refused(Refusal::new("KS-03", code, sentence.to_string()))
}

/// The appearance of a mark and where it stands.
fn drawn(pdf: &[u8], mark: &Mark, ink: &Ink, at: jiff::Timestamp) -> AppResult<(Area, Appearance)> {
    let fonts = || {
        ink.fonts
            .as_ref()
            .ok_or_else(|| AppError::Internal(anyhow::anyhow!("no font for the appearance of signatures")))
    };
    match mark {
        Mark::Handwriting { area } => {
            let image = ink.handwriting.as_ref().ok_or_else(no_handwriting)?;
            Ok((*area, Appearance::image(image, area)))
        }
        Mark::Seal { area } => {
            let image = ink.seal.as_ref().ok_or_else(no_seal)?;
            Ok((*area, Appearance::image(image, area)))
        }
        Mark::NumberAndDate(numbered) => {
            let entries = entries(numbered);
            let area = around(&entries);
            let appearance = Appearance::number_and_date(&entries, fonts()?.as_ref(), &area)
                .map_err(|error| cannot(error.code(), &error))?;
            Ok((area, appearance))
        }
        Mark::Note { number_and_symbol } => {
            let (width, _) = page_size(pdf, 1)?;
            let area = note_area(width, 1);
            let lines = attachment_note(number_and_symbol, at);
            let appearance = Appearance::text(&lines, &fonts()?.regular, &area)
                .map_err(|error| cannot(error.code(), &error))?;
            Ok((area, appearance))
        }
        Mark::Copy { form, agency } => {
            let (width, _) = page_size(pdf, 1)?;
            let lines = copy_note(form, agency, at);
            let draw = |rows: u32| {
                let area = note_area(width, rows);
                let drawn = Appearance::text(&lines, &fonts()?.regular, &area);
                Ok::<_, AppError>(drawn.map(|appearance| (area, appearance)))
            };
            // The least room that it needs: what is below the text stays free.
            let mut drawn = draw(1)?;
            for rows in 2..=COPY_LINES {
                if !matches!(drawn, Err(AppearanceError::TooLong { .. })) {
                    break;
                }
                drawn = draw(rows)?;
            }
            drawn.map_err(|error| cannot(error.code(), &error))
        }
    }
}

/// The refusal of a person whose account has no certificate.
pub fn no_certificate() -> AppError {
    Refusal::new(
        "KS-72",
        "signing.no_certificate",
        "Tài khoản của Ông/Bà chưa gắn chứng thư số nên chưa ký số được. Vui lòng đề nghị quản trị gắn chứng thư số.",
    )
    .into()
}

/// The refusal of a signature without its image (PL1-7d).
pub fn no_handwriting() -> AppError {
    Refusal::new(
        "PL1-7d",
        "signing.no_handwriting",
        "Ông/Bà chưa có hình ảnh chữ ký (màu xanh, nền trong suốt). Vui lòng đề nghị quản trị cập nhật trước khi ký số.",
    )
    .into()
}

/// The refusal of an agency's signature without the image of its seal (PL1-8a).
pub fn no_seal() -> AppError {
    Refusal::new(
        "PL1-8a",
        "signing.no_seal",
        "Cơ quan chưa có hình ảnh con dấu (màu đỏ, kích thước thật, nền trong suốt). Vui lòng đề nghị quản trị cập nhật trước khi phát hành.",
    )
    .into()
}

fn entries(numbered: &Numbered) -> NumberAndDate {
    let entry = |(text, slot): &(String, Slot)| Entry {
        text: text.clone(),
        slot: *slot,
    };
    NumberAndDate {
        number: entry(&numbered.number),
        day: numbered.day.as_ref().map(entry),
        month: numbered.month.as_ref().map(entry),
        year: numbered.year.as_ref().map(entry),
    }
}

/// The part of the row of ô 3 and ô 4 that is written.
fn around(entries: &NumberAndDate) -> Area {
    let slots = [
        Some(&entries.number),
        entries.day.as_ref(),
        entries.month.as_ref(),
        entries.year.as_ref(),
    ];
    let box_of = |slot: &Slot| {
        let line = slot.size / POINTS;
        Area {
            page: slot.page,
            x: slot.x,
            y: slot.baseline - line,
            width: slot.width,
            height: line * 1.3,
        }
    };
    slots
        .into_iter()
        .flatten()
        .map(|entry| box_of(&entry.slot))
        .reduce(|whole, part| row_area(&whole, &part))
        .unwrap_or(Area {
            page: 1,
            x: 0.0,
            y: 0.0,
            width: 1.0,
            height: 1.0,
        })
}

/// Width and height of a page as it is seen, mm.
///
/// # Errors
/// A refusal for a file that cannot be read or has no such page.
pub fn page_size(pdf: &[u8], number: u32) -> AppResult<(f64, f64)> {
    let document = Document::open(pdf).map_err(|error| cannot(error.code(), &error))?;
    let page = document
        .latest()
        .page(number)
        .map_err(|error| cannot(error.code(), &error))?
        .ok_or_else(|| {
            Refusal::new(
                "PL1-7d",
                "signing.no_such_page",
                format!("Tệp không có trang {number}. Vui lòng đặt lại vị trí chữ ký."),
            )
            .on("page")
        })?;
    let [left, bottom, right, top] = page.seen;
    let unit = page.user_unit / POINTS;
    let (width, height) = ((right - left).abs() * unit, (top - bottom).abs() * unit);
    Ok(if page.rotation % 180 == 90 {
        (height, width)
    } else {
        (width, height)
    })
}

/// Refuses a place that is not inside the page as it is seen.
///
/// # Errors
/// `PL1-7d`.
pub fn within_page(pdf: &[u8], area: &Area) -> AppResult<()> {
    let (width, height) = page_size(pdf, area.page)?;
    let page = Area {
        page: area.page,
        x: 0.0,
        y: 0.0,
        width,
        height,
    };
    let is_sane = [area.x, area.y, area.width, area.height]
        .iter()
        .all(|side| side.is_finite())
        && area.width > 0.0
        && area.height > 0.0;
    if is_sane && page.contains(area) {
        return Ok(());
    }
    Err(Refusal::new(
        "PL1-7d",
        "signing.outside_page",
        format!(
            "Vị trí đã chọn nằm ngoài trang {} (rộng {width:.0} mm, cao {height:.0} mm). Vui lòng đặt lại vị trí chữ ký, số và ngày.",
            area.page
        ),
    )
    .on("places")
    .into())
}
