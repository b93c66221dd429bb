//! Trích yếu: composed from a field's words, a place, a period and a pattern of the kind of document.

use jiff::ToSpan;
use jiff::civil::Date;
use rules::office_time::long_date;

use crate::districts::DISTRICTS;
use crate::fields::FieldKey;
use crate::index::Office;
use crate::model::Level;
use crate::recipients::Direction;
use crate::rng::Rng;

/// What a document is about; an answer is about the same as the question.
#[derive(Debug, Clone)]
pub(crate) struct Topic {
    /// Reads well after `về`, `tăng cường`: `công tác cải cách hành chính`, `việc thực hiện Đề án …`.
    noun: String,
    /// Reads well after `thực hiện`: `công tác cải cách hành chính`, `Đề án …`.
    task: String,
    /// Place and period, each with a blank before it; may be empty.
    where_when: String,
}

impl Topic {
    /// The topic that the agency `from` writes about on `day`: of the time to come, or of the time that is over
    /// when it `looks_back`.
    pub(crate) fn new(rng: &mut Rng, office: &Office<'_>, from: usize, day: Date, looks_back: bool) -> Self {
        let all: &[FieldKey] = match office.province.agencies[from].level {
            Level::Commune => &FieldKey::OF_COMMUNES,
            _ => &FieldKey::ALL,
        };
        let field = office.fields[from].unwrap_or_else(|| rng.one(all)).words();
        let (noun, task) = if rng.chance(700) {
            let work = rng.pick(field.works);
            let word = if rng.chance(800) {
                "công tác"
            } else {
                "nhiệm vụ"
            };
            (format!("{word} {work}"), format!("{word} {work}"))
        } else {
            let programme = rng.pick(field.programmes);
            (format!("việc thực hiện {programme}"), programme.to_owned())
        };
        let where_when = format!("{}{}", place(rng, office, from), period(rng, day, looks_back));
        Self {
            noun,
            task,
            where_when,
        }
    }

    /// Fills `{n}`, `{t}` and `{w}` of a pattern.
    pub(crate) fn fill(&self, pattern: &str) -> String {
        pattern
            .replace("{n}", &self.noun)
            .replace("{t}", &self.task)
            .replace("{w}", &self.where_when)
    }
}

/// Villages of the M'Nông, by names as they occur there.
const BON: &[&str] = &["Bu Đắk", "Jun Juh", "Đắk Láp", "Sa Pa", "Bu N'Drung", "Pi Nao"];

/// Where: the province, a district, a commune, a village, as far as the agency's work reaches.
fn place(rng: &mut Rng, office: &Office<'_>, from: usize) -> String {
    let agency = &office.province.agencies[from];
    // A body of a district speaks of places of its own district: its seat has the district's name.
    let district = DISTRICTS
        .iter()
        .find(|district| district.name == agency.place_name);
    match (agency.level, district) {
        (Level::Commune, _) => {
            let form = form_of_commune(&agency.name);
            match rng.below(10) {
                0..4 => format!(" trên địa bàn {form}"),
                7 if form == "xã" => format!(" tại bon {}", rng.pick(BON)),
                4..8 => {
                    let village = if form == "xã" { "thôn" } else { "tổ dân phố" };
                    format!(" tại {village} {}", rng.between(1, 12))
                }
                _ => String::new(),
            }
        }
        (_, Some(district)) => match rng.below(10) {
            0..3 => format!(" trên địa bàn {} {}", district.form, district.name),
            3..8 => {
                let (form, name) = rng.one(district.communes);
                format!(" tại {form} {name}")
            }
            _ => String::new(),
        },
        _ => {
            let district = &DISTRICTS[rng.below(DISTRICTS.len())];
            match rng.below(20) {
                0..6 => " trên địa bàn tỉnh".to_owned(),
                6..10 => format!(" tại {} {}", district.form, district.name),
                10..16 => {
                    let (form, name) = rng.one(district.communes);
                    format!(" tại {form} {name}, {} {}", district.form, district.name)
                }
                _ => String::new(),
            }
        }
    }
}

fn form_of_commune(name: &str) -> &'static str {
    ["phường", "thị trấn"]
        .into_iter()
        .find(|form| name.contains(form))
        .unwrap_or("xã")
}

/// When: a year, a quarter, a month, a stretch of years around `day`; the one just over when it `looks_back`.
fn period(rng: &mut Rng, day: Date, looks_back: bool) -> String {
    let over = if looks_back {
        day.saturating_sub(20.days())
    } else {
        day
    };
    let (year, month) = (over.year(), over.month());
    let quarter = ["I", "II", "III", "IV"][(month as usize - 1) / 3];
    // A year or half a year is reported on towards its end.
    let (year_ends, first_half, second_half) = (month >= 11, (5..=8).contains(&month), month >= 10);
    match rng.below(20) {
        0..4 if !looks_back || year_ends => format!(" năm {year}"),
        4..7 => format!(" quý {quarter} năm {year}"),
        7..10 => format!(" tháng {month} năm {year}"),
        10 if (!looks_back && month <= 6) || (looks_back && first_half) => format!(" 6 tháng đầu năm {year}"),
        10 if !looks_back || second_half => format!(" 6 tháng cuối năm {year}"),
        11 => format!(" đợt {} năm {year}", rng.between(1, 3)),
        12 => " giai đoạn 2021 - 2025".to_owned(),
        13 if !looks_back && month >= 10 => format!(" năm {}", year + 1),
        _ => String::new(),
    }
}

/// A question that wants an answer, and the answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Question {
    /// Patterns of the question's subject.
    ask: &'static [&'static str],
    /// Patterns of the answer's subject.
    answer: &'static [&'static str],
    /// Kind of the answer.
    pub(crate) answer_type: &'static str,
}

const QUESTIONS: &[Question] = &[
    Question {
        ask: &[
            "Báo cáo kết quả thực hiện {t}{w}",
            "Đề nghị báo cáo tình hình thực hiện {t}{w}",
            "Rà soát, tổng hợp số liệu về {n}{w}",
            "Báo cáo khó khăn, vướng mắc trong {n}{w}",
            "Đôn đốc báo cáo kết quả {n}{w}",
        ],
        answer: &[
            "Kết quả thực hiện {t}{w}",
            "Tình hình thực hiện {t}{w}",
            "Kết quả triển khai {n}{w}",
        ],
        answer_type: "bao_cao",
    },
    Question {
        ask: &[
            "Góp ý dự thảo Kế hoạch thực hiện {t}{w}",
            "Lấy ý kiến đối với dự thảo Quyết định về {n}{w}",
            "Đề nghị tham gia ý kiến về {n}{w}",
            "Xin ý kiến về phương án {n}{w}",
        ],
        answer: &[
            "Tham gia ý kiến đối với dự thảo văn bản về {n}{w}",
            "Góp ý dự thảo văn bản về {n}{w}",
        ],
        answer_type: "cong_van",
    },
    Question {
        ask: &[
            "Đề nghị cử công chức tham gia Đoàn kiểm tra {n}{w}",
            "Cử công chức tham gia Đoàn kiểm tra {n}{w}",
        ],
        answer: &["Cử công chức tham gia Đoàn kiểm tra {n}{w}"],
        answer_type: "cong_van",
    },
    Question {
        ask: &[
            "Cử công chức tham dự tập huấn về {n}{w}",
            "Đăng ký danh sách tập huấn về {n}{w}",
        ],
        answer: &["Danh sách công chức tham dự tập huấn về {n}{w}"],
        answer_type: "cong_van",
    },
    Question {
        ask: &[
            "Đăng ký nhu cầu kinh phí thực hiện {t}{w}",
            "Đề xuất nhu cầu kinh phí thực hiện {t}{w}",
        ],
        answer: &[
            "Nhu cầu kinh phí thực hiện {t}{w}",
            "Đăng ký kinh phí thực hiện {t}{w}",
        ],
        answer_type: "cong_van",
    },
    INFORMATION,
];

/// What neighbours ask each other.
const INFORMATION: Question = Question {
    ask: &[
        "Đề nghị cung cấp thông tin, số liệu phục vụ {n}{w}",
        "Phối hợp cung cấp hồ sơ, tài liệu về {n}{w}",
        "Đề nghị trao đổi kinh nghiệm về {n}{w}",
    ],
    answer: &[
        "Cung cấp thông tin, tài liệu về {n}{w}",
        "Phối hợp cung cấp thông tin về {n}{w}",
    ],
    answer_type: "cong_van",
};

const QUESTIONS_UP: &[Question] = &[
    Question {
        ask: &[
            "Xin ý kiến hướng dẫn về {n}{w}",
            "Đề nghị hướng dẫn một số nội dung về {n}{w}",
        ],
        answer: &[
            "Trả lời đề nghị hướng dẫn về {n}{w}",
            "Hướng dẫn một số nội dung về {n}{w}",
        ],
        answer_type: "cong_van",
    },
    Question {
        ask: &[
            "Đề nghị bổ sung kinh phí thực hiện {t}{w}",
            "Đề xuất chủ trương thực hiện {t}{w}",
            "Đề nghị tháo gỡ vướng mắc trong {n}{w}",
        ],
        answer: &["Trả lời kiến nghị về {n}{w}", "Giải quyết đề nghị về {n}{w}"],
        answer_type: "cong_van",
    },
];

/// A question of an agency of `level` to agencies in `direction`.
pub(crate) fn question(rng: &mut Rng, level: Level, direction: Direction) -> Question {
    match (level, direction) {
        (_, Direction::Up) => rng.one(QUESTIONS_UP),
        (Level::Commune | Level::Subordinate, Direction::Side) => INFORMATION,
        _ => rng.one(QUESTIONS),
    }
}

/// The subject of the question.
pub(crate) fn asking(rng: &mut Rng, question: Question, topic: &Topic) -> String {
    topic.fill(rng.pick(question.ask))
}

/// The subject of its answer.
pub(crate) fn answering(rng: &mut Rng, question: Question, topic: &Topic) -> String {
    topic.fill(rng.pick(question.answer))
}

/// The subject of a document that wants no answer.
pub(crate) fn telling(
    rng: &mut Rng,
    type_key: &str,
    direction: Direction,
    topic: &Topic,
    day: Date,
) -> String {
    let patterns = patterns(type_key, direction);
    let mut subject = topic.fill(rng.pick(patterns));
    if matches!(type_key, "cong_van" | "bao_cao" | "ke_hoach" | "to_trinh") && rng.chance(280) {
        subject.push_str(" theo ");
        subject.push_str(&reference(rng, day));
    }
    subject
}

/// An earlier document that is referred to: `Kế hoạch số 120/KH-UBND ngày 05 tháng 3 năm 2022 của …`.
pub(crate) fn reference(rng: &mut Rng, day: Date) -> String {
    let (name, symbol) = rng.one(&[
        ("Kế hoạch", "KH-UBND"),
        ("Công văn", "UBND-KGVX"),
        ("Công văn", "UBND-KTKH"),
        ("Công văn", "UBND-NNTNMT"),
        ("Quyết định", "QĐ-UBND"),
        ("Chỉ thị", "CT-UBND"),
        ("Thông báo", "TB-VPUBND"),
    ]);
    let number = match name {
        "Chỉ thị" => rng.between(1, 18),
        "Kế hoạch" | "Thông báo" => rng.between(10, 780),
        "Quyết định" => rng.between(30, 2100),
        _ => rng.between(40, 7400),
    };
    let date = day.saturating_sub((rng.between(12, 240) as i64).days());
    format!(
        "{name} số {number:02}/{symbol} {} của Ủy ban nhân dân tỉnh",
        long_date(date)
    )
}

fn patterns(type_key: &str, direction: Direction) -> &'static [&'static str] {
    match (type_key, direction) {
        ("cong_van", Direction::Up) => &[
            "Đề nghị hỗ trợ thực hiện {t}{w}",
            "Đề nghị thẩm định hồ sơ về {n}{w}",
            "Giải trình một số nội dung về {n}{w}",
            "Đăng ký nội dung thực hiện {t}{w}",
            "Gửi hồ sơ, tài liệu về {n}{w}",
            "Thông tin về {n}{w}",
            "Đề xuất danh mục, kinh phí cho {n}{w}",
            "Bổ sung hồ sơ về {n}{w}",
        ],
        ("cong_van", _) => &[
            "Triển khai thực hiện {t}{w}",
            "Tăng cường {n}{w}",
            "Tiếp tục đẩy mạnh {n}{w}",
            "Đôn đốc thực hiện {t}{w}",
            "Chấn chỉnh {n}{w}",
            "Hướng dẫn một số nội dung về {n}{w}",
            "Phối hợp thực hiện {t}{w}",
            "Thông tin kết quả kiểm tra {n}{w}",
            "Tuyên truyền về {n}{w}",
            "Khắc phục tồn tại, hạn chế trong {n}{w}",
            "Phân công nhiệm vụ phục vụ {n}{w}",
            "Chuẩn bị nội dung làm việc về {n}{w}",
            "Thực hiện ý kiến chỉ đạo của Chủ tịch Ủy ban nhân dân tỉnh về {n}{w}",
            "Cung cấp tài liệu phục vụ {n}{w}",
        ],
        ("bao_cao", _) => &[
            "Kết quả thực hiện {t}{w}",
            "Tình hình thực hiện {t}{w}",
            "Sơ kết {n}{w}",
            "Tổng kết {n}{w}",
            "Kết quả kiểm tra, giám sát {n}{w}",
            "Đánh giá kết quả {n}{w}",
        ],
        ("quyet_dinh", _) => &[
            "Về việc thành lập Tổ giúp việc về {n}{w}",
            "Về việc kiện toàn Ban Chỉ đạo về {n}{w}",
            "Về việc phê duyệt dự toán kinh phí thực hiện {t}{w}",
            "Về việc phê duyệt kế hoạch lựa chọn nhà thầu phục vụ {n}{w}",
            "Về việc khen thưởng tập thể, cá nhân có thành tích trong {n}{w}",
            "Về việc giao chỉ tiêu, nhiệm vụ thực hiện {t}{w}",
            "Về việc thành lập Đoàn kiểm tra {n}{w}",
            "Về việc thành lập Hội đồng thẩm định hồ sơ về {n}{w}",
            "Về việc phân công công chức phụ trách {n}{w}",
        ],
        ("to_trinh", _) => &[
            "Về việc phê duyệt kế hoạch, kinh phí thực hiện {t}{w}",
            "Về việc ban hành Quy định về {n}{w}",
            "Về việc bổ sung dự toán phục vụ {n}{w}",
            "Về việc kiện toàn Ban Chỉ đạo về {n}{w}",
            "Về việc thẩm định, phê duyệt hồ sơ về {n}{w}",
        ],
        ("thong_bao", _) => &[
            "Kết luận tại cuộc họp về {n}{w}",
            "Kết quả kiểm tra {n}{w}",
            "Về việc tổ chức hội nghị về {n}{w}",
            "Phân công nhiệm vụ về {n}{w}",
            "Về việc lấy ý kiến rộng rãi đối với {n}{w}",
            "Kết luận buổi làm việc về {n}{w}",
        ],
        ("ke_hoach" | "chuong_trinh", _) => &[
            "Triển khai thực hiện {t}{w}",
            "Kiểm tra {n}{w}",
            "Tổ chức tập huấn, bồi dưỡng về {n}{w}",
            "Tuyên truyền về {n}{w}",
            "Khắc phục tồn tại, hạn chế trong {n}{w}",
        ],
        ("giay_moi", _) => &[
            "Họp về {n}{w}",
            "Dự hội nghị sơ kết {n}{w}",
            "Dự hội nghị triển khai {n}{w}",
            "Làm việc về {n}{w}",
            "Dự lớp tập huấn về {n}{w}",
        ],
        ("chi_thi" | "cong_dien", _) => &[
            "Về việc tăng cường {n}{w}",
            "Về việc tập trung thực hiện {t}{w}",
            "Về việc chấn chỉnh {n}{w}",
        ],
        ("phieu_chuyen", _) => &[
            "Chuyển đơn của công dân liên quan đến {n}{w}",
            "Chuyển hồ sơ về {n}{w}",
        ],
        ("huong_dan", _) => &["Thực hiện {t}{w}", "Một số nội dung về {n}{w}"],
        _ => &["Thực hiện {t}{w}", "Nâng cao hiệu quả {n}{w}"],
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_topic_reads_well_in_every_place_of_a_pattern() {
        let topic = Topic {
            noun: "việc thực hiện Đề án 06".to_owned(),
            task: "Đề án 06".to_owned(),
            where_when: " tại xã Đắk Lao năm 2022".to_owned(),
        };
        assert_eq!(
            topic.fill("Thực hiện {t}{w}"),
            "Thực hiện Đề án 06 tại xã Đắk Lao năm 2022"
        );
        assert_eq!(
            topic.fill("Kiểm tra {n}{w}"),
            "Kiểm tra việc thực hiện Đề án 06 tại xã Đắk Lao năm 2022"
        );
    }

    #[test]
    fn a_reference_is_to_an_earlier_day() {
        let mut rng = Rng::new(3, "reference", 0);
        for _ in 0..200 {
            let text = reference(&mut rng, date(2022, 1, 10));
            assert!(
                text.contains(" năm 2021 ") && text.contains("/") && !text.contains("{"),
                "{text}"
            );
        }
    }
}
