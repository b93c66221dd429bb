//! I1: what an agent that signs whole files may hand back.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on fails"
)]

mod kit;

use kit::{Office, area, document, minutes, start};
use pdf_signature::{
    intake::{Admitted, Expected, IntakeRefusal, admit},
    pki::Evidence,
};

struct Gate {
    office: Office,
    lists: Evidence,
}

impl Gate {
    fn new() -> Self {
        let office = Office::new();
        let lists = office.lists(start());
        Self { office, lists }
    }

    fn of(&self, base: &[u8], uploaded: &[u8], signer: &demo_pki::Issued) -> Result<Admitted, IntakeRefusal> {
        let sha256 = pdf_signature::pki::certificate_facts(&signer.chain[0])
            .unwrap()
            .sha256;
        let expected = Expected {
            base,
            certificate_sha256: &sha256.to_uppercase(),
            page: Some(1),
        };
        admit(
            uploaded,
            &expected,
            &self.office.context(&self.lists, start() + minutes(5)),
        )
    }

    fn sign(&self, base: &[u8], who: &demo_pki::Issued, name: &str) -> Vec<u8> {
        // each beside the one before
        let mut place = area(1);
        if name != "ChuKy1" {
            place.y -= place.height;
        }
        self.office.sign(base, who, name, Some(place), start())
    }

    fn code(&self, base: &[u8], uploaded: &[u8], signer: &demo_pki::Issued) -> &'static str {
        let refusal = self.of(base, uploaded, signer).unwrap_err();
        assert!(refusal.to_string().len() > 20);
        refusal.code()
    }
}

/// The same pages with other offsets: what an agent that rewrites files hands back.
fn rewritten() -> Vec<u8> {
    let text = String::from_utf8_lossy(&document()).replace("595", "596");
    assert!(text.starts_with("%PDF"));
    let mut other = document();
    for place in 0..other.len() - 3 {
        if &other[place..place + 3] == b"595" {
            other[place + 2] = b'6';
        }
    }
    other
}

#[test]
fn i1_one_more_signature_is_admitted() {
    let gate = Gate::new();
    let (leader, agency) = (&gate.office.leader, &gate.office.agency);
    let base = document();
    let first = gate.sign(&base, leader, "ChuKy1");
    let Admitted::Signed { signature, report } = gate.of(&base, &first, leader).unwrap() else {
        panic!("the base is a prefix")
    };
    assert_eq!(signature.signer_cn.as_deref(), Some("Nguyễn Văn Mẫu"));
    assert_eq!(report.signatures.len(), 1);
    let second = gate.sign(&first, agency, "ChuKy2");
    let Admitted::Signed { signature, .. } = gate.of(&first, &second, agency).unwrap() else {
        panic!("the base is a prefix")
    };
    assert_eq!(signature.field, "ChuKy2");
}

#[test]
fn i1_a_rewritten_file_is_compared_by_a_person_or_refused() {
    let gate = Gate::new();
    let leader = &gate.office.leader;
    let other = gate.sign(&rewritten(), leader, "ChuKy1");
    assert!(matches!(
        gate.of(&document(), &other, leader),
        Ok(Admitted::NeedsComparison { .. })
    ));
    let first = gate.sign(&document(), leader, "ChuKy1");
    let second = gate.sign(&other, &gate.office.agency, "ChuKy2");
    assert_eq!(
        gate.code(&first, &second, &gate.office.agency),
        "intake_rewritten"
    );
}

#[test]
fn i1_two_signatures_none_or_the_file_itself_are_refused() {
    let gate = Gate::new();
    let leader = &gate.office.leader;
    let base = document();
    let first = gate.sign(&base, leader, "ChuKy1");
    let two = gate.sign(&first, &gate.office.agency, "ChuKy2");
    assert_eq!(gate.code(&base, &two, leader), "intake_not_one_more");
    assert_eq!(gate.code(&base, &base, leader), "intake_not_one_more");
    assert_eq!(gate.code(&first, &first, leader), "intake_not_one_more");
    let stamped = gate.office.archive(&first, "LuuTru1", start());
    assert_eq!(gate.code(&first, &stamped, leader), "intake_not_one_more");
    assert_eq!(gate.code(&base, b"<html>", leader), "intake_unreadable");
}

#[test]
fn i1_another_person_is_refused() {
    let gate = Gate::new();
    let base = document();
    let signed = gate.sign(&base, &gate.office.agency, "ChuKy1");
    assert_eq!(
        gate.code(&base, &signed, &gate.office.leader),
        "intake_other_signer"
    );
    let stranger = Office::new();
    let signed = gate.sign(&base, &stranger.leader, "ChuKy1");
    assert_eq!(gate.code(&base, &signed, &stranger.leader), "intake_not_valid");
}

#[test]
fn i1_a_changed_page_is_refused_even_below_a_valid_signature() {
    let gate = Gate::new();
    let leader = &gate.office.leader;
    let base = document();
    // an update that replaces the page's content, then an honest signature over it
    let mut changed = base.clone();
    let at = changed.len();
    changed.extend_from_slice(b"5 0 obj\n<</Length 9>>\nstream\n9 9 m h S\nendstream\nendobj\n");
    let table = changed.len();
    let previous = base.windows(4).rposition(|window| window == b"xref").unwrap();
    let previous = base[..previous]
        .windows(4)
        .rposition(|window| window == b"xref")
        .unwrap();
    changed.extend_from_slice(
        format!(
            "xref\n5 1\n{at:010} 00000 n \ntrailer\n<</Size 6/Root 1 0 R/Prev {previous}/ID[<00112233445566778899aabbccddeeff><00112233445566778899aabbccddee00>]>>\nstartxref\n{table}\n%%EOF\n"
        )
        .as_bytes(),
    );
    let signed = gate.sign(&changed, leader, "ChuKy1");
    let report = gate.office.check(&signed, &gate.lists, start() + minutes(5));
    assert_eq!(
        report.verdict,
        pdf_signature::verify::Verdict::TotalPassed,
        "{report:?}"
    );
    assert_eq!(gate.code(&base, &signed, leader), "intake_changed");
    let first = gate.sign(&base, leader, "ChuKy1");
    let mut broken = gate.sign(&first, &gate.office.agency, "ChuKy2");
    let last = broken.len() - 40;
    broken[last] ^= 1;
    assert!(gate.of(&first, &broken, &gate.office.agency).is_err());
}

#[test]
fn i1_the_picture_stands_on_the_expected_page() {
    let gate = Gate::new();
    let leader = &gate.office.leader;
    let base = document();
    for elsewhere in [Some(area(2)), None] {
        let signed = gate.office.sign(&base, leader, "ChuKy1", elsewhere, start());
        assert_eq!(gate.code(&base, &signed, leader), "intake_wrong_page");
    }
}
