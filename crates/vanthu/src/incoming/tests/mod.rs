//! The room's tests, in process: an office with people, packets delivered by the system.

use rules::{
    ids::{CommandId, DeliveryId, IncomingId},
    urgency::Urgency,
};
use serde_json::{Value, json};
use store::{Act, Actor, Begun, Digest, args, sql};
use uuid::Uuid;

use super::{Announced, Arrival, Arrived, Origin, arrive};
use crate::testing::{Office, Person};

mod by_hand;
mod by_mail;
mod deadlines;
mod duplicates;
mod handing_on;
mod handling;
mod once;
mod paper;
mod reading;
mod reception;
mod restructuring;
mod returning;
mod scans;
mod secrecy;
mod several;
mod signatures;
mod state_secret;
mod trail;

/// The people of Sở Thông tin và Truyền thông, and strangers to its documents.
struct Cast {
    office: Office,
    clerk: Person,
    leader: Person,
    deputy: Person,
    head: Person,
    other_head: Person,
    officer: Person,
    other_officer: Person,
    /// Văn thư of UBND huyện Đắk Mil.
    foreign_clerk: Person,
}

impl Cast {
    async fn new() -> Self {
        let office = Office::new().await;
        let foreign = office
            .app
            .db
            .one(
                sql!(
                    "SELECT a.username FROM account a JOIN post p ON p.account_id = a.id JOIN agency g ON g.id = p.agency_id \
                     WHERE p.role = 'clerk' AND g.account_suffix <> 'stttt' ORDER BY a.username LIMIT 1"
                ),
                args![],
            )
            .await
            .unwrap();
        let foreign: String = foreign.get("username").unwrap();
        Self {
            clerk: office.person("anhltn.stttt").await,
            leader: office.person("hungdm.stttt").await,
            deputy: office.person("hangntt.stttt").await,
            head: office.person("longhd.stttt").await,
            other_head: office.person("bachtx.stttt").await,
            officer: office.person("annv.stttt").await,
            other_officer: office.person("chivtl.stttt").await,
            foreign_clerk: office.person(&foreign).await,
            office,
        }
    }

    /// Moves the clock; the clerk signs in again, as a session does not last that long.
    async fn move_clock(&mut self, to: &str) {
        self.office.clock.set(to.parse().unwrap());
        self.clerk = self.office.person("anhltn.stttt").await;
    }

    /// A packet for the agency of the clerk, with one stored file that is announced.
    async fn packet(&self, number: u32) -> Arrival {
        let content = format!("%PDF-1.4 văn bản số {number}");
        self.packet_of(number, content.as_bytes()).await
    }

    /// The same with a file of these bytes.
    async fn packet_of(&self, number: u32, content: &[u8]) -> Arrival {
        let blob = self.office.app.blobs.put(content).await.unwrap();
        let (file, set) = (self.office.app.ids.next(), self.office.app.ids.next());
        let mut tx = self.office.app.db.begin().await.unwrap();
        tx.run(
            sql!(
                "INSERT INTO file (id, sha256, name, media_type, size, agency_id, created_at) \
                 VALUES ($1, $2, 'van_ban.pdf', 'application/pdf', $3, $4, $5)"
            ),
            args![
                file,
                blob.digest.as_bytes(),
                i64::try_from(blob.size).unwrap(),
                self.foreign_clerk.agency,
                self.office.app.clock.now()
            ],
        )
        .await
        .unwrap();
        tx.run(
            sql!("INSERT INTO file_set_item (set_id, sort, role, file_id) VALUES ($1, 0, 'main', $2)"),
            args![set, file],
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        Arrival {
            origin: Origin::Hub(DeliveryId::from_uuid(self.office.app.ids.next())),
            agency: self.clerk.agency,
            purpose: rules::exchange::Purpose::Act,
            sender_id: Some(self.foreign_clerk.agency),
            sender_name: "Ủy ban nhân dân tỉnh Đắk Nông".into(),
            sender_code: Some("H16".into()),
            number: format!("{number:02}"),
            symbol: "UBND-KGVX".into(),
            issued_on: Some("2026-01-07".parse().unwrap()),
            type_key: "cong_van".into(),
            subject: format!("V/v triển khai nhiệm vụ chuyển đổi số lần {number}"),
            urgency: Urgency::Normal,
            signer_name: "Trần Văn Bình".into(),
            signer_title: "Phó Chủ tịch".into(),
            respond_by: None,
            document_code: Some(format!("H16,2026,{number:02}/UBND-KGVX")),
            file_set: Some(set),
            pages: Some(1),
            announced: vec![Announced {
                name: "van_ban.pdf".into(),
                sha256: Some(Digest::of(content).to_string()),
            }],
            replaces: Vec::new(),
        }
    }

    /// Delivers a packet as the hub does.
    async fn deliver(&self, packet: Arrival) -> IncomingId {
        let app = &self.office.app;
        let command = CommandId::from_uuid(app.ids.next());
        let begun = Act::begin::<()>(&app.db, &app.clock, &app.ids, Actor::system(), command)
            .await
            .unwrap();
        let Begun::Now(mut act) = begun else {
            panic!("a fresh command was known")
        };
        let Arrived::Delivered(id) = arrive(&mut act, packet).await.unwrap() else {
            panic!("a packet without a mark was refused")
        };
        // A second delivery says nothing in the journal, so its act ends without effect.
        let _ = app.commit(act, &()).await;
        id
    }

    async fn delivered(&self, number: u32) -> IncomingId {
        self.deliver(self.packet(number).await).await
    }

    async fn registered(&self, number: u32) -> IncomingId {
        let id = self.delivered(number).await;
        self.clerk.api(&api(id, "register"), &json!({})).await.ok();
        id
    }

    async fn presented(&self, number: u32) -> IncomingId {
        let id = self.registered(number).await;
        let body = json!({ "leader": self.leader.post });
        self.clerk.api(&api(id, "present"), &body).await.ok();
        id
    }

    /// Directed: the head's unit leads, the other head's unit co-operates, an officer is informed.
    async fn directed(&self, number: u32) -> IncomingId {
        let id = self.presented(number).await;
        let body = json!({
            "text": "Giao tham mưu văn bản trả lời", "lead": self.head.post, "cooperate": [self.other_head.post],
            "inform": [self.other_officer.post], "due_on": "2026-01-15",
        });
        self.leader.api(&api(id, "direct"), &body).await.ok();
        id
    }

    async fn seen(&self, person: &Person, id: IncomingId) -> Value {
        person
            .api_get(&format!("/api/v1/incoming/{id}"))
            .await
            .ok()
            .json()
    }

    async fn state(&self, id: IncomingId) -> String {
        let row = self
            .office
            .app
            .db
            .one(sql!("SELECT state FROM incoming WHERE id = $1"), args![id])
            .await
            .unwrap();
        row.get("state").unwrap()
    }
}

fn api(id: IncomingId, act: &str) -> String {
    format!("/api/v1/incoming/{id}/{act}")
}

fn page(id: IncomingId, act: &str) -> String {
    format!("/incoming/{id}/{act}")
}

/// Whether the document lies in the box of this person.
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

/// State and clause of a refused API call.
fn refusal(answer: &crate::testing::Answer) -> (u16, String, String) {
    let body = answer.json();
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    (answer.status.as_u16(), text("clause"), text("code"))
}

/// The part of a person in the document, as `by` sees it.
async fn part(cast: &Cast, by: &Person, id: IncomingId, of: &Person) -> Value {
    let seen = cast.seen(by, id).await;
    let parts = seen["assignments"].as_array().unwrap();
    let own = parts.iter().rfind(|part| part["post"] == json!(of.post));
    own.unwrap_or_else(|| panic!("no part in {seen}")).clone()
}

/// How many documents a box of this person says that it has.
async fn count(person: &Person, desk_box: &str) -> i64 {
    let boxes = person.api_get("/api/v1/boxes").await.ok().json();
    let found = boxes
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["key"] == desk_box);
    found.map_or(0, |one| one["count"].as_i64().unwrap())
}

/// The sentences of the history, newest first.
async fn told(cast: &Cast, id: IncomingId) -> Vec<String> {
    cast.office
        .app
        .db
        .all(
            sql!("SELECT summary FROM journal WHERE object_id = $1 ORDER BY seq DESC"),
            args![id],
        )
        .await
        .unwrap()
        .iter()
        .map(|row| row.get("summary").unwrap())
        .collect()
}

fn new_command(office: &Office) -> Uuid {
    office.app.ids.next()
}
