//! CN-226: what the clerk looks at before issuing says what the acts will say.

use super::*;

/// What is missing by the list.
fn missing(doc: &OutgoingFacts, facts: &IssueFacts<'_>, number_is_free: bool) -> Vec<IssueCheck> {
    before_issue(doc, facts, number_is_free)
        .into_iter()
        .filter(|(_, result)| *result == CheckResult::Missing)
        .map(|(check, _)| check)
        .collect()
}

#[test]
fn cn_226_number_day_signer_signature_recipients_and_form_are_looked_at() {
    let doc = document(OutgoingState::Approved);
    let looked_at: Vec<IssueCheck> = before_issue(&doc, &issue_facts(), true)
        .into_iter()
        .map(|(check, _)| check)
        .collect();
    assert_eq!(looked_at, IssueCheck::ALL);
    assert_eq!(missing(&doc, &issue_facts(), true), []);
    assert_eq!(
        missing(&doc, &issue_facts(), false),
        [IssueCheck::Number, IssueCheck::Date]
    );
    // What has its number needs none, and has to be signed whatever the agency asks today.
    let numbered = document(OutgoingState::Numbered);
    assert_eq!(missing(&numbered, &issue_facts(), false), [IssueCheck::Signature]);
    let nothing = OutgoingFacts {
        content_sign_off: None,
        form_sign_off: None,
        approval: None,
        ..doc
    };
    let facts = IssueFacts {
        recipients: 0,
        signatures_required: true,
        ..issue_facts()
    };
    assert_eq!(missing(&nothing, &facts, false), IssueCheck::ALL);
}

proptest! {
    #[test]
    fn cn_226_the_list_is_without_a_gap_exactly_when_the_act_is_taken(
        versions in proptest::array::uniform3(proptest::option::of(2_u32..4)),
        main_file_is_pdf in any::<bool>(),
        recipients in 0_usize..3,
        signatures_required in any::<bool>(),
        verdict in 0..SignatureVerdict::ALL.len(),
    ) {
        let given = |version: Option<u32>| version.map(|version| SignOff { post: signer().post, version });
        let [content, form, approval] = versions;
        let doc = OutgoingFacts {
            content_sign_off: given(content),
            form_sign_off: given(form),
            approval: given(approval),
            ..document(OutgoingState::Approved)
        };
        let facts = IssueFacts {
            main_file_is_pdf,
            recipients,
            signatures_required,
            person_signature: SignatureVerdict::ALL[verdict],
            ..issue_facts()
        };
        // Where the agency signs digitally the number comes first, its signature after that.
        let taken = if signatures_required {
            take_number(&clerk(), &doc, &facts)
        } else {
            issue(&clerk(), &doc, &facts)
        };
        prop_assert_eq!(missing(&doc, &facts, true).is_empty(), taken.is_ok());
    }
}
