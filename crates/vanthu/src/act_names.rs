//! The names of all acts, as the journal keeps them, each with what administrators read of it. An act is journalled
//! under one of these names only; a test keeps literals away.

macro_rules! acts {
    ($($name:ident = $key:literal, $label:literal;)+) => {
        $(#[doc = $label] pub const $name: &str = $key;)+

        /// Every name with its label.
        pub const ALL: &[(&str, &str)] = &[$(($key, $label)),+];
    };
}

acts! {
    ARRIVE = "incoming.arrive", "Văn bản đến hệ thống";
    REGISTER = "incoming.register", "Tiếp nhận, vào sổ";
    REGISTER_PAPER = "incoming.register_paper", "Vào sổ văn bản giấy, fax, thư điện tử";
    REFUSE = "incoming.refuse", "Trả lại nơi gửi";
    PRESENT = "incoming.present", "Trình lãnh đạo";
    DIRECT = "incoming.direct", "Chỉ đạo, phân công";
    HAND_ON = "incoming.hand_on", "Chuyển trực tiếp theo quy chế";
    PASS_DOWN = "incoming.pass_down", "Chuyển xử lý";
    OPINION = "incoming.opinion", "Cho ý kiến";
    START = "incoming.start", "Bắt đầu xử lý";
    COMPLETE = "incoming.complete", "Hoàn thành phần việc";
    FINISH = "incoming.finish", "Kết thúc xử lý";
    MARK_SEEN = "incoming.mark_seen", "Đánh dấu đã xem";
    GIVE_BACK = "incoming.give_back", "Trả lại phần việc";
    TAKE_BACK = "incoming.take_back", "Thu hồi phân công";
    ASSIGN_MORE = "incoming.assign_more", "Phân công bổ sung";
    CHANGE_PART = "incoming.change_part", "Đổi vai trò, thời hạn";
    ASK_EXTENSION = "incoming.ask_extension", "Xin gia hạn";
    GRANT_EXTENSION = "incoming.grant_extension", "Đồng ý gia hạn";
    REFUSE_EXTENSION = "incoming.refuse_extension", "Không đồng ý gia hạn";
    URGE = "incoming.urge", "Đôn đốc xử lý";
    FORWARD_UNOPENED = "unopened.forward", "Chuyển bì thư không bóc";
    RECEIVE_UNOPENED = "unopened.receive", "Ký nhận bì thư không bóc";
    HAND_BACK_UNOPENED = "unopened.hand_back", "Chuyển lại văn thư để đăng ký";
    NOTE_DOSSIER = "dossier.note", "Chuyển trực tiếp hồ sơ kèm theo";
    RECEIVE_DOSSIER = "dossier.receive", "Nhận hồ sơ kèm theo";
    HAND_OVER_PAPER = "paper.hand_over", "Ghi, chuyển bản giấy kèm theo";
    RECEIVE_PAPER = "paper.receive", "Ký nhận bản giấy kèm theo";
    LINK = "link.make", "Liên kết văn bản";
    UNLINK = "link.remove", "Bỏ liên kết văn bản";
    PAPER_BACK = "paper.back", "Nhận lại bản giấy kèm theo";

    REQUESTED = "incoming.requested", "Nhận yêu cầu của bên gửi";
    WITHDRAW = "incoming.withdraw", "Hủy văn bản bị thu hồi";
    TAKE_UPDATE = "incoming.take_update", "Nhận nội dung cập nhật";
    REFUSE_REQUEST = "incoming.refuse_request", "Từ chối yêu cầu của bên gửi";
    REDELIVER = "incoming.redeliver", "Bên gửi gửi lại văn bản đã trả";
    REPLACED = "incoming.replaced", "Văn bản bị thay thế";

    SAVE_DRAFT = "outgoing.save_draft", "Lưu dự thảo";
    CHANGE_AFTER_REVIEW = "outgoing.change_after_review", "Sửa dự thảo đã kiểm tra, phê duyệt";
    SUBMIT = "outgoing.submit", "Trình dự thảo";
    SIGN_OFF_CONTENT = "outgoing.sign_off_content", "Xác nhận nội dung";
    SIGN_OFF_FORM = "outgoing.sign_off_form", "Xác nhận thể thức";
    APPROVE = "outgoing.approve", "Duyệt, ký";
    RETURN = "outgoing.return", "Trả lại dự thảo";
    ISSUE = "outgoing.issue", "Cấp số, phát hành";
    CANCEL = "outgoing.cancel", "Hủy dự thảo";
    SIGN_BEGIN = "outgoing.sign_begin", "Bắt đầu ký số";
    SIGN = "outgoing.sign", "Duyệt và ký số";
    SIGN_END = "outgoing.sign_end", "Việc ký số chưa hoàn thành";
    SIGN_LATE = "outgoing.sign_late", "Bỏ qua câu trả lời ký số không được nhận";
    KEY_USED_IN_VAIN = "signing.key_used_in_vain", "Khóa đã ký, chữ ký không được ghi nhận";
    SEAL_BEGIN = "outgoing.seal_begin", "Bắt đầu ký số của cơ quan";
    SEAL_END = "outgoing.seal_end", "Việc ký số của cơ quan chưa hoàn thành";
    NUMBER = "outgoing.number", "Cấp số, đăng ký";
    VOID_NUMBER = "outgoing.void_number", "Hủy số văn bản";
    CO_DRAFTERS = "outgoing.co_drafters", "Chọn người phối hợp soạn thảo";
    CONSULT = "outgoing.consult", "Xin ý kiến về dự thảo";
    OPINE = "outgoing.opine", "Trả lời ý kiến về dự thảo";
    CLOSE_CONSULTATION = "outgoing.close_consultation", "Kết thúc lấy ý kiến về dự thảo";
    PLACE = "outgoing.place", "Đặt vị trí chữ ký, số, ngày";
    SAVE_RECIPIENT_GROUP = "recipient_group.save", "Lưu nhóm nơi nhận";
    REMOVE_RECIPIENT_GROUP = "recipient_group.remove", "Xóa nhóm nơi nhận";

    SAVE_SLIP = "slip.save", "Lưu phiếu trình";
    SUBMIT_SLIP = "slip.submit", "Trình phiếu trình";
    APPROVE_SLIP = "slip.approve", "Phê duyệt phiếu trình";
    SIGN_SLIP_BEGIN = "slip.sign_begin", "Bắt đầu ký duyệt phiếu trình";
    SIGN_SLIP = "slip.sign", "Ký duyệt phiếu trình";
    SIGN_SLIP_END = "slip.sign_end", "Việc ký duyệt phiếu trình chưa hoàn thành";
    RETURN_SLIP = "slip.return", "Trả lại phiếu trình";
    CANCEL_SLIP = "slip.cancel", "Hủy phiếu trình";
    CONSULT_SLIP = "slip.consult", "Xin thêm ý kiến về phiếu trình";
    OPINE_SLIP = "slip.opine", "Cho ý kiến về phiếu trình";

    MAKE_COPY = "copies.make", "Đăng ký bản sao";
    SIGN_COPY_BEGIN = "copies.sign_begin", "Bắt đầu ký số bản sao điện tử";
    SIGN_COPY = "copies.sign", "Ký số bản sao điện tử";
    SIGN_COPY_END = "copies.sign_end", "Việc ký số bản sao điện tử chưa hoàn thành";
    VOID_COPY = "copies.void", "Hủy số bản sao";
    PAPER_COPY = "outgoing.paper_copy", "In, đóng dấu bản chính giấy";
    CHANGE_NUMBER_RULE = "numbering.change_rule", "Quy định về dãy số";
    WITHDRAW_NUMBER_RULE = "numbering.withdraw_rule", "Hủy quy định về dãy số chưa áp dụng";
    CONTINUE_NUMBERS = "numbering.go_on", "Nối tiếp số của hệ thống trước";
    RESERVE_NUMBERS = "numbering.reserve", "Giữ số văn bản";
    ASSIGN_RESERVED = "numbering.assign_reserved", "Chọn số đã giữ cho văn bản";
    VOID_RESERVED = "numbering.void_reserved", "Hủy số đã giữ";
    OFFICE_HOURS = "agency.office_hours", "Giờ tính thời hạn phát hành";

    RECALL = "outgoing.recall", "Thu hồi văn bản";
    UPDATE = "outgoing.update", "Cập nhật văn bản đã phát hành";
    RESEND = "outgoing.resend", "Gửi lại cho nơi nhận";
    REPLACED_OUTGOING = "outgoing.replaced", "Bị văn bản khác thay thế";
    CORRECTED = "outgoing.corrected", "Được đính chính bằng công văn";

    SEND = "exchange.send", "Gửi đi";
    SEND_REQUEST = "exchange.send_request", "Gửi yêu cầu đến nơi nhận";
    ANSWERED = "exchange.answered", "Nơi nhận trả lời yêu cầu";
    STATUS = "exchange.status", "Nhận trạng thái từ nơi nhận";
    STATUS_REFUSED = "exchange.refused", "Nơi nhận trả lại văn bản";
    SEND_FAILED = "exchange.send_failed", "Không gửi được qua trục liên thông";
    SEND_AGAIN = "exchange.send_again", "Gửi lại gói tin";
    SEND_CONFIRM = "exchange.send_confirm", "Xác nhận nơi nhận đã có gói tin";
    SEND_SKIP = "exchange.send_skip", "Bỏ qua gói tin không gửi được";
    PACKET_UNREADABLE = "exchange.unreadable", "Gói tin không đọc được";
    PACKET_READ_AGAIN = "exchange.read_again", "Đọc lại gói tin";
    PACKET_SKIP = "exchange.packet_skip", "Bỏ qua gói tin nhận về";
    PACKET_DUPLICATE = "exchange.duplicate", "Nhận lại gói tin trùng";
    PACKET_MISDIRECTED = "exchange.misdirected", "Văn bản gửi nhầm";
    PACKET_ASSIGN = "exchange.assign", "Nhận văn bản gửi nhầm cho cơ quan";
    PACKET_RETURN = "exchange.return", "Trả lại văn bản gửi nhầm";
    PACKET_REQUEST = "exchange.request", "Bên gửi đề nghị thu hồi, cập nhật";
    PACKET_WAITS = "exchange.waits", "Gói tin chờ vì chưa tìm thấy văn bản";
    PACKET_STATUS = "exchange.axis_status", "Nhận trạng thái qua trục liên thông";
    CONNECTION_ADD = "connection.add", "Thêm kết nối trục liên thông";
    CONNECTION_CHANGE = "connection.change", "Sửa kết nối trục liên thông";
    CONNECTION_CODE = "connection.code", "Gắn, bỏ mã định danh trên trục";
    CONNECTION_ON = "connection.on", "Bật kết nối trục liên thông";
    CONNECTION_OFF = "connection.off", "Ngắt kết nối trục liên thông";
    CONNECTION_TEST = "connection.test", "Kiểm tra kết nối trục liên thông";
    CONNECTION_STOPPED = "connection.stopped", "Kết nối trục liên thông tạm dừng";

    CHECK_SIGNATURES = "verdict.check", "Kiểm tra chữ ký số";
    RECHECK_SIGNATURES = "verdict.recheck", "Kiểm tra lại chữ ký số";
    KEEP_CHECKED = "verdict.keep", "Lưu tệp đã kiểm tra chữ ký số";

    UPLOAD = "file.upload", "Gửi tệp lên";
    SECRET_REFUSED = "secrecy.refused", "Từ chối vì có dấu chỉ bí mật nhà nước";

    SIGN_IN = "account.sign_in", "Đăng nhập";
    SIGN_IN_FAILED = "account.sign_in_failed", "Đăng nhập không thành công";
    SIGN_IN_REFUSED = "account.sign_in_refused", "Đăng nhập khi tài khoản đang tạm khóa";
    SIGN_OUT = "account.sign_out", "Đăng xuất";
    SWITCH_POST = "account.switch_post", "Chuyển sang chức vụ khác";
    CHANGE_PASSWORD = "account.change_password", "Đổi mật khẩu";
    END_SESSION = "account.end_session", "Đăng xuất một phiên khác";
    CREATE_TOKEN = "account.create_token", "Tạo mã truy cập cho chương trình";
    REVOKE_TOKEN = "account.revoke_token", "Hủy mã truy cập";
    CREATE_ACCOUNT = "account.create", "Tạo tài khoản";
    RESET_PASSWORD = "account.reset_password", "Đặt lại mật khẩu";
    UNLOCK_ACCOUNT = "account.unlock", "Mở khóa tài khoản";
    CLOSE_ACCOUNT = "account.close", "Đóng tài khoản";

    DELEGATE = "delegation.give", "Ủy quyền xử lý công việc";
    REVOKE_DELEGATION = "delegation.end", "Kết thúc ủy quyền";
    ENTER_PLACE = "delegation.enter", "Bắt đầu xử lý thay";
    LEAVE_PLACE = "delegation.leave", "Thôi xử lý thay";
    PREPARE_DIRECTIVE = "incoming.prepare_directive", "Chuẩn bị ý kiến chỉ đạo";

    TRUST_ADD = "trust.add", "Thêm chứng thư vào danh sách tin cậy";
    TRUST_REMOVE = "trust.remove", "Bỏ chứng thư khỏi danh sách tin cậy";
    ALGORITHM_ADD = "trust.add_algorithm", "Thêm quy định về thuật toán";
    ALGORITHM_REMOVE = "trust.remove_algorithm", "Bỏ quy định về thuật toán";
    EVIDENCE_IMPORT = "evidence.import", "Nhập danh sách thu hồi, chứng thư trung gian";
    EVIDENCE_OFFLINE = "evidence.offline", "Đổi chế độ lấy bằng chứng thu hồi qua mạng";
    TIME_STAMP_SERVICE = "signing.time_stamp_service", "Đổi dịch vụ cấp dấu thời gian";
    PROVIDER_ADD = "provider.add", "Thêm nơi lưu khóa";
    PROVIDER_TEST = "provider.test", "Thử kết nối nơi lưu khóa";
    PROVIDER_RETIRE = "provider.retire", "Thôi dùng nơi lưu khóa";
    CERTIFICATE_BIND = "certificate.bind", "Gắn chứng thư";
    CERTIFICATE_UNBIND = "certificate.unbind", "Thôi dùng chứng thư";
    IMAGE_SET = "image.set", "Đặt hình ảnh chữ ký, con dấu";
    IMAGE_REMOVE = "image.remove", "Bỏ hình ảnh chữ ký, con dấu";
    CUSTODY_ADD = "custody.add", "Ghi nhận con dấu, thiết bị lưu khóa";
    CUSTODY_HAND_OVER = "custody.hand_over", "Bàn giao con dấu, thiết bị lưu khóa";
    CUSTODY_RETIRE = "custody.retire", "Thôi sử dụng con dấu, thiết bị lưu khóa";

    DIRECTORY_CHANGE = "directory.change", "Sửa danh mục trục liên thông";
    DIRECTORY_LOAD = "directory.load", "Nạp danh mục trục liên thông";
    CREATE_UNIT = "unit.create", "Lập đơn vị";
    RENAME_UNIT = "unit.rename", "Đổi tên đơn vị";
    CLOSE_UNIT = "unit.close", "Kết thúc hoạt động của đơn vị";
    UNIT_MOVED = "unit.moved", "Chuyển giao do sắp xếp đơn vị";
    AGENCY_CODE = "agency.code", "Đổi mã định danh của cơ quan";

    KEPT_COPY_LEND = "register.kept_copy_lend", "Giao bản lưu để sử dụng";
    KEPT_COPY_RETURN = "register.kept_copy_return", "Nhận lại bản lưu";
    NOTICE_SETTINGS = "notice.settings", "Chọn loại thông báo";
    PROCESS_SAVE = "process.save", "Đặt quy trình nội bộ";
    AGENCY_SETTING = "agency.setting", "Cài đặt của đơn vị";
    CALENDAR_SET = "calendar.set", "Đặt ngày nghỉ, ngày làm việc";
    CALENDAR_CLEAR = "calendar.clear", "Bỏ ngày đã đặt trong lịch làm việc";

    BEGIN_INSTALLATION = "installation.begin", "Thiết lập cơ quan đầu tiên";
    REBUILD_DESKS = "desk.rebuild", "Dựng lại bàn làm việc";
    SEED_DEMO = "demo.seed", "Tạo tỉnh thử nghiệm";
    SEED_KEYS = "demo.seed_keys", "Tạo chứng thư thử nghiệm";
}

/// What administrators read of an act; the name itself when it is of another version of the program.
pub fn label(name: &str) -> &str {
    ALL.iter()
        .find(|(known, _)| *known == name)
        .map_or(name, |(_, label)| *label)
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use super::*;

    /// Every Rust source of the application, with its path.
    fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
            }
        }
    }

    #[test]
    fn every_act_is_journalled_under_a_name_of_the_table() {
        let mut all = Vec::new();
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut all);
        let mut by_name = 0;
        for (path, text) in all.iter().filter(|(path, _)| !path.ends_with("act_names.rs")) {
            for (at, mark) in text.match_indices("act: ") {
                let value = text[at + mark.len()..].trim_start();
                let literal = value.strip_prefix('"').and_then(|rest| rest.split('"').next());
                // Forms name their acts by the last part of an address, without a point.
                assert!(
                    literal.is_none_or(|literal| !literal.contains('.')),
                    "{path}: an act is named by the literal {literal:?}"
                );
                by_name += usize::from(value.starts_with("act_names::"));
            }
            for (name, _) in ALL {
                // The job that delivers and the state that comes back have names of their own kind.
                let literal = format!("\"{name}\"");
                let told = text
                    .lines()
                    .filter(|line| line.contains(&literal) && !line.contains("KIND"))
                    .filter(|line| !line.contains("assert") && !line.contains("tried"))
                    .count();
                assert!(
                    told == 0 || path.contains("tests"),
                    "{path}: “{name}” is written out instead of its constant"
                );
            }
        }
        assert!(by_name > 15, "only {by_name} acts found");
    }

    #[test]
    fn names_and_labels_are_there_once() {
        let names: BTreeSet<_> = ALL.iter().map(|(name, _)| name).collect();
        assert_eq!(names.len(), ALL.len());
        assert!(
            ALL.iter()
                .all(|(name, label)| name.contains('.') && !label.is_empty())
        );
        assert_eq!(label("incoming.register"), "Tiếp nhận, vào sổ");
        assert_eq!(label("of.another_version"), "of.another_version");
    }

    #[tokio::test]
    async fn qc01_4_3_every_act_of_a_history_has_its_name() {
        let office = crate::testing::Office::with_history(60).await;
        let rows = office
            .app
            .db
            .all(store::sql!("SELECT DISTINCT act FROM journal"), store::args![])
            .await
            .unwrap();
        assert!(rows.len() > 5, "{} acts", rows.len());
        for row in rows {
            let act: String = row.get("act").unwrap();
            assert!(ALL.iter().any(|(name, _)| *name == act), "{act} has no name");
        }
    }
}
