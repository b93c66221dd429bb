//! Giá trị pháp lý của văn bản điện tử (QD28 Điều 4, ND30 Điều 5).

use crate::names::named_enum;

named_enum! {
    /// What the verification of one digital signature found.
    SignatureVerdict {
        /// There is no signature.
        Absent = "absent", "Không có chữ ký số";
        /// Valid: chain, time of signing and integrity hold.
        Valid = "valid", "Chữ ký số hợp lệ";
        /// Broken, or its certificate was not valid at the time of signing.
        Invalid = "invalid", "Chữ ký số không hợp lệ";
        /// The verifier could not find out (for example no revocation data).
        Undetermined = "undetermined", "Chưa xác định được";
    }
}

named_enum! {
    /// What an electronic document is worth.
    LegalValue {
        /// Replaces paper (QD28-4.1).
        EquivalentToPaper = "equivalent_to_paper", "Có giá trị pháp lý như văn bản giấy";
        /// For information only, does not replace paper (QD28-4.2).
        ForReference = "for_reference", "Chỉ để biết, tham khảo";
    }
}

impl LegalValue {
    /// The clause that gives this value.
    #[must_use]
    pub const fn clause(self) -> &'static str {
        match self {
            Self::EquivalentToPaper => "QD28-4.1",
            Self::ForReference => "QD28-4.2",
        }
    }
}

/// The value of a document from its two signatures. ND30-5.1 asks for both, the authorised person's and the
/// agency's; QD28-4.1 also that it went through the system (issued here or exchanged).
#[must_use]
pub fn legal_value(person: SignatureVerdict, agency: SignatureVerdict, exchanged: bool) -> LegalValue {
    if person == SignatureVerdict::Valid && agency == SignatureVerdict::Valid && exchanged {
        LegalValue::EquivalentToPaper
    } else {
        LegalValue::ForReference
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nd30_5_1_only_both_valid_signatures_make_an_original() {
        let mut equivalent = Vec::new();
        for person in SignatureVerdict::ALL {
            for agency in SignatureVerdict::ALL {
                for exchanged in [false, true] {
                    if legal_value(*person, *agency, exchanged) == LegalValue::EquivalentToPaper {
                        equivalent.push((*person, *agency, exchanged));
                    }
                }
            }
        }
        assert_eq!(
            equivalent,
            [(SignatureVerdict::Valid, SignatureVerdict::Valid, true)]
        );
    }

    #[test]
    fn qd28_4_2_an_unsigned_document_is_for_reference() {
        let value = legal_value(SignatureVerdict::Absent, SignatureVerdict::Absent, true);
        assert_eq!(
            (value.label(), value.clause()),
            ("Chỉ để biết, tham khảo", "QD28-4.2")
        );
    }
}
