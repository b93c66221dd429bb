//! The hub contract from issue to the last answer, in process: a province's committee sends, two departments and a district
//! receive.

mod handling;
mod many;
mod recall;
mod recalled_copies;
mod replace;
mod status;
mod update;

use rules::ids::{AgencyId, IncomingId, OutgoingId};
use serde_json::{Value, json};
use store::{args, sql};

use crate::testing::{Answer, Office, Person, pdf};

/// The people of the sender and of three recipients.
struct Hub {
    office: Office,
    /// Chuyên viên, Trưởng phòng, Chủ tịch, Văn thư of UBND tỉnh.
    drafter: Person,
    head: Person,
    chair: Person,
    clerk: Person,
    /// Văn thư, Giám đốc, Trưởng phòng, Chuyên viên of Sở Thông tin và Truyền thông.
    department: Person,
    director: Person,
    unit_head: Person,
    officer: Person,
    /// Văn thư of Sở Nội vụ.
    other: Person,
    /// Văn thư of a district.
    district: Person,
}

/// An issued document.
#[derive(Debug, Clone)]
struct Sent {
    id: OutgoingId,
    number_and_symbol: String,
    code: String,
}

impl Sent {
    fn api(&self) -> String {
        format!("/api/v1/outgoing/{}", self.id)
    }

    fn page(&self) -> String {
        format!("/outgoing/{}", self.id)
    }
}

impl Hub {
    async fn new() -> Self {
        let office = Office::new().await;
        let row = office
            .app
            .db
            .one(
                sql!(
                    "SELECT a.username FROM account a JOIN post p ON p.account_id = a.id JOIN agency g ON g.id = p.agency_id \
                     WHERE p.role = 'clerk' AND g.account_suffix NOT IN ('stttt', 'snv', 'ubnd') ORDER BY a.username LIMIT 1"
                ),
                args![],
            )
            .await
            .unwrap();
        let district: String = row.get("username").unwrap();
        Self {
            drafter: office.person("quangnd.ubnd").await,
            head: office.person("thaobtp.ubnd").await,
            chair: office.person("khaitq.ubnd").await,
            clerk: office.person("nhungpth.ubnd").await,
            department: office.person("anhltn.stttt").await,
            director: office.person("hungdm.stttt").await,
            unit_head: office.person("longhd.stttt").await,
            officer: office.person("annv.stttt").await,
            other: office.person("oanhntk.snv").await,
            district: office.person(&district).await,
            office,
        }
    }

    /// A draft to these agencies, with a PDF as its main file.
    async fn draft(&self, subject: &str, to: &[AgencyId]) -> Value {
        let file = self
            .drafter
            .api_upload("van ban.pdf", &pdf(subject))
            .await
            .ok()
            .json();
        json!({
            "type_key": "thong_bao", "subject": subject, "main_file": file["id"], "recipients": to,
            "respond_by": "2026-01-20",
        })
    }

    /// Carries a draft to issue.
    async fn issue(&self, draft: &Value) -> Sent {
        let saved = self.drafter.api("/api/v1/outgoing", draft).await.ok().json();
        let at = format!("/api/v1/outgoing/{}", saved["id"].as_str().unwrap());
        for (person, act) in [
            (&self.drafter, "submit"),
            (&self.head, "sign-off-content"),
            (&self.clerk, "sign-off-form"),
            (&self.chair, "approve"),
        ] {
            person.api(&format!("{at}/{act}"), &json!({})).await.ok();
        }
        let issued = self
            .clerk
            .api(&format!("{at}/issue"), &json!({}))
            .await
            .ok()
            .json();
        Sent {
            id: issued["id"].as_str().unwrap().parse().unwrap(),
            number_and_symbol: issued["number_and_symbol"].as_str().unwrap().to_owned(),
            code: issued["document_code"].as_str().unwrap().to_owned(),
        }
    }

    /// Issued to these agencies, and delivered.
    async fn sent(&self, subject: &str, to: &[AgencyId]) -> Sent {
        let sent = self.issue(&self.draft(subject, to).await).await;
        self.office.drain().await;
        sent
    }

    /// Recalls with a notice that goes to the same agencies.
    async fn recall(&self, sent: &Sent, to: &[AgencyId]) -> Answer {
        let notice = self.sent("Thông báo thu hồi văn bản ban hành nhầm", to).await;
        let body = json!({
            "reason": "Ban hành nhầm đối tượng áp dụng", "decision": "Chủ tịch, ý kiến ngày 08/01/2026", "notice": notice.id,
        });
        self.clerk.api(&format!("{}/recall", sent.api()), &body).await
    }

    /// The copy of an issued document at an agency.
    async fn copy(&self, sent: &Sent, of: &Person) -> IncomingId {
        self.find_copy(sent, of).await.expect("no copy at the recipient")
    }

    async fn find_copy(&self, sent: &Sent, of: &Person) -> Option<IncomingId> {
        self.office
            .app
            .db
            .opt(
                sql!(
                    "SELECT i.id FROM incoming i JOIN delivery d ON d.id = i.delivery_id \
                     WHERE d.outgoing_id = $1 AND i.agency_id = $2"
                ),
                args![sent.id, of.agency],
            )
            .await
            .unwrap()
            .map(|row| row.get("id").unwrap())
    }

    /// The delivery line of an agency, as the sender's clerk sees it.
    async fn line(&self, sent: &Sent, of: &Person) -> Value {
        let row = self
            .office
            .app
            .db
            .one(
                sql!("SELECT id FROM delivery WHERE outgoing_id = $1 AND recipient_id = $2"),
                args![sent.id, of.agency],
            )
            .await
            .unwrap();
        let id: uuid::Uuid = row.get("id").unwrap();
        let seen = self.clerk.api_get(&sent.api()).await.ok().json();
        let lines = seen["deliveries"].as_array().unwrap();
        lines.iter().find(|line| line["id"] == json!(id)).unwrap().clone()
    }

    async fn accept(&self, clerk: &Person, id: IncomingId) -> i64 {
        let answer = act(clerk, id, "register", json!({})).await.ok().json();
        answer["arrival_number"].as_i64().unwrap()
    }

    /// Registered and directed to the unit head of the department.
    async fn direct(&self, id: IncomingId) {
        self.accept(&self.department, id).await;
        act(
            &self.department,
            id,
            "present",
            json!({ "leader": self.director.post }),
        )
        .await
        .ok();
        let body = json!({ "text": "Giao tham mưu", "lead": self.unit_head.post, "due_on": "2026-01-15" });
        act(&self.director, id, "direct", body).await.ok();
    }

    /// The only open request about a document.
    async fn request(&self, clerk: &Person, id: IncomingId) -> String {
        let seen = incoming(clerk, id).await;
        let open: Vec<_> = seen["requests"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|request| request["state"] == "open")
            .collect();
        assert_eq!(open.len(), 1, "{seen}");
        open[0]["id"].as_str().unwrap().to_owned()
    }

    async fn answer(&self, clerk: &Person, id: IncomingId, how: &str, body: Value) -> Answer {
        let request = self.request(clerk, id).await;
        act(clerk, id, &format!("requests/{request}/{how}"), body).await
    }

    /// Chooses a setting of an agency.
    async fn set(&self, agency: AgencyId, key: &str, value: &str) {
        let mut tx = self.office.app.db.begin().await.unwrap();
        tx.run(
            sql!("INSERT INTO agency_setting (agency_id, key, valid_from, value) VALUES ($1, $2, '2026-01-01', $3)"),
            args![agency, key, value],
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
    }

    /// The acts in the journal of an object, oldest first.
    async fn acts(&self, object: uuid::Uuid) -> Vec<String> {
        self.office
            .app
            .db
            .all(
                sql!("SELECT act FROM journal WHERE object_id = $1 ORDER BY seq"),
                args![object],
            )
            .await
            .unwrap()
            .iter()
            .map(|row| row.get("act").unwrap())
            .collect()
    }
}

async fn act(person: &Person, id: IncomingId, act: &str, body: Value) -> Answer {
    person.api(&format!("/api/v1/incoming/{id}/{act}"), &body).await
}

async fn incoming(person: &Person, id: IncomingId) -> Value {
    person
        .api_get(&format!("/api/v1/incoming/{id}"))
        .await
        .ok()
        .json()
}

/// Whether a document lies in a box of this person.
async fn lies_in(person: &Person, desk_box: &str, id: IncomingId) -> bool {
    let items = person
        .api_get(&format!("/api/v1/boxes/{desk_box}"))
        .await
        .ok()
        .json();
    items["items"]
        .as_array()
        .unwrap()
        .iter()
        .any(|item| item["id"] == json!(id))
}

/// Clause and code of a refused call.
fn refusal(answer: &Answer) -> (String, String) {
    let body = answer.json();
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    assert_eq!(answer.status.as_u16(), 409, "{body}");
    (text("clause"), text("code"))
}
