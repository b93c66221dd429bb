//! S1, S2, S3, S5, S6: what we sign, judged by pyHanko, pdfsig, qpdf and openssl.

#![expect(clippy::unwrap_used, reason = "tests")]

mod judges;
mod kit;

use demo_pki::{Issued, Key, images::handwriting_png};
use jiff::Timestamp;
use judges::{
    Answer, Pdfsig, Question,
    corpus::{documents, foreign, libreoffice},
    openssl_accepts_token, pdfsig, pyhanko, qpdf_complaints, tokens,
};
use kit::{Office, days, minutes, sign_digest, start};
use pdf_signature::{
    appearance::{Appearance, Area, SealImage, seal_area},
    pki::Evidence,
    sign::{DEFAULT_RESERVE, FieldSpec, PrepareError, prepare, with_validation_data},
    verify::{Profile, Verdict},
};

/// What the leader's and the clerk's signature look like.
struct Looks {
    handwriting: SealImage,
    seal: SealImage,
}

const SIGNATURE: Area = Area {
    page: 1,
    x: 110.0,
    y: 140.0,
    width: 40.0,
    height: 20.0,
};

impl Looks {
    fn new() -> Self {
        let handwriting = handwriting_png("Nguyễn Văn Mẫu", 1).unwrap();
        // A picture with transparency like any seal; what a seal looks like is measured by S7 in the-thuc.
        let seal = handwriting_png("Sở Mẫu", 2).unwrap();
        Self {
            handwriting: SealImage::from_png(&handwriting).unwrap(),
            seal: SealImage::from_png(&seal).unwrap(),
        }
    }
}

fn seen(pdf: &[u8], who: &Issued, name: &str, image: &SealImage, area: Area, at: Timestamp) -> Vec<u8> {
    let appearance = Appearance::image(image, &area);
    let field = FieldSpec {
        name,
        area: Some(area),
        appearance: Some(&appearance),
        reason: Some("Ký ban hành"),
        location: Some("Tỉnh Mẫu"),
        signer_name: Some("Nguyễn Văn Mẫu"),
        at,
        reserve: DEFAULT_RESERVE,
    };
    let mut prepared = prepare(pdf, &field).unwrap();
    prepared.finish(&sign_digest(who, &prepared.digest)).unwrap();
    prepared.whole(pdf)
}

/// The leader, then the agency over a third of the leader's signature.
fn both(office: &Office, looks: &Looks, pdf: &[u8]) -> [Vec<u8>; 2] {
    let first = seen(
        pdf,
        &office.leader,
        "ChuKy1",
        &looks.handwriting,
        SIGNATURE,
        start(),
    );
    let seal = seal_area(&SIGNATURE, 36.0, looks.seal.aspect());
    let second = seen(
        &first,
        &office.agency,
        "ChuKy2",
        &looks.seal,
        seal,
        start() + minutes(2),
    );
    [first, second]
}

fn question<'a>(office: &Office, pdf: &'a [u8], evidence: &Evidence, at: Timestamp) -> Question<'a> {
    Question {
        pdf,
        roots: vec![office.pki.root().unwrap()],
        certificates: evidence.certificates.clone(),
        crls: evidence.crls.clone(),
        ocsps: evidence.ocsps.clone(),
        at: at.to_string(),
        dss: true,
        lenient: false,
        ades: true,
    }
}

/// Both signatures good; the first followed by nothing but a signature, the second over the whole file.
fn complaint(label: &str, answer: &Answer, seen: &[Pdfsig], qpdf: (&[String], &[String])) -> Option<String> {
    let [first, second] = &answer.signatures[..] else {
        return Some(format!("{label}: pyHanko sees {answer:?}"));
    };
    let levels = [&first.modification_level, &second.modification_level].map(|level| level.as_deref());
    let coverages = [&first.coverage, &second.coverage].map(|coverage| coverage.as_deref());
    let passed = answer
        .signatures
        .iter()
        .all(|one| one.bottom_line && one.ades.as_ref().is_some_and(|ades| ades.status == "PASSED"));
    if !passed
        || coverages != [Some("ENTIRE_REVISION"), Some("ENTIRE_FILE")]
        || !matches!(
            levels,
            [Some("NONE" | "LTA_UPDATES" | "FORM_FILLING"), Some("NONE")]
        )
    {
        return Some(format!("{label}: pyHanko says {answer:?}"));
    }
    let expected = [("ChuKy1", false), ("ChuKy2", true)].map(|(field, total)| Pdfsig {
        field: field.to_owned(),
        kind: "ETSI.CAdES.detached".to_owned(),
        valid: true,
        total,
    });
    if seen != expected {
        return Some(format!("{label}: pdfsig says {seen:?}"));
    }
    let (before, after) = qpdf;
    let new: Vec<_> = after.iter().filter(|line| !before.contains(line)).collect();
    (!new.is_empty()).then(|| format!("{label}: qpdf says {new:?}"))
}

#[test]
fn s1_s2_every_structure_is_signed_twice_and_all_judges_agree() {
    let (office, looks) = (Office::new(), Looks::new());
    let evidence = office.lists(start());
    let at = start() + minutes(10);
    let originals: Vec<_> = documents()
        .into_iter()
        .filter(|(label, _)| label != "encrypted")
        .chain(libreoffice())
        .collect();
    assert_eq!(originals.len(), 11);
    let mut signed = Vec::new();
    for (label, pdf) in &originals {
        let [first, second] = both(&office, &looks, pdf);
        // S2: no byte of what was there before changes.
        assert!(first.starts_with(pdf) && second.starts_with(&first), "{label}");
        let report = office.check(&second, &evidence, at);
        assert_eq!(report.verdict, Verdict::TotalPassed, "{label}: {report:?}");
        signed.push(second);
    }
    let questions: Vec<_> = signed
        .iter()
        .zip(&originals)
        .map(|(pdf, (label, _))| Question {
            lenient: label.starts_with("hybrid"),
            ..question(&office, pdf, &evidence, at)
        })
        .collect();
    let complaints: Vec<String> = originals
        .iter()
        .zip(&signed)
        .zip(pyhanko(&questions))
        .filter_map(|(((label, original), pdf), answer)| {
            let qpdf = (qpdf_complaints(original), qpdf_complaints(pdf));
            complaint(label, &answer, &pdfsig(pdf), (&qpdf.0, &qpdf.1))
        })
        .collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn s3_every_kind_of_key_is_good_for_all_judges() {
    let office = Office::new();
    let evidence = office.lists(start());
    let at = start() + minutes(10);
    let keys = [Key::Rsa2048, Key::Rsa3072, Key::Rsa4096, Key::P256];
    let signed: Vec<Vec<u8>> = keys
        .iter()
        .map(|key| {
            let person = office
                .pki
                .person(&kit::leader(), *key, start() - days(30))
                .unwrap();
            let agency = office
                .pki
                .agency(&kit::agency(), *key, start() - days(30))
                .unwrap();
            let first = office.sign(&kit::document(), &person, "ChuKy1", Some(kit::area(1)), start());
            office.sign(&first, &agency, "ChuKy2", None, start() + minutes(1))
        })
        .collect();
    let questions: Vec<_> = signed
        .iter()
        .map(|pdf| question(&office, pdf, &evidence, at))
        .collect();
    let complaints: Vec<String> = keys
        .iter()
        .zip(&signed)
        .zip(pyhanko(&questions))
        .filter_map(|((key, pdf), answer)| {
            assert_eq!(
                office.check(pdf, &evidence, at).verdict,
                Verdict::TotalPassed,
                "{key:?}"
            );
            complaint(
                &format!("{key:?}"),
                &answer,
                &pdfsig(pdf),
                (&[], &qpdf_complaints(pdf)),
            )
        })
        .collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// An hour ago by the clock of the machine: pyHanko begins its validation of the past at the real time.
#[expect(clippy::disallowed_methods, reason = "the judge looks at the clock too")]
fn an_hour_ago() -> Timestamp {
    Timestamp::from_second(Timestamp::now().as_second()).unwrap() - minutes(60)
}

#[test]
fn s5_all_levels_are_good_for_all_judges() {
    let begin = an_hour_ago();
    let office = Office::from(begin - days(30), true);
    let evidence = office.lists(begin);
    let at = begin + minutes(30);
    let basic = office.sign(&kit::document(), &office.leader, "ChuKy1", None, begin);
    let stamped = office.sign_stamped(
        &kit::document(),
        &office.leader,
        "ChuKy1",
        Some(kit::area(1)),
        begin,
        Some(begin + minutes(1)),
    );
    let twice = office.sign_stamped(
        &stamped,
        &office.agency,
        "ChuKy2",
        None,
        begin + minutes(2),
        Some(begin + minutes(3)),
    );
    let mut long_term = twice.clone();
    long_term.extend(with_validation_data(&twice, &evidence).unwrap());
    let archived = office.archive(&long_term, "DauThoiGian1", begin + minutes(5));

    // From B-LT on the document alone is the evidence.
    let nothing = Evidence::default();
    let levels = [
        (&basic, &evidence, Profile::BaselineB, 1, 0),
        (&twice, &evidence, Profile::BaselineT, 2, 2),
        (&long_term, &nothing, Profile::BaselineLt, 2, 2),
        (&archived, &nothing, Profile::BaselineLta, 3, 3),
    ];
    let questions: Vec<_> = levels
        .iter()
        .map(|row| question(&office, row.0, row.1, at))
        .collect();
    for ((pdf, evidence, profile, signatures, stamps), answer) in levels.into_iter().zip(pyhanko(&questions))
    {
        assert!(answer.all_good(), "{profile:?}: {answer:?}");
        assert_eq!(answer.signatures.len(), signatures);
        for one in answer.signatures.iter().filter(|one| one.kind == "signature") {
            assert_eq!(
                one.ades.as_ref().unwrap().status,
                "PASSED",
                "{profile:?}: {one:?}"
            );
            let stamp = one.timestamp.as_ref().map(|stamp| (stamp.valid, stamp.trusted));
            let expected = (profile != Profile::BaselineB).then_some((true, true));
            assert_eq!(stamp, expected, "{profile:?}");
        }
        assert!(
            pdfsig(pdf)
                .iter()
                .filter(|one| one.kind == "ETSI.CAdES.detached")
                .all(|one| one.valid)
        );

        let report = office.check(pdf, evidence, at);
        assert_eq!(
            (report.verdict, report.signatures[0].profile),
            (Verdict::TotalPassed, profile)
        );

        let found = tokens(pdf);
        assert_eq!(found.len(), stamps, "{profile:?}");
        let (root, issuing) = (office.pki.root().unwrap(), office.pki.issuing().unwrap());
        let between = [issuing, office.pki.time_stamping().unwrap()];
        for one in found {
            let accepts =
                |data: &[u8]| openssl_accepts_token(&one.token, data, &root, &between, at.as_second());
            assert!(
                accepts(&one.data),
                "openssl refuses the time stamp of {}",
                one.field
            );
            let mut other = one.data.clone();
            other[0] ^= 1;
            assert!(!accepts(&other), "openssl accepts anything for {}", one.field);
        }
    }
}

/// Ten years later the lists in the document have run out and the certificates too; the archive time stamp still proves.
#[test]
fn s5_an_archived_document_outlives_its_certificates() {
    let begin = an_hour_ago();
    let office = Office::from(begin - days(30), true);
    let evidence = office.lists(begin);
    let stamped = office.sign_stamped(
        &kit::document(),
        &office.leader,
        "ChuKy1",
        None,
        begin,
        Some(begin + minutes(1)),
    );
    let mut long_term = stamped.clone();
    long_term.extend(with_validation_data(&stamped, &evidence).unwrap());
    let archived = office.archive(&long_term, "DauThoiGian1", begin + minutes(5));
    // A fresh list for the newest time stamp; the certificate of the leader has run out.
    let late = begin + days(6 * 365);
    let fresh = office.lists(late - minutes(60));
    let report = office.check(&archived, &fresh, late);
    let answer = &pyhanko(&[question(&office, &archived, &fresh, late)])[0];
    let theirs = answer.signatures[0].ades.as_ref().unwrap();
    assert_eq!(theirs.status, "PASSED", "{theirs:?}");
    assert_eq!(report.signatures[0].verdict, Verdict::TotalPassed, "{report:?}");
}

#[test]
fn s6_what_must_not_be_signed_is_refused_with_its_code() {
    let field = FieldSpec {
        name: "ChuKy1",
        area: None,
        appearance: None,
        reason: None,
        location: None,
        signer_name: None,
        at: start(),
        reserve: DEFAULT_RESERVE,
    };
    let code = |pdf: &[u8]| prepare(pdf, &field).map_err(|error| error.code());
    let files = documents();
    let file = |label: &str| files.iter().find(|file| file.0 == label).unwrap().1.clone();

    assert_eq!(code(&file("encrypted")), Err("encrypted"));

    let mut damaged = file("classic");
    let place = damaged
        .windows(9)
        .rposition(|window| window == b"startxref")
        .unwrap();
    damaged[place + 10] = b'9';
    assert_eq!(code(&damaged), Err("damaged_xref"));
    let cut = &file("classic")[..1500];
    assert!(code(cut).is_err());
    assert_eq!(code(b"<html>"), Err("not_pdf"));

    let certified = foreign("valid")
        .into_iter()
        .find(|one| one.name == "certified-p1")
        .unwrap();
    assert_eq!(
        prepare(
            &certified.pdf,
            &FieldSpec {
                name: "ChuKy2",
                ..field.clone()
            }
        ),
        Err(PrepareError::NoChangesAllowed)
    );

    // Exactly 50 MB pass, one byte more does not. The room is filled with a comment before the objects' table.
    let limit = 50 * 1024 * 1024;
    let padded = |size: usize| {
        let pdf = kit::document();
        let table = pdf.windows(5).position(|window| window == b"xref\n").unwrap();
        let mut out = pdf[..table].to_vec();
        let number = |offset: usize| format!("startxref\n{offset}\n%%EOF\n");
        let old = number(table);
        let mut filler = size - pdf.len();
        filler -= number(table + filler).len() - old.len();
        out.push(b'%');
        out.resize(table + filler - 1, b' ');
        out.push(b'\n');
        let rest = String::from_utf8(pdf[table..].to_vec()).unwrap();
        out.extend(rest.replace(&old, &number(table + filler)).as_bytes());
        assert_eq!(out.len(), size);
        out
    };
    assert!(code(&padded(limit)).is_ok());
    assert_eq!(code(&padded(limit + 1)), Err("too_large"));
}
