//! The boxes, with the words officers know.

use rules::{
    delegation::{Function, Scope},
    people::Role,
};

use crate::web::page::Tone;

/// On whose desk a box stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// The person's post.
    Post,
    /// The agency: shared by its clerks.
    Clerks,
}

macro_rules! boxes {
    ($($(#[$doc:meta])* $name:ident = $key:literal, $label:literal, $icon:literal, $owner:ident, $tone:ident;)+) => {
        /// A box (hộp văn bản).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum DeskBox { $($(#[$doc])* $name),+ }

        impl DeskBox {
            /// Every box.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// Stable name, in addresses and in the database.
            pub fn key(self) -> &'static str { match self { $(Self::$name => $key),+ } }
            /// Name on screen.
            pub fn label(self) -> &'static str { match self { $(Self::$name => $label),+ } }
            /// Icon of the sprite.
            pub fn icon(self) -> &'static str { match self { $(Self::$name => $icon),+ } }
            /// On whose desk it stands.
            pub fn owner(self) -> Owner { match self { $(Self::$name => Owner::$owner),+ } }
            /// How loud its counter is; `Neutral` boxes show none.
            pub fn tone(self) -> Tone { match self { $(Self::$name => Tone::$tone),+ } }
            /// The box of this key.
            pub fn by_key(key: &str) -> Option<Self> { Self::ALL.iter().copied().find(|known| known.key() == key) }
        }
    };
}

boxes! {
    /// Delivered, not yet accepted or refused.
    Reception = "reception", "Chờ tiếp nhận", "inbox", Clerks, Info;
    /// The sender of an accepted document asks for something: a recall, an update.
    Requests = "requests", "Yêu cầu của bên gửi", "bell", Clerks, Warn;
    /// Registered, not yet presented to a leader.
    Presenting = "presenting", "Chờ trình", "file-text", Clerks, Info;
    /// Delivered and not registered, or registered and not presented, after the term.
    LateArrivals = "late-arrivals", "Quá hạn vào sổ, trình", "alert-triangle", Clerks, Bad;
    /// Presented: the leader's directive is awaited.
    Directing = "directing", "Chờ cho ý kiến", "writing-sign", Post, Info;
    /// What the person gave has come back or has no lead any more: to be assigned again.
    GivenBack = "given-back", "Bị trả lại", "arrow-back-up", Post, Warn;
    /// Holders of what the person gave ask for a later deadline.
    Extensions = "extensions", "Xin gia hạn", "calendar-time", Post, Warn;
    /// Assigned as chủ trì.
    Handling = "handling", "Chờ xử lý", "clipboard-check", Post, Info;
    /// Assigned as phối hợp.
    Supporting = "supporting", "Phối hợp", "users", Post, Info;
    /// Assigned for information.
    Information = "information", "Xem để biết", "eye", Post, Info;
    /// Of the open ones: due within the days that a setting names.
    DueSoon = "due-soon", "Sắp đến hạn", "clock", Post, Warn;
    /// Of the open ones: late.
    Overdue = "overdue", "Quá hạn", "alert-triangle", Post, Bad;
    /// Taken back by the sender, or by the giver, while the person worked on it; until they have seen that.
    Recalled = "recalled", "Bị thu hồi", "rotate-clockwise", Post, Warn;
    /// Passed on, answered, finished.
    Handled = "handled", "Đã xử lý", "checks", Post, Neutral;
    /// Refused and returned to the sender.
    Refused = "refused", "Đã trả lại nơi gửi", "arrow-back-up", Clerks, Neutral;
    /// Own drafts, also those returned for correction.
    Drafts = "drafts", "Dự thảo", "file-pencil", Post, Info;
    /// Own drafts on their way through the checks.
    UnderReview = "under-review", "Đang trình", "hourglass", Post, Neutral;
    /// Drafts about which the person is asked for an opinion.
    Consulted = "opinions", "Xin ý kiến", "message-2", Post, Info;
    /// Drafts that the person helps to write.
    CoDrafting = "co-drafting", "Phối hợp soạn thảo", "users-group", Post, Info;
    /// Drafts of the unit, for the check of content.
    ContentReview = "approval", "Chờ duyệt", "file-check", Post, Info;
    /// Drafts for the check of form.
    FormReview = "form-review", "Chờ kiểm tra thể thức", "adjustments", Clerks, Info;
    /// For the signer's approval.
    Signing = "signing", "Chờ ký", "writing-sign", Post, Info;
    /// Approved: to be numbered and issued.
    Issuing = "issuing", "Chờ phát hành", "rubber-stamp", Clerks, Info;
    /// Signed and not issued, or issued and not sent to everybody, after the term.
    LateIssue = "late-issue", "Quá hạn phát hành", "alert-triangle", Clerks, Bad;
    /// Issued documents that the person drafted, checked or signed.
    Issued = "issued", "Đã ban hành", "send", Post, Neutral;
    /// Issued documents of the agency, to follow their delivery.
    Dispatched = "dispatched", "Đã phát hành", "send", Clerks, Neutral;
    /// Slips that wait for the person's answer or advice.
    SlipsWaiting = "slips-waiting", "Phiếu trình chờ tôi", "clipboard-check", Post, Info;
    /// Own slips that a leader returned.
    SlipsReturned = "slips-returned", "Phiếu trình bị trả lại", "arrow-back-up", Post, Warn;
    /// Own slips, whatever became of them.
    SlipsOwn = "slips-own", "Phiếu trình của tôi", "clipboard-list", Post, Neutral;
    /// Slips about which the person has said their word.
    SlipsHandled = "slips-handled", "Phiếu trình đã cho ý kiến", "checks", Post, Neutral;
}

impl DeskBox {
    /// Whether the box holds documents that wait for its owner.
    pub fn is_counted(self) -> bool {
        self.tone() != Tone::Neutral
    }

    /// What belongs here, for an empty box.
    pub fn hint(self) -> &'static str {
        match self {
            Self::Reception => "Văn bản các cơ quan gửi đến sẽ hiện ở đây để kiểm tra và tiếp nhận.",
            Self::Requests => "Yêu cầu thu hồi, cập nhật của bên gửi chờ văn thư trả lời.",
            Self::Recalled => {
                "Văn bản Ông/Bà đang xử lý mà bên gửi hoặc người giao việc đã thu hồi; mở văn bản để xem lý do."
            }
            Self::GivenBack => {
                "Phần việc Ông/Bà đã giao bị trả lại hoặc chưa có người chủ trì, chờ phân công lại."
            }
            Self::Extensions => "Yêu cầu gia hạn của người Ông/Bà đã giao việc, chờ trả lời.",
            Self::Presenting => "Văn bản đã vào sổ, chờ trình lãnh đạo cho ý kiến.",
            Self::LateArrivals => "Không có văn bản đến nào quá hạn vào sổ hoặc trình.",
            Self::Directing => "Văn bản văn thư trình, chờ Ông/Bà cho ý kiến chỉ đạo.",
            Self::Handling => "Văn bản Ông/Bà được giao xử lý chính.",
            Self::Supporting => "Văn bản Ông/Bà được giao phối hợp.",
            Self::Information => "Văn bản gửi Ông/Bà để biết.",
            Self::DueSoon => "Việc sắp đến hạn sẽ hiện ở đây trước hạn vài ngày làm việc.",
            Self::Overdue => "Không có việc quá hạn.",
            Self::Handled => "Văn bản Ông/Bà đã xử lý hoặc đã chuyển tiếp.",
            Self::Refused => "Văn bản cơ quan đã trả lại nơi gửi.",
            Self::Drafts => "Dự thảo Ông/Bà đang soạn, kể cả dự thảo bị trả lại để sửa.",
            Self::UnderReview => "Dự thảo Ông/Bà đã trình, đang chờ người khác kiểm tra hoặc ký.",
            Self::Consulted => "Dự thảo đồng nghiệp xin ý kiến Ông/Bà; trả lời trước hạn.",
            Self::CoDrafting => "Dự thảo Ông/Bà được mời phối hợp soạn thảo: sửa được nội dung, không trình.",
            Self::ContentReview => "Dự thảo của đơn vị chờ Ông/Bà kiểm tra nội dung.",
            Self::FormReview => "Dự thảo chờ kiểm tra thể thức và kỹ thuật trình bày.",
            Self::Signing => "Dự thảo chờ Ông/Bà duyệt, ký.",
            Self::Issuing => "Văn bản đã được duyệt, chờ cấp số và phát hành.",
            Self::LateIssue => "Không có văn bản nào đã ký mà quá hạn phát hành, gửi.",
            Self::Issued => "Văn bản đã ban hành mà Ông/Bà soạn thảo hoặc ký.",
            Self::SlipsWaiting => "Phiếu trình chờ Ông/Bà phê duyệt hoặc cho ý kiến.",
            Self::SlipsReturned => "Phiếu trình lãnh đạo đã trả lại, chờ Ông/Bà sửa và trình lại.",
            Self::SlipsOwn => "Phiếu trình Ông/Bà đã lập, mới thay đổi ở trên.",
            Self::SlipsHandled => "Phiếu trình Ông/Bà đã phê duyệt, trả lại hoặc cho ý kiến.",
            Self::Dispatched => "Văn bản cơ quan đã phát hành; theo dõi việc nhận của nơi nhận.",
        }
    }

    /// Boxes of a role, in reading order: incoming, outgoing.
    pub fn of(role: Role) -> (&'static [Self], &'static [Self]) {
        use DeskBox::{
            CoDrafting, Consulted, ContentReview, Directing, Dispatched, Drafts, DueSoon, Extensions,
            FormReview, GivenBack, Handled, Handling, Information, Issued, Issuing, LateArrivals, LateIssue,
            Overdue, Presenting, Recalled, Reception, Refused, Requests, Signing, Supporting, UnderReview,
        };
        match role {
            Role::Clerk => (
                &[
                    Reception,
                    Requests,
                    Presenting,
                    LateArrivals,
                    Handling,
                    Supporting,
                    Information,
                    DueSoon,
                    Overdue,
                    Recalled,
                    Handled,
                    Refused,
                ],
                &[
                    FormReview,
                    Issuing,
                    LateIssue,
                    Dispatched,
                    Consulted,
                    Drafts,
                    CoDrafting,
                    UnderReview,
                ],
            ),
            Role::Leader => (
                &[
                    Directing,
                    GivenBack,
                    Extensions,
                    Handling,
                    Supporting,
                    Information,
                    DueSoon,
                    Overdue,
                    Recalled,
                    Handled,
                ],
                &[Signing, Consulted, Drafts, CoDrafting, UnderReview, Issued],
            ),
            Role::UnitHead => (
                &[
                    GivenBack,
                    Extensions,
                    Handling,
                    Supporting,
                    Information,
                    DueSoon,
                    Overdue,
                    Recalled,
                    Handled,
                ],
                &[
                    ContentReview,
                    Signing,
                    Consulted,
                    Drafts,
                    CoDrafting,
                    UnderReview,
                    Issued,
                ],
            ),
            Role::Officer | Role::Archivist => (
                &[
                    Handling,
                    Supporting,
                    Information,
                    DueSoon,
                    Overdue,
                    Recalled,
                    Handled,
                ],
                &[Drafts, Consulted, CoDrafting, UnderReview, Issued],
            ),
            Role::Administrator => (&[], &[]),
        }
    }

    /// Boxes of submission slips, which every role but the administrator's makes and answers.
    pub fn of_slips(role: Role) -> &'static [Self] {
        match role {
            Role::Administrator => &[],
            _ => &[
                Self::SlipsWaiting,
                Self::SlipsReturned,
                Self::SlipsOwn,
                Self::SlipsHandled,
            ],
        }
    }

    /// The boxes of a post that somebody sees who works in its place: those of the functions that were handed over. Deadlines
    /// stand in the lists; the two boxes that gather them would also show what was not handed over.
    pub fn handed_over(role: Role, scope: Scope) -> Vec<Self> {
        let (incoming, outgoing) = Self::of(role);
        let mut boxes: Vec<Self> = Vec::new();
        if scope.sees_incoming() {
            let of_post = incoming.iter().filter(|known| {
                known.owner() == Owner::Post && !matches!(known, Self::DueSoon | Self::Overdue)
            });
            boxes.extend(of_post);
        }
        if scope.has(Function::Content) {
            let answered = |known: &&Self| matches!(known, Self::ContentReview | Self::Consulted);
            boxes.extend(outgoing.iter().filter(answered));
        }
        boxes
    }

    /// Whether somebody has this box: by role, and in somebody's place by what was handed over.
    pub fn is_there_for(self, role: Role, scope: Option<Scope>) -> bool {
        match scope {
            Some(scope) => Self::handed_over(role, scope).contains(&self),
            None => self.belongs_to(role),
        }
    }

    /// Whether this role has the box at all.
    pub fn belongs_to(self, role: Role) -> bool {
        let (incoming, outgoing) = Self::of(role);
        incoming.contains(&self) || outgoing.contains(&self) || Self::of_slips(role).contains(&self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_unique_and_found_again() {
        for known in DeskBox::ALL {
            assert_eq!(DeskBox::by_key(known.key()), Some(*known));
        }
    }

    #[test]
    fn an_administrator_has_no_box_of_documents() {
        assert!(
            DeskBox::ALL
                .iter()
                .all(|known| !known.belongs_to(Role::Administrator))
        );
    }
}
