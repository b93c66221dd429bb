//! Bản sao điện tử (ND30 Điều 25, 32, 33; Phụ lục I Phần II Mục I; CN-223, CN-224): what it is made of, and whose key signs it.

use super::{CopyKind, Medium};
use crate::ids::AgencyId;
use crate::people::Actor;
use crate::signing::seals_in_person;
use crate::{Decision, Refusal};

/// The file that becomes an electronic copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CopyFile {
    /// Whether it is PDF.
    pub is_pdf: bool,
    /// Whether the clerk brought it for this copy; else it is the scan that the document has already.
    pub is_brought: bool,
}

/// Whether there is what an electronic copy is made of (ND30-25; Phụ lục I Phần II Mục I): of a sao y or sao lục the scan of the
/// paper; of a trích sao its words, which are composed, or a PDF in which the part was laid out anew. The scan of the whole
/// document is no extract of it.
///
/// # Errors
/// `ND30-25.1`, `ND30-25.2` without a scan, `ND30-25.3` without the part, `PL1-II-I` for a file that is no PDF.
pub fn electronic_file(kind: CopyKind, text: &str, file: Option<CopyFile>) -> Decision<()> {
    let refuse = |clause, code, field, message: &str| Err(Refusal::new(clause, code, message).on(field));
    let is_given = file.is_some_and(|file| file.is_pdf && file.is_brought);
    match (kind, file) {
        (_, Some(file)) if file.is_brought && !file.is_pdf => refuse(
            "PL1-II-I",
            "copies.not_pdf",
            "main_file",
            "Bản sao điện tử là tệp PDF từ phiên bản 1.4 trở lên. Vui lòng quét văn bản thành tệp PDF rồi gửi lại.",
        ),
        (CopyKind::TrichSao, _) if is_given && !text.trim().is_empty() => refuse(
            "ND30-25.3",
            "copies.text_and_file",
            "main_file",
            "Bản trích sao được lập từ nguyên văn phần trích hoặc từ tệp PDF đã trình bày sẵn; vui lòng chỉ dùng một trong hai.",
        ),
        (CopyKind::TrichSao, _) if !is_given && text.trim().is_empty() => refuse(
            "ND30-25.3",
            "copies.no_part",
            "text",
            "Trích sao được thực hiện bằng việc tạo lập lại thể thức và phần nội dung cần trích sao. Vui lòng nhập nguyên văn phần trích sao, hoặc gửi tệp PDF đã trình bày phần đó.",
        ),
        (CopyKind::TrichSao, _) => Ok(()),
        (_, None) => refuse(
            if kind == CopyKind::SaoY {
                "ND30-25.1"
            } else {
                "ND30-25.2"
            },
            "copies.no_scan",
            "main_file",
            "Chưa có bản quét của văn bản giấy. Vui lòng quét màu, độ phân giải từ 200 dpi, tỷ lệ 100%, thành tệp PDF rồi gửi lên.",
        ),
        (_, Some(file)) if !file.is_pdf => refuse(
            "PL1-II-I",
            "copies.not_pdf",
            "main_file",
            "Bản quét đang lưu của văn bản là tệp ảnh. Vui lòng quét lại thành tệp PDF rồi gửi lên.",
        ),
        (_, Some(_)) => Ok(()),
    }
}

/// What is looked at before the agency's key signs a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SealCopyFacts {
    /// The agency that copies.
    pub agency: AgencyId,
    /// Whether a signed-in person asks, in their own session, now.
    pub in_person: bool,
    /// On what the copy is.
    pub to: Medium,
    /// Whether it was signed before.
    pub is_signed: bool,
    /// Whether its number was voided.
    pub is_voided: bool,
    /// Whether the document was recalled.
    pub is_recalled: bool,
}

/// Whether the agency's key may sign a copy: an electronic one that the agency made itself (ND30-32.2d, ND30-33.2), once. Nobody's
/// signature comes before it: the copy repeats what was signed on paper.
///
/// # Errors
/// `ND30-32.2c` for anything but a clerk in person; `ND30-33.2` for a copy on paper; `PL1-II-II.1c` for a voided number; `ND30-18.4b` for a
/// recalled document; `ND30-25.4` for a copy that is signed.
pub fn seal_copy(actor: &Actor, facts: &SealCopyFacts) -> Decision<()> {
    let refuse = |clause, code, message: &str| Err(Refusal::new(clause, code, message));
    seals_in_person(actor, facts.agency, facts.in_person)?;
    if facts.to == Medium::Paper {
        return refuse(
            "ND30-33.2",
            "copies.on_paper",
            "Đây là bản sao giấy: người có thẩm quyền ký, văn thư đóng dấu trên giấy. Thiết bị ký số của cơ quan chỉ ký bản sao điện tử.",
        );
    }
    if facts.is_voided {
        return Err(voided());
    }
    if facts.is_recalled {
        return refuse(
            "ND30-18.4b",
            "copies.recalled",
            "Văn bản đã thu hồi nên không sao.",
        );
    }
    if facts.is_signed {
        return refuse(
            "ND30-25.4",
            "copies.signed_before",
            "Bản sao này đã có chữ ký số của cơ quan. Vui lòng tải lại trang để xem.",
        );
    }
    Ok(())
}

fn voided() -> Refusal {
    Refusal::new(
        "PL1-II-II.1c",
        "copies.voided",
        "Số của bản sao này đã hủy và không cấp lại. Vui lòng lập bản sao khác nếu còn cần.",
    )
}

/// What is looked at before the number of a copy is voided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VoidCopyFacts {
    /// The agency that copies.
    pub agency: AgencyId,
    /// On what the copy is.
    pub to: Medium,
    /// Whether the agency has signed it.
    pub is_signed: bool,
    /// Whether its number was voided before.
    pub is_voided: bool,
}

/// Voids the number of an electronic copy that the agency has not signed: it stays in the book with the reason and is not given again
/// (Phụ lục I Phần II Mục II khoản 1c: one series of the year). What is signed, or printed on paper, is out of the house.
///
/// # Errors
/// `ND30-4.2b` for anybody but a clerk of the agency; `PL1-II-II.1c` for a copy that is signed, on paper or void, and without a reason.
pub fn void_copy(actor: &Actor, facts: &VoidCopyFacts, reason: &str) -> Decision<()> {
    if !actor.is_clerk_of(facts.agency) {
        return Err(Refusal::new(
            "ND30-4.2b",
            "copies.not_clerk",
            "Chỉ văn thư cơ quan được hủy số bản sao.",
        ));
    }
    if facts.is_voided {
        return Err(voided());
    }
    if facts.to == Medium::Paper || facts.is_signed {
        return Err(Refusal::new(
            "PL1-II-II.1c",
            "copies.not_voided",
            "Chỉ hủy số của bản sao điện tử chưa có chữ ký số của cơ quan. Bản sao đã ký số, bản sao giấy giữ nguyên trong sổ.",
        ));
    }
    if reason.trim().is_empty() {
        return Err(Refusal::new(
            "PL1-II-II.1c",
            "copies.no_reason",
            "Vui lòng ghi lý do hủy số; lý do được ghi vào Sổ bản sao.",
        )
        .on("reason"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use uuid::Uuid;

    use super::*;
    use crate::ids::{AccountId, PostId};
    use crate::people::Role;

    fn id(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    fn actor(role: Role, agency: u128) -> Actor {
        Actor::new(
            AccountId::from_uuid(id(7)),
            PostId::from_uuid(id(8)),
            AgencyId::from_uuid(id(agency)),
            None,
            role,
        )
    }

    #[rstest]
    #[case(CopyKind::SaoY, "", None, Err("copies.no_scan"))]
    #[case(CopyKind::SaoLuc, "", None, Err("copies.no_scan"))]
    #[case(CopyKind::SaoY, "", Some((true, false)), Ok(()))]
    #[case(CopyKind::SaoY, "", Some((true, true)), Ok(()))]
    #[case(CopyKind::SaoLuc, "", Some((false, false)), Err("copies.not_pdf"))]
    #[case(CopyKind::SaoY, "", Some((false, true)), Err("copies.not_pdf"))]
    #[case(CopyKind::TrichSao, "", None, Err("copies.no_part"))]
    // The scan of the whole document is no extract.
    #[case(CopyKind::TrichSao, " ", Some((true, false)), Err("copies.no_part"))]
    #[case(CopyKind::TrichSao, "", Some((true, true)), Ok(()))]
    #[case(CopyKind::TrichSao, "Điều 2.", None, Ok(()))]
    #[case(CopyKind::TrichSao, "Điều 2.", Some((false, false)), Ok(()))]
    #[case(CopyKind::TrichSao, "Điều 2.", Some((true, true)), Err("copies.text_and_file"))]
    #[case(CopyKind::TrichSao, "Điều 2.", Some((false, true)), Err("copies.not_pdf"))]
    fn cn_223_pl1_2_what_an_electronic_copy_is_made_of(
        #[case] kind: CopyKind,
        #[case] text: &str,
        #[case] file: Option<(bool, bool)>,
        #[case] expected: Result<(), &str>,
    ) {
        let file = file.map(|(is_pdf, is_brought)| CopyFile { is_pdf, is_brought });
        let said = electronic_file(kind, text, file).map_err(|refusal| refusal.code);
        assert_eq!(said, expected);
    }

    #[test]
    fn cn_223_nd30_32_2_33_2_the_key_signs_electronic_copies_in_the_clerks_hands_once() {
        let usual = SealCopyFacts {
            agency: AgencyId::from_uuid(id(1)),
            in_person: true,
            to: Medium::Electronic,
            is_signed: false,
            is_voided: false,
            is_recalled: false,
        };
        let asked = |by: Role, agency, facts: SealCopyFacts| {
            seal_copy(&actor(by, agency), &facts).map_err(|refusal| refusal.clause)
        };
        assert_eq!(asked(Role::Clerk, 1, usual), Ok(()));
        assert_eq!(asked(Role::Leader, 1, usual), Err("ND30-32.2c"));
        assert_eq!(asked(Role::Clerk, 2, usual), Err("ND30-32.2c"));
        let cases = [
            (
                SealCopyFacts {
                    in_person: false,
                    ..usual
                },
                "ND30-32.2c",
            ),
            (
                SealCopyFacts {
                    to: Medium::Paper,
                    ..usual
                },
                "ND30-33.2",
            ),
            (
                SealCopyFacts {
                    is_voided: true,
                    ..usual
                },
                "PL1-II-II.1c",
            ),
            (
                SealCopyFacts {
                    is_recalled: true,
                    ..usual
                },
                "ND30-18.4b",
            ),
            (
                SealCopyFacts {
                    is_signed: true,
                    ..usual
                },
                "ND30-25.4",
            ),
        ];
        for (facts, clause) in cases {
            assert_eq!(asked(Role::Clerk, 1, facts), Err(clause));
        }
        for kind in CopyKind::ALL {
            assert_eq!(kind.printed(), kind.label().to_uppercase());
        }
    }

    #[test]
    fn cn_223_pl1_2_the_number_of_a_copy_is_voided_before_it_is_signed_with_a_reason() {
        let usual = VoidCopyFacts {
            agency: AgencyId::from_uuid(id(1)),
            to: Medium::Electronic,
            is_signed: false,
            is_voided: false,
        };
        let asked = |by: Role, agency, facts: VoidCopyFacts, reason: &str| {
            void_copy(&actor(by, agency), &facts, reason).map_err(|refusal| refusal.code)
        };
        assert_eq!(asked(Role::Clerk, 1, usual, "Quét nhầm"), Ok(()));
        assert_eq!(asked(Role::Clerk, 1, usual, " "), Err("copies.no_reason"));
        assert_eq!(
            asked(Role::Leader, 1, usual, "Quét nhầm"),
            Err("copies.not_clerk")
        );
        assert_eq!(asked(Role::Clerk, 2, usual, "Quét nhầm"), Err("copies.not_clerk"));
        let cases = [
            (
                VoidCopyFacts {
                    to: Medium::Paper,
                    ..usual
                },
                "copies.not_voided",
            ),
            (
                VoidCopyFacts {
                    is_signed: true,
                    ..usual
                },
                "copies.not_voided",
            ),
            (
                VoidCopyFacts {
                    is_voided: true,
                    ..usual
                },
                "copies.voided",
            ),
        ];
        for (facts, code) in cases {
            assert_eq!(asked(Role::Clerk, 1, facts, "Quét nhầm"), Err(code));
        }
    }
}
