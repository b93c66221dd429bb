//! Chứng cứ gửi, nhận: a bundle is made by both sides, checked with no server, and every change of it is found.

use std::io::{Cursor, Read, Write};

use serde_json::{Value, json};
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

use super::support::Committee;
use crate::exchange::evidence;

/// A document that was issued, delivered and registered; its address and the bundle of its first line.
async fn bundle(committee: &Committee) -> (String, Vec<u8>) {
    let at = committee.draft(&committee.decision()).await;
    committee.carry(&at, "approved").await;
    committee.clerk.api(&format!("{at}/issue"), &json!({})).await.ok();
    committee.office.drain().await;
    let items = committee
        .outsider
        .api_get("/api/v1/boxes/reception")
        .await
        .ok()
        .json();
    let incoming = items["items"][0]["id"].as_str().unwrap().to_owned();
    committee
        .outsider
        .api(
            &format!("/api/v1/incoming/{incoming}/register"),
            &json!({ "reason": "Đã đối chiếu" }),
        )
        .await
        .ok();
    committee.office.drain().await;
    let seen = committee.seen(&committee.clerk, &at).await;
    let line = seen["deliveries"][0]["id"].as_str().unwrap();
    let page = at.trim_start_matches("/api/v1");
    let sent = committee.clerk.get(&format!("{page}/evidence/{line}")).await.ok();
    // Who does not see the document gets no evidence of it.
    let refused = committee.outsider.get(&format!("{page}/evidence/{line}")).await;
    assert_eq!(refused.status.as_u16(), 404);

    let theirs = committee
        .outsider
        .get(&format!("/incoming/{incoming}/evidence"))
        .await
        .ok();
    let report = evidence::verify(Cursor::new(&theirs.bytes), None).unwrap();
    assert!(report.is_whole(), "{:#?}", report.findings);
    (at, sent.bytes)
}

/// The parts of a bundle.
fn parts(zip: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = ZipArchive::new(Cursor::new(zip)).unwrap();
    (0..archive.len())
        .map(|index| {
            let mut file = archive.by_index(index).unwrap();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            (file.name().unwrap().to_string(), bytes)
        })
        .collect()
}

fn packed(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        archive
            .start_file(name.as_str(), SimpleFileOptions::default())
            .unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// The bundle with one of its JSON parts changed.
fn changed(bundle: &[u8], name: &str, change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut parts = parts(bundle);
    let part = parts.iter_mut().find(|part| part.0 == name).unwrap();
    let mut value: Value = serde_json::from_slice(&part.1).unwrap();
    change(&mut value);
    part.1 = serde_json::to_vec(&value).unwrap();
    packed(&parts)
}

#[tokio::test]
async fn xroad_sigdoc_evidence_of_a_delivery_is_checked_with_no_server_and_no_change_passes() {
    let committee = Committee::new().await;
    let (_, bundle) = bundle(&committee).await;
    let head = store::journal::head(&committee.office.app.db)
        .await
        .unwrap()
        .unwrap();
    let check = |bytes: &[u8]| evidence::verify(Cursor::new(bytes.to_vec()), Some(&head)).unwrap();

    let report = check(&bundle);
    assert!(
        report.is_whole() && report.has_mark == Some(true),
        "{:#?}",
        report.findings
    );
    assert_eq!(report.manifest.state, "received");
    let codes: Vec<_> = report
        .manifest
        .events
        .iter()
        .map(|event| event.code.as_str())
        .collect();
    assert_eq!(codes, ["01", "03"]);

    let file = parts(&bundle)
        .into_iter()
        .map(|part| part.0)
        .find(|name| name.starts_with("tep/"))
        .unwrap();
    let lies: [(&str, Vec<u8>); 9] = [
        ("a byte of a file", {
            let mut parts = parts(&bundle);
            parts.iter_mut().find(|part| part.0 == file).unwrap().1[100] ^= 1;
            packed(&parts)
        }),
        (
            "a file less",
            packed(
                &parts(&bundle)
                    .into_iter()
                    .filter(|part| part.0 != file)
                    .collect::<Vec<_>>(),
            ),
        ),
        ("a file more", {
            let mut parts = parts(&bundle);
            parts.push(("tep/99-khac.pdf".to_owned(), b"%PDF-".to_vec()));
            packed(&parts)
        }),
        (
            "another recipient",
            changed(&bundle, "chung-cu.json", |value| {
                value["recipient"]["name"] = json!("Sở khác");
            }),
        ),
        (
            "another state",
            changed(&bundle, "chung-cu.json", |value| {
                value["state"] = json!("finished");
            }),
        ),
        (
            "another time",
            changed(&bundle, "chung-cu.json", |value| {
                value["events"][1]["at"] = json!("2026-01-09T00:00:00Z");
            }),
        ),
        (
            "a message less",
            changed(&bundle, "chung-cu.json", |value| {
                value["events"] = json!([]);
            }),
        ),
        (
            "another entry",
            changed(&bundle, "nhat-ky.json", |value| {
                value["entries"][0]["entry"]["summary"] = json!("Gửi đến nơi khác.");
            }),
        ),
        (
            "a chain with a hole",
            changed(&bundle, "nhat-ky.json", |value| {
                value["chain"].as_array_mut().unwrap().pop();
            }),
        ),
    ];
    for (lie, bytes) in lies {
        assert!(!check(&bytes).is_whole(), "{lie} passed");
    }
    assert!(evidence::verify(Cursor::new(b"no zip".to_vec()), None).is_err());
    // A chain that is not the one known from elsewhere proves nothing.
    let other = "ab".repeat(32).parse().unwrap();
    assert!(
        !evidence::verify(Cursor::new(bundle), Some(&other))
            .unwrap()
            .is_whole()
    );
}
