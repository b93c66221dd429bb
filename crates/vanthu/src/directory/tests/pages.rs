//! The pages of the directory: the import that is shown first, the entry, who may look and who may change.

use super::*;

async fn upload(by: &Person, name: &str, content: &str) -> Answer {
    by.post_files(
        &format!("{LIST}/import"),
        &[],
        &[("file", name, content.as_bytes())],
    )
    .await
}

#[tokio::test]
async fn cn_407_an_import_is_shown_with_its_errors_and_applied_only_when_confirmed() {
    let office = Office::new().await;
    let app = &office.app;
    let administrator = administrator(&office).await;
    let refused = upload(&administrator, "sai.csv", "Họ tên,Điện thoại\nAn,1\n").await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("Không thấy dòng tiêu đề"));
    let file = "DANH MỤC MÃ\nMã định danh;Tên;Mã cũ;Cấp;Thư điện tử\n\
        H96;Tỉnh Đồng Xanh;000.00.00.H96;1;vt@dongxanh.example\n\
        H96.05;;;2;\nH96.06;Sở Tài chính Đồng Xanh;;hai;\nH96;Trùng mã;;1;\n\
        H96.07;Sở Khoa học Đồng Xanh;;2;khong-phai-thu\nvxp.saas.03;Hệ thống thử Đồng Xanh;;;\n";
    let sent = upload(&administrator, "danh-muc.csv", file).await.ok();
    let preview = administrator.get(&sent.location).await.ok().text;
    for sentence in [
        "Thiếu tên cơ quan",
        "Cấp “hai” không phải số",
        "Mã trùng với một dòng ở trên",
        "Thư điện tử “khong-phai-thu” không đúng dạng",
        "Sở Khoa học Đồng Xanh",
    ] {
        assert!(preview.contains(sentence), "{sentence}: {preview}");
    }
    assert!(names(app, "dong xanh").await.is_empty(), "nothing is applied yet");
    let stranger = office.person("tupa.stttt").await;
    assert_eq!(
        stranger
            .post(&format!("{}/apply", sent.location), &[])
            .await
            .status,
        409
    );
    administrator
        .post(&format!("{}/apply", sent.location), &[])
        .await
        .ok();
    office.drain().await;
    assert_eq!(
        names(app, "dong xanh").await,
        ["Hệ thống thử Đồng Xanh", "Tỉnh Đồng Xanh"]
    );
    let done = administrator.get(&sent.location).await.ok().text;
    assert!(done.contains("Đã nạp xong"), "{done}");
    // Twice confirmed is once applied.
    assert_eq!(
        administrator
            .post(&format!("{}/apply", sent.location), &[])
            .await
            .status,
        404
    );
    // A second file: one is gone, and closed because that was asked for.
    let fewer = "Mã định danh,Tên\nH96,Tỉnh Đồng Xanh mới\n";
    let sent = upload(&administrator, "ít.csv", fewer).await.ok();
    let preview = administrator.get(&sent.location).await.ok().text;
    assert!(preview.contains("tên “Tỉnh Đồng Xanh”"), "{preview}");
    assert!(preview.contains("vxp.saas.03"), "{preview}");
    administrator
        .post(&format!("{}/apply", sent.location), &[("close_gone", "on")])
        .await
        .ok();
    office.drain().await;
    assert_eq!(names(app, "dong xanh").await, ["Tỉnh Đồng Xanh mới"]);
    assert_eq!(in_use(app, "vxp.SAAS.03").await, None);
    let whole = administrator.get(&format!("{LIST}/export?format=csv")).await.ok();
    assert!(
        whole
            .text
            .contains("vxp.saas.03,,Hệ thống thử Đồng Xanh,,,,Đã đóng"),
        "{}",
        whole.text
    );
    let book = administrator
        .get(&format!("{LIST}/export?format=xlsx"))
        .await
        .ok();
    assert!(book.bytes.starts_with(b"PK"));
    let own = administrator
        .get(&format!("{LIST}/own-codes?format=csv"))
        .await
        .ok()
        .text;
    assert!(
        own.contains("H16,000.00.00.H16,Ủy ban nhân dân tỉnh Đắk Nông"),
        "{own}"
    );
}

#[tokio::test]
async fn cn_407_an_administrator_adds_corrects_closes_and_names_who_answers_now() {
    let office = Office::new().await;
    let app = &office.app;
    let administrator = administrator(&office).await;
    let added = administrator
        .post(
            LIST,
            &[
                ("code", "h96.05"),
                ("old_code", "000.00.05.H96"),
                ("name", "Sở Nội vụ Đồng Xanh"),
            ],
        )
        .await
        .ok();
    let at = added.location;
    let taken = administrator
        .post(LIST, &[("code", "000.00.05.H96"), ("name", "Sở Khác")])
        .await;
    assert_eq!(taken.status, 422);
    assert!(
        taken.text.contains("đang thuộc về “Sở Nội vụ Đồng Xanh”"),
        "{}",
        taken.text
    );
    administrator
        .post(
            &at,
            &[
                ("code", "H96.50"),
                ("old_code", "000.00.05.H96"),
                ("name", "Sở Nội vụ Đồng Xanh"),
            ],
        )
        .await
        .ok();
    let page = administrator.get(&at).await.ok().text;
    assert!(page.contains("Mã cũ, chỉ để nhận ra"), "{page}");
    assert_eq!(
        in_use(app, "H96.05").await.as_deref(),
        Some("Sở Nội vụ Đồng Xanh"),
        "by its former code too"
    );

    administrator
        .post(LIST, &[("code", "H95.05"), ("name", "Sở Nội vụ Hợp Nhất")])
        .await
        .ok();
    let close = format!("{at}/close");
    for (successor, reason, sentence) in [
        ("H95.05", "", "Vui lòng ghi lý do"),
        ("H96.50", "sáp nhập", "phải là một cơ quan khác"),
        (
            "H95.99",
            "sáp nhập",
            "Không có cơ quan nào đang hoạt động mang mã H95.99",
        ),
    ] {
        let refused = administrator
            .post(&close, &[("successor", successor), ("reason", reason)])
            .await;
        assert_eq!(refused.status, 422);
        assert!(refused.text.contains(sentence), "{}", refused.text);
    }
    administrator
        .post(
            &close,
            &[("successor", "H95.05"), ("reason", "Nghị quyết sáp nhập")],
        )
        .await
        .ok();
    assert_eq!(
        in_use(app, "000.00.05.H96").await.as_deref(),
        Some("Sở Nội vụ Hợp Nhất")
    );
    let codes = codes_of(app, "H95.05").await.unwrap();
    assert_eq!(codes, ["000.00.05.H96", "H95.05", "H96.05", "H96.50"]);
    // What a person merged stays merged, whatever the axis still lists.
    assert_eq!(
        sync(app, vec![record("H96.50", "", "Sở Nội vụ Đồng Xanh")], false).await,
        did(0, 0, 0)
    );
    let page = administrator.get(&at).await.ok().text;
    assert!(
        page.contains("Nghị quyết sáp nhập") && page.contains("Sở Nội vụ Hợp Nhất (H95.05)"),
        "{page}"
    );
    administrator.post(&format!("{at}/reopen"), &[]).await.ok();
    assert_eq!(
        in_use(app, "H96.05").await.as_deref(),
        Some("Sở Nội vụ Đồng Xanh")
    );
}

#[tokio::test]
async fn cn_407_older_and_current_codes_are_joined_only_when_confirmed() {
    let office = Office::new().await;
    let app = &office.app;
    let administrator = administrator(&office).await;
    sync(
        app,
        vec![
            record("H96.05", "", "Sở Nội vụ"),
            record("000.00.05.H96", "", "Sở Nội vụ (mã cũ)"),
            record("000.00.06.H96", "", "Sở Tài chính"),
        ],
        false,
    )
    .await;
    let page = administrator.get(&format!("{LIST}/proposals")).await.ok().text;
    assert!(
        page.contains("Xác nhận mã 000.00.05.H96 là của Sở Nội vụ"),
        "{page}"
    );
    assert!(page.contains("Xác nhận mã H96.06 là của Sở Tài chính"), "{page}");
    let (keeper, other) = (id_of(app, "H96.05").await, id_of(app, "000.00.05.H96").await);
    let entry = administrator.get(&format!("{LIST}/{keeper}")).await.ok().text;
    assert!(entry.contains("hai mục được gộp làm một"), "{entry}");
    administrator
        .post(&format!("{LIST}/{keeper}/codes"), &[("code", "000.00.05.H96")])
        .await
        .ok();
    assert_eq!(in_use(app, "000.00.05.H96").await.as_deref(), Some("Sở Nội vụ"));
    let row = app
        .db
        .one(
            sql!("SELECT successor_id FROM directory_entry WHERE id = $1"),
            args![other],
        )
        .await
        .unwrap();
    assert_eq!(row.get::<Uuid>("successor_id").unwrap(), keeper);
    // Two current codes are two organisations.
    sync(app, vec![record("H96.09", "", "Sở Khác")], false).await;
    let refused = administrator
        .post(&format!("{LIST}/{keeper}/codes"), &[("code", "H96.09")])
        .await;
    assert_eq!(refused.status, 422);
}

#[tokio::test]
async fn cn_407_everybody_who_drafts_may_look_and_only_the_province_may_change() {
    let office = Office::new().await;
    let officer = office.person("annv.stttt").await;
    let found = officer
        .api_get("/api/v1/directory?q=so%20noi%20vu")
        .await
        .ok()
        .json();
    assert!(
        found["items"][0]["code"]
            .as_str()
            .is_some_and(|code| code.starts_with('H')),
        "{found}"
    );
    assert_eq!(officer.get(LIST).await.status, 409);
    let local = office.person("tupa.stttt").await;
    assert!(!local.get(LIST).await.ok().text.contains("Nhập từ tệp"));
    let id = id_of(&office.app, "G99").await;
    local.get(&format!("{LIST}/{id}")).await.ok();
    for (path, fields) in [
        (LIST.to_owned(), vec![("code", "H96"), ("name", "X")]),
        (format!("{LIST}/{id}"), vec![("code", "G99"), ("name", "X")]),
        (format!("{LIST}/{id}/close"), vec![("reason", "x")]),
        (format!("{LIST}/{id}/codes"), vec![("code", "H96")]),
    ] {
        let refused = local.post(&path, &fields).await;
        assert!(
            refused.text.contains("quản trị hệ thống của tỉnh"),
            "{path}: {}",
            refused.text
        );
    }
    assert_eq!(
        in_use(&office.app, "G99").await.as_deref(),
        Some("Bộ Mẫu (dữ liệu thử)")
    );
}
