//! The templates as data, in the order of Phụ lục III Mục II.

use super::{Field, Shape, Template, Text};

const fn field(key: &'static str, label: &'static str, hint: &'static str, shape: Shape) -> Field {
    Field {
        key,
        label,
        hint,
        shape,
        required: true,
    }
}

const fn optional(key: &'static str, label: &'static str, hint: &'static str, shape: Shape) -> Field {
    Field {
        required: false,
        ..field(key, label, hint, shape)
    }
}

/// Thành phần thể thức bổ sung (ND30-8.3): every document may have them.
pub const COMMON: &[Field] = &[
    optional(
        "circulation",
        "Chỉ dẫn về phạm vi lưu hành",
        "In đậm trong khung ở góc phải trên trang đầu, ví dụ: Lưu hành nội bộ, Xem xong trả lại.",
        Shape::Line,
    ),
    optional(
        "drafter_mark",
        "Ký hiệu người soạn thảo, số lượng bản phát hành",
        "In sau dòng Lưu, ví dụ: PL.(300).",
        Shape::Line,
    ),
    optional(
        "contact_line",
        "Địa chỉ, thư điện tử, trang thông tin điện tử, điện thoại, fax",
        "In ở cuối trang đầu, dưới đường kẻ.",
        Shape::Line,
    ),
    optional(
        "appendices",
        "Phụ lục",
        "Mỗi phụ lục mở đầu bằng một dòng “# Tên phụ lục”, tiếp theo là nội dung. Mỗi phụ lục bắt đầu trang mới, đánh số trang riêng.",
        Shape::Text,
    ),
];

const fn authority(key: &'static str) -> Field {
    optional(
        key,
        "Thẩm quyền ban hành",
        "Để trống lấy theo người ký: chức danh người đứng đầu, hoặc tên cơ quan khi thay mặt tập thể.",
        Shape::Line,
    )
}

/// The text may bring its own grounds, so that a whole decision can be pasted.
const fn grounds(key: &'static str) -> Field {
    optional(
        key,
        "Căn cứ ban hành",
        "Mỗi căn cứ một dòng; hệ thống thêm dòng QUYẾT ĐỊNH:, QUYẾT NGHỊ:. Để trống nếu căn cứ đã có trong nội dung.",
        Shape::Lines,
    )
}

/// Mẫu 1.4, for kinds that have none of their own too.
pub const NAMED: Template = Template {
    id: "1.4",
    clause: "PL3-1.4",
    name: "Văn bản có tên loại",
    fields: &[],
    text: Text::Required,
};

/// Every template of văn bản hành chính. Mẫu 1.3 is 1.2 with a document attached.
pub static ALL: &[Template] = &[
    Template {
        id: "1.1",
        clause: "PL3-1.1",
        name: "Nghị quyết (cá biệt)",
        fields: &[authority("resolution_authority"), grounds("resolution_grounds")],
        text: Text::Required,
    },
    Template {
        id: "1.2",
        clause: "PL3-1.2",
        name: "Quyết định (cá biệt)",
        fields: &[
            authority("decision_authority"),
            grounds("grounds"),
            optional(
                "proposal",
                "Theo đề nghị của",
                "Chức danh người trình, ví dụ: Giám đốc Sở Nội vụ.",
                Shape::Line,
            ),
            optional(
                "attached_type",
                "Tên loại của văn bản kèm theo",
                "Chỉ dùng cho Quyết định quy định gián tiếp, ví dụ: Quy chế.",
                Shape::Line,
            ),
            optional(
                "attached_subject",
                "Trích yếu của văn bản kèm theo",
                "",
                Shape::Line,
            ),
            optional(
                "attached_text",
                "Nội dung của văn bản kèm theo",
                "Bắt đầu trang mới sau Quyết định, đánh số trang riêng.",
                Shape::Text,
            ),
        ],
        text: Text::Required,
    },
    NAMED,
    Template {
        id: "1.5",
        clause: "PL3-1.5",
        name: "Công văn",
        fields: &[],
        text: Text::Required,
    },
    Template {
        id: "1.6",
        clause: "PL3-1.6",
        name: "Công điện",
        fields: &[
            field(
                "dispatcher",
                "Cơ quan hoặc chức danh điện",
                "Ví dụ: Chủ tịch Ủy ban nhân dân tỉnh.",
                Shape::Line,
            ),
            field(
                "dispatch_to",
                "Điện cho",
                "Mỗi cơ quan, tổ chức, cá nhân nhận điện một dòng.",
                Shape::Lines,
            ),
        ],
        text: Text::Required,
    },
    Template {
        id: "1.7",
        clause: "PL3-1.7",
        name: "Giấy mời",
        fields: &[
            field(
                "guests",
                "Kính mời",
                "Cơ quan hoặc họ tên, chức vụ, đơn vị công tác của người được mời; mỗi nơi một dòng.",
                Shape::Lines,
            ),
            field(
                "event",
                "Tới dự",
                "Tên cuộc họp, hội nghị, hội thảo.",
                Shape::Line,
            ),
            field("meeting_chair", "Chủ trì", "", Shape::Line),
            field(
                "meeting_time",
                "Thời gian",
                "Ví dụ: 08 giờ 00 phút, ngày 15 tháng 01 năm 2026.",
                Shape::Line,
            ),
            field("meeting_place", "Địa điểm", "", Shape::Line),
        ],
        text: Text::Optional,
    },
    Template {
        id: "1.8",
        clause: "PL3-1.8",
        name: "Giấy giới thiệu",
        fields: &[
            field(
                "bearer",
                "Ông (bà)",
                "Họ và tên người được giới thiệu.",
                Shape::Line,
            ),
            field("bearer_title", "Chức vụ", "", Shape::Line),
            field(
                "sent_to",
                "Được cử đến",
                "Tên cơ quan, tổ chức được giới thiệu tới làm việc.",
                Shape::Line,
            ),
            field("errand", "Về việc", "", Shape::Line),
            field("valid_until", "Có giá trị đến hết ngày", "", Shape::Day),
        ],
        text: Text::None,
    },
    Template {
        id: "1.9",
        clause: "PL3-1.9",
        name: "Biên bản",
        fields: &[
            field(
                "minutes_begin",
                "Thời gian bắt đầu",
                "Ví dụ: 08 giờ 00 phút, ngày 15 tháng 01 năm 2026.",
                Shape::Line,
            ),
            field("minutes_place", "Địa điểm", "", Shape::Line),
            field(
                "attendees",
                "Thành phần tham dự",
                "Mỗi người hoặc mỗi cơ quan một dòng.",
                Shape::Lines,
            ),
            optional(
                "minutes_chair",
                "Chủ trì (chủ tọa)",
                "Họ và tên, chức vụ; để trống lấy tên người ký. Người ký ký ở phần CHỦ TỌA.",
                Shape::Line,
            ),
            field(
                "secretary",
                "Thư ký (người ghi biên bản)",
                "Họ và tên; in dưới phần THƯ KÝ.",
                Shape::Line,
            ),
            optional(
                "meeting_word",
                "Gọi là",
                "Cuộc họp, Hội nghị, Hội thảo; để trống là Cuộc họp.",
                Shape::Line,
            ),
            field(
                "minutes_end",
                "Kết thúc vào",
                "Ví dụ: 11 giờ 30 phút, ngày 15 tháng 01 năm 2026.",
                Shape::Line,
            ),
        ],
        text: Text::Required,
    },
    Template {
        id: "1.10",
        clause: "PL3-1.10",
        name: "Giấy nghỉ phép",
        fields: &[
            field(
                "leave_applied_on",
                "Ngày của Đơn đề nghị nghỉ phép",
                "",
                Shape::Day,
            ),
            field(
                "leave_person",
                "Ông (bà)",
                "Họ và tên người được cấp giấy.",
                Shape::Line,
            ),
            field("leave_title", "Chức vụ, đơn vị công tác", "", Shape::Line),
            field("leave_days", "Thời gian nghỉ", "Ví dụ: 05 ngày.", Shape::Line),
            field("leave_from", "Kể từ ngày", "", Shape::Day),
            field("leave_until", "Đến hết ngày", "", Shape::Day),
            field("leave_place", "Nghỉ tại", "Nơi nghỉ phép.", Shape::Line),
            field(
                "leave_counted",
                "Tính vào thời gian",
                "Ví dụ: nghỉ phép năm 2026, nghỉ không hưởng lương.",
                Shape::Line,
            ),
            optional(
                "leave_confirmation",
                "In phần xác nhận của nơi nghỉ phép",
                "Xác nhận của cơ quan (tổ chức) hoặc chính quyền địa phương nơi nghỉ phép, nếu cần.",
                Shape::Check,
            ),
        ],
        text: Text::None,
    },
];
