//! The conformance kit judges this product: the same scenarios that any other vendor's system is judged by.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use axis::client::{AxisTransport, VxpClient, VxpConfig};
use axis_emulator::conformance::{Act, Asked, Clerk, Outcome, Setup, run};
use jiff::SignedDuration;
use outbound::Secret;
use serde_json::{Value, json};
use store::{args, sql};
use uuid::Uuid;

use super::{Axis, agency, drain, own};
use crate::testing::Answer;

/// The agency that is judged.
const JUDGED: &str = "H16";
/// Its code of the older form.
const JUDGED_BEFORE: &str = "000.00.00.H16";
/// The kit's own agency.
const KIT: &str = "G90";

/// The people of the judged agency, who do what the kit asks for.
struct Office(Arc<Axis>);

impl Office {
    /// The document as it stands.
    async fn document(&self, document_id: &str) -> Option<(Uuid, String)> {
        let row = self
            .0
            .ours
            .app
            .db
            .opt(
                sql!("SELECT id, state FROM incoming WHERE document_code = $1 AND source = 'axis' ORDER BY id DESC LIMIT 1"),
                args![viet_text::nfc(document_id)],
            )
            .await
            .unwrap()?;
        Some((row.get("id").unwrap(), row.get("state").unwrap()))
    }

    async fn call(&self, who: &str, id: Uuid, act: &str, body: Value) -> Answer {
        let person = self.0.ours.person(who).await;
        person.api(&format!("/api/v1/incoming/{id}/{act}"), &body).await
    }

    /// Answers what the sender asks, when it is still open: some of it is carried out by rule.
    async fn answer(&self, id: Uuid, how: &str, body: Value) -> Option<Answer> {
        let row = self
            .0
            .ours
            .app
            .db
            .opt(
                sql!("SELECT id FROM sender_request WHERE incoming_id = $1 AND state = 'open'"),
                args![id],
            )
            .await
            .unwrap()?;
        let request: Uuid = row.get("id").unwrap();
        let act = format!("requests/{request}/{how}");
        Some(self.call("nhungpth.ubnd", id, &act, body).await)
    }

    async fn work(&self, act: Act, id: Uuid, state: &str) -> Option<Answer> {
        const CLERK: &str = "nhungpth.ubnd";
        let ours = &self.0.ours;
        match act {
            Act::Accept => {
                let despite = json!({ "despite": "Đã đối chiếu với bên gửi" });
                Some(self.call(CLERK, id, "register", despite).await)
            }
            Act::Refuse => {
                let reason = json!({ "reason": "Văn bản không thuộc thẩm quyền giải quyết" });
                Some(self.call(CLERK, id, "refuse", reason).await)
            }
            Act::Assign => {
                let (leader, lead) = (
                    ours.person("khaitq.ubnd").await,
                    ours.person("quangnd.ubnd").await,
                );
                let to = json!({ "leader": leader.post });
                self.call(CLERK, id, "present", to).await.ok();
                let directive = json!({ "text": "Giao tham mưu", "lead": lead.post });
                Some(self.call("khaitq.ubnd", id, "direct", directive).await)
            }
            Act::Process => Some(self.call("quangnd.ubnd", id, "start", json!({})).await),
            Act::Finish => {
                let result = json!({ "outcome": "no_action", "result": "Đã lưu để theo dõi" });
                Some(self.call("quangnd.ubnd", id, "finish", result).await)
            }
            // Before registration the program does it by itself.
            Act::AgreeToRecall | Act::AgreeToUpdate if state == "delivered" => None,
            Act::AgreeToRecall | Act::AgreeToUpdate => self.answer(id, "agree", json!({})).await,
            Act::RefuseRecall => {
                let reason = json!({ "reason": "Văn bản đã được giải quyết xong" });
                self.answer(id, "refuse", reason).await
            }
            Act::Issue => None,
        }
    }
}

#[async_trait]
impl Clerk for Office {
    async fn act(&self, act: Act, document_id: &str) -> Asked {
        if act == Act::Issue {
            self.0.send(&[KIT]).await;
            return Asked::Done;
        }
        // A request reaches us a moment after the axis has it.
        for _ in 0..100 {
            if let Some((id, state)) = self.document(document_id).await {
                match self.work(act, id, &state).await {
                    Some(answer) if answer.status.is_success() => return Asked::Done,
                    Some(answer) => return Asked::Impossible(answer.text),
                    None if state == "recalled" || act == Act::AgreeToUpdate && state == "delivered" => {
                        return Asked::Done;
                    }
                    None => {}
                }
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Asked::Impossible("không có yêu cầu nào chờ trả lời".to_owned())
    }
}

/// The program works while the kit plays; time passes quicker.
async fn keep_working(axis: Arc<Axis>) {
    loop {
        axis.ours.drain().await;
        drain(&axis.ours.app).await.unwrap();
        axis.wait(SignedDuration::from_secs(20));
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
}

fn connection(axis: &Axis, secret: &str) -> Arc<dyn AxisTransport> {
    let mut config = VxpConfig::new(axis.emulator.url(), "DEMO-KIT", Secret::new(secret));
    config.plain_http_hosts = vec![axis.emulator.host()];
    let clock = axis.ours.app.clock.clone();
    Arc::new(VxpClient::new(config, Arc::new(move || clock.now())).unwrap())
}

#[tokio::test]
async fn edxml_17_the_conformance_kit_finds_nothing_wrong_with_this_product() {
    let axis = Arc::new(Axis::new().await);
    own(&axis.ours, axis.our_connection, "ubnd", JUDGED_BEFORE).await;
    let judged = agency(&axis.ours, "ubnd").await;
    let mut tx = axis.ours.app.db.begin().await.unwrap();
    // Everything may happen: a recall waits for the clerk, who may refuse it.
    for (key, value) in [
        ("exchange.recall_automatic_until_assigned", "false"),
        ("exchange.recall_may_be_refused", "true"),
    ] {
        tx.run(
            sql!("INSERT INTO agency_setting (agency_id, key, valid_from, value) VALUES ($1, $2, '2020-01-01', $3)"),
            args![judged, key, value],
        )
        .await
        .unwrap();
    }
    tx.commit().await.unwrap();
    let clock = axis.ours.app.clock.clone();
    let setup = Setup {
        axis: connection(&axis, "demo-secret-kit"),
        axis_with_wrong_secret: Some(connection(&axis, "wrong")),
        our_code: KIT.to_owned(),
        partner_code: JUDGED.to_owned(),
        partner_old_code: Some(JUDGED_BEFORE.to_owned()),
        within: Duration::from_secs(30),
        settle: Duration::from_millis(600),
        poll: Duration::from_millis(100),
        large_bytes: 2 << 20,
        series: 5,
        clock: Arc::new(move || clock.now()),
        clerk: Arc::new(Office(axis.clone())),
    };
    let report = tokio::select! {
        report = run(setup, &[], |result| println!("{}", result.line())) => report.unwrap(),
        () = keep_working(axis.clone()) => unreachable!("it works until the kit is done"),
    };
    let not_passed: Vec<String> = report
        .results
        .iter()
        .filter(|result| result.outcome != Outcome::Pass)
        .map(axis_emulator::conformance::ScenarioResult::line)
        .collect();
    assert!(not_passed.is_empty(), "{not_passed:#?}");
}
