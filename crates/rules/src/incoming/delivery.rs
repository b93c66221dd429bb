//! Kiểm tra tính đầy đủ, toàn vẹn, xác thực trước khi tiếp nhận (QD28-9.1, ND30-21.2a, QC01-13.1b).

use crate::legal_value::{LegalValue, SignatureVerdict, legal_value};
use crate::names::named_enum;

named_enum! {
    /// What one check found.
    CheckOutcome {
        /// In order.
        Passed = "passed", "Đạt";
        /// Not in order: the document is returned to the sender (ND30-21.2b).
        Failed = "failed", "Không đạt";
        /// Neither shown nor refuted; the document can be taken for reference (QD28-4.2).
        Undetermined = "undetermined", "Chưa xác định";
    }
}

/// One check with what was found, in Vietnamese, one sentence per finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckResult {
    /// The outcome.
    pub outcome: CheckOutcome,
    /// What was found wrong or open; empty when the check passed.
    pub findings: Vec<String>,
}

/// The three separate results of QD28-9.1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryCheck {
    /// Tính đầy đủ: everything announced is there and readable, and it is meant for this agency.
    pub completeness: CheckResult,
    /// Tính toàn vẹn: no file differs from what was announced, no signature is broken.
    pub integrity: CheckResult,
    /// Tính xác thực: the sending agency and the signer are who they say.
    pub authenticity: CheckResult,
    /// Whether the message is meant for this agency at all.
    pub is_addressed_to_us: bool,
}

impl DeliveryCheck {
    /// Whether no check failed.
    #[must_use]
    pub fn acceptable(&self) -> bool {
        self.all()
            .iter()
            .all(|check| check.outcome != CheckOutcome::Failed)
    }

    /// What an accepted document is worth (QD28 Điều 4): one that was taken despite a failed check never replaces paper.
    #[must_use]
    pub fn legal_value(&self, facts: &DeliveryFacts<'_>) -> LegalValue {
        legal_value(
            facts.person.counts_as(),
            facts.agency.counts_as(),
            self.acceptable(),
        )
    }

    /// Every finding of a failed check, to be proposed as the reason of a refusal.
    #[must_use]
    pub fn reasons(&self) -> Vec<String> {
        let failed = self
            .all()
            .into_iter()
            .filter(|check| check.outcome == CheckOutcome::Failed);
        failed.flat_map(|check| check.findings.clone()).collect()
    }

    fn all(&self) -> [&CheckResult; 3] {
        [&self.completeness, &self.integrity, &self.authenticity]
    }
}

/// A file that the message announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnnouncedFile<'a> {
    /// Name in the manifest.
    pub name: &'a str,
    /// SHA-256 in lower-case hex, when the message carries one.
    pub sha256: Option<&'a str>,
}

/// A file that arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReceivedFile<'a> {
    /// Name.
    pub name: &'a str,
    /// SHA-256 of the bytes that arrived, in lower-case hex.
    pub sha256: &'a str,
    /// Whether its content could be opened as what it claims to be.
    pub readable: bool,
}

/// A delivered package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeliveryFacts<'a> {
    /// What the message announces.
    pub announced: &'a [AnnouncedFile<'a>],
    /// What arrived.
    pub received: &'a [ReceivedFile<'a>],
    /// Whether the message is addressed to the receiving agency.
    pub addressed_to_us: bool,
    /// Whether the sender's code is in the directory of agencies.
    pub sender_known: bool,
    /// The signer's signature on the main file.
    pub person: SignedBy<'a>,
    /// The agency's signature on the main file.
    pub agency: SignedBy<'a>,
    /// Names of attachments that bear a signature which is not valid.
    pub broken_attachments: &'a [&'a str],
}

/// What the verification of the main file found about one signatory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignedBy<'a> {
    /// The verdict.
    pub verdict: SignatureVerdict,
    /// Why it is not valid, a Vietnamese sentence; may be empty.
    pub reason: &'a str,
    /// Whether the certificate names whom the message announces. Names are written in more than one way, so this is a
    /// warning for people, but another agency's seal gives no legal value.
    pub is_announced: bool,
}

impl SignedBy<'_> {
    /// Nobody signed.
    pub const NOBODY: Self = Self {
        verdict: SignatureVerdict::Absent,
        reason: "",
        is_announced: false,
    };

    /// The verdict for the legal value: a good signature of somebody else proves nothing about the announced one.
    #[must_use]
    pub const fn counts_as(&self) -> SignatureVerdict {
        match self.verdict {
            SignatureVerdict::Valid if !self.is_announced => SignatureVerdict::Undetermined,
            other => other,
        }
    }
}

/// Whether a certificate names whom the message announces: the same words, apart from case, accents and punctuation. The
/// certificate may say more at its end (“Sở Nội vụ” – “Sở Nội vụ tỉnh Đắk Nông”).
#[must_use]
pub fn names_agree(announced: &str, certificate: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        viet_text::fold(text)
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let (announced, certificate) = (words(announced), words(certificate));
    !announced.is_empty() && certificate.starts_with(&announced)
}

/// Checks a delivered package before the clerk accepts it.
#[must_use]
pub fn check_delivery(facts: &DeliveryFacts<'_>) -> DeliveryCheck {
    DeliveryCheck {
        completeness: completeness(facts),
        integrity: integrity(facts),
        authenticity: authenticity(facts),
        is_addressed_to_us: facts.addressed_to_us,
    }
}

fn completeness(facts: &DeliveryFacts<'_>) -> CheckResult {
    let mut findings = Vec::new();
    if !facts.addressed_to_us {
        findings.push("Văn bản gửi không đúng cơ quan nhận.".to_owned());
    }
    if facts.announced.is_empty() {
        findings.push("Gói tin không kèm tệp văn bản nào.".to_owned());
    }
    for file in facts.announced {
        match received(facts, file.name) {
            None => findings.push(format!("Thiếu tệp “{}” so với danh mục gửi kèm.", file.name)),
            Some(arrived) if !arrived.readable => {
                findings.push(format!("Không mở được tệp “{}”.", file.name));
            }
            Some(_) => {}
        }
    }
    result(findings, Vec::new())
}

fn integrity(facts: &DeliveryFacts<'_>) -> CheckResult {
    let mut findings = Vec::new();
    let mut open = Vec::new();
    for file in facts.announced {
        match (file.sha256, received(facts, file.name)) {
            (Some(announced), Some(arrived)) if !announced.eq_ignore_ascii_case(arrived.sha256) => {
                findings.push(format!("Tệp “{}” đã bị thay đổi so với khi gửi.", file.name));
            }
            (None, Some(_)) => open.push(format!("Bên gửi không công bố mã băm của tệp “{}”.", file.name)),
            _ => {}
        }
    }
    for file in facts.received {
        if !facts
            .announced
            .iter()
            .any(|announced| viet_text::same_text(announced.name, file.name))
        {
            findings.push(format!("Tệp “{}” không có trong danh mục gửi kèm.", file.name));
        }
    }
    for (whose, signed) in signatures(facts) {
        if signed.verdict == SignatureVerdict::Invalid {
            findings.push(with_reason(
                &format!("Chữ ký số của {whose} không hợp lệ"),
                signed.reason,
            ));
        }
    }
    for name in facts.broken_attachments {
        findings.push(format!("Chữ ký số trên tệp kèm theo “{name}” không hợp lệ."));
    }
    result(findings, open)
}

fn authenticity(facts: &DeliveryFacts<'_>) -> CheckResult {
    let mut findings = Vec::new();
    let mut open = Vec::new();
    if !facts.sender_known {
        findings.push("Mã định danh của bên gửi không có trong danh mục cơ quan.".to_owned());
    }
    for (whose, signed) in signatures(facts) {
        match signed.verdict {
            SignatureVerdict::Valid if signed.is_announced => {}
            SignatureVerdict::Valid => open.push(format!(
                "Chứng thư số của {whose} mang tên khác với thông tin gửi kèm; đề nghị đối chiếu."
            )),
            SignatureVerdict::Invalid => findings.push(format!("Không xác thực được chữ ký số của {whose}.")),
            SignatureVerdict::Absent => open.push(format!("Văn bản không có chữ ký số của {whose}.")),
            SignatureVerdict::Undetermined => open.push(with_reason(
                &format!("Không kiểm tra được hiệu lực chữ ký số của {whose}"),
                signed.reason,
            )),
        }
    }
    result(findings, open)
}

fn received<'a>(facts: &DeliveryFacts<'a>, name: &str) -> Option<&'a ReceivedFile<'a>> {
    facts
        .received
        .iter()
        .find(|file| viet_text::same_text(file.name, name))
}

fn signatures<'a>(facts: &DeliveryFacts<'a>) -> [(&'static str, SignedBy<'a>); 2] {
    [("người ký", facts.person), ("cơ quan ban hành", facts.agency)]
}

/// One sentence with its reason, when there is one.
fn with_reason(sentence: &str, reason: &str) -> String {
    match reason.trim().trim_end_matches('.') {
        "" => format!("{sentence}."),
        reason => format!("{sentence}: {reason}."),
    }
}

/// Failed when something is wrong, undetermined when something is open, else passed.
fn result(wrong: Vec<String>, open: Vec<String>) -> CheckResult {
    let outcome = match (wrong.is_empty(), open.is_empty()) {
        (false, _) => CheckOutcome::Failed,
        (true, false) => CheckOutcome::Undetermined,
        (true, true) => CheckOutcome::Passed,
    };
    CheckResult {
        outcome,
        findings: wrong.into_iter().chain(open).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::names_agree;

    #[test]
    fn qd28_9_1_a_certificate_names_the_announced_agency_or_person() {
        assert!(names_agree("Trần Văn Bình", "TRẦN VĂN BÌNH"));
        assert!(names_agree("Sở Nội vụ", "Sở Nội vụ tỉnh Đắk Nông"));
        assert!(names_agree(
            "Trung tâm Y tế huyện Cư Jút",
            "Trung tâm Y tế  huyện Cư-Jút"
        ));
        assert!(!names_agree("Sở Nội vụ tỉnh Đắk Nông", "Sở Nội vụ"));
        assert!(!names_agree("Sở Tư pháp", "Sở Nội vụ"));
        assert!(!names_agree("Trần Văn An", "Trần Văn Anh"));
        assert!(!names_agree("", "Sở Nội vụ"));
    }
}
