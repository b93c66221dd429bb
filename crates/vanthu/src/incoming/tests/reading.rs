//! Đăng ký không phải gõ: the form of registration filled from a PDF with a text layer (CN-106, ND30-22.3b).

use the_thuc::{Body, Issuer, Kind, OfficialDocument, SignatureBlock};

use super::*;

/// A decision of the province, as the program itself composes it: with a text layer.
fn decision(office: &Office) -> Vec<u8> {
    let issuing = Issuer {
        parent_name: None,
        name: "Ủy ban nhân dân tỉnh Đắk Nông".into(),
    };
    let kind = Kind::Named {
        type_name: "Quyết định".into(),
        subject: "Thành lập Tổ công tác chuyển đổi số".into(),
    };
    let mut document = OfficialDocument::new(issuing, "QĐ-UBND", "Đắk Nông", kind);
    document.number = Some("15".into());
    document.date = Some("2026-01-06".parse().unwrap());
    document.authority_line = Some("Chủ tịch Ủy ban nhân dân tỉnh Đắk Nông".into());
    document.body = Body::parse(
        "Căn cứ Luật Tổ chức chính quyền địa phương;\nĐiều 1. Thành lập Tổ công tác chuyển đổi số của tỉnh Đắk Nông.",
    );
    document.signature = SignatureBlock {
        lines: vec!["KT. CHỦ TỊCH".into(), "PHÓ CHỦ TỊCH".into()],
        title_above_name: None,
        name: "Lê Thị Minh Tâm".into(),
    };
    document.recipients = vec!["Như Điều 2".into()];
    document.keep_line = Some("VT".into());
    let at = office.app.clock.now();
    office.app.composer().unwrap().compose(&document, at).unwrap().pdf
}

/// A scan: a page without any text or font.
fn scan() -> Vec<u8> {
    use lopdf::{Document, Object, dictionary};
    let mut document = Document::with_version("1.7");
    let pages = document.new_object_id();
    let page = document.add_object(dictionary! {
        "Type" => "Page", "Parent" => pages, "Resources" => dictionary! {},
        "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
    });
    document.objects.insert(
        pages,
        Object::Dictionary(dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 }),
    );
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    document.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

/// What a browser would send of the form on this page: fields with their values, as they stand.
fn fields_on(page: &str) -> Vec<(String, String)> {
    let form = page.split("class=\"draft-form").nth(1).unwrap();
    let form = form.split("</form>").next().unwrap();
    let attribute = |tag: &str, name: &str| {
        let at = tag.find(&format!(" {name}=\""))? + name.len() + 3;
        Some(plain(tag[at..].split('"').next()?))
    };
    let mut found = Vec::new();
    for piece in form.split('<').skip(1) {
        let (tag, rest) = piece.split_once('>').unwrap();
        let Some(name) = attribute(tag, "name") else {
            continue;
        };
        if tag.starts_with("input ") && attribute(tag, "type").as_deref() != Some("file") {
            found.push((name, attribute(tag, "value").unwrap_or_default()));
        } else if tag.starts_with("textarea") {
            found.push((name, plain(rest)));
        } else if tag.starts_with("select") {
            let options = form.split(&format!("<{tag}>")).nth(1).unwrap();
            let options = options.split("</select>").next().unwrap();
            let chosen = options
                .split("<option ")
                .find(|option| option.contains(" selected"));
            let value = chosen.and_then(|option| attribute(&format!(" {option}"), "value"));
            found.push((name, value.unwrap_or_default()));
        }
    }
    found.retain(|(name, _)| !matches!(name.as_str(), "csrf" | "command_id"));
    found
}

fn plain(text: &str) -> String {
    text.replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&#38;", "&")
}

fn value_of<'a>(fields: &'a [(String, String)], name: &str) -> &'a str {
    let found = fields.iter().find(|(known, _)| known == name);
    found.map_or_else(
        || panic!("no field {name}: {fields:?}"),
        |(_, value)| value.as_str(),
    )
}

/// Sends the form for reading, with these things typed.
async fn read_page(
    cast: &Cast,
    typed: &[(&str, &str)],
    file: Option<(&str, &[u8])>,
) -> crate::testing::Answer {
    let mut fields = vec![("type_key", "cong_van"), ("urgency", "normal")];
    fields.retain(|(name, _)| typed.iter().all(|(typed, _)| typed != name));
    fields.extend(typed);
    fields.push(("step", "read"));
    let files: Vec<(&str, &str, &[u8])> = file
        .into_iter()
        .map(|(name, bytes)| ("main_file", name, bytes))
        .collect();
    cast.clerk.post_files("/incoming/paper", &fields, &files).await
}

#[tokio::test]
async fn cn_106_a_pdf_with_a_text_layer_fills_the_form_and_is_registered_without_typing() {
    let cast = Cast::new().await;
    let shown = read_page(&cast, &[], Some(("quyet_dinh.pdf", &decision(&cast.office))))
        .await
        .ok();
    assert_eq!(shown.status.as_u16(), 200);
    let fields = fields_on(&shown.text);
    for (name, value) in [
        ("sender_name", "Ủy ban nhân dân tỉnh Đắk Nông"),
        ("number", "15"),
        ("symbol", "QĐ-UBND"),
        ("issued_on", "2026-01-06"),
        ("type_key", "quyet_dinh"),
        ("subject", "Thành lập Tổ công tác chuyển đổi số"),
        ("signer_name", "Lê Thị Minh Tâm"),
        ("signer_title", "Phó Chủ tịch"),
        ("urgency", "normal"),
    ] {
        assert_eq!(value_of(&fields, name), value, "{name}");
    }
    assert_eq!(
        shown.text.matches("Đọc từ tệp, vui lòng kiểm tra.").count(),
        8,
        "{}",
        shown.text
    );
    assert!(shown.text.contains("Đã điền 8 ô từ tệp"));
    assert!(
        shown.text.contains("<pdf-viewer src=\"/files/"),
        "the file is shown beside the form"
    );
    // Nothing was registered by reading.
    assert!(
        !cast
            .clerk
            .get("/registers/incoming")
            .await
            .ok()
            .text
            .contains("Thành lập Tổ công tác")
    );

    // The clerk looks and presses Enter: the form goes as it stands.
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let done = cast.clerk.post_files("/incoming/paper", &fields, &[]).await;
    assert_eq!(done.status.as_u16(), 303, "{}", done.text);
    let page = cast.clerk.get(&done.location).await.ok().text;
    for said in [
        "15/QĐ-UBND",
        "Số đến 01",
        "06/01/2026",
        "Lê Thị Minh Tâm",
        "quyet_dinh.pdf",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    // The agency was found in the directory by its name.
    let row = cast
        .office
        .app
        .db
        .one(
            sql!("SELECT sender_id, pages FROM incoming WHERE source = 'paper'"),
            args![],
        )
        .await
        .unwrap();
    assert!(row.get::<Option<Uuid>>("sender_id").unwrap().is_some());
    assert_eq!(row.get::<Option<i64>>("pages").unwrap(), Some(1));
}

#[tokio::test]
async fn cn_106_what_was_typed_stays_and_what_the_file_says_stands_beside_it() {
    let cast = Cast::new().await;
    let typed = [
        ("number", "16"),
        ("signer_name", "Trần Quốc Khải"),
        ("note", "Bản giấy để ở tủ 2"),
        ("due_on", "2026-01-20"),
    ];
    let shown = read_page(&cast, &typed, Some(("quyet_dinh.pdf", &decision(&cast.office))))
        .await
        .ok();
    let fields = fields_on(&shown.text);
    for (name, value) in typed {
        assert_eq!(value_of(&fields, name), value);
    }
    assert_eq!(value_of(&fields, "symbol"), "QĐ-UBND");
    assert!(
        shown.text.contains("Trong tệp ghi: 15") && shown.text.contains("Trong tệp ghi: Lê Thị Minh Tâm")
    );
    assert!(shown.text.contains("Đã điền 6 ô từ tệp"));

    // A wrong file was chosen at first: the right one takes the place of what nobody touched.
    let kept: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let scan = scan();
    let again = read_page(&cast, &kept, Some(("ban_chup.pdf", &scan))).await.ok();
    let fields = fields_on(&again.text);
    assert_eq!(value_of(&fields, "number"), "16");
    assert_eq!(value_of(&fields, "symbol"), "");
    assert_eq!(value_of(&fields, "type_key"), "cong_van");
}

#[tokio::test]
async fn cn_106_a_scan_without_a_text_layer_is_told_politely_and_nothing_is_lost() {
    let cast = Cast::new().await;
    let png =
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\x9cc\
\xf8\xff\xff?\0\x05\xfe\x02\xfe\xdc\xccY\xe7\0\0\0\0IEND\xaeB`\x82";
    for (name, content) in [("ban_chup.pdf", scan()), ("ban_chup.png", png.to_vec())] {
        let typed = [("subject", "Đơn đề nghị sửa cầu"), ("sender_name", "Ông Y Krông")];
        let shown = read_page(&cast, &typed, Some((name, &content))).await;
        assert_eq!(shown.status.as_u16(), 200, "{}", shown.text);
        assert!(
            shown.text.contains("không có lớp chữ nên không tự điền được"),
            "{}",
            shown.text
        );
        let fields = fields_on(&shown.text);
        assert_eq!(value_of(&fields, "subject"), "Đơn đề nghị sửa cầu");
        assert!(!shown.text.contains("Đọc từ tệp, vui lòng kiểm tra."));
        // The file need not be sent again.
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let done = cast.clerk.post_files("/incoming/paper", &fields, &[]).await;
        assert_eq!(done.status.as_u16(), 303, "{}", done.text);
    }
}

#[tokio::test]
async fn cn_106_reading_needs_a_file_and_takes_none_with_a_secret_mark() {
    let cast = Cast::new().await;
    let stays = read_page(&cast, &[("subject", "Tập huấn")], None).await;
    assert_eq!(stays.status.as_u16(), 422);
    assert!(stays.text.contains("Vui lòng chọn tệp của văn bản") && stays.text.contains("Tập huấn"));
    let secret = read_page(
        &cast,
        &[("subject", "Tập huấn")],
        Some(("toi_mat.txt", "TỐI MẬT\n".as_bytes())),
    )
    .await;
    assert_eq!(secret.status.as_u16(), 422);
    assert!(
        secret.text.contains("Điều 1") && secret.text.contains("Tập huấn"),
        "{}",
        secret.text
    );
    for person in [&cast.leader, &cast.officer] {
        let content = decision(&cast.office);
        let file = [("main_file", "quyet_dinh.pdf", content.as_slice())];
        let answer = person
            .post_files("/incoming/paper", &[("step", "read")], &file)
            .await;
        assert!(!answer.status.is_success());
    }
}

#[tokio::test]
async fn cn_106_a_program_reads_the_fields_of_its_own_file_only() {
    let cast = Cast::new().await;
    let file = cast
        .clerk
        .api_upload("quyet_dinh.pdf", &decision(&cast.office))
        .await
        .ok()
        .json();
    let path = format!("/api/v1/files/{}/reading", file["id"].as_str().unwrap());
    let read = cast.clerk.api_get(&path).await.ok().json();
    let field = |name: &str| {
        let fields = read["fields"].as_array().unwrap();
        fields
            .iter()
            .find(|field| field["field"] == name)
            .unwrap_or(&Value::Null)
            .clone()
    };
    assert_eq!(
        field("number"),
        json!({ "field": "number", "value": "15", "certainty": "sure" })
    );
    assert_eq!(field("type_key")["value"], "quyet_dinh");
    assert_eq!(field("urgency"), Value::Null);
    for other in [&cast.officer, &cast.foreign_clerk] {
        assert_eq!(other.api_get(&path).await.status.as_u16(), 404);
    }
    let scan = cast.clerk.api_upload("ban_chup.pdf", &scan()).await.ok().json();
    let answer = cast
        .clerk
        .api_get(&format!("/api/v1/files/{}/reading", scan["id"].as_str().unwrap()))
        .await;
    assert_eq!(
        refusal(&answer),
        (409, "ND30-22.3b".into(), "file.no_fields".into())
    );
}
