//! The scenarios, in the order in which they are played.

mod addressing;
mod business;
mod capsules;
mod delivery;
mod forms;
mod statuses;

use std::pin::Pin;

use super::desk::{Desk, Verdict};

type Played<'a> = Pin<Box<dyn Future<Output = Verdict> + 'a>>;

/// One thing that a partner must do right.
pub struct Scenario {
    /// Its name, for the command line.
    pub name: &'static str,
    /// What it is, in Vietnamese.
    pub title: &'static str,
    /// Clauses and sections it rests on.
    pub basis: &'static str,
    pub(super) run: for<'a> fn(&'a mut Desk) -> Played<'a>,
}

impl std::fmt::Debug for Scenario {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scenario")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

macro_rules! scenarios {
    ($($name:literal $title:literal $basis:literal $run:path;)*) => {
        /// All scenarios.
        pub const SCENARIOS: &[Scenario] = &[$(Scenario {
            name: $name,
            title: $title,
            basis: $basis,
            run: |desk| Box::pin($run(desk)),
        },)*];
    };
}

scenarios! {
    "wrong-hmac" "Trục từ chối yêu cầu ký bằng khóa sai" "spec edxml 12.1" addressing::wrong_hmac;
    "unknown-addressee" "Trục từ chối cơ quan nhận không có trong danh mục" "spec edxml 12.4" addressing::unknown_addressee;
    "new" "Văn bản mới: gói tin được lưu và có trạng thái 01 Đã đến" "QĐ 28/2018 Điều 9; spec edxml 6, 14" delivery::new;
    "accept" "Văn thư tiếp nhận: trạng thái 03" "QĐ 28/2018 Điều 9; spec edxml 6" statuses::accept;
    "refuse" "Văn thư từ chối: trạng thái 02 có lý do" "QĐ 28/2018 Điều 9; spec edxml 6" statuses::refuse;
    "all-states" "Tiếp nhận, phân công, xử lý, hoàn thành: 03, 04, 05, 06" "QĐ 28/2018 Điều 9; spec edxml 6" statuses::all_states;
    "states-out-of-order" "Trạng thái về không theo thứ tự và trùng lặp vẫn được nhận" "spec edxml 6" statuses::out_of_order;
    "unknown-status" "Trạng thái lạ, của văn bản không có, không làm hỏng hệ thống" "spec edxml 6" statuses::unknown;
    "series" "Một loạt văn bản: văn bản nào cũng có 01" "spec edxml 12.6" delivery::series;
    "large-attachment" "Tệp đính kèm lớn" "QC 01 Điều 8.4; spec edxml 19.4" delivery::large;
    "missing-attachment" "Thiếu tệp đính kèm: vẫn nhận, không bỏ gói tin" "spec edxml 13.1 R11" delivery::missing_attachment;
    "duplicate" "Gói tin gửi lặp: một văn bản, không tiếp nhận hai lần" "spec edxml 12.6" delivery::duplicate;
    "duplicate-reserialised" "Gói tin gửi lặp sau khi trục ghi lại: vẫn là một văn bản" "spec edxml 4, 7, 12.6" delivery::duplicate_reserialised;
    "duplicate-of-failed" "Gói tin hỏng gửi lặp: lần nào cũng fail, không báo 01" "spec edxml 12.6" capsules::duplicate_of_failed;
    "not-xml" "Gói tin không phải XML: fail" "spec edxml 13.1" capsules::not_xml;
    "no-header" "Gói tin không có MessageHeader: fail" "spec edxml 13.1" capsules::no_header;
    "no-identity" "Gói tin không có định danh, số ký hiệu, ngày: fail" "spec edxml 13.1" capsules::no_identity;
    "xxe" "Thực thể ngoài (XXE) không được đọc: fail" "spec edxml 13.1, 15" capsules::xxe;
    "entity-bomb" "Thực thể lồng nhau (billion laughs): fail" "spec edxml 13.1, 15" capsules::entity_bomb;
    "misaddressed" "Văn bản gửi nhầm: không tiếp nhận" "spec edxml 13.1 R13" addressing::misaddressed;
    "intermediary" "Gửi qua đơn vị trung gian (From khác bên gửi gói tin): không tự động từ chối" "spec edxml 13.1 R14" addressing::intermediary;
    "old-code" "Mã cũ và mã mới của cùng cơ quan: một văn bản" "QĐ 20/2020 Điều 11; spec edxml 10.4" addressing::old_code;
    "nfd" "Tiếng Việt dạng tổ hợp (NFD): nhận ra cùng văn bản" "spec edxml 13.1 R4" forms::nfd;
    "reserialised" "Gói tin trục đã ghi lại: vẫn đọc được" "spec edxml 4, 7" forms::reserialised;
    "prefixes" "Tiền tố XML khác hoặc không có tiền tố: vẫn đọc được" "spec edxml 2, 13.1 R1" forms::prefixes;
    "recall-before-acceptance" "Thu hồi trước khi tiếp nhận: 15" "QĐ 28/2018 Điều 8; spec edxml 14" business::recall_before;
    "recall-agreed" "Thu hồi sau khi tiếp nhận, bên nhận đồng ý: 15" "QĐ 28/2018 Điều 8; spec edxml 14" business::recall_agreed;
    "recall-refused" "Thu hồi sau khi tiếp nhận, bên nhận từ chối: 16 có lý do" "QĐ 28/2018 Điều 8; spec edxml 14" business::recall_refused;
    "take-back" "Yêu cầu lấy lại bằng trạng thái 13: 15 hoặc 16" "spec edxml 6, 14" business::take_back;
    "recall-unknown" "Thu hồi văn bản chưa từng nhận: không làm hỏng hệ thống" "spec edxml 14" business::recall_unknown;
    "update" "Cập nhật văn bản: 15" "spec edxml 14" business::update;
    "replace" "Thay thế văn bản: văn bản mới có 01" "spec edxml 14" business::replace;
    "status-form" "Mọi trạng thái nhận được đều đúng dạng" "spec edxml 6" statuses::form;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_different() {
        let names: std::collections::HashSet<_> = SCENARIOS.iter().map(|s| s.name).collect();
        assert_eq!(names.len(), SCENARIOS.len());
    }
}
