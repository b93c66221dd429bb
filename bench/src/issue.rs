//! How long the clerk waits who issues a document to the whole province, against one to a single agency.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use axum::{
    body::{Body, to_bytes},
    http::{Request, header},
};
use rules::ids::{AccountId, AgencyId, PostId};
use serde_json::{Value, json};
use store::{args, sql};
use tower::ServiceExt;
use vanthu::sign_in;

use super::{ROUNDS, line, median, province::Province};

/// Recipients of a document: to the whole province, and to everybody there is (Steedos#1257).
const RECIPIENTS: [usize; 2] = [300, 2_000];

/// Who brings a document out, by account, and with what act.
const WAY: [(&str, &str); 4] = [
    ("quangnd.ubnd", "submit"),
    ("thaobtp.ubnd", "sign-off-content"),
    ("nhungpth.ubnd", "sign-off-form"),
    ("khaitq.ubnd", "approve"),
];

/// Documents to one agency, to three hundred and to two thousand, in turns. The files go to nobody while the clock runs: that is the outbox'
/// work.
pub async fn measure(province: &Province) -> anyhow::Result<()> {
    let mut tx = province.app.db.begin().await?;
    // The keys of the demo's officers are in no device here.
    tx.run(
        sql!("UPDATE agency_setting SET value = 'false' WHERE key = 'signing.required'"),
        args![],
    )
    .await?;
    tx.commit().await?;
    let all = agencies(province).await?;
    for recipients in RECIPIENTS {
        let (mut to_one, mut to_all) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            to_one.push(issue(province, &all[..1]).await?.as_secs_f64());
            to_all.push(issue(province, &all[..recipients]).await?.as_secs_f64());
        }
        let (one, many) = (median(to_one), median(to_all));
        line(
            &format!("issuing to {recipients} agencies, until the clerk has the answer"),
            "issuing to one",
            many / one,
            &format!("{:.0} ms against {:.0} ms", many * 1e3, one * 1e3),
        );
    }
    Ok(())
}

/// So many agencies more.
async fn agencies(province: &Province) -> anyhow::Result<Vec<AgencyId>> {
    let app = &province.app;
    let most = RECIPIENTS.into_iter().max().unwrap_or_default();
    let mut made = Vec::with_capacity(most);
    let mut tx = app.db.begin().await?;
    for nth in 0..most {
        let id = AgencyId::from_uuid(app.ids.next());
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
        .await?;
        made.push(id);
    }
    tx.commit().await?;
    Ok(made)
}

/// Brings one document out; gives how long the last press took.
async fn issue(province: &Province, to: &[AgencyId]) -> anyhow::Result<Duration> {
    let draft = json!({
        "type_key": "quyet_dinh", "subject": "Ban hành kế hoạch chuyển đổi số", "recipients": to,
        "main_text": "Theo đề nghị của Giám đốc Sở Thông tin và Truyền thông.\nQUYẾT ĐỊNH:\n\
            Điều 1. Ban hành kế hoạch chuyển đổi số.\nĐiều 2. Quyết định này có hiệu lực kể từ ngày ký.",
    });
    let saved = call(province, "quangnd.ubnd", "/api/v1/outgoing", &draft).await?;
    let id = saved["id"].as_str().context("a saved draft has an id")?;
    let at = format!("/api/v1/outgoing/{id}");
    for (who, act) in WAY {
        call(province, who, &format!("{at}/{act}"), &json!({})).await?;
    }
    let token = token(province, "nhungpth.ubnd").await?;
    let began = Instant::now();
    send(province, &token, &format!("{at}/issue"), &json!({})).await?;
    Ok(began.elapsed())
}

async fn call(province: &Province, who: &str, path: &str, body: &Value) -> anyhow::Result<Value> {
    send(province, &token(province, who).await?, path, body).await
}

async fn token(province: &Province, who: &str) -> anyhow::Result<String> {
    let row = province
        .app
        .db
        .one(
            sql!("SELECT p.id, p.account_id FROM post p JOIN account a ON a.id = p.account_id WHERE a.username = $1"),
            args![who],
        )
        .await?;
    let (account, post): (AccountId, PostId) = (row.get("account_id")?, row.get("id")?);
    let made = sign_in::create_token(&province.app, account, post, "bench", 1).await;
    Ok(made.map_err(|error| anyhow::anyhow!("{error:?}"))?.token)
}

async fn send(province: &Province, token: &str, path: &str, body: &Value) -> anyhow::Result<Value> {
    let request = Request::post(path)
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::CONTENT_TYPE, "application/json")
        .header("Command-Id", store::Ids::Random.next().to_string())
        .body(Body::from(body.to_string()))?;
    let answer = province.router.clone().oneshot(request).await?;
    let status = answer.status();
    let bytes = to_bytes(answer.into_body(), 1 << 20).await?;
    anyhow::ensure!(
        status.is_success(),
        "{path}: {status}: {}",
        String::from_utf8_lossy(&bytes)
    );
    Ok(serde_json::from_slice(&bytes)?)
}
