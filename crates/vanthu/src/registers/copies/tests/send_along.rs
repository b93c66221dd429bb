//! Bản sao điện tử gửi kèm (CN-223): chosen from the book for a draft, they go out with the official letter as they are.

use serde_json::{Value, json};
use store::{args, sql};
use uuid::Uuid;

use super::electronic::{copies, on_paper};
use crate::{
    outgoing::tests::signed::support::{Keys, Signing},
    testing::{Person, pdf},
};

/// A decision that the officer wrote, signed and issued, with an extract that the agency signed.
struct Copied {
    source: Uuid,
    copy: String,
    file: String,
}

async fn copied(signing: &Signing) -> Copied {
    let clerk = &signing.committee.clerk;
    let at = signing.signed().await;
    signing.sealed(&at).await;
    let source = at.rsplit('/').next().unwrap();
    let fields = [
        ("source_kind", "outgoing"),
        ("source", source),
        ("kind", "trich_sao"),
        ("extract", "Điều 2"),
        ("text", "Điều 2. Quyết định này có hiệu lực kể từ ngày ký."),
    ];
    let done = clerk
        .post_files("/registers/copies/electronic", &fields, &[])
        .await;
    assert_eq!(done.status.as_u16(), 303, "{}", done.text);
    let made = copies(clerk).await.remove(0);
    let text = |name: &str| made[name].as_str().unwrap().to_owned();
    Copied {
        source: source.parse().unwrap(),
        copy: text("id"),
        file: text("file"),
    }
}

async fn bytes(by: &Person, file: &str) -> Vec<u8> {
    by.api_get(&format!("/api/v1/files/{file}")).await.ok().bytes
}

#[tokio::test]
async fn cn_223_nd30_26_a_signed_copy_goes_out_with_an_official_letter_as_it_is() {
    let signing = Signing::new(Keys::Here).await;
    let committee = &signing.committee;
    let Copied { copy, file, .. } = copied(&signing).await;
    let form = committee.officer.get("/outgoing/new").await.ok().text;
    assert!(
        form.contains("Bản trích sao số 01/TrS-UBND") && form.contains(&copy),
        "{form}"
    );
    let mut letter = committee.decision();
    letter["copies"] = json!([copy, copy]);
    let at = committee.draft(&letter).await;
    let draft = committee.seen(&committee.officer, &at).await;
    assert_eq!(
        (&draft["copies"], draft["files"].as_array().map(Vec::len)),
        (&json!([copy]), Some(2)),
        "{draft}"
    );
    let edit = format!("{}/edit", at.replace("/api/v1", ""));
    let form = committee.officer.get(&edit).await.ok().text;
    assert!(form.contains(&format!("value=\"{copy}\" checked")), "{form}");

    committee.carry(&at, "approval").await;
    signing.post(&committee.chair, &format!("{at}/approve")).await;
    let issued = signing.sealed(&at).await;
    // It bears the one signature that made it a copy; the seal of the letter is not put over it.
    let whole = bytes(&committee.clerk, &file).await;
    assert_eq!(signing.file(&committee.clerk, &at, 1).await, whole);
    assert_eq!(signing.verify(&whole).await.signatures.len(), 1);
    let page = format!("/registers/copies/{copy}");
    let page = committee.clerk.get(&page).await.ok().text;
    assert!(
        page.contains("Gửi kèm văn bản") && page.contains(issued["number_and_symbol"].as_str().unwrap()),
        "{page}"
    );

    committee.office.drain().await;
    let sent: Uuid = at.rsplit('/').next().unwrap().parse().unwrap();
    let row = signing
        .app()
        .db
        .one(
            sql!(
                "SELECT i.id FROM incoming i JOIN delivery d ON d.id = i.delivery_id WHERE d.outgoing_id = $1"
            ),
            args![sent],
        )
        .await
        .unwrap();
    let arrived = format!("/api/v1/incoming/{}", row.get::<Uuid>("id").unwrap());
    let arrived = committee.outsider.api_get(&arrived).await.ok().json();
    let received = arrived["files"][1]["id"]
        .as_str()
        .unwrap_or_else(|| panic!("{arrived}"));
    assert_eq!(bytes(&committee.outsider, received).await, whole);
}

#[tokio::test]
async fn cn_223_nd30_18_4b_a_copy_of_a_recalled_document_stops_the_issue_before_a_number_is_taken() {
    let signing = Signing::new(Keys::Here).await;
    let committee = &signing.committee;
    let Copied { source, copy, .. } = copied(&signing).await;
    let mut letter = committee.decision();
    letter["copies"] = json!([copy]);
    // Whoever does not see the document finds no copy of it.
    let stranger = committee.outsider.api("/api/v1/outgoing", &letter).await.json();
    assert_eq!(stranger["code"], "copies.not_found", "{stranger}");
    let at = committee.draft(&letter).await;
    committee.carry(&at, "approval").await;
    signing.post(&committee.chair, &format!("{at}/approve")).await;

    let mut tx = signing.app().db.begin().await.unwrap();
    tx.run(
        sql!("UPDATE outgoing SET recalled_at = $2 WHERE id = $1"),
        args![source, signing.app().clock.now()],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let refused = signing.seal(&at).await;
    assert_eq!(refused.status.as_u16(), 422, "{}", refused.text);
    assert!(
        refused.text.contains("đã thu hồi nên không gửi kèm"),
        "{}",
        refused.text
    );
    let seen = committee.seen(&committee.clerk, &at).await;
    assert_eq!(
        (&seen["state"], &seen["number"]),
        (&json!("approved"), &Value::Null)
    );
    let again = committee.officer.api("/api/v1/outgoing", &letter).await.json();
    assert_eq!(
        (&again["clause"], &again["code"]),
        (&json!("ND30-18.4b"), &json!("copies.source_recalled")),
        "{again}"
    );
    let form = committee.officer.get("/outgoing/new").await.ok().text;
    assert!(!form.contains("01/TrS-UBND"), "{form}");
}

#[tokio::test]
async fn cn_223_nd30_18_4b_a_copy_in_a_draft_is_withheld_once_its_sender_recalled_the_document() {
    let signing = Signing::new(Keys::Here).await;
    let committee = &signing.committee;
    let Copied { copy, file, .. } = copied(&signing).await;
    let mut letter = committee.decision();
    letter["copies"] = json!([copy]);
    let at = committee.draft(&letter).await;
    let draft: Uuid = at.rsplit('/').next().unwrap().parse().unwrap();
    bytes(&committee.officer, &file).await;
    // It is the copy of a document that came from elsewhere.
    let incoming: Uuid = on_paper(&committee.clerk, &pdf("Cong van giay"))
        .await
        .parse()
        .unwrap();
    let change = async |state: &str, outgoing: &str| {
        let mut tx = signing.app().db.begin().await.unwrap();
        tx.run(
            sql!("UPDATE document_copy SET source_kind = 'incoming', source_id = $1"),
            args![incoming],
        )
        .await
        .unwrap();
        tx.run(
            sql!("UPDATE incoming SET state = $2 WHERE id = $1"),
            args![incoming, state],
        )
        .await
        .unwrap();
        tx.run(
            sql!("UPDATE outgoing SET state = $2 WHERE id = $1"),
            args![draft, outgoing],
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
    };
    change("registered", "draft").await;
    bytes(&committee.officer, &file).await;
    change("recalled", "draft").await;
    let path = format!("/api/v1/files/{file}");
    let gone = committee.officer.api_get(&path).await;
    assert_eq!(gone.status.as_u16(), 404, "{}", gone.text);
    // What went out stays as it went out.
    change("recalled", "issued").await;
    bytes(&committee.officer, &file).await;
}

#[tokio::test]
async fn nd30_18_4b_whoever_issues_a_letter_holds_what_is_copied_so_that_no_recall_comes_in_between() {
    let signing = Signing::new(Keys::Here).await;
    let committee = &signing.committee;
    let Copied { source, copy, .. } = copied(&signing).await;
    let mut letter = committee.decision();
    letter["copies"] = json!([copy]);
    let at = committee.draft(&letter).await;
    committee.carry(&at, "approval").await;
    signing.post(&committee.chair, &format!("{at}/approve")).await;
    let locked = async || -> i64 {
        let row = signing
            .app()
            .db
            .one(sql!("SELECT revision FROM outgoing WHERE id = $1"), args![source])
            .await
            .unwrap();
        row.get("revision").unwrap()
    };
    let before = locked().await;
    signing.sealed(&at).await;
    // Numbered, issued: two acts.
    assert_eq!(locked().await - before, 2);
}
