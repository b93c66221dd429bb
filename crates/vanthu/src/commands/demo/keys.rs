//! Certificates of the demo: an authority of its own, made in the data folder at the first start, certificates for everybody
//! who signs and for every agency, trust in them, and who keeps the keys. **None of it has legal value**, and pages say so.

use std::{
    path::Path,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use demo_pki::{Agency, DemoPki, Issued, Key, Options, Person};
use jiff::{SignedDuration, Timestamp};
use pdf_signature::pki::{AlgorithmPolicy, Purpose, certificate_facts};
use rules::{
    ids::{AccountId, AgencyId, CommandId, PostId},
    signing::custody::DeviceKind,
};
use serde_json::json;
use signing_providers::{ProviderConfig, config::SoftwareConfig};
use std::collections::HashMap;
use store::{Act, Actor, Arg, Begun, Entry, args, sql};
use uuid::Uuid;

use crate::{
    act_names,
    context::App,
    signing::{
        demo::{folder, keys_folder},
        evidence::{self, EvidenceSettings, Item},
        keys::{self, NewProvider, TimeStampService},
        trust::{self, NewAnchor},
    },
};

/// Which keys are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keys {
    /// ECDSA P-256 for everybody: made within milliseconds, for tests.
    Quick,
    /// RSA-2048 and RSA-3072 for the people and agencies whom the documentation names, as real certificates have; P-256 for
    /// the many.
    Real,
}

/// Accounts of agencies whom the documentation names end in these.
const CAST: [&str; 5] = ["ubnd", "stttt", "snv", "dakmil", "xdaklao"];
/// Certificates begin so long before the demo, so that its recent past is covered.
const SINCE: SignedDuration = SignedDuration::from_hours(24 * 300);
/// Threads that make keys.
const THREADS: usize = 4;

/// Somebody or something that gets a certificate.
struct Holder {
    account: Option<AccountId>,
    agency: AgencyId,
    /// Name of the key's files.
    name: String,
    key: Key,
    subject: Subject,
}

enum Subject {
    Person(Person),
    Agency(Agency),
}

/// Makes authority, certificates, trust and custody of the demo; once, and only in the demo. Tells whether it did.
///
/// # Errors
/// When the database or the data folder fails.
pub async fn seed(app: &App, kind: Keys) -> anyhow::Result<bool> {
    let known = app
        .db
        .opt(sql!("SELECT id FROM signing_provider LIMIT 1"), args![])
        .await?;
    if known.is_some() || !app.has_sample_data() {
        return Ok(false);
    }
    let begun = Instant::now();
    let now = app.clock.now();
    let holders = holders(app, kind).await?;
    let (pki_folder, keys_folder) = (folder(app), keys_folder(app));
    let since = now - SINCE;
    let (pki, issued) = tokio::task::spawn_blocking(move || {
        let pki = Arc::new(DemoPki::open(&pki_folder, since, Options::default())?);
        let issued = issue(&pki, &holders, since, &keys_folder)?;
        anyhow::Ok((pki, holders.into_iter().zip(issued).collect::<Vec<_>>()))
    })
    .await??;
    let made = begun.elapsed();
    write(app, kind, &pki, &issued, now).await?;
    tracing::info!(
        certificates = issued.len(),
        keys_ms = made.as_millis(),
        all_ms = begun.elapsed().as_millis(),
        "the demo has its certificates"
    );
    Ok(true)
}

/// Leaders of all agencies, heads of units of the cast, and the agencies.
async fn holders(app: &App, kind: Keys) -> anyhow::Result<Vec<Holder>> {
    let agencies = app
        .db
        .all(
            sql!(
                "SELECT id, name, printed_parent, code, account_suffix, place_name FROM agency WHERE level <> 'partner' \
                 ORDER BY id"
            ),
            args![],
        )
        .await?;
    let mut holders = Vec::new();
    let mut of: HashMap<AgencyId, (String, String, bool)> = HashMap::new();
    for row in &agencies {
        let id: AgencyId = row.get("id")?;
        let (name, suffix): (String, String) = (row.get("name")?, row.get("account_suffix")?);
        let code = row.get::<Option<String>>("code")?.unwrap_or_default();
        let is_cast = CAST.contains(&suffix.as_str());
        of.insert(id, (name.clone(), code.clone(), is_cast));
        holders.push(Holder {
            account: None,
            agency: id,
            name: format!("co-quan.{suffix}"),
            key: match kind {
                Keys::Real if suffix == "ubnd" => Key::Rsa3072,
                Keys::Real if is_cast => Key::Rsa2048,
                Keys::Real | Keys::Quick => Key::P256,
            },
            subject: Subject::Agency(Agency {
                name,
                parent: row.get::<Option<String>>("printed_parent")?.unwrap_or_default(),
                org_id: code,
                locality: row.get("place_name")?,
            }),
        });
    }
    let people = app
        .db
        .all(
            sql!(
                "SELECT a.id, a.username, a.full_name, p.title, p.agency_id, p.role FROM post p \
                 JOIN account a ON a.id = p.account_id WHERE p.role IN ('leader', 'unit_head') ORDER BY p.id"
            ),
            args![],
        )
        .await?;
    let mut seen = std::collections::HashSet::new();
    for row in &people {
        let (account, agency): (AccountId, AgencyId) = (row.get("id")?, row.get("agency_id")?);
        let Some((org, org_id, is_cast)) = of.get(&agency) else {
            continue;
        };
        let is_leader = row.get::<String>("role")? == "leader";
        if !(is_leader || *is_cast) || !seen.insert(account) {
            continue;
        }
        let username: String = row.get("username")?;
        holders.push(Holder {
            account: Some(account),
            agency,
            key: if kind == Keys::Real && *is_cast && is_leader {
                Key::Rsa2048
            } else {
                Key::P256
            },
            subject: Subject::Person(Person {
                name: row.get("full_name")?,
                title: row.get("title")?,
                org: org.clone(),
                org_id: org_id.clone(),
                uid: username.clone(),
            }),
            name: username,
        });
    }
    Ok(holders)
}

/// Makes keys and certificates on several threads and writes them into the folder of software keys.
fn issue(pki: &DemoPki, holders: &[Holder], since: Timestamp, to: &Path) -> anyhow::Result<Vec<Issued>> {
    let each = holders.len().div_ceil(THREADS).max(1);
    thread::scope(|scope| {
        let workers: Vec<_> = holders
            .chunks(each)
            .map(|part| {
                scope.spawn(move || {
                    part.iter()
                        .map(|holder| {
                            let issued = match &holder.subject {
                                Subject::Person(person) => pki.person(person, holder.key, since)?,
                                Subject::Agency(agency) => pki.agency(agency, holder.key, since)?,
                            };
                            issued.save(to, &holder.name)?;
                            anyhow::Ok(issued)
                        })
                        .collect::<anyhow::Result<Vec<_>>>()
                })
            })
            .collect();
        let mut all = Vec::with_capacity(holders.len());
        for worker in workers {
            let part = worker.join().map_err(|_| anyhow::anyhow!("making keys failed"))?;
            all.extend(part?);
        }
        Ok(all)
    })
}

/// Everything about them in the database, in one act.
async fn write(
    app: &App,
    kind: Keys,
    pki: &DemoPki,
    issued: &[(Holder, Issued)],
    now: Timestamp,
) -> anyhow::Result<()> {
    let command = CommandId::from_uuid(app.ids.next());
    let Begun::Now(mut act) =
        Act::begin::<()>(&app.db, &app.clock, &app.ids, Actor::system(), command).await?
    else {
        anyhow::bail!("an id was given out twice");
    };
    let provider = keys::insert_provider(
        app,
        &mut act,
        &NewProvider {
            agency: None,
            label: String::new(),
            config: Some(ProviderConfig::Software(SoftwareConfig {
                folder: std::path::absolute(keys_folder(app))?,
            })),
            secrets: HashMap::new(),
        },
        signing_providers::software::LABEL,
    )
    .await?;
    let policy = AlgorithmPolicy::default();
    trust::insert(
        &mut act,
        &policy,
        NewAnchor {
            certificate: pki.root()?,
            label: "Chứng thư gốc thử nghiệm (không có giá trị pháp lý)".to_owned(),
            purposes: vec![Purpose::Signing, Purpose::TimeStamping, Purpose::Xml],
            valid_from: None,
            valid_to: None,
        },
    )
    .await?;
    let lists = [pki.crl(&[], now)?, pki.root_crl(now)?].map(Item::crl);
    for item in lists
        .into_iter()
        .chain([Item::certificate(pki.issuing()?)])
        .flatten()
    {
        evidence::keep(&mut act, &item, "demo", now).await?;
    }
    evidence::write_settings(&mut act, &EvidenceSettings::default()).await?;
    keys::write_service(app, &mut act, &TimeStampService::Demo, &HashMap::new()).await?;
    bind(&mut act, provider, issued).await?;
    hand_out(&mut act).await?;
    if kind == Keys::Real {
        require(&mut act).await?;
    }
    act.journal(Entry {
        act: act_names::SEED_KEYS,
        object_kind: "installation",
        object: Uuid::nil(),
        agency: None,
        summary: format!(
            "Tạo {} chứng thư thử nghiệm bằng khóa phần mềm, không có giá trị pháp lý.",
            issued.len()
        ),
        details: json!({ "certificates": issued.len() }),
    })
    .await?;
    app.commit(act, &()).await?;
    Ok(())
}

/// Binds the certificates, in bulk: there are more than a thousand.
async fn bind(act: &mut Act, provider: Uuid, issued: &[(Holder, Issued)]) -> anyhow::Result<()> {
    let now = act.now();
    let mut rows: Vec<Vec<Arg>> = Vec::with_capacity(issued.len());
    for (holder, issued) in issued {
        let leaf = issued.chain.first().map(Vec::as_slice).unwrap_or_default();
        let facts = certificate_facts(leaf)?;
        let chain: Vec<String> = issued.chain.iter().map(|der| STANDARD.encode(der)).collect();
        let subject = facts.subject_cn.clone().unwrap_or_else(|| facts.subject.clone());
        rows.push(args![
            act.new_id(),
            if holder.account.is_some() {
                "person"
            } else {
                "agency"
            },
            holder.account,
            holder.agency,
            provider,
            holder.name.as_str(),
            format!("{subject} ({})", keys::key_name(&facts)),
            serde_json::to_string(&chain)?,
            hex::decode(&facts.sha256)?,
            facts.serial.as_str(),
            subject.as_str(),
            facts.issuer.as_str(),
            facts.not_before,
            facts.not_after,
            now,
        ]);
    }
    act.bulk(
        sql!(
            "INSERT INTO key_binding (id, owner, account_id, agency_id, provider_id, key_name, label, chain, sha256, serial, \
             subject, issuer, not_before, not_after, note, bound_at, bound_by) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, '', $15, 'Hệ thống')"
        ),
        rows,
    )
    .await?;
    Ok(())
}

/// From now on the agencies of the demo issue signed documents only. What was issued before stays as it was.
async fn require(act: &mut Act) -> anyhow::Result<()> {
    let (agencies, today) = (
        act.all(
            sql!("SELECT id FROM agency WHERE level <> 'partner' ORDER BY id"),
            args![],
        )
        .await?,
        act.today(),
    );
    let mut rows = Vec::with_capacity(agencies.len());
    for row in &agencies {
        rows.push(args![row.get::<AgencyId>("id")?, today]);
    }
    act.bulk(
        sql!("INSERT INTO agency_setting (agency_id, key, valid_from, value) VALUES ($1, 'signing.required', $2, 'true')"),
        rows,
    )
    .await?;
    Ok(())
}

/// Gives the first clerk of every agency its seal and its secret-key device.
async fn hand_out(act: &mut Act) -> anyhow::Result<()> {
    let rows = act
        .all(
            sql!(
                "SELECT p.id, p.agency_id, p.title, a.full_name, g.name FROM post p JOIN account a ON a.id = p.account_id \
                 JOIN agency g ON g.id = p.agency_id WHERE p.role = 'clerk' AND g.level <> 'partner' ORDER BY p.id"
            ),
            args![],
        )
        .await?;
    let now = act.now();
    let mut given = std::collections::HashSet::new();
    let (mut devices, mut handovers) = (Vec::new(), Vec::new());
    for row in &rows {
        let agency: AgencyId = row.get("agency_id")?;
        if !given.insert(agency) {
            continue;
        }
        let post: PostId = row.get("id")?;
        let label = format!(
            "{}, {}",
            row.get::<String>("full_name")?,
            row.get::<String>("title")?
        );
        for (kind, name) in [
            (DeviceKind::Seal, "Dấu tròn của cơ quan"),
            (DeviceKind::SecretKey, "Khóa phần mềm của cơ quan (chỉ dùng thử)"),
        ] {
            let device = act.new_id();
            devices.push(args![device, agency, kind.as_str(), name, post, now]);
            handovers.push(args![
                act.new_id(),
                device,
                post,
                label.as_str(),
                "Quyết định giao nhiệm vụ văn thư (dữ liệu mẫu)",
                "Biên bản bàn giao (dữ liệu mẫu)",
                now,
            ]);
        }
    }
    act.bulk(
        sql!(
            "INSERT INTO custody_device (id, agency_id, kind, label, number, holder, since, added_at, added_by) \
             VALUES ($1, $2, $3, $4, '', $5, $6, $6, 'Hệ thống')"
        ),
        devices,
    )
    .await?;
    act.bulk(
        sql!(
            "INSERT INTO custody_handover (id, device_id, from_label, to_post, to_label, permission, minutes, at, recorded_at, \
             recorded_by) VALUES ($1, $2, '', $3, $4, $5, $6, $7, $7, 'Hệ thống')"
        ),
        handovers,
    )
    .await?;
    Ok(())
}

/// Draws the images of the cast, so that their pages are not empty; those of the others are drawn when first needed.
///
/// # Errors
/// When the database fails.
pub async fn draw_cast(app: &App) -> anyhow::Result<()> {
    let begun = Instant::now();
    let rows = app
        .db
        .all(
            sql!(
                "SELECT g.id AS agency_id, g.account_suffix, p.account_id FROM agency g JOIN post p ON p.agency_id = g.id \
                 WHERE g.level <> 'partner' AND p.role = 'leader' ORDER BY g.id, p.id"
            ),
            args![],
        )
        .await?;
    let mut drawn = std::collections::HashSet::new();
    for row in &rows {
        if !CAST.contains(&row.get::<String>("account_suffix")?.as_str()) {
            continue;
        }
        let agency: AgencyId = row.get("agency_id")?;
        if drawn.insert(agency) {
            crate::signing::images::seal(app, agency).await?;
        }
        crate::signing::images::handwriting(app, row.get("account_id")?).await?;
    }
    if begun.elapsed() > Duration::from_secs(1) {
        tracing::info!(ms = begun.elapsed().as_millis(), "images of the demo are drawn");
    }
    Ok(())
}
