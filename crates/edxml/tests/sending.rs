//! What must not be sent is found beforehand.

#![expect(clippy::unwrap_used, reason = "tests")]

mod support;

use edxml::{
    DocumentIdentifier, Message, ReadOptions,
    check::{Finding, Generation, Sending, Severity, acceptable, before_sending, received},
    model::{BusinessKind, DocumentMessage, Receiver, Replacement, StatusMessage},
    read_bytes,
};
use jiff::civil::{Date, date};
use rstest::rstest;

const NEW: &[u8] = include_bytes!("samples/01-new-signed.edxml");
const REVOKE: &[u8] = include_bytes!("samples/02-revoke.edxml");
const ACCEPTED: &[u8] = include_bytes!("samples/03-status-03-accepted.edxml");
const TODAY: Date = date(2022, 10, 6);

fn sending() -> Sending<'static> {
    Sending {
        first_pdf_signed: Some(true),
        ..Sending::on(TODAY)
    }
}

fn message(file: &[u8]) -> Message {
    read_bytes(file, &ReadOptions::default()).unwrap().0.message
}

fn new_document() -> DocumentMessage {
    message(NEW).as_document().unwrap().clone()
}

/// The rules that a change of the good document breaks, all of them errors.
fn broken(change: impl FnOnce(&mut DocumentMessage)) -> Vec<String> {
    broken_with(&sending(), change)
}

fn broken_with(sending: &Sending<'_>, change: impl FnOnce(&mut DocumentMessage)) -> Vec<String> {
    let mut document = new_document();
    change(&mut document);
    let findings = before_sending(&Message::Document(Box::new(document)), sending);
    for finding in &findings {
        assert!(finding.message.ends_with('.'), "{finding:?}");
    }
    findings
        .into_iter()
        .filter(|finding| finding.severity == Severity::Error)
        .map(|finding| finding.rule)
        .collect()
}

#[test]
fn edxml_13_2_the_samples_may_be_sent() {
    for sample in [NEW, REVOKE, ACCEPTED] {
        assert_eq!(before_sending(&message(sample), &sending()), vec![]);
    }
}

/// Short, so that a case is a line.
type D = DocumentMessage;
type Change = fn(&mut D);

#[rstest]
#[case("required", |d: &mut D| d.from.organ_id.clear())]
#[case("required", |d: &mut D| d.from.organ_name = None)]
#[case("required", |d: &mut D| d.code_number = None)]
#[case("required", |d: &mut D| d.place = Some("  ".to_owned()))]
#[case("required", |d: &mut D| d.promulgation_date = None)]
#[case("required", |d: &mut D| d.document_type.type_group = None)]
#[case("required", |d: &mut D| d.document_type.type_name = None)]
#[case("required", |d: &mut D| d.subject = None)]
#[case("required", |d: &mut D| d.signer.full_name = None)]
#[case("required", |d: &mut D| d.document_id = None)]
#[case("required", |d: &mut D| d.trace_headers.clear())]
#[case("required", |d: &mut D| d.to.clear())]
#[case("length", |d: &mut D| d.subject = Some("a".repeat(501)))]
#[case("length", |d: &mut D| d.signer.full_name = Some("a".repeat(51)))]
#[case("length", |d: &mut D| d.document_type.type_name = Some("a".repeat(101)))]
#[case("length", |d: &mut D| d.code_notation = Some("A".repeat(31)))]
#[case("length", |d: &mut D| d.code_number = Some("1".repeat(12)))]
#[case("length", |d: &mut D| d.document_id = Some(format!("H16.05,2022,{}", "1".repeat(200))))]
#[case("length", |d: &mut D| d.to_places.push("a".repeat(501)))]
#[case("length", |d: &mut D| d.other.page_amount = Some(1000))]
#[case("organ_code", |d: &mut D| d.to[0].organ_id = "000.00.30.H16".to_owned())]
#[case("organ_code", |d: &mut D| d.to[0].organ_id = "vxp.saas.03".to_owned())]
#[case("recipient_self", |d: &mut D| d.to[0].organ_id = "h16.05".to_owned())]
#[case("recipient_duplicate", |d: &mut D| d.to[0].organ_id = "g99".to_owned())]
#[case("number_digits", |d: &mut D| d.code_number = Some("12a".to_owned()))]
#[case("type_group", |d: &mut D| d.document_type.type_group = Some(71))]
#[case("priority", |d: &mut D| d.other.priority = Some(5))]
#[case("date_future", |d: &mut D| d.promulgation_date = Some(date(2022, 10, 7)))]
#[case("due_date", |d: &mut D| d.due_date = Some(date(2022, 10, 2)))]
#[case("document_id", |d: &mut D| d.document_id = Some("GW-1".to_owned()))]
#[case("target", |d: &mut D| d.business.kind = BusinessKind::Update)]
#[case("replacement", |d: &mut D| d.business.kind = BusinessKind::Replace)]
#[case("receivers", |d: &mut D| d.business.document_receiver = Some(true))]
#[case("receivers", |d: &mut D| d.business.receivers = vec![Receiver { organ_id: "G98".to_owned(), change: None }])]
#[case("attachment_missing", |d: &mut D| d.attachments.clear())]
#[case("attachment_content", |d: &mut D| d.attachments[1].content = None)]
#[case("attachment_size", |d: &mut D| d.attachments[1].content.as_mut().unwrap().size = 50 * 1024 * 1024 + 1)]
#[case("first_pdf", |d: &mut D| d.attachments.reverse())]
#[case("file_name", |d: &mut D| d.attachments[1].name = Some("Phụ lục.xlsx".to_owned()))]
#[case("file_name", |d: &mut D| d.attachments[1].name = Some(format!("{}.xlsx", "a".repeat(46))))]
#[case("file_name_duplicate", |d: &mut D| d.attachments[1].name = d.attachments[0].name.clone())]
fn edxml_13_2_a_broken_rule_is_named(#[case] rule: &str, #[case] change: Change) {
    assert_eq!(broken(change), [rule]);
}

#[test]
fn edxml_13_2_revocations_need_a_reason_and_replacements_a_target() {
    let rules = broken(|d| d.business.kind = BusinessKind::Revoke);
    assert_eq!(rules, ["target"]);
    let rules = broken(|d| {
        d.business.kind = BusinessKind::Revoke;
        d.business.document_id = d.document_id.clone();
        d.business.reason = None;
    });
    assert_eq!(rules, ["reason"]);
    let rules = broken(|d| {
        d.business.kind = BusinessKind::Replace;
        d.business.replacements = vec![Replacement {
            document_id: "H16.05,2022/10/01,1/SVD".to_owned(),
            organ_ids: vec![],
        }];
    });
    assert!(rules.is_empty(), "{rules:?}");
}

#[test]
fn edxml_13_2_old_codes_go_only_to_those_who_are_listed_with_them() {
    let is_listed = |code: &str| code == "000.00.30.H16" || code == "vxp.saas.03";
    let canonical = |code: &str| code.replace("000.00.30.H16", "H16.30");
    let with_directory = Sending {
        is_listed: &is_listed,
        canonical: &canonical,
        ..sending()
    };
    for code in ["000.00.30.H16", "vxp.saas.03"] {
        let rules = broken_with(&with_directory, |d| d.to[0].organ_id = code.to_owned());
        assert!(rules.is_empty(), "{rules:?}");
    }
    // Both codes of one agency are one recipient (spec edxml 10.4).
    let rules = broken_with(&with_directory, |d| d.to[1].organ_id = "000.00.30.H16".to_owned());
    assert_eq!(rules, ["recipient_duplicate"]);
}

#[test]
fn edxml_9_the_generation_of_2016_has_codes_of_13_characters() {
    let first = Sending {
        generation: Generation::First2016,
        ..sending()
    };
    let rules = broken_with(&first, |d| {
        d.from.organ_id = "000.00.05.H16".to_owned();
        d.to.truncate(1);
        d.to[0].organ_id = "H16.30.123456789".to_owned();
    });
    assert_eq!(rules, ["length", "organ_code"]);
}

#[test]
fn edxml_13_2_secrets_and_bad_signatures_stay_here_and_totals_are_counted() {
    let secret = Sending {
        is_secret: true,
        ..sending()
    };
    assert_eq!(broken_with(&secret, |_| {}), ["secret"]);
    let unsigned = Sending {
        first_pdf_signed: Some(false),
        ..sending()
    };
    assert_eq!(broken_with(&unsigned, |_| {}), ["first_pdf_signature"]);
    let small = Sending {
        max_total: 100,
        ..sending()
    };
    assert_eq!(broken_with(&small, |_| {}), ["attachments_total"]);
    // Not checked is said, but not forbidden.
    let findings = before_sending(&message(NEW), &Sending::on(TODAY));
    assert!(acceptable(&findings));
    assert_eq!(findings[0].rule, "first_pdf_signature");
}

#[test]
fn edxml_11_an_identifier_of_another_document_is_noticed() {
    let mut document = new_document();
    document.document_id = Some(DocumentIdentifier::of("H16.05", TODAY, "124", "SVD-VP").to_string());
    let findings = before_sending(&Message::Document(Box::new(document)), &sending());
    assert_eq!(findings.len(), 1);
    assert_eq!(
        (findings[0].rule.as_str(), findings[0].severity),
        ("document_id_code", Severity::Warning)
    );
}

#[rstest]
#[case("status_code", |s: &mut StatusMessage| s.status_code = "14".to_owned())]
#[case("status_code", |s: &mut StatusMessage| s.status_code = "3".to_owned())]
#[case("reason", |s: &mut StatusMessage| { s.status_code = "02".to_owned(); s.description = None; })]
#[case("required", |s: &mut StatusMessage| s.timestamp = None)]
#[case("required", |s: &mut StatusMessage| s.response_for.document_id = None)]
#[case("required", |s: &mut StatusMessage| s.response_for.organ_id = Some(" ".to_owned()))]
#[case("length", |s: &mut StatusMessage| s.description = Some("a".repeat(501)))]
fn edxml_6_states_are_checked_too(#[case] rule: &str, #[case] change: fn(&mut StatusMessage)) {
    let mut status = message(ACCEPTED).as_status().unwrap().clone();
    change(&mut status);
    let rules: Vec<String> = before_sending(&Message::Status(Box::new(status)), &sending())
        .into_iter()
        .map(|finding| finding.rule)
        .collect();
    assert_eq!(rules, [rule]);
}

#[test]
fn edxml_13_1_received_messages_are_judged_leniently() {
    let judge = |file: &str| -> Vec<Finding> { received(&support::read(file).unwrap().0) };
    let good = support::document("", &support::new_business(), "");
    assert_eq!(judge(&good), vec![]);
    let odd = judge(&good.replace("H16.30", "mã lạ"));
    assert_eq!((odd.len(), odd[0].rule.as_str()), (1, "agency_code"));
    assert!(acceptable(&odd));
    let nameless = judge(&String::from_utf8_lossy(ACCEPTED).replace("ResponseFor>", "Other>"));
    assert!(!acceptable(&nameless));
}
