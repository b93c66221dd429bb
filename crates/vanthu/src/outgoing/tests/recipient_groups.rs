//! Nhóm nơi nhận (CN-215): saved from a form or on a page, put into a draft whole, changed by who may.

use serde_json::{Value, json};

use super::support::Committee;
use crate::testing::{Office, Person};

const GROUPS: &str = "/api/v1/outgoing/groups";

async fn listed(person: &Person) -> Vec<Value> {
    let list = person.api_get(GROUPS).await.ok().json();
    list.as_array().unwrap().clone()
}

/// Closes an agency of the installation.
async fn close(office: &Office, person: &Person) {
    let mut tx = office.app.db.begin().await.unwrap();
    tx.run(
        store::sql!("UPDATE agency SET valid_to = '2025-12-31' WHERE id = $1"),
        store::args![person.agency],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn cn_215_the_recipients_of_a_form_become_a_group_and_a_group_comes_into_a_form_whole() {
    let committee = Committee::new().await;
    let (office, officer) = (&committee.office, &committee.officer);
    office.organisation("Sở Mẫu tỉnh Thử", &["H96.01"]).await;
    let old = office.organisation("Sở Cũ", &["H96.02"]).await;
    let successor = office.organisation("Sở Mới", &["H95.05"]).await;
    let gone = office.organisation("Sở Giải thể", &["H96.03"]).await;
    let informed = office.person("oanhntk.snv").await;
    let (act, know) = (committee.outsider.agency.to_string(), informed.agency.to_string());
    let chosen = [
        ("subject", "Giữ lại"),
        ("type_key", "cong_van"),
        ("recipients", act.as_str()),
        ("to_know", know.as_str()),
        ("axis", "act:H96.01"),
        ("axis", "know:H96.02"),
        ("axis", "act:H96.03"),
        ("paper", "Báo Đắk Nông (để biết) | Chưa kết nối"),
    ];
    let save = async |name: &str| {
        let mut fields = vec![("next", "save-group"), ("group_name", name)];
        fields.extend(chosen);
        officer.post_files("/outgoing", &fields, &[]).await
    };
    let page = save("Các nơi  thường gửi").await.ok().text;
    for said in ["Đã lưu nhóm nơi nhận “Các nơi thường gửi” gồm 6 nơi", "Giữ lại"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    // The name is the only one of the agency, with or without accents; what was written stays.
    let stays = save("CAC NOI THUONG GUI").await;
    assert_eq!(stays.status.as_u16(), 422, "{}", stays.text);
    for said in ["đã có nhóm nơi nhận tên", "id=\"e-group_name\"", "Giữ lại"] {
        assert!(stays.text.contains(said), "{said}: {}", stays.text);
    }
    let groups = listed(&committee.clerk).await;
    assert_eq!((groups.len(), &groups[0]["members"]), (1, &json!(6)));
    let id = groups[0]["id"].as_str().unwrap().to_owned();

    // Meanwhile one was merged, one closed in the directory, one closed in the installation.
    office.close_organisation(old, Some(successor)).await;
    office.close_organisation(gone, None).await;
    close(office, &informed).await;
    let fields = [
        ("next", "add-group"),
        ("subject", "Giữ lại"),
        ("type_key", "cong_van"),
        ("axis", "know:H96.01"),
        ("paper", "Hội Nông dân"),
        ("groups", id.as_str()),
    ];
    let page = officer.post_files("/outgoing", &fields, &[]).await.ok().text;
    let ticked = format!("name=\"recipients\" value=\"{act}\" checked");
    for said in [
        "Đã thêm 3 nơi nhận của nhóm “Các nơi thường gửi”",
        "“Sở Cũ” nay do “Sở Mới” (H95.05) tiếp nhận",
        "“Sở Giải thể” (H96.03) không còn trong danh mục",
        "không còn hoạt động trong hệ thống",
        ticked.as_str(),
        "value=\"know:H95.05\" selected",
        "Hội Nông dân\nBáo Đắk Nông (để biết) | Chưa kết nối",
        "Giữ lại",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    // What stood there already stays as it was chosen.
    assert!(page.contains("value=\"know:H96.01\" selected"), "{page}");
    assert!(!page.contains("value=\"act:H96.01\" selected"), "{page}");
    let today = officer.api_get(&format!("{GROUPS}/{id}")).await.ok().json();
    assert_eq!(today["recipients"], json!([committee.outsider.agency]));
    assert_eq!(today["to_know"], json!([]));
    assert_eq!(
        (&today["axis"][0]["code"], &today["axis"][1]["code"]),
        (&json!("H96.01"), &json!("H95.05"))
    );
    assert_eq!(today["notes"].as_array().unwrap().len(), 3, "{today}");
}

#[tokio::test]
async fn cn_215_a_group_is_of_its_agency_and_changed_by_its_maker_and_the_clerks() {
    let committee = Committee::new().await;
    let (officer, clerk, head) = (&committee.officer, &committee.clerk, &committee.head);
    let to = |name: &str| json!({ "name": name, "recipients": [committee.outsider.agency] });
    let body = to("Sở, ngành");
    let command = committee.office.app.ids.next();
    let made = officer.api_command(GROUPS, command, &body).await.ok().json();
    // The same command is one group.
    let again = officer.api_command(GROUPS, command, &body).await.ok().json();
    assert_eq!(made, again);
    let at = format!("{GROUPS}/{}", made["id"].as_str().unwrap());
    let refused = head.api(&at, &to("Của tôi")).await;
    assert_eq!(
        (refused.status.as_u16(), &refused.json()["code"]),
        (409, &json!("recipient_group.not_yours"))
    );
    clerk.api(&at, &to("Các sở, ngành")).await.ok();
    let seen = listed(head).await;
    assert_eq!(
        (&seen[0]["name"], &seen[0]["may_change"]),
        (&json!("Các sở, ngành"), &json!(false))
    );
    for (body, code) in [
        (
            json!({ "name": "", "recipients": [committee.outsider.agency] }),
            "recipient_group.no_name",
        ),
        // Nobody sends to themselves.
        (
            json!({ "name": "Ta", "recipients": [officer.agency] }),
            "recipient_group.empty",
        ),
        (
            json!({ "name": "Lạ", "recipients": [officer.post] }),
            "recipient_group.gone",
        ),
        (
            json!({ "name": "Lạ", "axis": [{ "code": "H77.77" }] }),
            "recipients.unknown_code",
        ),
    ] {
        let refused = officer.api(GROUPS, &body).await;
        assert_eq!(
            (refused.status.as_u16(), &refused.json()["code"]),
            (409, &json!(code))
        );
    }

    // Another agency has its own groups and does not learn of these; the same name is free there.
    let outsider = &committee.outsider;
    assert!(listed(outsider).await.is_empty());
    let page = at.trim_start_matches("/api/v1").to_owned();
    assert_eq!(outsider.get(&page).await.status.as_u16(), 404);
    let own = json!({ "name": "Các sở, ngành", "recipients": [officer.agency] });
    assert_eq!(outsider.api(&at, &own).await.status.as_u16(), 404);
    let remove = outsider.api(&format!("{at}/remove"), &json!({})).await;
    assert_eq!(remove.status.as_u16(), 404);
    outsider.api(GROUPS, &own).await.ok();
    let administrator = committee.office.person("tupa.stttt").await;
    assert_eq!(administrator.get("/outgoing/groups").await.status.as_u16(), 409);
    assert_eq!(administrator.api(GROUPS, &own).await.status.as_u16(), 409);

    // Whoever drafts finds them in the left column and beside the recipients of a draft; the administrator is offered neither.
    let link = "href=\"/outgoing/groups\"";
    for person in [officer, clerk, head] {
        let home = person.get("/").await.ok().text;
        assert!(home.contains(link), "{home}");
    }
    let home = administrator.get("/").await.ok().text;
    assert!(!home.contains(link), "{home}");
    let form = officer.get("/outgoing/new").await.ok().text;
    assert!(form.contains("Quản lý nhóm nơi nhận"), "{form}");

    // By page: what may be changed is offered, and what was written stays when it is refused.
    let shown = head.get("/outgoing/groups").await.ok().text;
    assert!(
        shown.contains("Các sở, ngành") && !shown.contains("/remove"),
        "{shown}"
    );
    let recipient = outsider.agency.to_string();
    let fields = [("name", ""), ("recipients", recipient.as_str()), ("next", "save")];
    let stays = officer.post(&page, &fields).await;
    assert_eq!(stays.status.as_u16(), 422, "{}", stays.text);
    let ticked = format!("value=\"{recipient}\" checked");
    assert!(stays.text.contains("id=\"e-name\"") && stays.text.contains(&ticked));
    let fields = [("name", "Sở"), ("paper", "Báo Lâm Đồng"), ("next", "save")];
    let saved = officer.post(&page, &fields).await;
    assert_eq!(saved.status.as_u16(), 303, "{}", saved.text);
    let shown = officer.get(&page).await.ok().text;
    assert!(
        shown.contains("Báo Lâm Đồng") && !shown.contains(&ticked),
        "{shown}"
    );
    let remove = format!("{page}/remove");
    assert_eq!(head.post(&remove, &[]).await.status.as_u16(), 409);
    let removed = clerk.post(&remove, &[]).await;
    assert_eq!(removed.location, "/outgoing/groups", "{}", removed.text);
    assert!(listed(officer).await.is_empty());
}
