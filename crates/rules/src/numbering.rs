//! Số và ký hiệu (ND30 Điều 15, 22.2; Phụ lục I khoản 3; QĐ 395/QĐ-BTTTT for document identifiers).
//!
//! The next number is decided here; that it is taken once is the business of the transaction that stores it.

mod reserved;
mod series;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::document_types::{DocumentClass, DocumentType, SymbolForm};
use crate::{Decision, Refusal};

pub use reserved::{
    MAX_RESERVED, Reserved, ReservedState, assign_reserved, other_series, reserve, use_reserved,
    void_reserved,
};
pub use series::{
    Continued, SeriesOfAgency, administrative_series, change_rule, given_in_year, go_on_from, is_in_series,
    may_keep_series, next_after, withdraw_change,
};

/// How an agency numbers its administrative documents; set by the head of the agency (ND30-15.1c).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum SeriesRule {
    /// One common sequence for all kinds.
    #[default]
    Common,
    /// One sequence per kind.
    PerType,
    /// Groups of kinds; a kind that is in no group goes with the common sequence.
    Groups {
        /// The groups.
        groups: Vec<SeriesGroup>,
    },
}

/// A group of kinds that share one sequence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeriesGroup {
    /// Stable name of the group.
    pub key: String,
    /// Keys of its kinds.
    pub document_types: Vec<String>,
}

/// The key of the sequence of arrival numbers: one for paper and electronic (ND30-22.2).
pub const ARRIVAL_SERIES: &str = "arrival";
/// The key of the common sequence of copies (PL1 Phần II Mục II khoản 1c).
pub const COPY_SERIES: &str = "copies";

/// The key of the sequence in which a document of this kind is numbered: `common`, `type.quyet_dinh`, `group.<key>`,
/// `legal.quyet_dinh_qppl`, `copies`.
#[must_use]
pub fn series_key(rule: &SeriesRule, kind: &DocumentType) -> String {
    const COMMON: &str = "common";
    if kind.is_copy {
        return COPY_SERIES.to_owned();
    }
    if kind.class == DocumentClass::QuyPhamPhapLuat {
        // ND30-15.1a: each kind of legal normative document has its own sequence, whatever the agency chose.
        return format!("legal.{}", kind.key);
    }
    match rule {
        SeriesRule::Common => COMMON.to_owned(),
        SeriesRule::PerType => format!("type.{}", kind.key),
        SeriesRule::Groups { groups } => groups
            .iter()
            .find(|group| group.document_types.iter().any(|key| key == kind.key))
            .map_or_else(|| COMMON.to_owned(), |group| format!("group.{}", group.key)),
    }
}

/// The last number taken in a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastTaken {
    /// The number.
    pub number: u32,
    /// The civil date on which it was taken.
    pub date: Date,
}

/// A number to take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// The number, from 1.
    pub number: u32,
    /// The civil date of the document (or of arrival).
    pub date: Date,
    /// The year of the series.
    pub year: i16,
}

/// The next outgoing number of a series: one more within the year, 1 in a new year; dates never go backwards.
///
/// # Errors
/// `ND30-15.1` when `today` lies before the date of the last number.
pub fn next(last: Option<LastTaken>, today: Date) -> Decision<Taken> {
    next_in(last, today, "ND30-15.1", "số văn bản")
}

/// The next arrival number: one sequence a year for paper and electronic documents.
///
/// # Errors
/// `ND30-22.2` when `today` lies before the date of the last number.
pub fn next_arrival(last: Option<LastTaken>, today: Date) -> Decision<Taken> {
    next_in(last, today, "ND30-22.2", "số đến")
}

fn next_in(last: Option<LastTaken>, today: Date, clause: &'static str, what: &str) -> Decision<Taken> {
    let number = match last {
        Some(last) if today < last.date => {
            return Err(Refusal::new(
                clause,
                "numbering.date_backwards",
                format!(
                    "Không lùi ngày khi cấp {what}: số gần nhất đã cấp ngày {}. Vui lòng kiểm tra lại ngày.",
                    crate::office_time::short_date(last.date)
                ),
            )
            .on("date"));
        }
        Some(last) if today.year() == last.date.year() => last.number.checked_add(1).ok_or_else(|| {
            Refusal::new(
                clause,
                "numbering.exhausted",
                format!("Dãy {what} của năm đã hết. Vui lòng liên hệ quản trị."),
            )
        })?,
        Some(_) | None => 1,
    };
    Ok(Taken {
        number,
        date: today,
        year: today.year(),
    })
}

/// A number as it is printed: at least two digits (PL1-3a).
#[must_use]
pub fn printed_number(number: u32) -> String {
    format!("{number:02}")
}

/// The symbol of a document by PL1-3b: `QĐ-UBND` for named kinds, `UBND-KGVX` for công văn, `2022/QĐ-UBND` for legal
/// normative documents.
///
/// `unit_or_field_abbr` is needed for công văn only: the drafting unit or the field.
///
/// # Errors
/// `PL1-3b` when an abbreviation that the form needs is missing.
pub fn symbol(
    kind: &DocumentType,
    agency_abbr: &str,
    unit_or_field_abbr: &str,
    year: i16,
) -> Decision<String> {
    let refuse = |code, field, message: &str| Refusal::new("PL1-3b", code, message).on(field);
    let agency = agency_abbr.trim();
    if agency.is_empty() {
        return Err(refuse(
            "numbering.no_agency_abbreviation",
            "agency",
            "Cơ quan chưa có chữ viết tắt. Vui lòng đề nghị quản trị bổ sung.",
        ));
    }
    let abbreviation = kind.abbreviation.unwrap_or_default();
    match kind.symbol_form() {
        SymbolForm::Named => Ok(format!("{abbreviation}-{agency}")),
        SymbolForm::WithYear => Ok(format!("{year}/{abbreviation}-{agency}")),
        SymbolForm::Letter => match unit_or_field_abbr.trim() {
            "" => Err(refuse(
                "numbering.no_unit_abbreviation",
                "drafting_unit",
                "Ký hiệu công văn cần chữ viết tắt của đơn vị soạn thảo hoặc lĩnh vực. Vui lòng bổ sung.",
            )),
            unit => Ok(format!("{agency}-{unit}")),
        },
    }
}

/// Number and symbol together, as documents print them: `15/QĐ-UBND`, `01/2022/QĐ-UBND`, `05/UBND-KGVX`.
#[must_use]
pub fn number_and_symbol(number: u32, symbol: &str) -> String {
    format!("{}/{symbol}", printed_number(number))
}

/// The parts of a document identifier (mã định danh văn bản, QD28-10.2b and QĐ 395/QĐ-BTTTT).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdentifierParts<'a> {
    /// Mã định danh cơ quan.
    pub agency_code: &'a str,
    /// Date of the document.
    pub date: Date,
    /// Number.
    pub number: u32,
    /// Symbol.
    pub symbol: &'a str,
}

/// How document identifiers are put together: text with `{agency}`, `{year}`, `{date}`, `{number}`, `{symbol}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct IdentifierTemplate(String);

impl Default for IdentifierTemplate {
    /// Agency, day, number and symbol, as documents are identified on the axis (QĐ 395/QĐ-BTTTT). With `{year}` it is the
    /// form of QD28-10.2b; the symbol stays, as an agency may run several series of numbers in a year.
    fn default() -> Self {
        Self("{agency},{date},{number}/{symbol}".to_owned())
    }
}

impl IdentifierTemplate {
    /// Reads a template from the settings.
    ///
    /// # Errors
    /// `QC01-9.3` when a part that makes identifiers unique is missing, or a placeholder is unknown.
    pub fn parse(template: &str) -> Decision<Self> {
        let has = |part: &str| template.contains(part);
        let unknown = ["{agency}", "{year}", "{date}", "{number}", "{symbol}"]
            .iter()
            .fold(template.to_owned(), |rest, part| rest.replace(part, ""))
            .contains(['{', '}']);
        let unique =
            has("{agency}") && (has("{year}") || has("{date}")) && has("{number}") && has("{symbol}");
        if unknown || !unique {
            return Err(Refusal::new(
                "QC01-9.3",
                "numbering.bad_identifier_template",
                "Mẫu mã định danh văn bản phải có {agency}, {year} hoặc {date}, {number}, {symbol} và không có phần nào khác trong ngoặc nhọn.",
            )
            .on("identifier_template"));
        }
        Ok(Self(template.to_owned()))
    }

    /// As it is written down.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The identifier of a document.
    #[must_use]
    pub fn identifier(&self, parts: &IdentifierParts<'_>) -> String {
        let IdentifierParts {
            agency_code,
            date,
            number,
            symbol,
        } = *parts;
        let day = format!("{:04}/{:02}/{:02}", date.year(), date.month(), date.day());
        self.0
            .replace("{year}", &date.year().to_string())
            .replace("{date}", &day)
            .replace("{number}", &printed_number(number))
            .replace("{agency}", agency_code)
            .replace("{symbol}", symbol)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;
    use crate::document_types::by_key;

    #[rstest]
    #[case("quyet_dinh", "UBND", "", 15, "15/QĐ-UBND")]
    #[case("quy_dinh", "SNV", "VP", 7, "07/QyĐ-SNV")]
    #[case("cong_van", "UBND", "KGVX", 5, "05/UBND-KGVX")]
    #[case("quyet_dinh_qppl", "UBND", "", 1, "01/2022/QĐ-UBND")]
    #[case("nghi_quyet_qppl", "HĐND", "", 12, "12/2022/NQ-HĐND")]
    #[case("sao_y", "STTTT", "", 100, "100/SY-STTTT")]
    fn pl1_3b_cn_212_symbols_follow_the_kind(
        #[case] key: &str,
        #[case] agency: &str,
        #[case] unit: &str,
        #[case] number: u32,
        #[case] printed: &str,
    ) {
        let symbol = symbol(by_key(key).unwrap(), agency, unit, 2022).unwrap();
        assert_eq!(number_and_symbol(number, &symbol), printed);
    }

    #[test]
    fn pl1_3b_an_official_letter_needs_its_unit() {
        let letter = by_key("cong_van").unwrap();
        assert_eq!(
            symbol(letter, "UBND", " ", 2026).unwrap_err().field,
            Some("drafting_unit")
        );
        assert_eq!(symbol(letter, "", "VX", 2026).unwrap_err().clause, "PL1-3b");
    }

    #[rstest]
    #[case("quyet_dinh_qppl", "legal.quyet_dinh_qppl")]
    #[case("sao_y", "copies")]
    #[case("sao_luc", "copies")]
    fn nd30_15_1a_some_kinds_have_a_sequence_whatever_the_agency_chose(
        #[case] key: &str,
        #[case] series: &str,
    ) {
        let kind = by_key(key).unwrap();
        for rule in [SeriesRule::Common, SeriesRule::PerType] {
            assert_eq!(series_key(&rule, kind), series);
        }
    }

    #[test]
    fn nd30_15_1c_the_agency_head_chooses_the_sequences() {
        let groups = vec![SeriesGroup {
            key: "qd_ct".into(),
            document_types: vec!["quyet_dinh".into(), "chi_thi".into()],
        }];
        let grouped = SeriesRule::Groups { groups };
        let key = |rule: &SeriesRule, kind| series_key(rule, by_key(kind).unwrap());
        assert_eq!(
            key(&SeriesRule::Common, "quyet_dinh"),
            key(&SeriesRule::Common, "cong_van")
        );
        assert_eq!(key(&SeriesRule::PerType, "quyet_dinh"), "type.quyet_dinh");
        assert_eq!(key(&grouped, "quyet_dinh"), key(&grouped, "chi_thi"));
        assert_eq!(key(&grouped, "cong_van"), "common");
    }

    #[rstest]
    #[case(None, date(2026, 3, 2), 1)]
    #[case(Some((7, date(2026, 3, 2))), date(2026, 3, 2), 8)]
    #[case(Some((7, date(2026, 3, 2))), date(2026, 12, 31), 8)]
    #[case(Some((987, date(2026, 12, 31))), date(2027, 1, 1), 1)]
    fn nd30_15_1_numbers_run_from_01_within_the_year(
        #[case] last: Option<(u32, Date)>,
        #[case] today: Date,
        #[case] number: u32,
    ) {
        let last = last.map(|(number, date)| LastTaken { number, date });
        let taken = next(last, today).unwrap();
        assert_eq!(
            (taken.number, taken.date, taken.year),
            (number, today, today.year())
        );
    }

    #[rstest]
    #[case(date(2026, 3, 2), date(2026, 3, 1))]
    #[case(date(2027, 1, 1), date(2026, 12, 31))]
    fn nd30_15_1_dates_never_go_backwards(#[case] last: Date, #[case] today: Date) {
        let last = Some(LastTaken {
            number: 3,
            date: last,
        });
        assert_eq!(next(last, today).unwrap_err().clause, "ND30-15.1");
        assert_eq!(next_arrival(last, today).unwrap_err().clause, "ND30-22.2");
    }

    #[test]
    fn qc01_9_3_the_identifier_follows_its_template() {
        let parts = IdentifierParts {
            agency_code: "H16.15",
            date: date(2026, 2, 5),
            number: 7,
            symbol: "QĐ-STTTT",
        };
        assert_eq!(
            IdentifierTemplate::default().identifier(&parts),
            "H16.15,2026/02/05,07/QĐ-STTTT"
        );
        let by_year = IdentifierTemplate::parse("{agency},{year},{number}/{symbol}").unwrap();
        assert_eq!(by_year.identifier(&parts), "H16.15,2026,07/QĐ-STTTT");
        assert!(IdentifierTemplate::parse("{agency},{year},{number}").is_err());
        assert!(IdentifierTemplate::parse("{agency},{year},{number}/{symbol}{x}").is_err());
    }

    proptest! {
        #[test]
        fn nd30_15_1_numbers_of_a_year_are_consecutive_and_dates_rise(steps in proptest::collection::vec(-40_i32..120, 1..80)) {
            let mut last: Option<LastTaken> = None;
            let mut today = date(2026, 1, 1);
            for step in steps {
                today = today.checked_add(jiff::Span::new().days(step)).unwrap();
                match next(last, today) {
                    Ok(taken) => {
                        let same_year = last.filter(|l| l.date.year() == taken.year);
                        prop_assert_eq!(taken.number, same_year.map_or(0, |l| l.number) + 1);
                        prop_assert!(last.is_none_or(|l| l.date <= taken.date));
                        last = Some(LastTaken { number: taken.number, date: taken.date });
                    }
                    Err(_) => prop_assert!(last.is_some_and(|l| today < l.date)),
                }
            }
        }

        #[test]
        fn pl1_3a_numbers_below_ten_are_printed_with_two_digits(number in 0_u32..1_000_000) {
            let printed = printed_number(number);
            prop_assert_eq!(printed.len() == 2, number < 100);
            prop_assert_eq!(printed.parse::<u32>().unwrap(), number);
        }
    }
}
