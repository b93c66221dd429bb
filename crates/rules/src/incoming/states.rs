//! States of an incoming document and of its assignments.

use crate::names::named_enum;

named_enum! {
    /// Where an incoming document stands.
    IncomingState {
        /// In the reception box; the clerk has not acted.
        Delivered = "delivered", "Chờ tiếp nhận";
        /// Returned to the sender with a reason (QD28-5.4).
        Refused = "refused", "Đã từ chối (trả lại)";
        /// Accepted, with an arrival number (số đến).
        Registered = "registered", "Đã đăng ký";
        /// Before a leader for direction (ND30-23.1).
        Presented = "presented", "Đã trình";
        /// Directed to units or persons (ND30-23.2).
        Assigned = "assigned", "Đã chuyển xử lý";
        /// The lead has begun.
        InProgress = "in_progress", "Đang xử lý";
        /// Finished (ND30-24).
        Finished = "finished", "Đã hoàn thành";
        /// Cancelled on the recall of its issuer (ND30-18.4b); a number that it had stays taken, its content is gone.
        Recalled = "recalled", "Đã thu hồi";
    }
}

impl IncomingState {
    /// Whether the document has left the reception box to stay: it has an arrival number, or was recalled before it got one.
    #[must_use]
    pub const fn is_registered(self) -> bool {
        !matches!(self, Self::Delivered | Self::Refused)
    }

    /// Whether handling goes on.
    #[must_use]
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Refused | Self::Finished | Self::Recalled)
    }
}

named_enum! {
    /// What a unit or person has to do with an incoming document (ND30-23.2).
    AssignmentRole {
        /// Chủ trì: exactly one.
        Lead = "lead", "Xử lý chính (Chủ trì)";
        /// Phối hợp.
        Cooperate = "cooperate", "Phối hợp";
        /// Xem để biết.
        Inform = "inform", "Xem để biết";
    }
}

named_enum! {
    /// Where one assignment stands.
    AssignmentState {
        /// Waiting for, or with, its holder.
        Open = "open", "Đang thực hiện";
        /// Passed on one level; its parts are followed below.
        PassedDown = "passed_down", "Đã chuyển tiếp";
        /// Done by its holder.
        Done = "done", "Đã hoàn thành";
        /// Closed by itself when the lead finished, or when the issuer recalled the document.
        Closed = "closed", "Đã kết thúc";
        /// Given back by its holder to whoever gave it, with a reason.
        GivenBack = "given_back", "Đã trả lại";
        /// Taken back by whoever gave it.
        TakenBack = "taken_back", "Đã thu hồi";
    }
}

impl AssignmentState {
    /// Whether somebody still has it to do: its holder, or those it was passed down to.
    #[must_use]
    pub const fn is_active(self) -> bool {
        matches!(self, Self::Open | Self::PassedDown)
    }
}

named_enum! {
    /// Where a request for a later deadline (xin gia hạn) stands.
    ExtensionState {
        /// Waits for whoever gave the part.
        Asked = "asked", "Chờ trả lời";
        /// Granted; the assignment has the new deadline.
        Granted = "granted", "Đồng ý";
        /// Refused with a reason.
        Refused = "refused", "Không đồng ý";
        /// Nobody answers it any more: the part ended.
        Lapsed = "lapsed", "Không còn hiệu lực";
    }
}

named_enum! {
    /// What happened to an incoming document, as its history tells.
    IncomingEvent {
        /// Arrived in the reception box.
        Delivered = "delivered", "Văn bản đến hệ thống";
        /// Accepted and registered with an arrival number.
        Registered = "registered", "Tiếp nhận và đăng ký";
        /// Returned to the sender.
        Refused = "refused", "Từ chối nhận (trả lại)";
        /// Presented to a leader.
        Presented = "presented", "Trình lãnh đạo";
        /// Directed.
        Directed = "directed", "Chỉ đạo, phân công";
        /// Passed down one level.
        PassedDown = "passed_down", "Chuyển tiếp xử lý";
        /// An opinion was written.
        OpinionGiven = "opinion_given", "Cho ý kiến";
        /// The lead began.
        Started = "started", "Bắt đầu xử lý";
        /// A co-operating or informed party finished its own part.
        PartCompleted = "part_completed", "Hoàn thành phần việc";
        /// Finished.
        Finished = "finished", "Kết thúc xử lý";
        /// The holder gave a part back.
        GivenBack = "given_back", "Trả lại phần việc";
        /// The giver took a part back.
        TakenBack = "taken_back", "Thu hồi phân công";
        /// The giver assigned more people, or somebody else.
        AssignedMore = "assigned_more", "Phân công bổ sung";
        /// The giver changed who leads, or a deadline.
        Changed = "changed", "Đổi vai trò, thời hạn";
        /// A holder asked for a later deadline.
        ExtensionAsked = "extension_asked", "Xin gia hạn";
        /// The giver granted it.
        ExtensionGranted = "extension_granted", "Đồng ý gia hạn";
        /// The giver refused it.
        ExtensionRefused = "extension_refused", "Không đồng ý gia hạn";
        /// Somebody urged those who handle.
        Urged = "urged", "Đôn đốc xử lý";
    }
}

named_enum! {
    /// By which way a document came that the clerk registers by hand (CN-101).
    PaperChannel {
        /// By post or from hand to hand.
        Paper = "paper", "Bản giấy (bưu điện, chuyển tay)";
        /// Thư điện tử.
        Email = "email", "Thư điện tử";
        /// Fax.
        Fax = "fax", "Fax";
    }
}

impl PaperChannel {
    /// What lies at the clerk's desk: paper, or a file.
    #[must_use]
    pub const fn medium(self) -> &'static str {
        match self {
            Self::Paper => "Văn bản giấy, đã số hóa",
            Self::Fax => "Bản fax, đã số hóa",
            Self::Email => "Tệp nhận qua thư điện tử",
        }
    }
}
