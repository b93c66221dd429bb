//! How dates and times read in Vietnamese.

use jiff::{Timestamp, civil::Date};
use store::vietnam;

/// `05/01/2022`.
pub fn date(date: Date) -> String {
    date.strftime("%d/%m/%Y").to_string()
}

/// `05/01/2022`, or nothing.
pub fn date_opt(value: Option<Date>) -> String {
    value.map(date).unwrap_or_default()
}

/// `05/01/2022`, or that there is none: letters and petitions may bear no date.
pub fn date_or_none(value: Option<Date>) -> String {
    value.map_or_else(|| "không ngày".to_owned(), date)
}

/// `14:05 05/01/2022`, in Viet Nam.
pub fn moment(at: Timestamp) -> String {
    vietnam(at).strftime("%H:%M %d/%m/%Y").to_string()
}

/// RFC 3339 with Viet Nam's offset, for machines: `2022-01-05T14:05:09+07:00`.
pub fn machine(at: Timestamp) -> String {
    vietnam(at).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// A clause as people cite it: `ND30-22.1` → `Khoản 1 Điều 22 Nghị định 30/2020/NĐ-CP`.
pub fn clause(id: &str) -> String {
    let Some((act, place)) = id.split_once('-') else {
        return id.to_owned();
    };
    let source = match act {
        "ND30" => "Nghị định 30/2020/NĐ-CP",
        "QD28" => "Quyết định 28/2018/QĐ-TTg",
        "QC01" => "Quy chế kèm theo Quyết định 01/2022/QĐ-UBND",
        "PL1" => return format!("Phụ lục I Nghị định 30/2020/NĐ-CP, mục {place}"),
        "PL3" => return format!("Phụ lục III Nghị định 30/2020/NĐ-CP, mẫu {place}"),
        "BLLD" => "Bộ luật Lao động 2019",
        "KS" => return criterion(place).unwrap_or(id).to_owned(),
        "CN" if matches!(place, "302" | "303" | "304" | "305") => {
            return "Quy tắc của hệ thống về phiếu trình".to_owned();
        }
        "CN" if place == "215" => return "Quy tắc của hệ thống về nhóm nơi nhận".to_owned(),
        "PL6" => return format!("Phụ lục VI Nghị định 30/2020/NĐ-CP, mục {place}"),
        _ => return id.to_owned(),
    };
    let mut parts = place.splitn(2, '.');
    let article = parts.next().unwrap_or_default();
    let rest = parts.next().unwrap_or_default();
    let digits = rest.chars().take_while(char::is_ascii_digit).count();
    let (paragraph, point) = rest.split_at(digits);
    match (paragraph, point) {
        ("", "") => format!("Điều {article} {source}"),
        (paragraph, "") => format!("Khoản {paragraph} Điều {article} {source}"),
        ("", point) => format!("Điểm {point} Điều {article} {source}"),
        (paragraph, point) => format!("Điểm {point} khoản {paragraph} Điều {article} {source}"),
    }
}

/// Where a criterion of digital signatures comes from.
fn criterion(number: &str) -> Option<&'static str> {
    Some(match number.parse::<u32>().ok()? {
        1..=9 => "Điều 5 Thông tư 15/2025/TT-BKHCN",
        20..=29 => "Điều 6 Thông tư 15/2025/TT-BKHCN",
        30..=39 => "Phụ lục II Thông tư 15/2025/TT-BKHCN",
        40..=49 => "Phụ lục I Thông tư 15/2025/TT-BKHCN",
        60..=65 => "Phụ lục I Nghị định 30/2020/NĐ-CP, khoản 7, 8 Mục II",
        70..=79 => "Quy tắc quản lý khóa, chứng thư số của hệ thống",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_shown_in_viet_nam() {
        let at: Timestamp = "2022-01-04T18:05:09Z".parse().unwrap();
        assert_eq!(moment(at), "01:05 05/01/2022");
        assert_eq!(machine(at), "2022-01-05T01:05:09+07:00");
        assert_eq!(date(vietnam(at).date()), "05/01/2022");
    }

    #[test]
    fn clauses_are_cited_as_officials_do() {
        assert_eq!(clause("ND30-22.1"), "Khoản 1 Điều 22 Nghị định 30/2020/NĐ-CP");
        assert_eq!(
            clause("ND30-4.2b"),
            "Điểm b khoản 2 Điều 4 Nghị định 30/2020/NĐ-CP"
        );
        assert_eq!(
            clause("QC01-8.4"),
            "Khoản 4 Điều 8 Quy chế kèm theo Quyết định 01/2022/QĐ-UBND"
        );
        assert_eq!(clause("KS-31"), "Phụ lục II Thông tư 15/2025/TT-BKHCN");
        assert_eq!(clause("KS-99"), "KS-99");
        assert_eq!(
            clause("QC01-6"),
            "Điều 6 Quy chế kèm theo Quyết định 01/2022/QĐ-UBND"
        );
    }
}
