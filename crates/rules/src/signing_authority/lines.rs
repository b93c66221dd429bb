//! The lines of ô 7a: quyền hạn, chức vụ của người ký.

use super::Authority;
use crate::{Decision, Refusal};

/// The titles that the lines are made of, as people write them; they are printed in capitals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Titles<'a> {
    /// The collective or agency for TM.: `Ủy ban nhân dân`.
    pub collective: &'a str,
    /// Title of the head of the agency: `Chủ tịch`, `Giám đốc`.
    pub head: &'a str,
    /// Title of the signer: `Phó Chủ tịch`, `Chánh Văn phòng`.
    pub signer: &'a str,
    /// Title of the unit head in whose stead the signer signs (TL. with KT. only): `Chánh Văn phòng`.
    pub unit_head: &'a str,
}

/// The lines of ô 7a in print order, upper case.
///
/// # Errors
/// `PL1-7b` when a title that the form needs is missing.
pub fn lines(authority: Authority, titles: &Titles<'_>) -> Decision<Vec<String>> {
    let collective = || {
        title(
            titles.collective,
            "Vui lòng nhập tên tập thể hoặc cơ quan ghi sau TM.",
            "collective",
        )
    };
    let head = || {
        title(
            titles.head,
            "Vui lòng nhập chức vụ của người đứng đầu cơ quan.",
            "head_title",
        )
    };
    let signer = || {
        title(
            titles.signer,
            "Vui lòng nhập chức vụ của người ký.",
            "signer_title",
        )
    };
    let unit_head = || {
        title(
            titles.unit_head,
            "Vui lòng nhập chức vụ của người đứng đầu đơn vị.",
            "unit_head_title",
        )
    };
    Ok(match authority {
        Authority::Own => vec![head()?],
        Authority::Tm => vec![format!("TM. {}", collective()?), head()?],
        Authority::Kt => vec![format!("KT. {}", head()?), signer()?],
        Authority::TmKt => vec![
            format!("TM. {}", collective()?),
            format!("KT. {}", head()?),
            signer()?,
        ],
        Authority::Q => vec![format!("Q. {}", head()?)],
        Authority::Tl => vec![format!("TL. {}", head()?), signer()?],
        Authority::TlKt => vec![
            format!("TL. {}", head()?),
            format!("KT. {}", unit_head()?),
            signer()?,
        ],
        Authority::Tuq => vec![format!("TUQ. {}", head()?), signer()?],
    })
}

fn title(text: &str, missing: &str, field: &'static str) -> Decision<String> {
    match text.trim() {
        "" => Err(Refusal::new("PL1-7b", "signing_authority.no_title", missing).on(field)),
        text => Ok(viet_text::nfc(text).to_uppercase()),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const COMMITTEE: Titles<'static> = Titles {
        collective: "Ủy ban nhân dân",
        head: "Chủ tịch",
        signer: "Phó Chủ tịch",
        unit_head: "",
    };
    const MINISTRY: Titles<'static> = Titles {
        collective: "",
        head: "Bộ trưởng",
        signer: "Thứ trưởng",
        unit_head: "Vụ trưởng",
    };

    #[rstest]
    #[case(Authority::Own, Titles { head: "Giám đốc", ..Titles::default() }, &["GIÁM ĐỐC"])]
    #[case(Authority::Tm, COMMITTEE, &["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"])]
    #[case(Authority::TmKt, COMMITTEE, &["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"])]
    #[case(Authority::Q, Titles { head: "Giám đốc", ..Titles::default() }, &["Q. GIÁM ĐỐC"])]
    #[case(Authority::Kt, MINISTRY, &["KT. BỘ TRƯỞNG", "THỨ TRƯỞNG"])]
    #[case(Authority::Tl, Titles { signer: "Vụ trưởng", ..MINISTRY }, &["TL. BỘ TRƯỞNG", "VỤ TRƯỞNG"])]
    #[case(Authority::TlKt, Titles { signer: "Phó Vụ trưởng", ..MINISTRY }, &["TL. BỘ TRƯỞNG", "KT. VỤ TRƯỞNG", "PHÓ VỤ TRƯỞNG"])]
    #[case(Authority::Tuq, Titles { head: "Giám đốc", signer: "Trưởng phòng", ..Titles::default() }, &["TUQ. GIÁM ĐỐC", "TRƯỞNG PHÒNG"])]
    fn pl1_7b_the_lines_are_printed_as_the_decree_shows(
        #[case] authority: Authority,
        #[case] titles: Titles<'static>,
        #[case] printed: &[&str],
    ) {
        assert_eq!(lines(authority, &titles).unwrap(), printed);
    }

    #[test]
    fn pl1_7b_a_missing_title_is_asked_for() {
        let refusal = lines(
            Authority::Tm,
            &Titles {
                collective: " ",
                ..COMMITTEE
            },
        )
        .unwrap_err();
        assert_eq!((refusal.clause, refusal.field), ("PL1-7b", Some("collective")));
        for authority in Authority::ALL {
            assert!(lines(*authority, &Titles::default()).is_err(), "{authority}");
        }
    }
}
