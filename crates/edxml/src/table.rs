//! Labels, lengths and cardinalities of fields as data. The complete regulation was not available: what the basis marks as
//! unconfirmed is corrected here and nowhere else.

use Basis::{Amendment2022, Decree30, Practice, Unconfirmed};

/// Where a length comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// NĐ 30/2020/NĐ-CP, Phụ lục VI.
    Decree30,
    /// QCVN 102:2016/BTTTT/SĐ1:2022.
    Amendment2022,
    /// What known implementations enforce.
    Practice,
    /// From memory; to be checked against the text of the regulation.
    Unconfirmed,
}

/// One field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Path of elements from `MessageHeader` or `TraceHeaderList` on.
    pub path: &'static str,
    /// The Vietnamese label.
    pub label: &'static str,
    /// Most characters; open when absent.
    pub max: Option<usize>,
    /// Needed in a document that is sent.
    pub required: bool,
    /// Where the length comes from.
    pub basis: Basis,
}

const fn field(path: &'static str, label: &'static str, max: usize, required: bool, basis: Basis) -> Field {
    Field {
        path,
        label,
        max: Some(max),
        required,
        basis,
    }
}

const fn group(path: &'static str, label: &'static str, required: bool) -> Field {
    Field {
        path,
        label,
        max: None,
        required,
        basis: Practice,
    }
}

/// Characters of an agency code before the amendment of 2022.
pub const OLDER_ORGAN_ID: usize = 13;

/// Every field that is known, generation 2022.
#[rustfmt::skip] // a table reads by columns
pub const FIELDS: &[Field] = &[
    group("MessageHeader/From", "Cơ quan gửi", true),
    field("MessageHeader/From/OrganId", "Mã định danh cơ quan gửi", 35, true, Amendment2022),
    field("MessageHeader/From/OrganizationInCharge", "Cơ quan chủ quản của cơ quan gửi", 200, true, Unconfirmed),
    field("MessageHeader/From/OrganName", "Tên cơ quan gửi", 200, true, Decree30),
    field("MessageHeader/From/OrganAdd", "Địa chỉ cơ quan gửi", 250, false, Unconfirmed),
    field("MessageHeader/From/Email", "Thư điện tử cơ quan gửi", 100, false, Unconfirmed),
    field("MessageHeader/From/Telephone", "Số điện thoại cơ quan gửi", 20, false, Unconfirmed),
    field("MessageHeader/From/Fax", "Số fax cơ quan gửi", 20, false, Unconfirmed),
    field("MessageHeader/From/Website", "Trang thông tin điện tử cơ quan gửi", 100, false, Unconfirmed),
    group("MessageHeader/To", "Cơ quan nhận", true),
    field("MessageHeader/To/OrganId", "Mã định danh cơ quan nhận", 35, true, Amendment2022),
    field("MessageHeader/To/OrganizationInCharge", "Cơ quan chủ quản của cơ quan nhận", 200, false, Unconfirmed),
    field("MessageHeader/To/OrganName", "Tên cơ quan nhận", 200, true, Decree30),
    field("MessageHeader/To/OrganAdd", "Địa chỉ cơ quan nhận", 250, false, Unconfirmed),
    field("MessageHeader/To/Email", "Thư điện tử cơ quan nhận", 100, false, Unconfirmed),
    field("MessageHeader/To/Telephone", "Số điện thoại cơ quan nhận", 20, false, Unconfirmed),
    field("MessageHeader/To/Fax", "Số fax cơ quan nhận", 20, false, Unconfirmed),
    field("MessageHeader/To/Website", "Trang thông tin điện tử cơ quan nhận", 100, false, Unconfirmed),
    field("MessageHeader/Code/CodeNumber", "Số văn bản", 11, true, Decree30),
    field("MessageHeader/Code/CodeNotation", "Ký hiệu văn bản", 30, true, Decree30),
    field("MessageHeader/PromulgationInfo/Place", "Địa danh ban hành", 50, true, Unconfirmed),
    group("MessageHeader/PromulgationInfo/PromulgationDate", "Ngày ban hành", true),
    group("MessageHeader/DocumentType/Type", "Nhóm loại văn bản", true),
    group("MessageHeader/DocumentType/TypeDetail", "Thứ tự loại văn bản", false),
    field("MessageHeader/DocumentType/TypeName", "Tên loại văn bản", 100, true, Decree30),
    field("MessageHeader/Subject", "Trích yếu nội dung", 500, true, Decree30),
    field("MessageHeader/Content", "Nội dung tóm tắt", 500, false, Unconfirmed),
    field("MessageHeader/SignerInfo/Competence", "Quyền hạn ký", 100, false, Unconfirmed),
    field("MessageHeader/SignerInfo/Position", "Chức vụ người ký", 100, false, Decree30),
    field("MessageHeader/SignerInfo/FullName", "Họ và tên người ký", 50, true, Decree30),
    group("MessageHeader/DueDate", "Hạn trả lời", false),
    field("MessageHeader/ToPlaces/Place", "Nơi nhận", 500, false, Unconfirmed),
    group("MessageHeader/OtherInfo/Priority", "Mức độ khẩn", false),
    field("MessageHeader/OtherInfo/SphereOfPromulgation", "Phạm vi lưu hành", 100, false, Unconfirmed),
    field("MessageHeader/OtherInfo/TyperNotation", "Ký hiệu người soạn thảo", 10, false, Unconfirmed),
    field("MessageHeader/OtherInfo/PromulgationAmount", "Số lượng bản phát hành", 3, false, Decree30),
    field("MessageHeader/OtherInfo/PageAmount", "Số trang", 3, false, Decree30),
    field("MessageHeader/OtherInfo/Appendixes/Appendix", "Phụ lục", 500, false, Unconfirmed),
    field("MessageHeader/ResponseFor/OrganId", "Mã cơ quan ban hành văn bản liên quan", 35, false, Amendment2022),
    field("MessageHeader/ResponseFor/Code", "Số, ký hiệu văn bản liên quan", 42, false, Practice),
    group("MessageHeader/ResponseFor/PromulgationDate", "Ngày ban hành văn bản liên quan", false),
    field("MessageHeader/ResponseFor/DocumentId", "Mã định danh văn bản liên quan", 200, false, Practice),
    group("MessageHeader/SteeringType", "Loại chỉ đạo", false),
    field("MessageHeader/DocumentId", "Mã định danh văn bản", 200, true, Practice),
    group("MessageHeader/StatusCode", "Mã trạng thái", false),
    field("MessageHeader/Description", "Diễn giải trạng thái", 500, false, Unconfirmed),
    group("MessageHeader/Timestamp", "Thời điểm của trạng thái", false),
    field("MessageHeader/StaffInfo/Department", "Đơn vị xử lý", 250, false, Practice),
    field("MessageHeader/StaffInfo/Staff", "Cán bộ xử lý", 100, false, Practice),
    field("MessageHeader/StaffInfo/Mobile", "Điện thoại cán bộ xử lý", 50, false, Practice),
    field("MessageHeader/StaffInfo/Email", "Thư điện tử cán bộ xử lý", 100, false, Practice),
    field("TraceHeaderList/TraceHeader/OrganId", "Mã của nút xử lý thông điệp", 35, false, Practice),
    group("TraceHeaderList/TraceHeader/Timestamp", "Thời điểm xử lý thông điệp", true),
    field("TraceHeaderList/Bussiness/DocumentId", "Mã định danh văn bản bị thu hồi, cập nhật", 200, false, Practice),
    group("TraceHeaderList/Bussiness/BussinessDocType", "Loại nghiệp vụ", true),
    field("TraceHeaderList/Bussiness/BussinessDocReason", "Lý do nghiệp vụ", 500, false, Unconfirmed),
    group("TraceHeaderList/Bussiness/Paper", "Gửi kèm bản giấy", false),
    group("TraceHeaderList/Bussiness/BussinessDocumentInfo/DocumentInfo", "Thay đổi thông tin", false),
    group("TraceHeaderList/Bussiness/BussinessDocumentInfo/DocumentReceiver", "Thay đổi nơi nhận", false),
    field(
        "TraceHeaderList/Bussiness/BussinessDocumentInfo/ReceiverList/Receiver/OrganId",
        "Mã cơ quan nhận được thêm, bớt",
        35,
        false,
        Practice,
    ),
    group(
        "TraceHeaderList/Bussiness/BussinessDocumentInfo/ReceiverList/Receiver/ReceiverType",
        "Loại thay đổi nơi nhận",
        false,
    ),
    field(
        "TraceHeaderList/Bussiness/ReplacementInfoList/ReplacementInfo/DocumentId",
        "Mã định danh văn bản bị thay thế",
        200,
        false,
        Practice,
    ),
    field(
        "TraceHeaderList/Bussiness/ReplacementInfoList/ReplacementInfo/OrganIdList/OrganId",
        "Mã cơ quan nhận bản thay thế",
        35,
        false,
        Practice,
    ),
    field("TraceHeaderList/Bussiness/StaffInfo/Department", "Đơn vị của cán bộ phụ trách", 250, false, Practice),
    field("TraceHeaderList/Bussiness/StaffInfo/Staff", "Cán bộ phụ trách", 100, false, Practice),
    field("TraceHeaderList/Bussiness/StaffInfo/Mobile", "Điện thoại cán bộ phụ trách", 50, false, Practice),
    field("TraceHeaderList/Bussiness/StaffInfo/Email", "Thư điện tử cán bộ phụ trách", 100, false, Practice),
    field("edXMLBody/edXMLManifest/Reference/AttachmentName", "Tên tệp đính kèm", 500, true, Practice),
    field("AttachmentEncoded/Attachment/AttachmentName", "Tên tệp đính kèm", 500, true, Practice),
];

/// The field at this path.
#[must_use]
pub fn field_at(path: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|field| field.path == path)
}

/// The Vietnamese label of the field at this path; the name of its last element when it is not in the table.
#[must_use]
pub fn label(path: &str) -> &str {
    match field_at(path) {
        Some(field) => field.label,
        None => path.rsplit('/').next().unwrap_or(path),
    }
}
