//! Comparing what was read with what was written.

use std::collections::BTreeMap;

use the_thuc::reading::{ReadField, ReadFields};

use crate::corpus::Written;

/// The fields of a document that were read wrongly, with both values.
pub fn wrong_fields(written: &Written, read: &ReadFields) -> Vec<(&'static str, String, String)> {
    fn shown<T: std::fmt::Debug>(read: Option<&ReadField<T>>) -> String {
        read.map_or_else(|| "nothing".to_owned(), |field| format!("{:?}", field.value))
    }
    let text = |value: &str| format!("{value:?}");
    let optional =
        |value: Option<&str>| value.map_or_else(|| "nothing".to_owned(), |value| format!("{value:?}"));
    let pairs = [
        (
            "number",
            optional(written.number.as_deref()),
            shown(read.number.as_ref()),
        ),
        ("symbol", text(&written.symbol), shown(read.symbol.as_ref())),
        ("place", text(&written.place), shown(read.place.as_ref())),
        (
            "issued_on",
            format!("{:?}", written.issued_on),
            shown(read.issued_on.as_ref()),
        ),
        ("agency", text(&written.agency), shown(read.agency.as_ref())),
        (
            "parent_agency",
            optional(written.parent.as_deref()),
            shown(read.parent_agency.as_ref()),
        ),
        (
            "document_type",
            text(written.type_key),
            shown(read.document_type.as_ref()),
        ),
        ("subject", text(&written.subject), shown(read.subject.as_ref())),
        (
            "signer_name",
            text(&written.signer_name),
            shown(read.signer_name.as_ref()),
        ),
        (
            "signer_title",
            text(&written.signer_title),
            shown(read.signer_title.as_ref()),
        ),
        (
            "authority",
            format!("{:?}", written.authority),
            shown(read.authority.as_ref()),
        ),
        (
            "urgency",
            written
                .urgency
                .map_or_else(|| "nothing".to_owned(), |mark| format!("{mark:?}")),
            shown(read.urgency.as_ref()),
        ),
        (
            "recipients",
            format!("{:?}", written.recipients),
            shown(read.recipients.as_ref()),
        ),
    ];
    pairs
        .into_iter()
        .filter(|(_, written, read)| written != read)
        .collect()
}

/// How a set of documents was read.
#[derive(Default)]
pub struct Tally {
    documents: usize,
    right: usize,
    /// Right apart from capital letters, which a name printed in capitals does not show.
    right_letters: usize,
    wrong: BTreeMap<&'static str, usize>,
}

impl Tally {
    /// Counts one document and tells what was wrong with it.
    pub fn add(&mut self, name: &str, written: &Written, read: &ReadFields) {
        let wrong = wrong_fields(written, read);
        self.documents += 1;
        self.right += usize::from(wrong.is_empty());
        let same_letters = wrong
            .iter()
            .all(|(_, written, read)| written.to_lowercase() == read.to_lowercase());
        self.right_letters += usize::from(same_letters);
        for (field, written, read) in wrong {
            println!("{name}: {field} is {written}, read was {read}");
            *self.wrong.entry(field).or_default() += 1;
        }
    }

    /// In at least nine of ten documents every field is right.
    pub fn judge(&self, set: &str) {
        println!(
            "{set}: every field right in {} of {} documents, in {} but for capitals; wrong by field: {:?}",
            self.right, self.documents, self.right_letters, self.wrong
        );
        assert!(
            self.documents > 0 && self.right * 10 >= self.documents * 9,
            "{set}: too many are wrong"
        );
    }
}
