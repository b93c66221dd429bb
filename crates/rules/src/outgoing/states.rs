//! States and events of an outgoing document.

use crate::names::named_enum;

named_enum! {
    /// Where an outgoing document stands.
    OutgoingState {
        /// Being drafted.
        Draft = "draft", "Dự thảo";
        /// With the head of the drafting unit for content (ND30-12.1).
        ContentReview = "content_review", "Chờ kiểm tra nội dung";
        /// With the person who checks form (ND30-12.2).
        FormReview = "form_review", "Chờ kiểm tra thể thức";
        /// With the signer for approval (ND30-11.1).
        Approval = "approval", "Chờ duyệt, ký";
        /// The signer's digital signature is under way (ND30-13.7).
        Signing = "signing", "Chờ ký số";
        /// Approved, and signed where the agency signs digitally; with the clerk for number and issue.
        Approved = "approved", "Chờ phát hành";
        /// Numbered and registered; the agency's digital signature is still missing (ND30-14, ND30-32.2d).
        Numbered = "numbered", "Đã cấp số, chờ ký số cơ quan";
        /// Numbered and issued; the file never changes again.
        Issued = "issued", "Đã ban hành";
        /// Given up before issue.
        Cancelled = "cancelled", "Đã hủy dự thảo";
        /// Its number was void before issue: it stays in the register with the reason and is never given again.
        Voided = "voided", "Đã hủy số";
    }
}

impl OutgoingState {
    /// Whether the document can still change.
    #[must_use]
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Issued | Self::Cancelled | Self::Voided)
    }

    /// Whether the document stands in the register of outgoing documents: its number was given (ND30-16).
    #[must_use]
    pub const fn is_registered(self) -> bool {
        matches!(self, Self::Numbered | Self::Issued | Self::Voided)
    }

    /// Whether the document was submitted and will still get its number: a number that is reserved for it is kept for nobody else
    /// (ND30-15.1). A draft may never be submitted, and what has its number needs no other.
    #[must_use]
    pub const fn waits_for_number(self) -> bool {
        matches!(
            self,
            Self::ContentReview | Self::FormReview | Self::Approval | Self::Signing | Self::Approved
        )
    }
}

named_enum! {
    /// What happened to an outgoing document, as its history tells.
    OutgoingEvent {
        /// A version of the draft was saved.
        DraftSaved = "draft_saved", "Lưu dự thảo";
        /// An approved or checked text was changed: what had been signed off is void (ND30-11.2).
        ChangedAfterReview = "changed_after_review", "Sửa nội dung, việc kiểm tra và phê duyệt trước đó hết hiệu lực";
        /// Sent to the head of the drafting unit.
        Submitted = "submitted", "Trình dự thảo";
        /// Content signed off (ND30-12.1).
        ContentSignedOff = "content_signed_off", "Xác nhận nội dung";
        /// Form signed off (ND30-12.2).
        FormSignedOff = "form_signed_off", "Xác nhận thể thức";
        /// Approved by the signer (ND30-11.1).
        Approved = "approved", "Duyệt văn bản";
        /// The signer began to sign digitally.
        SigningBegun = "signing_begun", "Bắt đầu ký số";
        /// Approved and digitally signed by the signer (ND30-13.7).
        Signed = "signed", "Duyệt và ký số văn bản";
        /// The digital signature did not come about; the document is with the signer again.
        SigningEnded = "signing_ended", "Việc ký số chưa hoàn thành";
        /// Number and day given, registered (ND30-15.3, ND30-16).
        NumberTaken = "number_taken", "Cấp số, đăng ký";
        /// Sent back one level with a comment (ND30-10.3).
        Returned = "returned", "Trả lại kèm ý kiến";
        /// Numbered, registered and issued.
        Issued = "issued", "Phát hành";
        /// Given up.
        Cancelled = "cancelled", "Hủy dự thảo";
        /// The number given is void; it is not given again.
        NumberVoided = "number_voided", "Hủy số văn bản";
    }
}
