//! Bản sao văn bản (ND30 Điều 25 to 27; CN-224): which copies can be made from what, and by whom.

mod electronic;
mod send;

use crate::ids::AgencyId;
use crate::names::named_enum;
use crate::people::Actor;
use crate::secrecy::{self, SecretMarks};
use crate::{Decision, Refusal};

pub use electronic::{CopyFile, SealCopyFacts, VoidCopyFacts, electronic_file, seal_copy, void_copy};
pub use send::{SendCopyFacts, send_copy};

named_enum! {
    /// Hình thức sao.
    CopyKind {
        /// Sao y: the whole document from its original or main copy (ND30-25.1).
        SaoY = "sao_y", "Sao y";
        /// Sao lục: the whole document from a bản sao y (ND30-25.2).
        SaoLuc = "sao_luc", "Sao lục";
        /// Trích sao: a part of the document (ND30-25.3).
        TrichSao = "trich_sao", "Trích sao";
    }
}

impl CopyKind {
    /// The form of copy as it is written on the copy (Phụ lục I Phần II).
    #[must_use]
    pub const fn printed(self) -> &'static str {
        match self {
            Self::SaoY => "SAO Y",
            Self::SaoLuc => "SAO LỤC",
            Self::TrichSao => "TRÍCH SAO",
        }
    }
}

named_enum! {
    /// On what a document or a copy is.
    Medium {
        /// Văn bản giấy.
        Paper = "paper", "Bản giấy";
        /// Văn bản điện tử.
        Electronic = "electronic", "Bản điện tử";
    }
}

/// More sheets than this are a mistake in typing.
const MOST_COPIES: u32 = 1000;

/// A copy that is to be made.
#[derive(Debug, Clone, Copy)]
pub struct CopyFacts<'a> {
    /// The agency that copies: the one that keeps the document.
    pub agency: AgencyId,
    /// Hình thức sao.
    pub kind: CopyKind,
    /// On what the document is.
    pub from: Medium,
    /// On what the copy will be.
    pub to: Medium,
    /// Whether the document is itself a bản sao y.
    pub source_is_copy: bool,
    /// Whether it was issued or registered.
    pub is_registered: bool,
    /// Whether it was recalled.
    pub is_recalled: bool,
    /// Số bản.
    pub copies: u32,
    /// Which part is copied (trích sao).
    pub extract: &'a str,
    /// Its words, when the program composes the extract; else only the closing part is printed.
    pub text: &'a str,
}

/// Whether a copy of this kind can be made from one medium to the other (ND30 Điều 25): an identical electronic file is no copy.
#[must_use]
pub fn is_copied(kind: CopyKind, from: Medium, to: Medium) -> bool {
    kind == CopyKind::TrichSao || !(from == Medium::Electronic && to == Medium::Electronic)
}

/// The clerk makes a copy, as the head of the agency decided (ND30-27.1).
///
/// # Errors
/// `ND30-4.2b` for anybody but a clerk of the agency; `ND30-18.4b` for a recalled document; `ND30-25.1`, `ND30-25.2`, `ND30-25.3` for a
/// copy that the law does not know.
pub fn make_copy(actor: &Actor, facts: &CopyFacts<'_>) -> Decision<()> {
    let refuse = |clause, code, message: &str| Err(Refusal::new(clause, code, message));
    if !actor.is_clerk_of(facts.agency) {
        return refuse(
            "ND30-4.2b",
            "copies.not_clerk",
            "Chỉ văn thư cơ quan được đăng ký bản sao.",
        );
    }
    if !facts.is_registered {
        return refuse(
            "ND30-25.1",
            "copies.not_registered",
            "Chỉ sao văn bản đã ban hành hoặc văn bản đến đã vào sổ.",
        );
    }
    if facts.is_recalled {
        return refuse(
            "ND30-18.4b",
            "copies.recalled",
            "Văn bản đã thu hồi nên không sao.",
        );
    }
    match facts.kind {
        CopyKind::SaoY if facts.source_is_copy => {
            return refuse(
                "ND30-25.1",
                "copies.from_a_copy",
                "Bản sao y được thực hiện từ bản gốc hoặc bản chính. Sao từ bản sao y thì chọn hình thức sao lục.",
            );
        }
        CopyKind::SaoLuc if !facts.source_is_copy => {
            return refuse(
                "ND30-25.2",
                "copies.not_from_a_copy",
                "Sao lục chỉ thực hiện từ bản sao y. Sao từ bản gốc hoặc bản chính thì chọn hình thức sao y.",
            );
        }
        CopyKind::TrichSao if facts.extract.trim().is_empty() => {
            return Err(Refusal::new(
                "ND30-25.3",
                "copies.no_extract",
                "Vui lòng ghi phần nội dung được trích sao.",
            )
            .on("extract"));
        }
        CopyKind::SaoY | CopyKind::SaoLuc | CopyKind::TrichSao => {}
    }
    extract_text(facts)?;
    if !is_copied(facts.kind, facts.from, facts.to) {
        let clause = if facts.kind == CopyKind::SaoY {
            "ND30-25.1"
        } else {
            "ND30-25.2"
        };
        return refuse(
            clause,
            "copies.electronic_to_electronic",
            "Không sao y, sao lục từ văn bản điện tử sang văn bản điện tử: tệp giống hệt bản gốc vẫn là bản gốc. Hãy gửi chính văn bản điện tử, hoặc sao sang bản giấy.",
        );
    }
    if facts.copies == 0 || facts.copies > MOST_COPIES {
        return Err(Refusal::new(
            "ND30-25.4",
            "copies.number",
            format!("Số bản sao phải từ 1 đến {MOST_COPIES}."),
        )
        .on("copies"));
    }
    Ok(())
}

/// The longest text of an extract that is composed here; more is copied by machine.
const MAX_TEXT_CHARS: usize = 100_000;

/// Only a trích sao is composed anew; sao y and sao lục repeat the whole document as it is (ND30-25).
fn extract_text(facts: &CopyFacts<'_>) -> Decision<()> {
    if facts.text.trim().is_empty() {
        return Ok(());
    }
    let refuse = |clause, code, message: String| Err(Refusal::new(clause, code, message).on("text"));
    if facts.kind != CopyKind::TrichSao {
        return refuse(
            "ND30-25.1",
            "copies.text_of_a_whole_copy",
            "Chỉ trích sao mới soạn lại phần nội dung. Sao y, sao lục thì chụp hoặc in nguyên văn bản; vui lòng để trống ô này.".into(),
        );
    }
    if facts.text.chars().count() > MAX_TEXT_CHARS {
        return refuse(
            "ND30-25.3",
            "copies.text_too_long",
            format!(
                "Phần trích sao dài quá {MAX_TEXT_CHARS} ký tự. Vui lòng trích phần ngắn hơn, hoặc để trống ô này và chụp phần cần trích."
            ),
        );
    }
    secrecy::refuse_state_secret(&SecretMarks {
        texts: &[facts.text],
        ..SecretMarks::default()
    })
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

    fn facts(kind: CopyKind, from: Medium, to: Medium) -> CopyFacts<'static> {
        CopyFacts {
            agency: AgencyId::from_uuid(id(1)),
            kind,
            from,
            to,
            source_is_copy: kind == CopyKind::SaoLuc,
            is_registered: true,
            is_recalled: false,
            copies: 2,
            extract: "Điều 2",
            text: "",
        }
    }

    #[rstest]
    #[case(CopyKind::SaoY, [true, true, true, false])]
    #[case(CopyKind::SaoLuc, [true, true, true, false])]
    #[case(CopyKind::TrichSao, [true, true, true, true])]
    fn cn_224_nd30_25_the_matrix_of_copies(#[case] kind: CopyKind, #[case] allowed: [bool; 4]) {
        use Medium::{Electronic, Paper};
        let ways = [
            (Paper, Paper),
            (Paper, Electronic),
            (Electronic, Paper),
            (Electronic, Electronic),
        ];
        let clerk = actor(Role::Clerk, 1);
        for ((from, to), allowed) in ways.into_iter().zip(allowed) {
            assert_eq!(
                make_copy(&clerk, &facts(kind, from, to)).is_ok(),
                allowed,
                "{from} {to}"
            );
        }
    }

    #[test]
    fn cn_224_sao_luc_comes_from_a_sao_y_alone_and_sao_y_never() {
        let clerk = actor(Role::Clerk, 1);
        let of = |kind, source_is_copy| {
            let facts = CopyFacts {
                source_is_copy,
                ..facts(kind, Medium::Paper, Medium::Paper)
            };
            make_copy(&clerk, &facts).map_err(|refusal| refusal.clause)
        };
        assert_eq!(of(CopyKind::SaoLuc, false), Err("ND30-25.2"));
        assert_eq!(of(CopyKind::SaoLuc, true), Ok(()));
        assert_eq!(of(CopyKind::SaoY, true), Err("ND30-25.1"));
        assert_eq!(of(CopyKind::SaoY, false), Ok(()));
        assert_eq!(of(CopyKind::TrichSao, false), Ok(()));
    }

    #[test]
    fn cn_224_who_copies_what_and_how_often() {
        let usual = facts(CopyKind::SaoY, Medium::Electronic, Medium::Paper);
        let refused = |by: Role, agency, facts: &CopyFacts<'_>| {
            make_copy(&actor(by, agency), facts).map_err(|refusal| refusal.code)
        };
        assert_eq!(refused(Role::Clerk, 1, &usual), Ok(()));
        assert_eq!(refused(Role::Leader, 1, &usual), Err("copies.not_clerk"));
        assert_eq!(refused(Role::Clerk, 2, &usual), Err("copies.not_clerk"));
        let cases = [
            (
                CopyFacts {
                    is_registered: false,
                    ..usual
                },
                "copies.not_registered",
            ),
            (
                CopyFacts {
                    is_recalled: true,
                    ..usual
                },
                "copies.recalled",
            ),
            (CopyFacts { copies: 0, ..usual }, "copies.number"),
            (
                CopyFacts {
                    copies: 1001,
                    ..usual
                },
                "copies.number",
            ),
            (
                CopyFacts {
                    kind: CopyKind::TrichSao,
                    extract: " ",
                    ..usual
                },
                "copies.no_extract",
            ),
        ];
        for (facts, code) in cases {
            assert_eq!(refused(Role::Clerk, 1, &facts), Err(code));
        }
    }

    #[test]
    fn cn_224_nd30_25_3_only_an_extract_is_composed_anew() {
        let clerk = actor(Role::Clerk, 1);
        let of = |kind, text| {
            let facts = CopyFacts {
                text,
                ..facts(kind, Medium::Paper, Medium::Paper)
            };
            make_copy(&clerk, &facts).map_err(|refusal| refusal.code)
        };
        assert_eq!(of(CopyKind::TrichSao, "Điều 2. Có hiệu lực."), Ok(()));
        for kind in [CopyKind::SaoY, CopyKind::SaoLuc] {
            assert_eq!(of(kind, " "), Ok(()));
            assert_eq!(of(kind, "Điều 2."), Err("copies.text_of_a_whole_copy"));
        }
        let long = "a".repeat(100_001);
        assert_eq!(of(CopyKind::TrichSao, &long), Err("copies.text_too_long"));
        assert_eq!(
            of(CopyKind::TrichSao, "Một câu.\nTỐI MẬT\nMột câu."),
            Err("secrecy.state_secret")
        );
    }
}
