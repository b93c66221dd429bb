//! Mã định danh of whoever may send or receive over the axis: agencies, enterprises, other organisations, and what does not
//! follow any rule.

use std::fmt;

use jiff::civil::Date;

use super::{AgencyCode, CodeForm};
use crate::names::named_enum;
use crate::{Decision, Refusal};

/// The longest code that is kept. QĐ 20/2020/QĐ-TTg ends at 35; what is seen on the axis may be longer.
pub const MAX_ORGAN_CHARS: usize = 64;

named_enum! {
    /// The form of a code on the axis.
    OrganForm {
        /// QĐ 20/2020/QĐ-TTg Điều 4: `H16.15`, level 1 first.
        Current = "current", "Mã theo Quyết định 20/2020/QĐ-TTg";
        /// QCVN 102:2016: `000.00.15.H16`, level 1 last.
        Older = "older", "Mã 13 ký tự theo QCVN 102:2016";
        /// QĐ 20/2020/QĐ-TTg Điều 5: the registration number of an enterprise, co-operative, household business.
        Enterprise = "enterprise", "Mã số doanh nghiệp, hợp tác xã, hộ kinh doanh";
        /// QĐ 20/2020/QĐ-TTg Điều 6: a scheme code Z01 … Z99 with what the scheme defines.
        Scheme = "scheme", "Mã theo lược đồ định danh của tổ chức khác";
        /// None of these; taken as it is.
        Other = "other", "Mã không theo dạng quy định";
    }
}

/// A code as it stands in a directory or in a message.
///
/// Two codes are the same when their [`OrganCode::key`]s are; on the wire stands [`OrganCode::as_str`].
#[derive(Debug, Clone)]
pub struct OrganCode {
    text: String,
    key: String,
    form: OrganForm,
}

impl OrganCode {
    /// Reads a code of any form; what follows no form is accepted with a [`OrganCode::warning`].
    ///
    /// # Errors
    /// `QD28-10.2a` for a text that is empty, longer than [`MAX_ORGAN_CHARS`], or holds a comma or a control character:
    /// it could not stand in the identifier of a document.
    pub fn read(text: &str) -> Decision<Self> {
        let text = viet_text::nfc(text.trim());
        let refuse = |code, message: String| Err(Refusal::new("QD28-10.2a", code, message).on("code"));
        if text.is_empty() {
            return refuse(
                "identifier.no_code",
                "Thiếu mã định danh. Vui lòng nhập mã của cơ quan, tổ chức.".to_owned(),
            );
        }
        if text.chars().count() > MAX_ORGAN_CHARS {
            return refuse(
                "identifier.code_too_long",
                format!("Mã định danh dài quá {MAX_ORGAN_CHARS} ký tự. Vui lòng kiểm tra lại."),
            );
        }
        if text.chars().any(|c| c == ',' || c.is_control()) {
            return refuse(
                "identifier.code_characters",
                "Mã định danh không được có dấu phẩy, dấu xuống dòng. Vui lòng kiểm tra lại.".to_owned(),
            );
        }
        let key = text.to_uppercase();
        let form = match AgencyCode::parse(&key).map(|code| code.form()) {
            Ok(CodeForm::Current) => OrganForm::Current,
            Ok(CodeForm::Older) => OrganForm::Older,
            Err(_) if is_enterprise(&key) => OrganForm::Enterprise,
            Err(_) if is_scheme(&key) => OrganForm::Scheme,
            Err(_) => OrganForm::Other,
        };
        // Only forms of capitals are written in capitals; what a scheme means by small letters is not ours to change.
        let text = match form {
            OrganForm::Current | OrganForm::Older | OrganForm::Enterprise => key.clone(),
            OrganForm::Scheme | OrganForm::Other => text,
        };
        Ok(Self { text, key, form })
    }

    /// The code as it is sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What is compared: in capitals.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Which form it has.
    #[must_use]
    pub const fn form(&self) -> OrganForm {
        self.form
    }

    /// What an administrator should look at, for a code that follows no form.
    #[must_use]
    pub fn warning(&self) -> Option<&'static str> {
        (self.form == OrganForm::Other).then_some(
            "Mã không theo Quyết định 20/2020/QĐ-TTg và cũng không theo dạng 13 ký tự; vẫn được giữ nguyên để gửi, nhận.",
        )
    }

    /// The code of the other form that the same agency most likely has, see [`AgencyCode::proposed_counterpart`].
    #[must_use]
    pub fn proposed_counterpart(&self) -> Option<Self> {
        let other = AgencyCode::parse(&self.key).ok()?.proposed_counterpart()?;
        Self::read(other.as_str()).ok()
    }
}

impl PartialEq for OrganCode {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for OrganCode {}

impl std::hash::Hash for OrganCode {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.key.hash(state);
    }
}

impl fmt::Display for OrganCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// From when to when a code is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// The first day.
    pub from: Date,
    /// The last day; open when `None`.
    pub to: Option<Date>,
}

impl Validity {
    /// Whether `day` lies within.
    #[must_use]
    pub fn covers(self, day: Date) -> bool {
        self.from <= day && self.to.is_none_or(|last| day <= last)
    }
}

/// A registration number of ten digits, with a branch of three behind it; 12 to 15 digits are what the axis itself uses.
fn is_enterprise(text: &str) -> bool {
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    match text.split_once('-') {
        Some((number, branch)) => number.len() == 10 && digits(number) && branch.len() == 3 && digits(branch),
        None => digits(text) && matches!(text.len(), 10 | 12..=15),
    }
}

/// `Zxy` and up to 32 characters that the scheme defines.
fn is_scheme(text: &str) -> bool {
    let mut chars = text.chars();
    let head = (chars.next(), chars.next(), chars.next());
    matches!(head, (Some('Z'), Some(a), Some(b)) if a.is_ascii_digit() && b.is_ascii_digit() && (a, b) != ('0', '0'))
        && (1..=32).contains(&chars.count())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("G12", OrganForm::Current)]
    #[case("g12.18", OrganForm::Current)]
    #[case("H37.DN.001", OrganForm::Current)]
    #[case("H55.242", OrganForm::Current)]
    #[case(" 000.00.00.H16 ", OrganForm::Older)]
    #[case("000.01.01.H53", OrganForm::Older)]
    #[case("000.00.01.A53", OrganForm::Older)]
    #[case("0123456789", OrganForm::Enterprise)]
    #[case("0123456789-001", OrganForm::Enterprise)]
    #[case("0123456789001", OrganForm::Enterprise)]
    #[case("020123456789", OrganForm::Enterprise)]
    #[case("Z01abc-1", OrganForm::Scheme)]
    #[case("Z00abc", OrganForm::Other)]
    #[case("999.010.01.H22", OrganForm::Other)]
    #[case("001.00.20.TT2", OrganForm::Other)]
    #[case("28.22.H17", OrganForm::Other)]
    #[case("00.22.W00", OrganForm::Other)]
    #[case("01.02.G22", OrganForm::Other)]
    #[case("vxp.saas.03", OrganForm::Other)]
    #[case("01234567890", OrganForm::Other)]
    fn qd28_10_2a_every_form_on_the_axis_is_recognised(#[case] text: &str, #[case] form: OrganForm) {
        let code = OrganCode::read(text).unwrap();
        assert_eq!(code.form(), form);
        assert_eq!(code.warning().is_some(), form == OrganForm::Other);
        assert_eq!(code.key(), text.trim().to_uppercase());
    }

    #[rstest]
    #[case("")]
    #[case("  ")]
    #[case("H16,15")]
    #[case("H16\n15")]
    fn qd28_10_2a_a_text_that_cannot_stand_in_an_identifier_is_refused(#[case] text: &str) {
        assert_eq!(OrganCode::read(text).unwrap_err().clause, "QD28-10.2a");
        assert!(OrganCode::read(&"9".repeat(MAX_ORGAN_CHARS + 1)).is_err());
    }

    #[test]
    fn cn_407_codes_are_compared_in_capitals_and_sent_as_they_are() {
        let (small, large) = (
            OrganCode::read("vxp.saas.03").unwrap(),
            OrganCode::read("VXP.SAAS.03").unwrap(),
        );
        assert_eq!(small, large);
        assert_eq!(small.as_str(), "vxp.saas.03");
        assert_eq!(OrganCode::read("h16.05").unwrap().as_str(), "H16.05");
    }

    #[test]
    fn cn_407_the_other_form_is_only_proposed() {
        let proposed = |text: &str| {
            OrganCode::read(text)
                .unwrap()
                .proposed_counterpart()
                .map(|code| code.to_string())
        };
        assert_eq!(proposed("000.00.05.H16").as_deref(), Some("H16.05"));
        assert_eq!(proposed("G99").as_deref(), Some("000.00.00.G99"));
        assert_eq!(proposed("28.22.H17"), None);
        assert_eq!(proposed("0123456789"), None);
    }

    #[test]
    fn cn_407_a_code_is_in_use_from_its_first_to_its_last_day() {
        let open = Validity {
            from: date(2020, 9, 15),
            to: None,
        };
        assert!(!open.covers(date(2020, 9, 14)) && open.covers(date(2030, 1, 1)));
        let closed = Validity {
            to: Some(date(2025, 6, 30)),
            ..open
        };
        assert!(closed.covers(date(2025, 6, 30)) && !closed.covers(date(2025, 7, 1)));
    }

    proptest! {
        #[test]
        fn qd28_10_2a_reading_a_code_again_changes_nothing(text in "\\PC{1,70}") {
            if let Ok(code) = OrganCode::read(&text) {
                let again = OrganCode::read(code.as_str()).unwrap();
                prop_assert_eq!(again.as_str(), code.as_str());
                prop_assert_eq!(again.form(), code.form());
            }
        }
    }
}
