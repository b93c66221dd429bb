//! V2 without cryptography: what the structure and the differences alone say about benign and manipulated documents.

mod attacks;

use attacks::base::Form;
use pdf_signature::difference::{ChangeLevel, History};
use pdf_signature::document::Document;
use rstest::rstest;

/// What is wrong with a document, as far as structure and differences show; `None` when nothing is.
fn complaint(pdf: &[u8]) -> Option<String> {
    let document = match Document::open(pdf) {
        Ok(document) => document,
        Err(error) => return Some(format!("unreadable: {}", error.code())),
    };
    let signatures = match document.signature_fields() {
        Ok(signatures) => signatures,
        Err(error) => return Some(format!("unreadable: {}", error.code())),
    };
    if let Some(gone) = signatures.disappeared.first() {
        return Some(format!("disappeared: {}", gone.name));
    }
    if signatures.signed.is_empty() {
        return Some("no signature".to_owned());
    }
    let history = History::after(&document, 0);
    for signature in &signatures.signed {
        if let Some(refusal) = &signature.refusal {
            return Some(format!("{}: {}", signature.name, refusal.code()));
        }
        let changes = history.since(signature.revision).within(signature.doc_mdp);
        if changes.level > ChangeLevel::NewSignatures {
            let notes: Vec<_> = changes
                .notes
                .iter()
                .filter(|note| note.level == changes.level)
                .collect();
            return Some(format!("{}: {:?} {notes:?}", signature.name, changes.level));
        }
    }
    None
}

#[rstest]
#[case(Form::Table)]
#[case(Form::Stream)]
#[case(Form::Hybrid)]
fn v2_benign_documents_have_explained_changes_only(#[case] form: Form) {
    for benign in attacks::benign(form) {
        assert_eq!(complaint(&benign.pdf), None, "{} {}", benign.name, form.name());
        let document = Document::open(&benign.pdf).unwrap();
        let signatures = document.signature_fields().unwrap();
        assert_eq!(
            signatures.signed.len(),
            benign.signatures,
            "{} {}",
            benign.name,
            form.name()
        );
    }
}

#[rstest]
#[case(Form::Table)]
#[case(Form::Stream)]
#[case(Form::Hybrid)]
fn v2_manipulated_documents_are_found_by_structure_and_difference(#[case] form: Form) {
    let attacks = attacks::attacks(form);
    assert!(attacks.len() >= 62, "only {} attacks", attacks.len());
    let accepted: Vec<String> = attacks
        .iter()
        .filter(|attack| !attack.cryptography_only && complaint(&attack.pdf).is_none())
        // The signature of a stranger is for the trust list to judge, one over another for the verifier; what they show
        // is reported.
        .filter(|attack| !["untrusted", "covering"].contains(&attack.class))
        .map(|attack| format!("{}/{}", attack.class, attack.name))
        .collect();
    assert!(accepted.is_empty(), "accepted: {accepted:?}");
}

#[rstest]
#[case(Form::Table)]
#[case(Form::Stream)]
#[case(Form::Hybrid)]
fn v2_what_a_later_signature_shows_is_reported(#[case] form: Form) {
    let attacks = attacks::attacks(form);
    let covering = attacks
        .iter()
        .find(|attack| attack.name == "covers-page")
        .unwrap();
    let document = Document::open(&covering.pdf).unwrap();
    let changes = History::after(&document, 0).since(1);
    assert_eq!(changes.level, ChangeLevel::NewSignatures);
    let [shown] = &changes.added_widgets[..] else {
        panic!("{:?}", changes.added_widgets)
    };
    assert_eq!(shown.field, "ChuKy2");
    assert_eq!(shown.area.page, 1);
    assert!((shown.area.width - 209.0).abs() < 0.1);
}
