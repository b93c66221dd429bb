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
        Undetermined = "undetermined", "Không kiểm tra được";
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

named_enum! {
    /// Who signs an electronic document (ND30-5.1): each of the two must.
    Signatory {
        /// Người có thẩm quyền ký.
        Person = "person", "Người ký";
        /// Cơ quan, tổ chức ban hành.
        Agency = "agency", "Cơ quan, tổ chức";
    }
}

impl SignatureVerdict {
    /// Which of two findings about the same signatory counts: a broken signature is not healed by a good one, and
    /// one that could not be checked leaves the whole unchecked.
    #[must_use]
    pub const fn worse(self, other: Self) -> Self {
        match (self, other) {
            (Self::Invalid, _) | (_, Self::Invalid) => Self::Invalid,
            (Self::Undetermined, _) | (_, Self::Undetermined) => Self::Undetermined,
            (Self::Valid, _) | (_, Self::Valid) => Self::Valid,
            (Self::Absent, Self::Absent) => Self::Absent,
        }
    }
}

/// What the person's and the agency's signatures of one file are worth, in this order.
///
/// `file` is the verdict of the whole file, which also covers what belongs to neither of the two (a time stamp of the
/// document, changes after the signatures): while it is not valid, a signatory cannot be.
#[must_use]
pub fn signatories(
    file: SignatureVerdict,
    found: &[(Signatory, SignatureVerdict)],
) -> (SignatureVerdict, SignatureVerdict) {
    let of = |whose: Signatory| {
        found
            .iter()
            .filter(|(signatory, _)| *signatory == whose)
            .fold(SignatureVerdict::Absent, |worst, (_, verdict)| {
                worst.worse(*verdict)
            })
    };
    let (person, agency) = (of(Signatory::Person), of(Signatory::Agency));
    let is_explained = [person, agency].iter().any(|verdict| {
        matches!(
            verdict,
            SignatureVerdict::Invalid | SignatureVerdict::Undetermined
        )
    });
    if is_explained || file == SignatureVerdict::Valid {
        return (person, agency);
    }
    let lowered = |verdict| match verdict {
        SignatureVerdict::Valid if file == SignatureVerdict::Invalid => SignatureVerdict::Invalid,
        SignatureVerdict::Valid => SignatureVerdict::Undetermined,
        other => other,
    };
    (lowered(person), lowered(agency))
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
    fn ks_25_a_signatory_is_as_good_as_the_worst_of_their_signatures() {
        use Signatory::{Agency, Person};
        use SignatureVerdict::{Absent, Invalid, Undetermined, Valid};
        type Case<'a> = (
            SignatureVerdict,
            &'a [(Signatory, SignatureVerdict)],
            (SignatureVerdict, SignatureVerdict),
        );
        let cases: &[Case<'_>] = &[
            (Undetermined, &[], (Absent, Absent)),
            (Valid, &[(Person, Valid), (Agency, Valid)], (Valid, Valid)),
            (Valid, &[(Agency, Valid)], (Absent, Valid)),
            (Invalid, &[(Person, Valid), (Agency, Invalid)], (Valid, Invalid)),
            (
                Invalid,
                &[(Person, Invalid), (Person, Valid), (Agency, Valid)],
                (Invalid, Valid),
            ),
            (
                Undetermined,
                &[(Person, Undetermined), (Person, Valid), (Agency, Valid)],
                (Undetermined, Valid),
            ),
            // Something else of the file is wrong: neither signatory stands for the whole.
            (Invalid, &[(Person, Valid), (Agency, Valid)], (Invalid, Invalid)),
            (
                Undetermined,
                &[(Person, Valid), (Agency, Valid)],
                (Undetermined, Undetermined),
            ),
        ];
        for (file, found, expected) in cases {
            assert_eq!(signatories(*file, found), *expected, "{file:?} {found:?}");
        }
    }

    #[test]
    fn qd28_4_1_whatever_is_in_the_file_only_a_valid_one_replaces_paper() {
        for file in SignatureVerdict::ALL {
            for person in SignatureVerdict::ALL {
                for agency in SignatureVerdict::ALL {
                    let found = [(Signatory::Person, *person), (Signatory::Agency, *agency)];
                    let (by_person, by_agency) = signatories(*file, &found);
                    if legal_value(by_person, by_agency, true) == LegalValue::EquivalentToPaper {
                        assert_eq!(
                            (*file, *person, *agency),
                            (
                                SignatureVerdict::Valid,
                                SignatureVerdict::Valid,
                                SignatureVerdict::Valid
                            )
                        );
                    }
                }
            }
        }
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
