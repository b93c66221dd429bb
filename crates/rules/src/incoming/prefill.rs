//! Tự điền biểu mẫu đăng ký (ND30-22.3b, Phụ lục VI III.1g): what was read of a file is proposed for the form, and never
//! takes the place of what a person typed.

use std::collections::BTreeMap;

use crate::names::named_enum;

named_enum! {
    /// A field of the form of registration that the file itself may tell (Phụ lục VI Phần II Mục II).
    RegistrationField {
        /// Tên cơ quan, tổ chức ban hành văn bản.
        Sender = "sender_name", "Nơi gửi";
        /// Số của văn bản.
        Number = "number", "Số";
        /// Ký hiệu của văn bản.
        Symbol = "symbol", "Ký hiệu";
        /// Ngày, tháng, năm văn bản, ISO.
        IssuedOn = "issued_on", "Ngày văn bản";
        /// Tên loại văn bản, the key of [`crate::document_types`].
        DocumentType = "type_key", "Loại văn bản";
        /// Trích yếu nội dung.
        Subject = "subject", "Trích yếu nội dung";
        /// Mức độ khẩn, its machine name.
        Urgency = "urgency", "Mức độ khẩn";
        /// Họ và tên người ký.
        SignerName = "signer_name", "Người ký";
        /// Chức vụ của người ký.
        SignerTitle = "signer_title", "Chức vụ người ký";
    }
}

/// What stands in the fields of a form, as text.
pub type FormValues = BTreeMap<RegistrationField, String>;

/// What was read of a file for each field.
pub type ReadValues = BTreeMap<RegistrationField, ReadValue>;

/// A value read of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadValue {
    /// The value, as the form takes it.
    pub value: String,
    /// Made up from weak signs: to be looked at with care.
    pub is_doubtful: bool,
}

impl ReadValue {
    /// A value; `is_doubtful` when it was made up from weak signs.
    #[must_use]
    pub fn new(value: impl Into<String>, is_doubtful: bool) -> Self {
        Self {
            value: value.into(),
            is_doubtful,
        }
    }
}

/// How a field of the form stands to what was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Agreement<'a> {
    /// Nothing was read for it.
    NotRead,
    /// It holds what was read: a person checks it.
    Proposed {
        /// As [`ReadValue::is_doubtful`].
        is_doubtful: bool,
    },
    /// A person typed something else; what was read stands beside it.
    Differs(&'a str),
}

/// The form after a file was read. A field that a person filled keeps its value; every other one gets what was read, or
/// goes back to how it was `untouched`.
///
/// A field counts as filled by a person when it holds neither nothing, nor what it holds in an `untouched` form, nor what
/// was read `before` of another file.
#[must_use]
pub fn prefill(
    typed: &FormValues,
    untouched: &FormValues,
    before: &ReadValues,
    read: &ReadValues,
) -> FormValues {
    let value_of = |field: &RegistrationField| {
        let text = |values: &FormValues| values.get(field).map_or("", |value| value.trim()).to_owned();
        let (now, start) = (text(typed), text(untouched));
        let is_earlier_proposal = before.get(field).is_some_and(|known| known.value == now);
        if !now.is_empty() && now != start && !is_earlier_proposal {
            return now;
        }
        read.get(field).map_or(start, |found| found.value.clone())
    };
    RegistrationField::ALL
        .iter()
        .map(|field| (*field, value_of(field)))
        .collect()
}

/// How the value of a field stands to what was read for it.
#[must_use]
pub fn agreement<'a>(field: RegistrationField, value: &str, read: &'a ReadValues) -> Agreement<'a> {
    match read.get(&field) {
        None => Agreement::NotRead,
        Some(found) if found.value == value.trim() => Agreement::Proposed {
            is_doubtful: found.is_doubtful,
        },
        Some(found) => Agreement::Differs(&found.value),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn values(of: &[(RegistrationField, &str)]) -> FormValues {
        of.iter()
            .map(|(field, value)| (*field, (*value).to_owned()))
            .collect()
    }

    fn read(of: &[(RegistrationField, &str)]) -> ReadValues {
        of.iter()
            .map(|(field, value)| (*field, ReadValue::new(*value, false)))
            .collect()
    }

    use RegistrationField::{DocumentType, Number, Subject, Urgency};

    #[test]
    fn cn_106_an_empty_form_is_filled_with_what_was_read() {
        let start = values(&[(DocumentType, "cong_van"), (Urgency, "normal")]);
        let found = read(&[(Number, "15"), (DocumentType, "quyet_dinh")]);
        let filled = prefill(&start, &start, &ReadValues::new(), &found);
        assert_eq!(filled[&Number], "15");
        assert_eq!(filled[&DocumentType], "quyet_dinh");
        assert_eq!(filled[&Urgency], "normal");
        assert_eq!(filled[&Subject], "");
    }

    #[test]
    fn cn_106_what_a_person_typed_stays_and_the_other_value_is_shown_beside_it() {
        let typed = values(&[(Number, "16"), (Subject, " ")]);
        let found = read(&[(Number, "15"), (Subject, "Về việc tập huấn")]);
        let filled = prefill(&typed, &FormValues::new(), &ReadValues::new(), &found);
        assert_eq!(filled[&Number], "16");
        assert_eq!(filled[&Subject], "Về việc tập huấn");
        assert_eq!(
            agreement(Number, &filled[&Number], &found),
            Agreement::Differs("15")
        );
        assert_eq!(
            agreement(Subject, &filled[&Subject], &found),
            Agreement::Proposed { is_doubtful: false }
        );
        assert_eq!(agreement(Urgency, "", &found), Agreement::NotRead);
    }

    #[test]
    fn cn_106_another_file_takes_the_place_of_proposals_that_nobody_touched() {
        let before = read(&[(Number, "15"), (Subject, "Tập huấn"), (Urgency, "urgent")]);
        let start = values(&[(Urgency, "normal")]);
        let shown = values(&[
            (Number, "15"),
            (Subject, "Tập huấn chuyển đổi số"),
            (Urgency, "urgent"),
        ]);
        let filled = prefill(
            &shown,
            &start,
            &before,
            &read(&[(Number, "22"), (Subject, "Mời họp")]),
        );
        assert_eq!(filled[&Number], "22");
        assert_eq!(filled[&Subject], "Tập huấn chuyển đổi số");
        assert_eq!(filled[&Urgency], "normal");
    }

    proptest! {
        #[test]
        fn cn_106_nothing_typed_is_ever_lost(
            typed in "[a-z]{1,6}", start in "[a-z]{0,3}", before in "[a-z]{0,3}", found in "[a-z]{0,6}",
        ) {
            prop_assume!(typed != start && typed != before);
            let filled = prefill(
                &values(&[(Subject, &typed)]),
                &values(&[(Subject, &start)]),
                &read(&[(Subject, &before)]),
                &read(&[(Subject, &found)]),
            );
            prop_assert_eq!(&filled[&Subject], &typed);
        }
    }
}
