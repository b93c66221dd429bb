//! Danh mục cơ quan, tổ chức: what a line of it may say, and what it changes (CN-407, QD28-19.1c).

use serde::{Deserialize, Serialize};

use crate::identifiers::{OrganCode, OrganForm};
use crate::names::named_enum;
use crate::{Decision, Refusal};

/// The longest name that is kept, in characters.
pub const MAX_NAME_CHARS: usize = 500;
/// The longest e-mail address (RFC 5321).
const MAX_EMAIL_CHARS: usize = 254;
/// No catalogue of agencies has more levels.
const MAX_LEVEL: u16 = 20;

/// A line of the directory as text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RawLine<'a> {
    /// Mã định danh.
    pub code: &'a str,
    /// The older code, if there is one.
    pub old_code: &'a str,
    /// Name.
    pub name: &'a str,
    /// Code of the organisation above it, if there is one.
    pub parent_code: &'a str,
    /// E-mail, if there is one.
    pub email: &'a str,
    /// Level, 1 at the top; empty when not said.
    pub level: &'a str,
}

/// A line that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The code in use.
    pub code: OrganCode,
    /// The older code.
    pub old_code: Option<OrganCode>,
    /// Name, one blank between words, NFC.
    pub name: String,
    /// Code of the organisation above it.
    pub parent_code: Option<OrganCode>,
    /// E-mail.
    pub email: Option<String>,
    /// Level, 1 at the top.
    pub level: Option<u16>,
}

/// Reads a line.
///
/// # Errors
/// `QD28-10.2a` for a missing or impossible code or name, an e-mail address or a level that cannot be one, an organisation above
/// itself. The refusal's field names the column.
pub fn read(raw: RawLine<'_>) -> Decision<Line> {
    let refuse = |code, field, message: String| Err(Refusal::new("QD28-10.2a", code, message).on(field));
    let optional = |text: &str, field| -> Decision<Option<OrganCode>> {
        match text.trim() {
            "" => Ok(None),
            text => OrganCode::read(text)
                .map(Some)
                .map_err(|refusal| refusal.on(field)),
        }
    };
    let code = OrganCode::read(raw.code)?;
    let old_code = optional(raw.old_code, "old_code")?.filter(|old| *old != code);
    let parent_code = optional(raw.parent_code, "parent_code")?;
    if parent_code.as_ref() == Some(&code) {
        return refuse(
            "directory.own_parent",
            "parent_code",
            "Mã cấp trên trùng với mã của chính cơ quan này. Vui lòng sửa mã cấp trên hoặc để trống."
                .to_owned(),
        );
    }
    let name = viet_text::nfc(&raw.name.split_whitespace().collect::<Vec<_>>().join(" "));
    if name.is_empty() {
        return refuse(
            "directory.no_name",
            "name",
            "Thiếu tên cơ quan, tổ chức. Vui lòng nhập tên.".to_owned(),
        );
    }
    if name.chars().count() > MAX_NAME_CHARS || name.chars().any(char::is_control) {
        return refuse(
            "directory.bad_name",
            "name",
            format!("Tên dài quá {MAX_NAME_CHARS} ký tự hoặc có ký tự không in được. Vui lòng sửa lại."),
        );
    }
    let email = raw.email.trim();
    if !email.is_empty() && !is_email(email) {
        return refuse(
            "directory.bad_email",
            "email",
            format!("Thư điện tử “{email}” không đúng dạng. Vui lòng sửa lại hoặc để trống."),
        );
    }
    let level = match raw.level.trim() {
        "" => None,
        text => match text.parse::<u16>() {
            Ok(level) if (1..=MAX_LEVEL).contains(&level) => Some(level),
            _ => {
                return refuse(
                    "directory.bad_level",
                    "level",
                    format!(
                        "Cấp “{text}” không phải số từ 1 đến {MAX_LEVEL}. Vui lòng sửa lại hoặc để trống."
                    ),
                );
            }
        },
    };
    Ok(Line {
        code,
        old_code,
        name,
        parent_code,
        email: (!email.is_empty()).then(|| email.to_owned()),
        level,
    })
}

/// One sign `@` with something on both sides, and no blanks: more is for the mail server to say.
fn is_email(text: &str) -> bool {
    let parts: Vec<&str> = text.split('@').collect();
    matches!(parts.as_slice(), [name, host] if !name.is_empty() && host.contains('.') && !host.starts_with('.'))
        && text.chars().count() <= MAX_EMAIL_CHARS
        && !text.chars().any(|c| c.is_whitespace() || c.is_control())
}

named_enum! {
    /// What a line does to the directory.
    Change {
        /// Nothing.
        Unchanged = "unchanged", "Không đổi";
        /// A new entry.
        Add = "add", "Thêm mới";
        /// Another name, parent, e-mail, level or older code.
        Correct = "correct", "Sửa thông tin";
        /// The entry takes another code; the one it had is kept as a former one.
        TakeCode = "take_code", "Đổi mã";
        /// A closed entry is in use again.
        Reopen = "reopen", "Mở lại";
        /// The entry is closed.
        Close = "close", "Đóng";
    }
}

named_enum! {
    /// Where an entry, or a load of entries, comes from.
    Source {
        /// The directory of the axis.
        Axis = "axis", "Trục liên thông";
        /// A file.
        Import = "import", "Nhập từ tệp";
        /// A person.
        Manual = "manual", "Nhập tay";
    }
}

impl Source {
    /// Whether a person stands behind what it says. The axis only lists what its members registered: a code that one of them
    /// says it had before is a proposal, and neither redirects what is sent to that code nor vouches for who bears it.
    #[must_use]
    pub const fn is_confirmed(self) -> bool {
        match self {
            Self::Axis => false,
            Self::Import | Self::Manual => true,
        }
    }
}

named_enum! {
    /// Where a load stands.
    LoadState {
        /// Read, shown, nothing applied.
        Staged = "staged", "Chờ xác nhận";
        /// Being applied, part by part.
        Applying = "applying", "Đang thực hiện";
        /// Applied.
        Applied = "applied", "Đã thực hiện";
    }
}

/// An entry as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The code in use.
    pub code: OrganCode,
    /// Name.
    pub name: String,
    /// Code of the organisation above it.
    pub parent_code: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// Level.
    pub level: Option<u16>,
    /// Whether it is closed.
    pub closed: bool,
    /// Whether a person named who answers for it since a merger.
    pub has_successor: bool,
    /// Keys of all its codes.
    pub codes: Vec<String>,
}

/// How an entry was found for a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FoundBy {
    /// It has or had the line's code.
    Code,
    /// It has the line's older code.
    OlderCode,
}

/// Whether an entry that was found by the older code of a line is the same organisation.
///
/// It is when it is known by an older code only: the directory then learns its current one. When it has another current
/// code, both organisations say that they had the same older code once; the directory keeps both.
#[must_use]
pub fn is_same(known: &Known, found: FoundBy) -> bool {
    match found {
        FoundBy::Code => true,
        FoundBy::OlderCode => known.code.form() == OrganForm::Older,
    }
}

/// What a line does to the entry it is about.
///
/// A line without e-mail, level or parent says nothing of them. A line that names the entry by one of its other codes changes
/// nothing: directories list the same agency under both codes. What a person merged stays merged.
#[must_use]
pub fn plan(known: Option<&Known>, line: &Line, deleted: bool) -> Change {
    let Some(known) = known else {
        return if deleted { Change::Unchanged } else { Change::Add };
    };
    if deleted {
        return if known.closed {
            Change::Unchanged
        } else {
            Change::Close
        };
    }
    if known.code != line.code && known.codes.iter().any(|code| code == line.code.key()) {
        return Change::Unchanged;
    }
    if known.closed {
        return if known.has_successor {
            Change::Unchanged
        } else {
            Change::Reopen
        };
    }
    if known.code != line.code {
        return Change::TakeCode;
    }
    let said =
        |new: Option<&str>, old: Option<&String>| new.is_some_and(|new| old.map(String::as_str) != Some(new));
    let corrected = known.name != line.name
        || said(
            line.parent_code.as_ref().map(OrganCode::as_str),
            known.parent_code.as_ref(),
        )
        || said(line.email.as_deref(), known.email.as_ref())
        || (line.level.is_some() && line.level != known.level)
        || line
            .old_code
            .as_ref()
            .is_some_and(|old| known.codes.iter().all(|code| code != old.key()));
    if corrected {
        Change::Correct
    } else {
        Change::Unchanged
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    fn line(code: &str, old_code: &str, name: &str) -> Line {
        read(RawLine {
            code,
            old_code,
            name,
            ..RawLine::default()
        })
        .unwrap()
    }

    fn known(line: &Line) -> Known {
        let codes = std::iter::once(&line.code).chain(&line.old_code);
        Known {
            code: line.code.clone(),
            name: line.name.clone(),
            parent_code: line.parent_code.as_ref().map(ToString::to_string),
            email: line.email.clone(),
            level: line.level,
            closed: false,
            has_successor: false,
            codes: codes.map(|code| code.key().to_owned()).collect(),
        }
    }

    #[rstest]
    #[case("", "Sở Mẫu", "", "", "", "code")]
    #[case("H98,01", "Sở Mẫu", "", "", "", "code")]
    #[case("H98.01", "  ", "", "", "", "name")]
    #[case("H98.01", "Sở Mẫu", "h98.01", "", "", "parent_code")]
    #[case("H98.01", "Sở Mẫu", "", "khong-phai-thu", "", "email")]
    #[case("H98.01", "Sở Mẫu", "", "a@b@c.vn", "", "email")]
    #[case("H98.01", "Sở Mẫu", "", "", "0", "level")]
    #[case("H98.01", "Sở Mẫu", "", "", "hai", "level")]
    fn cn_407_a_bad_line_says_what_is_wrong_in_which_column(
        #[case] code: &str,
        #[case] name: &str,
        #[case] parent_code: &str,
        #[case] email: &str,
        #[case] level: &str,
        #[case] field: &str,
    ) {
        let refusal = read(RawLine {
            code,
            name,
            parent_code,
            email,
            level,
            old_code: "",
        })
        .unwrap_err();
        assert_eq!((refusal.clause, refusal.field), ("QD28-10.2a", Some(field)));
    }

    #[test]
    fn cn_407_a_line_is_made_clean() {
        let read = read(RawLine {
            code: " h98.01 ",
            old_code: "H98.01",
            name: "  Sở\tMẫu \n tỉnh ",
            parent_code: "h98",
            email: " vanthu@somau.example ",
            level: "2",
        })
        .unwrap();
        assert_eq!(read.code.as_str(), "H98.01");
        // The same code twice is one.
        assert_eq!(read.old_code, None);
        assert_eq!(read.name, "Sở Mẫu tỉnh");
        assert_eq!(read.parent_code.unwrap().as_str(), "H98");
        assert_eq!(read.email.as_deref(), Some("vanthu@somau.example"));
        assert_eq!(read.level, Some(2));
    }

    #[test]
    fn cn_407_what_did_not_change_is_left_alone() {
        let one = line("H98.01", "000.00.01.H98", "Sở Mẫu");
        let at = known(&one);
        assert_eq!(plan(None, &one, false), Change::Add);
        assert_eq!(plan(None, &one, true), Change::Unchanged);
        assert_eq!(plan(Some(&at), &one, false), Change::Unchanged);
        assert_eq!(
            plan(Some(&at), &line("H98.01", "", "Sở Mẫu"), false),
            Change::Unchanged
        );
        assert_eq!(
            plan(Some(&at), &line("H98.01", "", "Sở Mẫu mới"), false),
            Change::Correct
        );
        assert_eq!(
            plan(Some(&at), &line("H98.01", "000.00.09.H98", "Sở Mẫu"), false),
            Change::Correct
        );
        assert_eq!(
            plan(Some(&at), &line("H98.02", "000.00.01.H98", "Sở Mẫu"), false),
            Change::TakeCode
        );
        assert_eq!(plan(Some(&at), &one, true), Change::Close);
        assert_eq!(
            plan(Some(&at), &line("000.00.01.H98", "", "Tên khác"), false),
            Change::Unchanged
        );
        let closed = Known { closed: true, ..at };
        assert_eq!(plan(Some(&closed), &one, false), Change::Reopen);
        assert_eq!(plan(Some(&closed), &one, true), Change::Unchanged);
        let merged = Known {
            has_successor: true,
            ..closed
        };
        assert_eq!(plan(Some(&merged), &one, false), Change::Unchanged);
    }

    #[test]
    fn cn_407_an_older_code_joins_only_who_has_no_current_one() {
        let older_only = known(&line("000.00.01.H98", "", "Sở Mẫu"));
        assert!(is_same(&older_only, FoundBy::OlderCode));
        let current = known(&line("H98.07", "000.00.01.H98", "Sở Mẫu"));
        assert!(!is_same(&current, FoundBy::OlderCode));
        assert!(is_same(&current, FoundBy::Code));
    }

    proptest! {
        #[test]
        fn cn_407_the_same_line_twice_changes_nothing_the_second_time(
            code in "[GH][0-9]{2}(\\.[0-9]{2}){0,2}",
            name in "[a-zăâđêôơư ]{1,40}",
            old in "(000\\.[0-9]{2}\\.[0-9]{2}\\.H98)?",
        ) {
            let raw = RawLine { code: &code, old_code: &old, name: &name, ..RawLine::default() };
            if let Ok(line) = read(raw) {
                prop_assert_eq!(plan(Some(&known(&line)), &line, false), Change::Unchanged);
            }
        }
    }
}
