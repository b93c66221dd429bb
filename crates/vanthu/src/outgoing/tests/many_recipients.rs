//! One document to 200 and to 2,000 recipients (Steedos#1257, mod-sei-pen#497): one act, one set of files, an honest account of
//! every line.

use rules::ids::AgencyId;
use serde_json::json;
use store::{args, sql};
use uuid::Uuid;

use super::support::Committee;
use crate::testing::{Office, pdf};

/// So many agencies more, each able to receive.
async fn agencies(office: &Office, count: usize) -> Vec<AgencyId> {
    let mut made = Vec::with_capacity(count);
    let mut tx = office.app.db.begin().await.unwrap();
    for nth in 0..count {
        let id = AgencyId::from_uuid(office.app.ids.next());
        tx.run(
            sql!(
                "INSERT INTO agency (id, parent_id, level, name, abbr, account_suffix, code, place_name, collective, head_title, \
                 deputy_title, folded_name, valid_from) SELECT $1, parent_id, level, $2, abbr, $3, $4, place_name, collective, \
                 head_title, deputy_title, $2, valid_from FROM agency WHERE account_suffix = 'stttt'"
            ),
            args![
                id,
                format!("Cơ quan số {nth}"),
                format!("do{nth}"),
                format!("H16.9{nth:04}")
            ],
        )
        .await
        .unwrap();
        made.push(id);
    }
    tx.commit().await.unwrap();
    made
}

async fn count(office: &Office, statement: store::Sql, id: Uuid) -> i64 {
    let row = office.app.db.one(statement, args![id]).await.unwrap();
    row.get("n").unwrap()
}

/// Issues one document to all of them; gives its address.
async fn issued(committee: &Committee, to: &[AgencyId]) -> (String, Uuid) {
    let file = committee
        .officer
        .api_upload("du_thao.pdf", &pdf("du thao"))
        .await
        .ok()
        .json();
    let body = json!({
        "type_key": "cong_van", "subject": "đôn đốc thực hiện nhiệm vụ", "main_file": file["id"], "recipients": to,
    });
    let at = committee.draft(&body).await;
    committee.carry(&at, "approved").await;
    committee.clerk.api(&format!("{at}/issue"), &json!({})).await.ok();
    let id = at.rsplit('/').next().unwrap().parse().unwrap();
    (at, id)
}

#[tokio::test]
async fn heavy_steedos_1257_one_document_to_200_and_to_2000_recipients_is_one_act_and_one_set_of_files() {
    let committee = Committee::new().await;
    let office = &committee.office;
    let all = agencies(office, 2_000).await;
    for recipients in [200, 2_000] {
        let to = &all[..recipients];
        let (at, id) = issued(&committee, to).await;
        let lines = count(
            office,
            sql!("SELECT count(*) AS n FROM delivery WHERE outgoing_id = $1"),
            id,
        )
        .await;
        assert_eq!(lines, recipients as i64);
        let acts = count(
            office,
            sql!("SELECT count(*) AS n FROM journal WHERE object_id = $1 AND act = 'outgoing.issue'"),
            id,
        )
        .await;
        assert_eq!(acts, 1, "one act");
        // The result is honest: before the workers have been there nothing is said to have arrived.
        let seen = committee.seen(&committee.clerk, &at).await;
        let arrived = seen["deliveries"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|line| line["state"] == "arrived")
            .count();
        assert_eq!(arrived, 0);
        if recipients > 200 {
            continue;
        }
        office.drain().await;
        let arrived = count(
            office,
            sql!("SELECT count(*) AS n FROM delivery WHERE outgoing_id = $1 AND state = 'arrived'"),
            id,
        )
        .await;
        assert_eq!(arrived, 200);
        // Every recipient looks at the same files; nothing was copied.
        let sets = count(
            office,
            sql!(
                "SELECT count(DISTINCT i.file_set) AS n FROM incoming i JOIN delivery d ON d.id = i.delivery_id WHERE d.outgoing_id = $1"
            ),
            id,
        )
        .await;
        assert_eq!(sets, 1, "one set of files");
    }
}
