//! Gắn chứng thư với cán bộ, cơ quan: whose name a certificate bears (KS-72), and whether it may stand in the trust list
//! (KS-05).

use jiff::Timestamp;

use crate::{Decision, Refusal};

/// How the name in a certificate compares with the name that we know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameMatch {
    /// The same, whatever the case, the spaces and the way of composing letters.
    Same,
    /// The same only without Vietnamese marks: some authorities write names so.
    WithoutMarks,
    /// Another name.
    Different,
}

/// Compares the name of a certificate's subject with a full name.
#[must_use]
pub fn compare_names(subject: &str, known: &str) -> NameMatch {
    let plain = |text: &str| {
        let text = viet_text::nfc(text).to_lowercase();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    if plain(subject) == plain(known) {
        NameMatch::Same
    } else if !subject.trim().is_empty() && viet_text::fold(subject) == viet_text::fold(known) {
        NameMatch::WithoutMarks
    } else {
        NameMatch::Different
    }
}

/// What has to be known of a certificate that is about to be bound or trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateFacts<'a> {
    /// Common name of the subject.
    pub common_name: &'a str,
    /// Organisation of the subject.
    pub organisation: &'a str,
    /// Whether it is an authority's (basic constraints).
    pub is_authority: bool,
    /// Whether the key usage allows signatures of documents (digitalSignature or nonRepudiation, or no restriction).
    pub may_sign: bool,
    /// Whether the dated policy of algorithms accepts its key.
    pub key_is_strong: bool,
    /// The key as people read it: `RSA-2048`.
    pub key: &'a str,
    /// Beginning of its validity.
    pub not_before: Timestamp,
    /// End of its validity.
    pub not_after: Timestamp,
}

/// Whose certificate it shall become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner<'a> {
    /// A person, by full name.
    Person(&'a str),
    /// An agency, by official name.
    Agency(&'a str),
}

/// What the administrator should know of an allowed binding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BindingNote {
    /// Everything agrees.
    Agrees,
    /// The name agrees without marks only.
    WithoutMarks,
    /// The name of the agency does not stand in the certificate; the administrator vouches for it.
    Vouched,
}

/// Whether a certificate may be bound to a person or an agency. A person's name must be the certificate's (KS-72). The
/// name of an agency is a soft check: names of agencies are abbreviated in certificates, so another name is accepted when
/// the administrator vouches for it with a reason.
///
/// # Errors
/// `KS-72` for another name; `KS-32` for a certificate that may not sign; `KS-30` for one that is over; `KS-31` for a key
/// that is too weak.
pub fn may_bind(
    certificate: &CertificateFacts<'_>,
    owner: Owner<'_>,
    reason: &str,
    now: Timestamp,
) -> Decision<BindingNote> {
    let refuse = |clause, code, sentence: String| Err(Refusal::new(clause, code, sentence).on("certificate"));
    if certificate.is_authority {
        return refuse(
            "KS-32",
            "binding.authority",
            "Đây là chứng thư của tổ chức cấp chứng thư, không phải của người ký. Vui lòng chọn chứng thư của thuê bao."
                .to_owned(),
        );
    }
    if !certificate.may_sign {
        return refuse(
            "KS-32",
            "binding.usage",
            "Chứng thư này không có mục đích ký số (keyUsage). Vui lòng chọn chứng thư dùng để ký."
                .to_owned(),
        );
    }
    if !certificate.key_is_strong {
        return refuse(
            "KS-31",
            "binding.weak_key",
            format!(
                "Khóa {} không đạt quy định về thuật toán. Vui lòng đề nghị cấp lại chứng thư với khóa RSA từ 2048 bit hoặc \
                 ECDSA từ 256 bit.",
                certificate.key
            ),
        );
    }
    if certificate.not_after <= now {
        return refuse(
            "KS-30",
            "binding.expired",
            "Chứng thư đã hết hạn. Vui lòng chọn chứng thư còn hiệu lực.".to_owned(),
        );
    }
    match owner {
        Owner::Person(name) => match compare_names(certificate.common_name, name) {
            NameMatch::Same => Ok(BindingNote::Agrees),
            NameMatch::WithoutMarks => Ok(BindingNote::WithoutMarks),
            NameMatch::Different => refuse(
                "KS-72",
                "binding.other_name",
                format!(
                    "Chứng thư mang tên “{}”, không phải “{name}”. Mỗi cán bộ chỉ được gắn chứng thư mang tên mình.",
                    certificate.common_name
                ),
            ),
        },
        Owner::Agency(name) => {
            let named = |text: &str| {
                let (text, name) = (viet_text::fold(text), viet_text::fold(name));
                !name.is_empty() && text.contains(&name)
            };
            if named(certificate.common_name) || named(certificate.organisation) {
                Ok(BindingNote::Agrees)
            } else if reason.trim().is_empty() {
                Err(Refusal::new(
                    "KS-72",
                    "binding.other_agency",
                    format!(
                        "Chứng thư mang tên “{}”, không thấy tên “{name}”. Nếu đúng là chứng thư của cơ quan, vui lòng ghi lý \
                         do xác nhận.",
                        certificate.common_name
                    ),
                )
                .on("reason"))
            } else {
                Ok(BindingNote::Vouched)
            }
        }
    }
}

/// Whether a certificate may become an anchor of trust (KS-05): an authority's, with a strong key, not over.
///
/// # Errors
/// `KS-05` for what is not an authority's certificate or is over; `KS-31` for a key that is too weak.
pub fn may_anchor(certificate: &CertificateFacts<'_>, now: Timestamp) -> Decision<()> {
    let refuse = |clause, code, sentence: String| Err(Refusal::new(clause, code, sentence).on("certificate"));
    if !certificate.is_authority {
        return refuse(
            "KS-05",
            "anchor.not_authority",
            "Chỉ chứng thư của tổ chức cấp chứng thư (CA) mới đưa được vào danh sách tin cậy. Đây là chứng thư của thuê bao."
                .to_owned(),
        );
    }
    if !certificate.key_is_strong {
        return refuse(
            "KS-31",
            "anchor.weak_key",
            format!(
                "Khóa {} của chứng thư này không đạt quy định về thuật toán nên không đưa được vào danh sách tin cậy.",
                certificate.key
            ),
        );
    }
    if certificate.not_after <= now {
        return refuse(
            "KS-05",
            "anchor.expired",
            "Chứng thư này đã hết hạn nên không còn đưa được vào danh sách tin cậy.".to_owned(),
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn of(common_name: &'static str) -> CertificateFacts<'static> {
        CertificateFacts {
            common_name,
            organisation: "",
            is_authority: false,
            may_sign: true,
            key_is_strong: true,
            key: "RSA-2048",
            not_before: Timestamp::UNIX_EPOCH,
            not_after: Timestamp::MAX,
        }
    }

    #[rstest]
    #[case("Nguyễn Văn An", NameMatch::Same)]
    #[case("NGUYỄN VĂN  AN", NameMatch::Same)]
    #[case("Nguye\u{302}\u{303}n Va\u{306}n An", NameMatch::Same)]
    #[case("NGUYEN VAN AN", NameMatch::WithoutMarks)]
    #[case("Nguyễn Văn Ân", NameMatch::WithoutMarks)]
    #[case("Nguyễn Văn Anh", NameMatch::Different)]
    #[case("", NameMatch::Different)]
    fn ks_72_names_are_compared_as_people_read_them(#[case] subject: &str, #[case] expected: NameMatch) {
        assert_eq!(compare_names(subject, "Nguyễn Văn An"), expected);
    }

    #[test]
    fn ks_72_a_person_is_bound_to_a_certificate_of_the_own_name_only() {
        let bind = |certificate: &CertificateFacts<'_>| {
            may_bind(
                certificate,
                Owner::Person("Nguyễn Văn An"),
                "vì sao",
                Timestamp::UNIX_EPOCH,
            )
        };
        assert_eq!(bind(&of("Nguyễn Văn An")), Ok(BindingNote::Agrees));
        assert_eq!(bind(&of("NGUYEN VAN AN")), Ok(BindingNote::WithoutMarks));
        // No reason helps against another name.
        assert_eq!(bind(&of("Trần Quốc Khải")).unwrap_err().clause, "KS-72");
    }

    #[test]
    fn ks_72_the_name_of_an_agency_is_a_soft_check() {
        let owner = Owner::Agency("Sở Nội vụ");
        let now = Timestamp::UNIX_EPOCH;
        assert_eq!(
            may_bind(&of("Sở Nội vụ tỉnh Đắk Nông"), owner, "", now),
            Ok(BindingNote::Agrees)
        );
        assert_eq!(
            may_bind(&of("SNV Đắk Nông"), owner, " ", now).unwrap_err().code,
            "binding.other_agency"
        );
        assert_eq!(
            may_bind(&of("SNV Đắk Nông"), owner, "Tên viết tắt", now),
            Ok(BindingNote::Vouched)
        );
    }

    #[test]
    fn ks_32_a_certificate_that_cannot_sign_is_not_bound() {
        let refused = |change: fn(&mut CertificateFacts<'_>)| {
            let mut certificate = of("Nguyễn Văn An");
            change(&mut certificate);
            let now = Timestamp::UNIX_EPOCH;
            may_bind(&certificate, Owner::Person("Nguyễn Văn An"), "", now)
                .unwrap_err()
                .code
        };
        assert_eq!(refused(|c| c.is_authority = true), "binding.authority");
        assert_eq!(refused(|c| c.may_sign = false), "binding.usage");
        assert_eq!(refused(|c| c.key_is_strong = false), "binding.weak_key");
        assert_eq!(
            refused(|c| c.not_after = Timestamp::UNIX_EPOCH),
            "binding.expired"
        );
    }

    #[test]
    fn ks_05_only_strong_authorities_become_anchors() {
        let mut root = of("Root CA");
        assert_eq!(
            may_anchor(&root, Timestamp::UNIX_EPOCH).unwrap_err().code,
            "anchor.not_authority"
        );
        root.is_authority = true;
        assert_eq!(may_anchor(&root, Timestamp::UNIX_EPOCH), Ok(()));
        assert_eq!(
            may_anchor(&root, Timestamp::MAX).unwrap_err().code,
            "anchor.expired"
        );
        root.key_is_strong = false;
        assert_eq!(
            may_anchor(&root, Timestamp::UNIX_EPOCH).unwrap_err().code,
            "anchor.weak_key"
        );
    }
}
