//! Danh mục kiểm tra trước khi phát hành (CN-226): what the clerk looks at before a number is given and the document leaves. It decides
//! nothing: the acts ask [`super::issue`] and [`super::take_number`], which refuse whatever is missing here.

use super::{IssueFacts, OutgoingFacts, OutgoingState};
use crate::legal_value::SignatureVerdict;
use crate::names::named_enum;

named_enum! {
    /// One thing that is looked at.
    IssueCheck {
        /// A number can be given, or is given already (ND30-15).
        Number = "number", "Số, ký hiệu";
        /// The day that it will bear (ND30-15.1).
        Date = "date", "Ngày ban hành";
        /// The signer approved the very version (ND30-11, 13).
        Signer = "signer", "Người ký";
        /// The signer's digital signature (ND30-32.2d, QD28-8.1).
        Signature = "signature", "Chữ ký số của người ký";
        /// Nơi nhận (ND30-8.2i).
        Recipients = "recipients", "Nơi nhận";
        /// The content was checked (ND30-12.1).
        Content = "content", "Nội dung";
        /// The form was checked and the file is PDF (ND30-12.2, QC01-8.3b).
        Form = "form", "Thể thức";
    }
}

named_enum! {
    /// What was found.
    CheckResult {
        /// In order.
        Met = "met", "Đạt";
        /// Missing: the document does not leave.
        Missing = "missing", "Chưa đạt";
        /// The agency does not ask for it.
        NotAsked = "not_asked", "Không yêu cầu";
    }
}

/// The whole list, in the order in which it is read. `number_is_free` says that the series gives a number today; a number that the document has
/// already counts by itself.
#[must_use]
pub fn before_issue(
    doc: &OutgoingFacts,
    facts: &IssueFacts<'_>,
    number_is_free: bool,
) -> Vec<(IssueCheck, CheckResult)> {
    let met = |is_met: bool| {
        if is_met {
            CheckResult::Met
        } else {
            CheckResult::Missing
        }
    };
    let number = met(doc.state == OutgoingState::Numbered || number_is_free);
    vec![
        (IssueCheck::Number, number),
        (IssueCheck::Date, number),
        (IssueCheck::Signer, met(doc.stands(doc.approval))),
        (IssueCheck::Signature, signature(doc, facts)),
        (IssueCheck::Recipients, met(facts.recipients > 0)),
        (IssueCheck::Content, met(doc.stands(doc.content_sign_off))),
        (
            IssueCheck::Form,
            met(doc.stands(doc.form_sign_off) && facts.main_file_is_pdf),
        ),
    ]
}

/// A signature that is there must be valid; that there is one is asked where the agency signs digitally.
fn signature(doc: &OutgoingFacts, facts: &IssueFacts<'_>) -> CheckResult {
    let is_asked = facts.signatures_required || doc.state == OutgoingState::Numbered;
    match facts.person_signature {
        SignatureVerdict::Valid => CheckResult::Met,
        SignatureVerdict::Absent | SignatureVerdict::Undetermined if !is_asked => CheckResult::NotAsked,
        SignatureVerdict::Absent | SignatureVerdict::Undetermined | SignatureVerdict::Invalid => {
            CheckResult::Missing
        }
    }
}
