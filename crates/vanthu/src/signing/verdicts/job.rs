//! Every incoming and issued PDF is checked without being asked; what is open only for lack of evidence is checked again,
//! after growing pauses.
//!
//! A check can take seconds and may ask the network, so it comes before the transaction that keeps what was found: a worker
//! that checks holds up nobody who writes.

use jiff::SignedDuration;
use pdf_signature::verify::Verdict;
use rules::{ids::FileId, legal_value::legal_value};
use serde::{Deserialize, Serialize};
use store::{Act, Entry, Job, args, sql};

use super::{
    kept::{self, Stored},
    object::{Object, Pdf},
    verify::{Checked, lacks_evidence, legal, verify},
};
use crate::{act_names, context::App, error::AppResult, incoming};

/// Kind of the job.
pub const KIND: &str = "verdicts.check";

/// Pauses before the checks that follow, in minutes: a service that is down for lunch, for a night, for a week.
const PAUSES: [i64; 9] = [5, 15, 60, 180, 360, 720, 1440, 2880, 5760];

/// An order to check the files of an object.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Order {
    object: Object,
    /// Checks that ended without enough evidence before this one.
    #[serde(default)]
    tries: usize,
}

/// Orders a check of the files of a document, in the act that brings them.
///
/// # Errors
/// When the database fails.
pub async fn schedule(act: &mut Act, object: Object) -> AppResult<()> {
    Ok(act.enqueue(KIND, &Order { object, tries: 0 }).await?)
}

/// What was just found about a file.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The file.
    pub file: FileId,
    /// Whether it is the main document.
    pub is_main: bool,
    /// The check.
    pub checked: Checked,
}

/// What was just found about the files of an object.
pub type Fresh = Vec<Finding>;

/// Checks those PDF files of an object for which `wanted` says so, given the newest verdict on each.
///
/// # Errors
/// When the database or the store fails, or no process can be started.
pub async fn check(app: &App, object: Object, wanted: impl Fn(Option<&Stored>) -> bool) -> AppResult<Fresh> {
    let known = kept::of_object(app, object.id()).await?;
    let mut fresh = Vec::new();
    for Pdf { is_main, file } in object.pdfs(app).await? {
        if wanted(known.iter().find(|stored| stored.file == file.id)) {
            let content = app.blobs.read(file.digest).await?;
            fresh.push(Finding {
                file: file.id,
                is_main,
                checked: verify(app, content).await?,
            });
        }
    }
    Ok(fresh)
}

/// Keeps what was found and what it means for the document: the checks of reception of an incoming one, the legal value of
/// an issued one, which it loses with its signatures (QD28 Điều 4).
///
/// # Errors
/// When the database fails.
pub async fn keep(
    act: &mut Act,
    object: Object,
    fresh: &Fresh,
    judged: Option<&incoming::Judged>,
) -> AppResult<()> {
    for found in fresh {
        kept::store(act, object.kind(), object.id(), found.file, &found.checked).await?;
    }
    match (object, judged) {
        (Object::Incoming(id), Some(judged)) => incoming::note_signatures(act, id, judged).await?,
        (Object::Outgoing(id), _) => {
            if let Some(main) = fresh.iter().find(|found| found.is_main) {
                let (person, agency) = legal(&main.checked);
                act.run(
                    sql!("UPDATE outgoing SET legal_value = $2 WHERE id = $1 AND state = 'issued'"),
                    args![id, legal_value(person, agency, true).as_str()],
                )
                .await?;
            }
        }
        _ => {}
    }
    Ok(())
}

/// What was found, in the words of the history: one sentence.
pub fn sentence(what: &str, fresh: &Fresh) -> String {
    let worst = fresh.iter().map(|found| found.checked.verdict).max();
    let signed: usize = fresh.iter().map(|found| found.checked.signatures.len()).sum();
    match (worst, signed) {
        (None, _) => format!("{what}: không có tệp PDF."),
        (Some(Verdict::Indeterminate), 0) => format!("{what}: văn bản không có chữ ký số."),
        (Some(verdict), signed) => format!("{what}: {}, {signed} chữ ký.", verdict.label().to_lowercase()),
    }
}

/// What the journal keeps of a check beside its sentence.
pub fn details(fresh: &Fresh) -> serde_json::Value {
    let files: Vec<_> = fresh
        .iter()
        .map(|Finding { file, checked, .. }| {
            serde_json::json!({
                "file": file, "sha256": checked.file_sha256, "verdict": checked.verdict.code(),
                "sub_reason": checked.sub_reason, "signatures": checked.signatures.len(),
                "trust_list": checked.trust_list_version, "engine": checked.engine,
            })
        })
        .collect();
    serde_json::json!({ "files": files })
}

/// Carries out a check of the outbox: first the check, then the act that keeps it and takes the job away.
///
/// # Errors
/// When the check cannot be done or the database fails; the job is then tried again.
pub async fn perform(app: &App, job: &Job) -> AppResult<()> {
    let Order { object, tries } = job.payload()?;
    let fresh = check(app, object, |known| match known {
        None => true,
        Some(known) => tries > 0 && lacks_evidence(&known.report),
    })
    .await?;
    let judged = match object {
        Object::Incoming(id) if !fresh.is_empty() => incoming::judge(app, id, &fresh).await?,
        _ => None,
    };
    let agency = object.agency(app).await?;
    let Some(mut act) = Act::begin_job(&app.db, &app.clock, &app.ids, job).await? else {
        return Ok(());
    };
    if fresh.is_empty() || object.is_cancelled(&mut act).await? {
        return Ok(act.nothing_to_do().await?);
    }
    keep(&mut act, object, &fresh, judged.as_ref()).await?;
    act.journal(Entry {
        act: act_names::CHECK_SIGNATURES,
        object_kind: object.kind(),
        object: object.id(),
        agency,
        summary: sentence("Kiểm tra chữ ký số", &fresh),
        details: details(&fresh),
    })
    .await?;
    let is_open = fresh.iter().any(|found| lacks_evidence(&found.checked));
    if let (true, Some(minutes)) = (is_open, PAUSES.get(tries)) {
        let due = act.now() + SignedDuration::from_mins(*minutes);
        let order = Order {
            object,
            tries: tries + 1,
        };
        act.enqueue_at(KIND, &order, due).await?;
    }
    app.commit(act, &()).await
}
