//! Bản sao điện tử (CN-223, CN-224): from the scan of a paper document to the file that the agency signed, with a made-up authority.

use std::sync::Arc;

use pdf_signature::verify::{Role, Verdict};
use serde_json::{Value, json};
use signing_providers::{Provider, software::SoftwareKeys};
use store::{args, sql};

use crate::{
    outgoing::tests::signed::{
        by_pin::{PIN, Token},
        support::{Keys, Signing},
    },
    signing::keys,
    testing::{Answer, Person, pdf},
};

const FORM: &str = "/registers/copies/electronic";
const API: &str = "/api/v1/registers/copies";

/// Registers a paper document with this scan; gives its id.
pub(super) async fn on_paper(clerk: &Person, scan: &[u8]) -> String {
    let file = clerk.api_upload("congvan15.pdf", scan).await.ok().json()["id"].clone();
    let letter = json!({
        "sender_name": "Công ty TNHH Minh Hòa", "number": "15", "symbol": "CV-MH", "issued_on": "2026-01-05",
        "type_key": "cong_van", "subject": "V/v đề nghị hướng dẫn thủ tục", "urgency": "normal", "main_file": file,
    });
    let registered = clerk.api("/api/v1/incoming/paper", &letter).await.ok().json();
    registered["id"].as_str().unwrap().to_owned()
}

/// The button of the form.
pub(super) async fn ask(
    clerk: &Person,
    id: &str,
    kind: &str,
    more: &[(&str, &str)],
    files: &[(&str, &str, &[u8])],
) -> Answer {
    let mut fields = vec![("source_kind", "incoming"), ("source", id), ("kind", kind)];
    fields.extend(more);
    clerk.post_files(FORM, &fields, files).await
}

pub(super) async fn copies(clerk: &Person) -> Vec<Value> {
    let book = clerk.api_get(API).await.ok().json();
    book["items"].as_array().unwrap().clone()
}

pub(super) async fn purposes(signing: &Signing) -> Vec<String> {
    signing
        .app()
        .db
        .all(sql!("SELECT purpose FROM key_use ORDER BY id"), args![])
        .await
        .unwrap()
        .iter()
        .map(|row| row.get("purpose").unwrap())
        .collect()
}

#[tokio::test]
async fn cn_223_nd30_25_1_a_paper_document_becomes_an_electronic_copy_that_the_agency_signed() {
    let signing = Signing::new(Keys::Here).await;
    let clerk = &signing.committee.clerk;
    let scan = pdf("Cong van giay");
    let id = on_paper(clerk, &scan).await;
    let page = clerk.get(&format!("/incoming/{id}")).await.ok().text;
    assert!(
        page.contains(&format!("/registers/copies/new?incoming={id}")),
        "{page}"
    );
    let page = clerk
        .get(&format!("/registers/copies/new?incoming={id}"))
        .await
        .ok()
        .text;
    let form = format!("{FORM}?incoming={id}");
    assert!(page.contains(&form), "{page}");
    let page = clerk.get(&form).await.ok().text;
    assert!(
        page.contains("congvan15.pdf") && page.contains("Cấp số và ký số"),
        "{page}"
    );

    let done = ask(clerk, &id, "sao_y", &[("recipients", "Phòng Nội vụ")], &[]).await;
    assert_eq!(done.status.as_u16(), 303, "{}", done.text);
    let made = clerk
        .api_get(&format!("/api/v1{}", done.location))
        .await
        .ok()
        .json();
    assert_eq!(
        [
            &made["number_and_symbol"],
            &made["from"],
            &made["to"],
            &made["copies"],
            &made["verdict"]
        ],
        [
            &json!("01/SY-UBND"),
            &json!("paper"),
            &json!("electronic"),
            &json!(1),
            &json!("TOTAL-PASSED")
        ],
        "{made}"
    );
    let file = made["file"].as_str().unwrap();
    let whole = clerk.api_get(&format!("/api/v1/files/{file}")).await.ok().bytes;
    assert!(whole.starts_with(&scan), "no byte of the scan is changed");
    let report = signing.verify(&whole).await;
    assert_eq!(report.verdict, Verdict::TotalPassed, "{report:?}");
    assert_eq!(report.signatures.len(), 1);
    assert_eq!(report.signatures[0].role, Role::Organization);
    // Mẫu 3.2, ô 14: at the top right of the first page.
    let seen = report.signatures[0].visible_area.as_ref().unwrap();
    assert!(
        seen.page == 1 && seen.y + seen.height < 20.0 && seen.x + seen.width > 190.0,
        "{seen:?}"
    );

    let book = clerk.get("/registers/copies").await.ok().text;
    assert!(
        book.contains("Bản điện tử, chữ ký số hợp lệ") && book.contains(&format!("/files/{file}")),
        "{book}"
    );
    let page = clerk.get(&done.location).await.ok().text;
    assert!(
        page.contains("01-SY-UBND.pdf") && page.contains("Chữ ký số"),
        "{page}"
    );
    let copy = made["id"].as_str().unwrap();
    clerk.get(&format!("/signing/verdicts/copy/{copy}")).await.ok();
    // The closing part of a copy on paper is none of an electronic one.
    let block = clerk.get(&format!("/registers/copies/{copy}/block.pdf")).await;
    assert_eq!(block.status.as_u16(), 404);
    let history = clerk.get(&format!("/incoming/{id}")).await.ok().text;
    assert!(
        history.contains("Ký số của cơ quan trên bản sao điện tử số 01/SY-UBND"),
        "{history}"
    );
    // The copy lies with the files of its document.
    assert!(history.contains("Bản sao y điện tử số 01/SY-UBND"), "{history}");
    assert_eq!(purposes(&signing).await, ["copy"]);

    // The button once more changes nothing, and nobody of another agency sees anything.
    clerk.post(&format!("{}/sign", done.location), &[]).await.ok();
    assert_eq!(purposes(&signing).await, ["copy"]);
    let outsider = &signing.committee.outsider;
    for path in [
        format!("/api/v1/files/{file}"),
        format!("/api/v1{}", done.location),
        format!("/api/v1/signing/verdicts/copy/{copy}"),
    ] {
        assert_eq!(outsider.api_get(&path).await.status.as_u16(), 404, "{path}");
    }
}

#[tokio::test]
async fn cn_223_pl1_2_signed_copies_are_valid_for_pyhanko_and_pdfsig() {
    let signing = Signing::new(Keys::Here).await;
    let committee = &signing.committee;
    let clerk = &committee.clerk;
    // What stands for a scan is laid out by the program: strict judges ask for a well-formed file below the signature.
    let draft = committee.draft(&committee.decision()).await;
    let scan = signing.file(&committee.officer, &draft, 0).await;
    let id = on_paper(clerk, &scan).await;
    let whole: &[(&str, &str)] = &[];
    let extract: &[(&str, &str)] = &[
        ("extract", "Điều 2"),
        ("text", "Điều 2. Quyết định này có hiệu lực kể từ ngày ký."),
    ];
    for (kind, more) in [("sao_y", whole), ("trich_sao", extract)] {
        let done = ask(clerk, &id, kind, more, &[]).await;
        assert_eq!(done.status.as_u16(), 303, "{}", done.text);
        let file = copies(clerk).await[0]["file"].as_str().unwrap().to_owned();
        let signed = clerk.api_get(&format!("/api/v1/files/{file}")).await.ok().bytes;
        signing.good_for_all_judges(&signed);
    }
}

#[tokio::test]
async fn cn_223_nd30_18_4b_with_the_content_of_a_recalled_document_its_copies_are_gone() {
    let signing = Signing::new(Keys::Here).await;
    let clerk = &signing.committee.clerk;
    let id = on_paper(clerk, &pdf("Cong van giay")).await;
    let done = ask(clerk, &id, "sao_y", &[], &[]).await;
    assert_eq!(done.status.as_u16(), 303, "{}", done.text);
    let file = copies(clerk).await[0]["file"].as_str().unwrap().to_owned();
    let who = signing.committee.office.who(clerk).await;
    let source: uuid::Uuid = id.parse().unwrap();
    let shown = super::super::among_files(signing.app(), &who, source)
        .await
        .unwrap();
    assert_eq!(shown.len(), 1);
    let mut tx = signing.app().db.begin().await.unwrap();
    tx.run(
        sql!("UPDATE incoming SET state = 'recalled' WHERE id = $1"),
        args![source],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let shown = super::super::among_files(signing.app(), &who, source)
        .await
        .unwrap();
    assert!(shown.is_empty());
    let gone = clerk.api_get(&format!("/api/v1/files/{file}")).await;
    assert_eq!(gone.status.as_u16(), 404);
    // The book still tells that there is a copy.
    let page = clerk.get(&done.location).await.ok().text;
    assert!(page.contains("01/SY-UBND") && !page.contains(&file), "{page}");
}

#[tokio::test]
async fn cn_223_nd30_32_2c_a_program_has_a_copy_numbered_and_the_clerk_signs_it() {
    let signing = Signing::new(Keys::Here).await;
    let clerk = &signing.committee.clerk;
    let id = on_paper(clerk, &pdf("Cong van giay")).await;
    let body = json!({ "source_kind": "incoming", "source": id, "kind": "sao_luc", "source_is_copy": "on", "to": "electronic" });
    let refused = signing.committee.officer.api(API, &body).await;
    assert_ne!(refused.status.as_u16(), 200, "{}", refused.text);
    let made = clerk.api(API, &body).await.ok().json();
    assert_eq!(made["number_and_symbol"], "01/SL-UBND");
    let page = format!("/registers/copies/{}", made["id"].as_str().unwrap());
    let refused = clerk.api(&format!("/api/v1{page}/sign"), &json!({})).await.json();
    assert_eq!(refused["clause"], "ND30-32.2c", "{refused}");
    assert!(clerk.get(&page).await.ok().text.contains("chờ ký số"));
    assert!(purposes(&signing).await.is_empty());
    let done = clerk.post(&format!("{page}/sign"), &[]).await;
    assert_eq!(
        (done.status.as_u16(), done.location.as_str()),
        (303, page.as_str()),
        "{}",
        done.text
    );
    assert_eq!(copies(clerk).await[0]["verdict"], "TOTAL-PASSED");
}

#[tokio::test]
async fn cn_224_nd30_25_of_an_electronic_document_only_a_part_is_copied_electronically() {
    let signing = Signing::new(Keys::Here).await;
    let clerk = &signing.committee.clerk;
    let at = signing.signed().await;
    signing.sealed(&at).await;
    let id = at.rsplit('/').next().unwrap();
    let body = |kind: &str, more: Value| {
        let mut body = json!({ "source_kind": "outgoing", "source": id, "kind": kind, "to": "electronic" });
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        body
    };
    let refused = clerk.api(API, &body("sao_y", json!({}))).await.json();
    assert_eq!(
        (&refused["clause"], &refused["code"]),
        (&json!("ND30-25.1"), &json!("copies.electronic_to_electronic"))
    );
    let page = clerk.get(&format!("{FORM}?outgoing={id}")).await.ok().text;
    assert!(page.contains("không sao y, sao lục"), "{page}");
    // A trích sao needs the part itself, not only its name.
    let refused = clerk
        .api(API, &body("trich_sao", json!({ "extract": "Điều 2" })))
        .await
        .json();
    assert_eq!(refused["code"], "copies.no_part", "{refused}");
    assert!(copies(clerk).await.is_empty());

    let fields = [
        ("source_kind", "outgoing"),
        ("source", id),
        ("kind", "trich_sao"),
        ("extract", "Điều 2"),
        ("text", "Điều 2. Quyết định này có hiệu lực kể từ ngày ký."),
    ];
    let done = clerk.post_files(FORM, &fields, &[]).await;
    assert_eq!(done.status.as_u16(), 303, "{}", done.text);
    let made = copies(clerk).await.remove(0);
    assert_eq!(made["number_and_symbol"], "01/TrS-UBND", "{made}");
    let file = made["file"].as_str().unwrap();
    let whole = clerk.api_get(&format!("/api/v1/files/{file}")).await.ok().bytes;
    let report = signing.verify(&whole).await;
    assert_eq!(
        (report.verdict, report.signatures.len()),
        (Verdict::TotalPassed, 1),
        "{report:?}"
    );

    // Of the main copy on paper that was printed from it, a scan makes a sao y.
    let paper = json!({ "copies": 1, "purpose": "Gửi đơn vị chưa kết nối" });
    clerk.api(&format!("{at}/paper-copies"), &paper).await.ok();
    let from_paper = body("sao_y", json!({ "from": "paper" }));
    let refused = clerk.api(API, &from_paper).await.json();
    assert_eq!(refused["code"], "copies.no_scan", "{refused}");
    let scan = clerk.api_upload("quet.pdf", &pdf("Ban quet")).await.ok().json()["id"].clone();
    let from_paper = body("sao_y", json!({ "from": "paper", "main_file": scan }));
    assert_eq!(
        clerk.api(API, &from_paper).await.ok().json()["number_and_symbol"],
        "02/SY-UBND"
    );
}

#[tokio::test]
async fn cn_223_nd30_27_2_a_scan_with_a_mark_of_state_secrecy_and_a_file_that_is_no_pdf_are_refused() {
    let signing = Signing::new(Keys::Here).await;
    let clerk = &signing.committee.clerk;
    let id = on_paper(clerk, &pdf("Cong van giay")).await;
    let scan = pdf("Ban quet");
    let secret = ask(
        clerk,
        &id,
        "sao_y",
        &[],
        &[("scan", "TUYET_MAT.pdf", scan.as_slice())],
    )
    .await;
    assert_eq!(secret.status.as_u16(), 422, "{}", secret.text);
    assert!(secret.text.contains("dấu chỉ độ mật"), "{}", secret.text);
    let text = ask(
        clerk,
        &id,
        "trich_sao",
        &[("extract", "Mục 1"), ("text", "TỐI MẬT\nMột câu.")],
        &[],
    )
    .await;
    assert_eq!(text.status.as_u16(), 422, "{}", text.text);
    let tried = signing
        .app()
        .db
        .one(
            sql!("SELECT count(*) AS n FROM journal WHERE act = 'secrecy.refused'"),
            args![],
        )
        .await
        .unwrap();
    assert_eq!(tried.get::<i64>("n").unwrap(), 2);
    let words = ask(
        clerk,
        &id,
        "sao_y",
        &[],
        &[("scan", "congvan.txt", b"Cong van".as_slice())],
    )
    .await;
    assert_eq!(words.status.as_u16(), 422, "{}", words.text);
    assert!(words.text.contains("tệp PDF từ phiên bản 1.4"), "{}", words.text);
    assert!(copies(clerk).await.is_empty(), "nothing was numbered");
    assert!(purposes(&signing).await.is_empty());
}

#[tokio::test]
async fn cn_223_nd30_25_3_a_file_that_was_sent_with_the_words_of_an_extract_can_be_left_out_again() {
    let signing = Signing::new(Keys::Here).await;
    let clerk = &signing.committee.clerk;
    let id = on_paper(clerk, &pdf("Cong van giay")).await;
    let part = [("extract", "Mục 1"), ("text", "Đề nghị hướng dẫn thủ tục.")];
    let scan = pdf("Ban quet");
    let stays = ask(
        clerk,
        &id,
        "trich_sao",
        &part,
        &[("scan", "quet.pdf", scan.as_slice())],
    )
    .await;
    assert_eq!(stays.status.as_u16(), 422, "{}", stays.text);
    assert!(
        stays.text.contains("chỉ dùng một trong hai")
            && stays.text.contains("type=\"checkbox\" name=\"main_file\"")
            && stays.text.contains("Dùng tệp đã gửi: quet.pdf"),
        "{}",
        stays.text
    );
    // The box unchecked: the words alone.
    let done = ask(clerk, &id, "trich_sao", &part, &[]).await;
    assert_eq!(done.status.as_u16(), 303, "{}", done.text);
    assert_eq!(copies(clerk).await[0]["is_composed"], true);
}

#[tokio::test]
async fn ks_71_an_agent_that_signs_whole_files_makes_no_electronic_copy_and_takes_no_number() {
    let signing = Signing::new(Keys::WholeFile).await;
    let clerk = &signing.committee.clerk;
    let id = on_paper(clerk, &pdf("Cong van giay")).await;
    let page = clerk.get(&format!("{FORM}?incoming={id}")).await.ok().text;
    assert!(
        page.contains("chưa dùng được cho chữ ký số của cơ quan"),
        "{page}"
    );
    let refused = ask(clerk, &id, "sao_y", &[], &[]).await;
    assert_eq!(refused.status.as_u16(), 422, "{}", refused.text);
    assert!(
        refused.text.contains("chưa dùng được cho chữ ký số của cơ quan"),
        "{}",
        refused.text
    );
    assert!(copies(clerk).await.is_empty());
}

#[tokio::test]
async fn cn_223_a_device_that_asks_for_its_pin_signs_with_it_and_a_wrong_one_leaves_the_copy_waiting() {
    let signing = Signing::new(Keys::Here).await;
    let clerk = &signing.committee.clerk;
    // Opened before it is replaced.
    assert!(keys::agency(signing.app(), clerk.agency).await.unwrap().is_some());
    let mut token = SoftwareKeys::new();
    let folder = signing.app().settings.data.folder.join("test-keys");
    assert_eq!(token.add_folder(&folder).unwrap(), 2);
    let token: Arc<dyn Provider> = Arc::new(Token(token));
    keys::replace_opened(signing.app(), &token);
    let id = on_paper(clerk, &pdf("Cong van giay")).await;
    let done = ask(clerk, &id, "sao_y", &[], &[]).await;
    assert_eq!(done.status.as_u16(), 303, "{}", done.text);
    let page = clerk.get(&done.location).await.ok().text;
    assert!(page.contains("Mã PIN") && page.contains("chờ ký số"), "{page}");
    let sign = format!("{}/sign", done.location);
    let wrong = clerk.post(&sign, &[("pin", "1234")]).await;
    assert_eq!(wrong.status.as_u16(), 422, "{}", wrong.text);
    assert!(wrong.text.contains("Mã PIN không đúng"), "{}", wrong.text);
    assert_eq!(copies(clerk).await[0]["file"], Value::Null);
    // What the form held is kept nowhere, not even as a digest.
    let traces = signing
        .app()
        .db
        .one(
            sql!("SELECT count(*) AS n FROM signing_batch WHERE answered IS NOT NULL"),
            args![],
        )
        .await
        .unwrap();
    assert_eq!(traces.get::<i64>("n").unwrap(), 0);
    clerk.post(&sign, &[("pin", PIN)]).await.ok();
    assert_eq!(copies(clerk).await[0]["verdict"], "TOTAL-PASSED");
}

#[tokio::test]
async fn cn_223_without_a_certificate_of_the_agency_nothing_is_numbered() {
    let office = crate::testing::Office::new().await;
    let clerk = office.person("nhungpth.ubnd").await;
    let mut tx = office.app.db.begin().await.unwrap();
    tx.run(
        sql!("UPDATE key_binding SET revoked_at = bound_at WHERE owner = 'agency'"),
        args![],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let id = on_paper(&clerk, &pdf("Cong van giay")).await;
    let body = json!({ "source_kind": "incoming", "source": id, "kind": "sao_y", "to": "electronic" });
    let refused = clerk.api(API, &body).await.json();
    assert_eq!(refused["clause"], "KS-72", "{refused}");
    assert!(copies(&clerk).await.is_empty());
}
