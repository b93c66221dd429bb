//! Bản sao điện tử gửi kèm văn bản đi (ND30 Điều 25, 26): which copies go out with an official letter.

use crate::{Decision, Refusal};

/// What is looked at before a copy goes along with a document of the agency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SendCopyFacts<'a> {
    /// Số và ký hiệu of the copy: a refusal names it, as a draft may name several.
    pub number_and_symbol: &'a str,
    /// Whether the agency has signed it digitally: only then it is a copy (ND30-25.1c) with the value of a main copy (ND30-26).
    pub is_signed: bool,
    /// Whether the document that was copied was recalled.
    pub is_recalled: bool,
}

/// Whether a copy may go along with a document that is drafted or issued now.
///
/// # Errors
/// `ND30-18.4b` when the document that was copied was recalled; `ND30-25.1` for a copy without the agency's digital signature: on paper,
/// not signed yet, or with a void number.
pub fn send_copy(facts: &SendCopyFacts<'_>) -> Decision<()> {
    let number = facts.number_and_symbol;
    let refuse = |clause, code, message: String| Err(Refusal::new(clause, code, message).on("copies"));
    if facts.is_recalled {
        return refuse(
            "ND30-18.4b",
            "copies.source_recalled",
            format!(
                "Văn bản được sao ở bản sao số {number} đã thu hồi nên không gửi kèm bản sao này. Vui lòng sửa dự thảo và bỏ chọn bản sao."
            ),
        );
    }
    if !facts.is_signed {
        return refuse(
            "ND30-25.1",
            "copies.not_signed",
            format!(
                "Bản sao số {number} chưa có chữ ký số của cơ quan. Chỉ gửi kèm bản sao điện tử đã ký số; vui lòng ký số bản sao trong Sổ bản sao trước."
            ),
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cn_223_nd30_26_only_a_signed_copy_of_a_document_in_force_goes_along() {
        let usual = SendCopyFacts {
            number_and_symbol: "05/SY-UBND",
            is_signed: true,
            is_recalled: false,
        };
        assert_eq!(send_copy(&usual), Ok(()));
        let cases = [
            (
                SendCopyFacts {
                    is_signed: false,
                    ..usual
                },
                "ND30-25.1",
            ),
            (
                SendCopyFacts {
                    is_recalled: true,
                    ..usual
                },
                "ND30-18.4b",
            ),
            // Of a document that its sender recalled no file is left: the recall is the reason that is told.
            (
                SendCopyFacts {
                    is_signed: false,
                    is_recalled: true,
                    ..usual
                },
                "ND30-18.4b",
            ),
        ];
        for (facts, clause) in cases {
            let refusal = send_copy(&facts).unwrap_err();
            assert_eq!((refusal.clause, refusal.field), (clause, Some("copies")));
            assert!(refusal.message.contains("05/SY-UBND"), "{}", refusal.message);
        }
    }
}
