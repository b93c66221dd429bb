//! Getting evidence: by the timer for the authorities of bound and trusted certificates, and for one document when its check
//! asks. In offline mode nothing is called; only what is at hand or was imported counts.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use pdf_signature::pki::{Wanted, certificate_facts};
use rules::ids::CommandId;
use serde::{Deserialize, Serialize};
use serde_json::json;
use signing_providers::{
    EvidenceSource, Fetched,
    online::{Guarded, OnlineConfig},
};
use store::{Act, Begun, Entry, args, sql};
use url::Url;
use uuid::Uuid;

use super::{Item, keep};
use crate::{
    act_names, administration,
    context::{App, Who},
    error::AppResult,
    signing::demo_pki_of,
};

/// Key of the setting.
const KEY: &str = "evidence";
/// A list is fetched anew so long before it is over.
const EARLY: SignedDuration = SignedDuration::from_hours(2);
/// A list without an end, and one that is fresh for long, is fetched anew after this time.
const DAILY: SignedDuration = SignedDuration::from_hours(24);
/// The demo's own lists are made anew so long before they are over.
const DEMO_EARLY: SignedDuration = SignedDuration::from_hours(3 * 24);

/// What may be fetched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EvidenceSettings {
    /// Nothing is fetched.
    pub offline: bool,
    /// Hosts that may be called, see [`OnlineConfig::hosts`].
    pub hosts: Vec<String>,
    /// Hosts inside the state's own network.
    pub internal_hosts: Vec<String>,
}

impl Default for EvidenceSettings {
    /// Offline, until the administrator names hosts.
    fn default() -> Self {
        Self {
            offline: true,
            hosts: Vec::new(),
            internal_hosts: Vec::new(),
        }
    }
}

impl EvidenceSettings {
    fn online(&self) -> OnlineConfig {
        OnlineConfig {
            hosts: self.hosts.clone(),
            internal_hosts: self.internal_hosts.clone(),
            ..OnlineConfig::default()
        }
    }
}

/// The settings in force.
///
/// # Errors
/// When the database fails.
pub async fn settings(app: &App) -> AppResult<EvidenceSettings> {
    let row = app
        .db
        .opt(
            sql!("SELECT value FROM signing_setting WHERE key = $1"),
            args![KEY],
        )
        .await?;
    Ok(row.map(|row| row.json("value")).transpose()?.unwrap_or_default())
}

/// Changes what may be fetched.
///
/// # Errors
/// `QC01-23.4` for everybody but the administrator of the province; a refusal for a line that is no host.
pub async fn set_settings(app: &App, who: &Who, command: CommandId, new: EvidenceSettings) -> AppResult<()> {
    administration::must_administer_province(who)?;
    Guarded::open(&new.online())
        .map_err(|error| rules::Refusal::new("KS-30", error.code(), error.to_string()).on("hosts"))?;
    let mut act = match app.begin(who, command).await? {
        Begun::Before(()) => return Ok(()),
        Begun::Now(act) => act,
    };
    write_settings(&mut act, &new).await?;
    app.commit(act, &()).await
}

/// Writes the settings within an act that already asked who may.
///
/// # Errors
/// When the database fails.
pub async fn write_settings(act: &mut Act, new: &EvidenceSettings) -> AppResult<()> {
    let (now, by) = (act.now(), act.actor().label.clone());
    act.run(
        sql!(
            "INSERT INTO signing_setting (key, value, changed_at, changed_by) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (key) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at, \
             changed_by = excluded.changed_by"
        ),
        args![KEY, serde_json::to_string(new)?, now, by],
    )
    .await?;
    act.journal(Entry {
        act: act_names::EVIDENCE_OFFLINE,
        object_kind: "trust",
        object: Uuid::nil(),
        agency: None,
        summary: if new.offline {
            "Không lấy bằng chứng thu hồi qua mạng.".to_owned()
        } else {
            "Lấy bằng chứng thu hồi qua mạng từ các máy chủ trong danh sách.".to_owned()
        },
        details: json!({ "hosts": new.hosts, "internal_hosts": new.internal_hosts }),
    })
    .await?;
    Ok(())
}

/// Fetches what a check wants, as far as the settings allow. Gives how many pieces came; what did not come is noted with its
/// reason and tried again later.
///
/// # Errors
/// When the database fails.
pub async fn fetch(app: &App, wanted: &[Wanted]) -> AppResult<usize> {
    let settings = settings(app).await?;
    if settings.offline || wanted.is_empty() {
        return Ok(0);
    }
    let source = Guarded::open(&settings.online()).map_err(anyhow::Error::from)?;
    fetch_from(app, &source, wanted).await
}

/// The same from a given source.
///
/// # Errors
/// When the database fails.
pub async fn fetch_from(app: &App, source: &dyn EvidenceSource, wanted: &[Wanted]) -> AppResult<usize> {
    let mut kept = 0;
    for wanted in wanted {
        // Outside every transaction: the network may be slow.
        let fetched = source.fetch(wanted).await;
        let now = app.clock.now();
        let url = wanted.url();
        let (items, error) = match fetched {
            Ok(Fetched::Crl(der)) => (Item::crl(der).into_iter().collect(), None),
            Ok(Fetched::Ocsp(der)) => (Item::ocsp(der, url, now).into_iter().collect(), None),
            Ok(Fetched::Certificates(all)) => (all.into_iter().filter_map(Item::certificate).collect(), None),
            Err(error) => (Vec::new(), Some(error.to_string())),
        };
        let error = error.or_else(|| {
            items
                .is_empty()
                .then(|| "Dữ liệu nhận được không phải bằng chứng thu hồi.".to_owned())
        });
        let next = items.iter().filter_map(|item: &Item| item.next_update).min();
        let mut tx = app.db.begin().await?;
        for item in &items {
            keep(&mut tx, item, url, now).await?;
        }
        tx.run(
            sql!(
                "INSERT INTO evidence_source (url, kind, tried_at, next_at, failures, error) \
                 VALUES ($1, $2, $3, $4, $5, $6) \
                 ON CONFLICT (url) DO UPDATE SET tried_at = excluded.tried_at, next_at = excluded.next_at, \
                 failures = CASE WHEN excluded.error IS NULL THEN 0 ELSE evidence_source.failures + 1 END, \
                 error = excluded.error"
            ),
            args![
                url,
                kind_of(wanted),
                now,
                next_try(now, next, error.is_some()),
                error.is_some(),
                error
            ],
        )
        .await?;
        tx.commit().await?;
        kept += items.len();
    }
    Ok(kept)
}

fn kind_of(wanted: &Wanted) -> &'static str {
    match wanted {
        Wanted::Crl { .. } => "crl",
        Wanted::Ocsp { .. } => "ocsp",
        Wanted::Issuer { .. } => "certificate",
    }
}

/// When to ask again.
fn next_try(now: Timestamp, next_update: Option<Timestamp>, failed: bool) -> Timestamp {
    if failed {
        return now + SignedDuration::from_mins(10);
    }
    let daily = now + DAILY;
    match next_update {
        // Not more often than every ten minutes, however short it is fresh.
        Some(next) => (next - EARLY).min(daily).max(now + SignedDuration::from_mins(10)),
        None => daily,
    }
}

/// The work of the timer: lists that are due for the authorities of bound and trusted certificates; in the demo, its own
/// lists. Gives how many pieces were kept.
///
/// # Errors
/// When the database fails.
pub async fn tend(app: &App) -> AppResult<usize> {
    let mut kept = tend_demo(app).await?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    tx.run(
        sql!("DELETE FROM evidence WHERE kind = 'ocsp' AND next_update < $1"),
        args![now - DAILY],
    )
    .await?;
    tx.commit().await?;
    let due = due(app, now).await?;
    kept += fetch(app, &due).await?;
    Ok(kept)
}

/// Lists that are due.
pub async fn due(app: &App, now: Timestamp) -> AppResult<Vec<Wanted>> {
    let known = app
        .db
        .all(
            sql!("SELECT url FROM evidence_source WHERE next_at > $1"),
            args![now],
        )
        .await?;
    let known = known
        .iter()
        .map(|row| row.get::<String>("url"))
        .collect::<store::Result<BTreeSet<_>>>()?;
    let urls = crl_urls(app).await?;
    Ok(urls
        .into_iter()
        .filter(|url| !known.contains(url))
        .map(|url| Wanted::Crl { url })
        .collect())
}

/// Where the lists of bound and trusted certificates lie, as those certificates say.
async fn crl_urls(app: &App) -> AppResult<BTreeSet<String>> {
    let now = app.clock.now();
    let mut urls = BTreeSet::new();
    let mut note = |der: &[u8]| {
        if let Ok(facts) = certificate_facts(der) {
            urls.extend(facts.crl_urls);
        }
    };
    let anchors = app
        .db
        .all(
            sql!("SELECT certificate FROM trust_anchor WHERE removed_at IS NULL AND not_after > $1"),
            args![now],
        )
        .await?;
    for row in &anchors {
        note(&row.get::<Vec<u8>>("certificate")?);
    }
    let bound = app
        .db
        .all(
            sql!("SELECT chain FROM key_binding WHERE revoked_at IS NULL AND not_after > $1"),
            args![now],
        )
        .await?;
    for row in &bound {
        for der in crate::signing::keys::chain_of(row)? {
            note(&der);
        }
    }
    Ok(urls)
}

/// Hosts that bound and trusted certificates name, for the administrator to choose from.
///
/// # Errors
/// When the database fails.
pub async fn named_hosts(app: &App) -> AppResult<Vec<String>> {
    let hosts: BTreeSet<String> = crl_urls(app)
        .await?
        .iter()
        .filter_map(|url| Some(Url::parse(url).ok()?.host_str()?.to_owned()))
        .collect();
    Ok(hosts.into_iter().collect())
}

/// Makes the lists of the demo's authority anew before they are over.
async fn tend_demo(app: &App) -> AppResult<usize> {
    let Some(pki) = demo_pki_of(app).await? else {
        return Ok(0);
    };
    let now = app.clock.now();
    let fresh = app
        .db
        .one(
            sql!("SELECT count(*) AS n FROM evidence WHERE source = 'demo' AND kind = 'crl' AND next_update > $1"),
            args![now + DEMO_EARLY],
        )
        .await?;
    if fresh.get::<i64>("n")? >= 2 {
        return Ok(0);
    }
    let lists = [
        pki.crl(&[], now).map_err(anyhow::Error::from)?,
        pki.root_crl(now).map_err(anyhow::Error::from)?,
    ];
    let mut tx = app.db.begin().await?;
    let mut kept = 0;
    for der in lists {
        if let Some(item) = Item::crl(der) {
            keep(&mut tx, &item, "demo", now).await?;
            kept += 1;
        }
    }
    tx.commit().await?;
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_asked_for_again_before_it_is_over_but_not_all_the_time() {
        let now = Timestamp::UNIX_EPOCH;
        let hours = SignedDuration::from_hours;
        assert_eq!(next_try(now, Some(now + hours(12)), false), now + hours(10));
        assert_eq!(next_try(now, Some(now + hours(24 * 90)), false), now + hours(24));
        assert_eq!(next_try(now, None, false), now + hours(24));
        let soon = now + SignedDuration::from_mins(10);
        assert_eq!(next_try(now, Some(now + hours(1)), false), soon);
        assert_eq!(next_try(now, None, true), soon);
    }
}
