//! V2, for comparison: what pyHanko and pdfsig say of the attack set. Only our own verdicts are asserted; the table is printed
//! (`cargo nextest run -p pdf-signature --test attack_table --success-output immediate`).

mod attacks;
mod judges;

use std::collections::BTreeMap;

use attacks::{
    Attack,
    base::Form,
    people::{People, at},
};
use judges::{Question, pdfsig, pyhanko};
use pdf_signature::{
    pki::{AlgorithmPolicy, Anchor, Context, Purpose, TrustStore},
    verify::{Verdict, verify},
};

#[test]
fn v2_the_attack_set_beside_other_validators() {
    let people = People::trusted();
    let evidence = people.evidence();
    let trust = TrustStore {
        version: "kiểm thử".to_owned(),
        anchors: vec![Anchor {
            certificate: people.pki.root().unwrap(),
            label: "Gốc kiểm thử".to_owned(),
            purposes: vec![Purpose::Signing, Purpose::TimeStamping],
            valid_from: None,
            valid_to: None,
        }],
    };
    let all: Vec<Attack> = [Form::Table, Form::Stream]
        .into_iter()
        .flat_map(attacks::attacks)
        .collect();
    let questions: Vec<_> = all
        .iter()
        .map(|attack| Question {
            pdf: &attack.pdf,
            roots: vec![people.pki.root().unwrap()],
            certificates: evidence.certificates.clone(),
            crls: evidence.crls.clone(),
            ocsps: Vec::new(),
            at: at().to_string(),
            dss: true,
            lenient: false,
            ades: false,
        })
        .collect();
    // Files, accepted by us, by pyHanko, called valid by pdfsig.
    let mut table: BTreeMap<&str, [usize; 4]> = BTreeMap::new();
    for (attack, answer) in all.iter().zip(pyhanko(&questions)) {
        let context = Context {
            trust: &trust,
            evidence: &evidence,
            now: at(),
            policy: &AlgorithmPolicy::default(),
        };
        let ours = verify(&attack.pdf, &context).verdict == Verdict::TotalPassed;
        let called = pdfsig(&attack.pdf);
        let row = table.entry(attack.class).or_default();
        row[0] += 1;
        row[1] += usize::from(ours);
        row[2] += usize::from(answer.all_good());
        row[3] += usize::from(!called.is_empty() && called.iter().all(|one| one.valid));
    }
    println!("| class | files | we accept | pyHanko accepts | pdfsig: valid |\n|---|---|---|---|---|");
    for (class, [files, ours, pyhanko, pdfsig]) in &table {
        println!("| {class} | {files} | {ours} | {pyhanko} | {pdfsig} |");
    }
    let sum = table.values().fold([0; 4], |sum, row| {
        std::array::from_fn(|place| sum[place] + row[place])
    });
    println!("| all | {} | {} | {} | {} |", sum[0], sum[1], sum[2], sum[3]);
    assert!(sum[0] >= 100, "the attack set has become small: {sum:?}");
    assert_eq!(sum[1], 0, "{table:?}");
}
