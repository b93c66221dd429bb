//! How a recipient (nơi nhận) is reached: inside the installation, over the axis, on paper (QD28 Điều 5, 7).

pub mod groups;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::document_types;
use crate::names::named_enum;
use crate::{Decision, Refusal};

named_enum! {
    /// The way to a recipient.
    Channel {
        /// Another agency of this installation.
        Internal = "internal", "Nội bộ hệ thống";
        /// Over the axis, by its code.
        Axis = "axis", "Trục liên thông";
        /// On paper.
        Paper = "paper", "Bản giấy";
    }
}

/// What is known of a recipient when the way to it is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecipientFacts {
    /// It works in this installation.
    pub in_installation: bool,
    /// One of its codes stands in the directory and is in use.
    pub in_directory: bool,
    /// It stands in the directory, but closed and without a successor.
    pub closed: bool,
    /// The sending agency has a connection with the axis.
    pub sender_connected: bool,
}

/// The way to a recipient, and why it is not electronic when it is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// The way.
    pub channel: Channel,
    /// Why on paper; empty for the other ways.
    pub reason: &'static str,
}

/// Chooses the way to a recipient: electronic wherever both sides can (QD28-7.1).
#[must_use]
pub const fn reach(facts: RecipientFacts) -> Reach {
    if facts.in_installation {
        return Reach {
            channel: Channel::Internal,
            reason: "",
        };
    }
    if facts.closed {
        return paper("Mã định danh của nơi nhận đã đóng trong danh mục.");
    }
    if !facts.in_directory {
        return paper("Cơ quan chưa kết nối hệ thống.");
    }
    if !facts.sender_connected {
        return paper("Cơ quan gửi chưa kết nối trục liên thông.");
    }
    Reach {
        channel: Channel::Axis,
        reason: "",
    }
}

const fn paper(reason: &'static str) -> Reach {
    Reach {
        channel: Channel::Paper,
        reason,
    }
}

/// A line of the list of documents that go on paper as well, decided by the head of the agency (QD28-7.2b): what is left
/// out holds for all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperRule {
    /// Key of the kind of document.
    #[serde(default)]
    pub document_type: Option<String>,
    /// Name or code of the recipient.
    #[serde(default)]
    pub recipient: Option<String>,
    /// Căn cứ.
    pub basis: String,
}

impl PaperRule {
    /// Whether this line lets a document of this kind go on paper as well.
    fn allows(&self, document_type: &str, recipient: ServedRecipient<'_>) -> bool {
        let is_recipient = |wanted: &str| {
            viet_text::fold(wanted) == viet_text::fold(recipient.name)
                || recipient
                    .code
                    .is_some_and(|code| code.eq_ignore_ascii_case(wanted.trim()))
        };
        self.document_type
            .as_deref()
            .is_none_or(|kind| kind == document_type)
            && self.recipient.as_deref().is_none_or(is_recipient)
            // A line without its basis is no decision of the head.
            && !self.basis.trim().is_empty()
    }
}

/// A recipient that is reached electronically.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServedRecipient<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its code, when it has one.
    pub code: Option<&'a str>,
}

/// Paper goes to nobody who gets the document electronically (QD28-5.3), except in the cases of QD28-7.2. `paper` are the
/// names of the lines on paper.
///
/// Kinds outside the list of công văn 775/VPCP-KSTT may; of the others those that the agency's own list names.
///
/// # Errors
/// `QD28-5.3` with what to do.
pub fn no_paper_beside_electronic(
    document_type: &str,
    paper: &[&str],
    served: &[ServedRecipient<'_>],
    list: &[PaperRule],
    day: Date,
) -> Decision<()> {
    if !document_types::sent_without_paper(document_type, day) {
        return Ok(());
    }
    for recipient in served {
        let is_named = paper
            .iter()
            .any(|name| viet_text::fold(name) == viet_text::fold(recipient.name));
        let is_listed = list.iter().any(|rule| rule.allows(document_type, *recipient));
        if is_named && !is_listed {
            return Err(Refusal::new(
                "QD28-5.3",
                "recipients.paper_as_well",
                format!(
                    "“{}” đã nhận bản điện tử nên không gửi thêm bản giấy. Vui lòng bỏ dòng này ở nơi nhận bản giấy; văn bản thuộc danh mục phải gửi kèm bản giấy thì đề nghị quản trị khai báo danh mục do người đứng đầu quyết định (Điều 7 khoản 2).",
                    recipient.name
                ),
            )
            .on("paper"));
        }
    }
    Ok(())
}

/// Whether an issued document is “điện tử không kèm bản giấy” (QC01-6, CN-216): its kind is one of the list of công văn 775/VPCP-KSTT on the
/// day of issue, and it went to somebody and to nobody on paper.
#[must_use]
pub fn is_without_paper(document_type: &str, issued_on: Date, ways: &[Channel]) -> bool {
    !ways.is_empty()
        && !ways.contains(&Channel::Paper)
        && document_types::sent_without_paper(document_type, issued_on)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use rstest::rstest;

    use super::*;

    const TODAY: Date = date(2026, 11, 26);

    #[rstest]
    #[case(true, false, false, false, Channel::Internal)]
    #[case(true, true, false, true, Channel::Internal)]
    #[case(false, true, false, true, Channel::Axis)]
    #[case(false, true, false, false, Channel::Paper)]
    #[case(false, false, false, true, Channel::Paper)]
    #[case(false, true, true, true, Channel::Paper)]
    fn qd28_7_1_electronic_wherever_both_sides_can(
        #[case] in_installation: bool,
        #[case] in_directory: bool,
        #[case] closed: bool,
        #[case] sender_connected: bool,
        #[case] channel: Channel,
    ) {
        let reach = reach(RecipientFacts {
            in_installation,
            in_directory,
            closed,
            sender_connected,
        });
        assert_eq!(reach.channel, channel);
        assert_eq!(reach.reason.is_empty(), channel != Channel::Paper);
    }

    #[rstest]
    #[case("cong_van", &[Channel::Internal, Channel::Axis], true)]
    #[case("cong_van", &[Channel::Internal, Channel::Paper], false)]
    #[case("hop_dong", &[Channel::Internal], false)]
    fn qc01_6_cn_216_electronic_without_paper_by_the_list_and_the_ways(
        #[case] document_type: &str,
        #[case] ways: &[Channel],
        #[case] flagged: bool,
    ) {
        assert_eq!(is_without_paper(document_type, TODAY, ways), flagged);
        assert!(!is_without_paper(document_type, TODAY, &[]), "nobody got it yet");
    }

    #[test]
    fn qd28_5_3_no_paper_beside_the_electronic_document_unless_the_list_says_so() {
        let recipient = ServedRecipient {
            name: "Sở Mẫu",
            code: Some("H98.01"),
        };
        let ask = |kind: &str, list: &[PaperRule]| {
            no_paper_beside_electronic(kind, &["Báo Mẫu", "SỞ MẪU"], &[recipient], list, TODAY)
        };
        assert_eq!(ask("cong_van", &[]).unwrap_err().clause, "QD28-5.3");
        // Not among the 26 kinds that go without paper.
        assert!(ask("hop_dong", &[]).is_ok());
        let rule = |kind: Option<&str>, recipient: Option<&str>, basis: &str| PaperRule {
            document_type: kind.map(str::to_owned),
            recipient: recipient.map(str::to_owned),
            basis: basis.to_owned(),
        };
        let basis = "Quyết định số 12/QĐ-UBND";
        assert!(ask("cong_van", &[rule(Some("cong_van"), None, basis)]).is_ok());
        assert!(ask("cong_van", &[rule(None, Some("h98.01"), basis)]).is_ok());
        assert!(ask("cong_van", &[rule(None, Some("so mau"), basis)]).is_ok());
        assert!(ask("cong_van", &[rule(Some("bao_cao"), None, basis)]).is_err());
        assert!(ask("cong_van", &[rule(None, Some("Sở Khác"), basis)]).is_err());
        assert!(ask("cong_van", &[rule(None, None, " ")]).is_err());
        // Whoever gets it on paper alone.
        assert!(no_paper_beside_electronic("cong_van", &["Báo Mẫu"], &[recipient], &[], TODAY).is_ok());
    }
}
