//! What leaders, heads of units and clerks write.

use jiff::civil::Date;
use rules::office_time::short_date;

use crate::rng::Rng;

const TO_ACT: &[&str] = &[
    "Giao {u} chủ trì, phối hợp với các đơn vị liên quan tham mưu thực hiện",
    "Chuyển {u} nghiên cứu, tham mưu văn bản trả lời",
    "{u} chủ trì tham mưu, trình Lãnh đạo xem xét",
    "Giao {u} rà soát, tổng hợp, báo cáo Lãnh đạo",
    "{u} nghiên cứu, đề xuất hướng giải quyết",
    "Giao {u} tham mưu triển khai thực hiện theo đúng quy định",
    "Chuyển {u} chủ trì xử lý, báo cáo kết quả",
    "{u} chuẩn bị nội dung, dự thảo văn bản trình ký",
    "Giao {u} theo dõi, đôn đốc, tổng hợp kết quả thực hiện",
    "{u} kiểm tra lại số liệu và tham mưu báo cáo",
];

const TO_KNOW: &[&str] = &[
    "Chuyển {u} để biết, theo dõi",
    "{u} nghiên cứu, thực hiện trong phạm vi nhiệm vụ được giao",
    "Chuyển {u} lưu hồ sơ theo dõi",
    "{u} phổ biến đến công chức, viên chức biết, thực hiện",
    "Để biết. Giao {u} theo dõi",
];

const ASSIGNMENTS: &[&str] = &[
    "Đồng chí nghiên cứu, dự thảo văn bản trình Lãnh đạo.",
    "Đồng chí tham mưu thực hiện, bảo đảm đúng thời hạn.",
    "Đồng chí tổng hợp số liệu, dự thảo báo cáo.",
    "Đồng chí chủ động phối hợp với các đơn vị liên quan để xử lý.",
    "Đồng chí theo dõi, tham mưu theo lĩnh vực phụ trách.",
    "Đồng chí rà soát hồ sơ trước khi trình.",
];

const RESULTS: &[&str] = &[
    "Đã tham mưu triển khai thực hiện, lưu hồ sơ.",
    "Đã tổng hợp vào báo cáo chung của cơ quan.",
    "Đã phối hợp thực hiện theo đề nghị.",
    "Đã hoàn thành nhiệm vụ được giao.",
    "Đã trao đổi, thống nhất với cơ quan gửi văn bản.",
    "Đã phổ biến đến các đơn vị, cá nhân liên quan để thực hiện.",
];

const SEEN: &[&str] = &[
    "Đã xem, lưu hồ sơ.",
    "Đã nghiên cứu, theo dõi.",
    "Văn bản để biết, đã lưu hồ sơ công việc.",
];

const REFUSALS: &[&str] = &[
    "Văn bản gửi không đúng cơ quan, đơn vị có thẩm quyền giải quyết.",
    "Văn bản thiếu phụ lục kèm theo như đã nêu trong nội dung.",
    "Tệp tin đính kèm không mở được, đề nghị gửi lại.",
    "Văn bản gửi trùng với văn bản đã tiếp nhận.",
    "Trích yếu và tệp tin đính kèm không thống nhất, đề nghị kiểm tra lại.",
];

/// A leader's directive to `unit_name`, with its deadline when there is one.
pub(crate) fn directive(rng: &mut Rng, unit_name: &str, acts: bool, due: Option<Date>) -> String {
    let pattern = rng.pick(if acts { TO_ACT } else { TO_KNOW });
    let text = pattern.replace("{u}", unit_name);
    match due {
        Some(due) if rng.chance(700) => {
            format!("{text} trước ngày {}.", short_date(due))
        }
        _ => format!("{text}."),
    }
}

/// What the head of a unit writes to an officer.
pub(crate) fn assignment(rng: &mut Rng) -> &'static str {
    rng.one(ASSIGNMENTS)
}

/// A note of the result.
pub(crate) fn result(rng: &mut Rng, acts: bool) -> &'static str {
    rng.one(if acts { RESULTS } else { SEEN })
}

/// Why a clerk sends a document back.
pub(crate) fn refusal(rng: &mut Rng) -> &'static str {
    rng.one(REFUSALS)
}
