//! What the access engine looks at, and what it answers.

use crate::ids::{AgencyId, PostId, UnitId};
use crate::incoming::IncomingState;
use crate::names::named_enum;
use crate::outgoing::OutgoingState;

named_enum! {
    /// What somebody wants to do.
    Action {
        /// See an object.
        View = "view", "Xem";
        /// Download its files.
        Download = "download", "Tải tệp";
        /// Write a new draft.
        CreateDraft = "create_draft", "Soạn dự thảo";
        /// Change a draft.
        EditDraft = "edit_draft", "Sửa dự thảo";
        /// Submit a draft.
        Submit = "submit", "Trình dự thảo";
        /// Sign off content.
        SignOffContent = "sign_off_content", "Xác nhận nội dung";
        /// Sign off form.
        SignOffForm = "sign_off_form", "Xác nhận thể thức";
        /// Approve as signer.
        Approve = "approve", "Duyệt, ký";
        /// Send back with a comment.
        Return = "return", "Trả lại";
        /// Number and issue.
        Issue = "issue", "Cấp số, phát hành";
        /// Give up a draft.
        Cancel = "cancel", "Hủy dự thảo";
        /// Accept and register, or register paper.
        Register = "register", "Tiếp nhận, đăng ký";
        /// Return a delivered document to its sender.
        RefuseDelivery = "refuse_delivery", "Từ chối nhận";
        /// Present to a leader.
        Present = "present", "Trình lãnh đạo";
        /// Prepare a directive for a leader in whose place one acts as an assistant.
        Prepare = "prepare", "Chuẩn bị ý kiến chỉ đạo";
        /// Direct.
        Direct = "direct", "Chỉ đạo, phân công";
        /// Pass an assignment down.
        PassDown = "pass_down", "Chuyển tiếp";
        /// Write an opinion.
        GiveOpinion = "give_opinion", "Cho ý kiến";
        /// Begin to handle, complete a part.
        Handle = "handle", "Xử lý";
        /// Draft a reply.
        Reply = "reply", "Soạn văn bản trả lời";
        /// Finish.
        Finish = "finish", "Kết thúc xử lý";
        /// Mend what was assigned: take back, add, change, answer a request for a later deadline.
        Amend = "amend", "Điều chỉnh phân công";
        /// Urge those who handle.
        Urge = "urge", "Đôn đốc";
        /// See and print the registers.
        ViewRegister = "view_register", "Xem sổ đăng ký";
        /// Manage accounts, units, posts, settings.
        ManageAccounts = "manage_accounts", "Quản lý tài khoản";
        /// See the journal of an agency.
        ViewJournal = "view_journal", "Xem nhật ký hệ thống";
    }
}

/// What kind of object it is, with its state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ObjectKind {
    /// An incoming document.
    Incoming(IncomingState),
    /// An outgoing document.
    Outgoing(OutgoingState),
    /// A submission slip (phiếu trình), whatever its state.
    Slip,
    /// The agency itself: its registers, accounts, journal, and the place where new documents begin.
    Agency,
}

/// What the engine has to know of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectFacts {
    /// Kind and state.
    pub kind: ObjectKind,
    /// The agency that owns it.
    pub owner: AgencyId,
    /// The post that drafted an outgoing document, or made a slip.
    pub drafter_post: Option<PostId>,
    /// The posts that help to write an outgoing document.
    pub co_drafter_posts: Vec<PostId>,
    /// The unit that drafts an outgoing document.
    pub drafting_unit: Option<UnitId>,
    /// The named signer of an outgoing document.
    pub signer_post: Option<PostId>,
    /// Every post that took part: holders of assignments, reviewers, the leader it was presented to, who gave opinions.
    pub participant_posts: Vec<PostId>,
    /// Every unit that took part: units with an assignment.
    pub participant_units: Vec<UnitId>,
}

impl ObjectFacts {
    /// The agency as an object.
    #[must_use]
    pub const fn agency(owner: AgencyId) -> Self {
        Self::new(ObjectKind::Agency, owner)
    }

    /// An object in which nobody took part yet.
    #[must_use]
    pub const fn new(kind: ObjectKind, owner: AgencyId) -> Self {
        Self {
            kind,
            owner,
            drafter_post: None,
            co_drafter_posts: Vec::new(),
            drafting_unit: None,
            signer_post: None,
            participant_posts: Vec::new(),
            participant_units: Vec::new(),
        }
    }
}

named_enum! {
    /// Why somebody is allowed.
    Ground {
        /// They drafted it.
        Drafter = "drafter", "Ông/Bà là người soạn thảo văn bản này.";
        /// They are its named signer.
        Signer = "signer", "Ông/Bà là người ký văn bản này.";
        /// They took part.
        Participant = "participant", "Ông/Bà được giao hoặc đã tham gia xử lý văn bản này.";
        /// They head a unit that took part.
        UnitHead = "unit_head", "Đơn vị do Ông/Bà phụ trách tham gia xử lý văn bản này.";
        /// They are the agency's clerk.
        Clerk = "clerk", "Văn thư quản lý tập trung văn bản đi, văn bản đến của cơ quan (NĐ 30/2020, Điều 4).";
        /// They check form.
        FormChecker = "form_checker", "Ông/Bà được giao kiểm tra thể thức văn bản (NĐ 30/2020, Điều 12).";
        /// They lead the agency.
        Leader = "leader", "Lãnh đạo cơ quan được xem văn bản đã đăng ký, đã ban hành của cơ quan.";
        /// They are an officer of the agency.
        Officer = "officer", "Cán bộ, công chức của cơ quan được soạn thảo văn bản.";
        /// They administer the agency.
        AgencyAdministrator = "agency_administrator", "Ông/Bà là quản trị của cơ quan.";
        /// They administer the province.
        ProvinceAdministrator = "province_administrator", "Ông/Bà là quản trị hệ thống của tỉnh.";
    }
}

/// The answer to “why can (can't) I?”.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// Whether it is allowed.
    pub allowed: bool,
    /// The clause behind it.
    pub clause: &'static str,
    /// One or two Vietnamese sentences.
    pub reason: String,
}
