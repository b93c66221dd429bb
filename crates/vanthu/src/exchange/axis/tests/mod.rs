//! Two installations and an axis between them, all in process.

use std::{sync::Arc, time::Duration};

use axis_emulator::{Config, Emulator, Options};
use jiff::SignedDuration;
use rules::ids::{AgencyId, CommandId, OutgoingId};
use serde_json::{Value, json};
use store::{args, sql};
use uuid::Uuid;

use super::{
    connections::{self, ConnectionForm, create_for_test},
    drain,
    faults::Point,
};
use crate::{
    context::App,
    testing::{Office, Person},
};

mod alone;
mod attachments;
mod conformance;
mod directory;
mod exactly_once;
mod lease;
mod misdirected;
mod order;
mod privacy;
mod requests;
mod round_trip;
mod secrecy;
mod sent_again;
mod several;
mod trouble;
mod unanswered;
mod unvouched;

/// Code of the sending agency, UBND tỉnh of the first installation.
pub const SENDER: &str = "H16";
/// Code of the receiving agency, Sở Thông tin và Truyền thông of the second.
pub const RECIPIENT: &str = "G90.01";

/// The axis with its two systems.
pub struct Axis {
    pub emulator: Emulator,
    /// The first installation: UBND tỉnh sends as H16.
    pub ours: Office,
    /// The second one: Sở Thông tin và Truyền thông receives as G90.01.
    pub theirs: Office,
    pub our_connection: Uuid,
    pub their_connection: Uuid,
}

impl Axis {
    pub async fn new() -> Self {
        Self::with(Config::demo()).await
    }

    pub async fn with(config: Config) -> Self {
        let (ours, theirs) = tokio::join!(Office::new(), Office::new());
        let clock = ours.app.clock.clone();
        let emulator = Emulator::start(config, Options::local(Arc::new(move || clock.now())))
            .await
            .unwrap();
        for office in [&ours, &theirs] {
            // The demo's directory makes way for that of the emulator.
            let mut tx = office.app.db.begin().await.unwrap();
            tx.run(sql!("DELETE FROM directory_code"), args![]).await.unwrap();
            tx.run(sql!("DELETE FROM directory_entry"), args![])
                .await
                .unwrap();
            tx.commit().await.unwrap();
        }
        // The demo province stands in both: the second one gets codes of its own.
        let mut tx = theirs.app.db.begin().await.unwrap();
        tx.run(sql!("UPDATE agency SET code = NULL, old_code = NULL"), args![])
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let our_connection = connect(&ours, &emulator, "DEMO-QLVB", "demo-secret-qlvb").await;
        let their_connection = connect(&theirs, &emulator, "DEMO-KIT", "demo-secret-kit").await;
        own(&ours, our_connection, "ubnd", SENDER).await;
        own(&theirs, their_connection, "stttt", RECIPIENT).await;
        own(&theirs, their_connection, "ubnd", "G90").await;
        ours.organisation("Văn phòng Bộ Kiểm Thử", &[RECIPIENT]).await;
        ours.organisation("Bộ Kiểm Thử", &["G90", "000.00.00.G90"]).await;
        for (name, code) in [
            ("Bộ Ví Dụ", "G99"),
            ("Cục Từ Chối", "G99.01"),
            ("Cục Im Lặng", "G99.03"),
            ("Cục Đã Khóa", "G99.99"),
        ] {
            ours.organisation(name, &[code]).await;
        }
        theirs
            .organisation("Ủy ban nhân dân tỉnh Đắk Nông", &[SENDER, "000.00.00.H16"])
            .await;
        Self {
            emulator,
            ours,
            theirs,
            our_connection,
            their_connection,
        }
    }

    /// Moves all clocks.
    pub fn wait(&self, by: SignedDuration) {
        let now = self.ours.app.clock.now() + by;
        self.ours.clock.set(now);
        self.theirs.clock.set(now);
    }

    /// Everything that can happen now, on both sides.
    pub async fn settle(&self) {
        for _ in 0..6 {
            self.ours.drain().await;
            drain(&self.ours.app).await.unwrap();
            self.theirs.drain().await;
            drain(&self.theirs.app).await.unwrap();
        }
        self.ours.drain().await;
    }

    /// The same until nothing waits any more, as time goes by.
    pub async fn settle_in_time(&self) {
        for _ in 0..8 {
            self.settle().await;
            self.wait(SignedDuration::from_mins(16));
        }
        self.settle().await;
    }

    /// The clerk who receives. Sessions end while time goes by, so everybody signs in when needed.
    pub async fn their_clerk(&self) -> Person {
        self.theirs.person("anhltn.stttt").await
    }

    /// An issued decision to these codes.
    pub async fn send(&self, codes: &[&str]) -> OutgoingId {
        self.send_with(codes, json!({})).await
    }

    /// The same with further fields of the draft.
    pub async fn send_with(&self, codes: &[&str], more: Value) -> OutgoingId {
        let office = &self.ours;
        let axis: Vec<Value> = codes.iter().map(|code| json!({ "code": code })).collect();
        let mut body = json!({
            "type_key": "quyet_dinh",
            "subject": "Ban hành kế hoạch chuyển đổi số năm 2026",
            "main_text": "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;\n\
                Theo đề nghị của Giám đốc Sở Thông tin và Truyền thông.\nQUYẾT ĐỊNH:\n\
                Điều 1. Ban hành kế hoạch chuyển đổi số năm 2026.\n\
                Điều 2. Quyết định này có hiệu lực kể từ ngày ký.",
            "axis": axis,
        });
        for (name, value) in more.as_object().unwrap() {
            body[name] = value.clone();
        }
        let officer = office.person("quangnd.ubnd").await;
        let clerk = office.person("nhungpth.ubnd").await;
        let draft = officer.api("/api/v1/outgoing", &body).await.ok().json();
        let at = format!("/api/v1/outgoing/{}", draft["id"].as_str().unwrap());
        let none = json!({});
        officer.api(&format!("{at}/submit"), &none).await.ok();
        let head = office.person("thaobtp.ubnd").await;
        head.api(&format!("{at}/sign-off-content"), &none).await.ok();
        clerk.api(&format!("{at}/sign-off-form"), &none).await.ok();
        let chair = office.person("khaitq.ubnd").await;
        chair.api(&format!("{at}/approve"), &none).await.ok();
        let issued = clerk.api(&format!("{at}/issue"), &none).await.ok().json();
        issued["id"].as_str().unwrap().parse().unwrap()
    }

    /// Recalls a document of ours, with a notice or for a reason alone.
    pub async fn recall(&self, document: OutgoingId, notice: Option<OutgoingId>) {
        let mut tx = self.ours.app.db.begin().await.unwrap();
        tx.run(
            sql!(
                "INSERT INTO agency_setting (agency_id, key, valid_from, value) \
                 SELECT id, 'exchange.recall_notice_required', '2020-01-01', 'false' FROM agency WHERE account_suffix = 'ubnd' \
                 ON CONFLICT DO NOTHING"
            ),
            args![],
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        let clerk = self.ours.person("nhungpth.ubnd").await;
        let order = json!({ "reason": "Ban hành nhầm", "decision": "Chủ tịch", "notice": notice.map(|id| id.to_string()) });
        clerk
            .api(&format!("/api/v1/outgoing/{document}/recall"), &order)
            .await
            .ok();
    }

    /// State and reason of the line to a code.
    pub async fn line(&self, document: OutgoingId, code: &str) -> (String, String) {
        let row = self
            .ours
            .app
            .db
            .one(
                sql!("SELECT state, reason FROM delivery WHERE outgoing_id = $1 AND recipient_code = $2"),
                args![document, code],
            )
            .await
            .unwrap();
        (
            row.get("state").unwrap(),
            row.get::<Option<String>>("reason").unwrap().unwrap_or_default(),
        )
    }

    /// Ids of the documents that came over the axis, oldest first.
    pub async fn arrived(&self) -> Vec<Uuid> {
        self.theirs
            .app
            .db
            .all(
                sql!("SELECT id FROM incoming WHERE source = 'axis' ORDER BY delivered_at, id"),
                args![],
            )
            .await
            .unwrap()
            .iter()
            .map(|row| row.get("id").unwrap())
            .collect()
    }

    /// The page of a document as the API shows it to the receiving clerk.
    pub async fn seen(&self, id: Uuid) -> Value {
        let clerk = self.their_clerk().await;
        clerk.api_get(&format!("/api/v1/incoming/{id}")).await.ok().json()
    }

    /// Packets of documents on the axis, by what became of them.
    pub fn packets(&self) -> Vec<axis_emulator::PacketView> {
        self.emulator.state().packets
    }
}

/// A connection of an installation to the axis, made as an administrator makes it.
pub async fn connect(office: &Office, emulator: &Emulator, system: &str, secret: &str) -> Uuid {
    let form = ConnectionForm {
        name: format!("Trục thử nghiệm {system}"),
        base_url: emulator.url(),
        system_id: system.to_owned(),
        secret: secret.to_owned(),
        plain_http: "on".to_owned(),
        ..ConnectionForm::fresh()
    };
    create_for_test(&office.app, &administrator(office).await, form)
        .await
        .unwrap()
}

/// The administrator of the province.
pub async fn administrator(office: &Office) -> crate::context::Who {
    office.who(&province_administrator(office).await).await
}

/// The same as a person at a browser.
pub async fn province_administrator(office: &Office) -> Person {
    let rows = office
        .app
        .db
        .all(
            sql!(
                "SELECT a.username FROM account a JOIN post p ON p.account_id = a.id WHERE p.role = 'administrator' ORDER BY a.username"
            ),
            args![],
        )
        .await
        .unwrap();
    for row in rows {
        let username: String = row.get("username").unwrap();
        let person = office.person(&username).await;
        if office.who(&person).await.actor.is_province_administrator {
            return person;
        }
    }
    panic!("nobody administers the province")
}

/// The agency with this account suffix.
pub async fn agency(office: &Office, suffix: &str) -> AgencyId {
    office
        .app
        .db
        .one(
            sql!("SELECT id FROM agency WHERE account_suffix = $1"),
            args![suffix],
        )
        .await
        .unwrap()
        .get("id")
        .unwrap()
}

/// Gives a code to an agency.
pub async fn own(office: &Office, connection: Uuid, suffix: &str, code: &str) {
    let who = administrator(office).await;
    let agency = agency(office, suffix).await;
    let command = CommandId::from_uuid(office.app.ids.next());
    connections::add_code(&office.app, &who, command, connection, agency, code, false)
        .await
        .unwrap();
}

/// Works until the program stops dead at `point`; `false` when the work ended without coming there.
pub async fn crashes_at(office: &Office, point: Point) -> bool {
    *office.app.axis.crash.at.lock().unwrap() = Some(point);
    let crashed = tokio::select! {
        () = office.app.axis.crash.reached.notified() => true,
        done = drain(&office.app) => { done.unwrap(); false }
        () = tokio::time::sleep(Duration::from_secs(60)) => panic!("hangs at {point:?}"),
    };
    *office.app.axis.crash.at.lock().unwrap() = None;
    crashed
}

/// Another node of the same installation.
pub fn another_node(app: &App) -> App {
    App::new(
        app.db.clone(),
        app.blobs.clone(),
        app.clock.clone(),
        app.ids.clone(),
        app.settings.clone(),
    )
}

/// Text of one column.
pub async fn text(office: &Office, sql: store::Sql, args: Vec<store::Arg>) -> Vec<String> {
    office
        .app
        .db
        .all(sql, args)
        .await
        .unwrap()
        .iter()
        .map(|row| row.get::<Option<String>>("text").unwrap().unwrap_or_default())
        .collect()
}
