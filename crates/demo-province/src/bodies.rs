//! The body of a document: an opening with its basis, what is told or asked, a close.

use jiff::civil::{Date, DateTime};
use rules::office_time::long_date;

use crate::rng::Rng;
use crate::subjects::reference;

/// What the body is written from.
pub(crate) struct Facts<'a> {
    pub(crate) type_key: &'a str,
    pub(crate) subject: &'a str,
    pub(crate) agency_name: &'a str,
    pub(crate) issued_at: DateTime,
    pub(crate) needs_reply_by: Option<Date>,
    pub(crate) is_answer: bool,
    /// Goes to the agency above.
    pub(crate) upward: bool,
    /// The day to which a giấy mời invites.
    pub(crate) meeting_on: Date,
}

const TASKS: &[&str] = &[
    "Phân công đầu mối chịu trách nhiệm theo dõi, tổng hợp và thường xuyên trao đổi với cơ quan chủ trì để kịp thời xử lý vướng mắc.",
    "Rà soát các nhiệm vụ được giao, xác định rõ nội dung đã hoàn thành, nội dung chưa hoàn thành và nguyên nhân.",
    "Bố trí kinh phí trong dự toán được giao để thực hiện, bảo đảm tiết kiệm, hiệu quả và đúng chế độ quy định.",
    "Đẩy mạnh tuyên truyền trên hệ thống truyền thanh cơ sở và trang thông tin điện tử của cơ quan, đơn vị, địa phương.",
    "Tăng cường kiểm tra, giám sát; kịp thời chấn chỉnh tồn tại, hạn chế ngay từ cơ sở.",
    "Phối hợp chặt chẽ với Ủy ban Mặt trận Tổ quốc Việt Nam và các tổ chức chính trị - xã hội cùng cấp trong quá trình thực hiện.",
    "Cập nhật đầy đủ hồ sơ, số liệu trên Hệ thống quản lý văn bản và điều hành để phục vụ theo dõi, đánh giá.",
    "Ưu tiên nguồn lực cho các thôn, bon, buôn còn khó khăn, vùng đồng bào dân tộc thiểu số.",
    "Chủ động phương án xử lý các tình huống phát sinh, không để ảnh hưởng đến đời sống và sản xuất của Nhân dân.",
    "Người đứng đầu cơ quan, đơn vị chịu trách nhiệm về tiến độ và chất lượng thực hiện nhiệm vụ.",
];

const RESULTS: &[&str] = &[
    "Công tác lãnh đạo, chỉ đạo được thực hiện kịp thời; các văn bản triển khai được ban hành đầy đủ, đúng thời hạn.",
    "Các phòng, đơn vị đã bám sát kế hoạch, chủ động phối hợp; phần lớn nội dung hoàn thành theo tiến độ đề ra.",
    "Công tác tuyên truyền được đổi mới về hình thức, thu hút sự tham gia của đông đảo người dân.",
    "Bên cạnh kết quả đạt được, một số chỉ tiêu còn chậm do thiếu nhân lực và kinh phí bố trí chưa kịp thời.",
    "Số liệu giữa một số đơn vị chưa thống nhất, cần tiếp tục rà soát, đối chiếu trước khi tổng hợp.",
    "Thời tiết diễn biến bất thường và địa bàn rộng, chia cắt đã ảnh hưởng đến tiến độ thực hiện ở một số nơi.",
    "Trong thời gian tới, cơ quan tiếp tục tập trung khắc phục hạn chế, phấn đấu hoàn thành các chỉ tiêu được giao.",
    "Kiến nghị cơ quan có thẩm quyền xem xét bổ sung kinh phí và hướng dẫn cụ thể các nội dung còn vướng mắc.",
];

const DECISIONS: &[&str] = &[
    "Kinh phí thực hiện được bố trí từ nguồn ngân sách giao trong năm và các nguồn hợp pháp khác theo quy định.",
    "Cơ quan chủ trì có trách nhiệm hướng dẫn, kiểm tra, đôn đốc và định kỳ báo cáo kết quả thực hiện.",
    "Các thành viên làm việc theo chế độ kiêm nhiệm và tự chấm dứt hoạt động sau khi hoàn thành nhiệm vụ.",
    "Quyết định này có hiệu lực kể từ ngày ký.",
    "Thủ trưởng các cơ quan, đơn vị và cá nhân có liên quan chịu trách nhiệm thi hành Quyết định này.",
];

const MEETING: &[&str] = &[
    "Đề nghị các cơ quan, đơn vị cử thành phần đúng đối tượng và chuẩn bị ý kiến phát biểu.",
    "Tài liệu được gửi kèm trên Hệ thống quản lý văn bản và điều hành, không phát bản giấy tại cuộc họp.",
    "Văn phòng bố trí phòng họp và các điều kiện phục vụ.",
];

/// Three to eight sentences in paragraphs.
pub(crate) fn body(rng: &mut Rng, facts: &Facts<'_>) -> Vec<String> {
    let day = facts.issued_at.date();
    let about = lower_first(facts.subject);
    let name = facts.agency_name;
    let basis = if facts.is_answer {
        format!(
            "Thực hiện đề nghị của Quý cơ quan, {name} đã tổ chức nghiên cứu, rà soát theo chức năng, nhiệm vụ được giao."
        )
    } else {
        format!("Căn cứ {};", reference(rng, day))
    };
    let mut paragraphs = vec![basis];
    match facts.type_key {
        "quyet_dinh" => {
            paragraphs.push(format!("{name} quyết định {}.", without_about(&about)));
            paragraphs.extend(several(rng, DECISIONS, 2, 4));
        }
        "bao_cao" => {
            paragraphs.push(format!("{name} báo cáo {about} như sau:"));
            paragraphs.extend(numbered(several(rng, RESULTS, 2, 5)));
        }
        "to_trinh" => {
            paragraphs.push(format!(
                "{name} kính trình cấp có thẩm quyền xem xét {}.",
                without_about(&about)
            ));
            paragraphs.extend(several(rng, RESULTS, 1, 3));
            paragraphs.push("Kính đề nghị cấp có thẩm quyền xem xét, quyết định.".to_owned());
        }
        "giay_moi" => {
            paragraphs.push(format!("{name} trân trọng kính mời Quý cơ quan {about}."));
            paragraphs.push(format!(
                "Thời gian: {} giờ 00, {}.",
                rng.one(&["08", "14"]),
                long_date(facts.meeting_on)
            ));
            paragraphs.push("Địa điểm: Phòng họp của cơ quan.".to_owned());
            paragraphs.extend(several(rng, MEETING, 1, 2));
        }
        "phieu_chuyen" => {
            paragraphs.push(format!(
                "{name} {about} đến cơ quan có thẩm quyền để xem xét, giải quyết theo quy định."
            ));
            paragraphs.push(
                "Đề nghị thông báo kết quả giải quyết cho người gửi đơn và cơ quan chuyển đơn.".to_owned(),
            );
        }
        _ if facts.is_answer => {
            paragraphs.push(format!("{name} có ý kiến như sau:"));
            paragraphs.extend(numbered(several(rng, RESULTS, 1, 4)));
        }
        "thong_bao" => {
            paragraphs.push(format!("{name} thông báo {about} như sau:"));
            paragraphs.extend(numbered(several(rng, TASKS, 2, 4)));
        }
        "huong_dan" => {
            paragraphs.push(format!("{name} hướng dẫn {about} như sau:"));
            paragraphs.extend(numbered(several(rng, TASKS, 2, 5)));
        }
        "ke_hoach" | "chuong_trinh" | "phuong_an" | "de_an" => {
            paragraphs.push(format!("{name} {about} với các nội dung chính sau:"));
            paragraphs.extend(numbered(several(rng, TASKS, 3, 5)));
        }
        "cong_van" if facts.upward => {
            paragraphs.push(format!("Về việc {about}, {name} báo cáo, kiến nghị như sau:"));
            paragraphs.extend(numbered(several(rng, RESULTS, 2, 4)));
        }
        _ => {
            let work = without_about(&about);
            let wish = work.strip_prefix("đề nghị ").unwrap_or(work);
            paragraphs.push(format!(
                "Để phục vụ việc {wish}, {name} đề nghị các cơ quan, đơn vị thực hiện một số nội dung sau:"
            ));
            paragraphs.extend(numbered(several(rng, TASKS, 2, 5)));
        }
    }
    match facts.needs_reply_by.map(long_date) {
        Some(due) if facts.upward => paragraphs.push(format!(
            "Kính đề nghị Quý cơ quan có văn bản trả lời trước {due}."
        )),
        Some(due) => {
            paragraphs.push(format!(
                "Đề nghị Quý cơ quan gửi văn bản về {name} trước {due} để tổng hợp."
            ));
        }
        None if facts.is_answer => {
            paragraphs.push("Trân trọng gửi Quý cơ quan xem xét, tổng hợp.".to_owned());
        }
        None if facts.type_key == "cong_van" => {
            paragraphs.push(format!(
                "{name} đề nghị Quý cơ quan quan tâm, phối hợp thực hiện."
            ));
        }
        None => {}
    }
    paragraphs
}

/// Between `low` and `high` different sentences in the order of the list.
fn several(rng: &mut Rng, sentences: &'static [&'static str], low: usize, high: usize) -> Vec<String> {
    let mut wanted = rng.between(low, high.min(sentences.len()));
    let mut chosen = Vec::with_capacity(wanted);
    for (place, sentence) in sentences.iter().enumerate() {
        // Each of the sentences left is taken with the chance that keeps the number exact.
        if rng.below(sentences.len() - place) < wanted {
            chosen.push((*sentence).to_owned());
            wanted -= 1;
        }
    }
    chosen
}

fn numbered(sentences: Vec<String>) -> impl Iterator<Item = String> {
    sentences
        .into_iter()
        .enumerate()
        .map(|(place, sentence)| format!("{}. {sentence}", place + 1))
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// `về việc thành lập …` without its first words.
fn without_about(text: &str) -> &str {
    text.strip_prefix("về việc ").unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_gives_as_many_as_it_says() {
        let mut rng = Rng::new(5, "several", 0);
        for _ in 0..200 {
            let count = several(&mut rng, TASKS, 2, 5).len();
            assert!((2..=5).contains(&count));
        }
    }
}
