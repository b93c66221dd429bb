//! The journal sealed into a hash chain, and its check without a server.
//!
//! The sealer takes every entry that has no seal yet, makes the Merkle root of their hashes and links it to the
//! seal before. Sealing runs beside the acts and never holds one up.

mod proof;

use std::io::BufRead;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

pub use proof::{Proof, ProvedEntry, prove};

use crate::{Db, Result, Row, Tx, args, sql};

/// An entry as it is exported and hashed: field order is part of the format.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedEntry {
    /// Position in the journal.
    pub seq: i64,
    /// Microseconds since 1970, UTC.
    pub at: i64,
    /// What was done.
    pub act: String,
    /// Account, post, and post on whose behalf.
    pub account: Option<Uuid>,
    /// See the field above.
    pub post: Option<Uuid>,
    /// See the field above.
    pub on_behalf_of: Option<Uuid>,
    /// Name and title at that time.
    pub actor: String,
    /// The agency whose journal it is.
    pub agency: Option<Uuid>,
    /// The object's kind and id.
    pub object_kind: String,
    /// See the field above.
    pub object: Uuid,
    /// The command that caused it.
    pub command: Option<Uuid>,
    /// The sentence people read.
    pub summary: String,
    /// Details, the very JSON text that was stored.
    pub details: String,
}

/// One link of the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seal {
    /// Number of the seal, from 1.
    pub no: i64,
    /// When it was made, microseconds since 1970.
    pub at: i64,
    /// How many entries it covers.
    pub entries: i64,
    /// Merkle root of the entries' hashes in order of `seq`, hex.
    pub root: String,
    /// Hash of the seal before, hex; 64 zeros for the first.
    pub previous: String,
    /// Hash of this seal, hex.
    pub hash: String,
}

/// One line of an exported journal.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Line {
    /// An entry; the entries of a seal stand before it.
    Entry(SealedEntry),
    /// The seal over the entries since the seal before.
    Seal(Seal),
}

/// What the check of an exported journal found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Seals read.
    pub seals: i64,
    /// Entries read.
    pub entries: i64,
    /// Hash of the last seal: kept elsewhere, it is the mark of later checks.
    pub head: String,
    /// Whether there was a line that is none of a journal.
    pub is_unreadable: bool,
    /// Whether the mark stands in the chain; `None` when none was given, and then the chain proves only that it fits
    /// together, not that its end is there or that it was not written anew.
    pub has_mark: Option<bool>,
    /// The first thing that does not fit, in Vietnamese; `None` when the journal is whole.
    pub problem: Option<String>,
}

impl Report {
    /// Whether there was nothing to check: an empty file proves nothing.
    pub fn is_empty(&self) -> bool {
        self.seals == 0 && self.entries == 0 && !self.is_unreadable
    }
}

/// A seal known from elsewhere (mốc đối chiếu): the log, a paper, another agency. Written `hash:no`, or the hash alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mark {
    /// Hash of the seal, hex.
    pub hash: String,
    /// Its number, when it is known.
    pub no: Option<i64>,
}

impl std::fmt::Display for Mark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.no {
            Some(no) => write!(f, "{}:{no}", self.hash),
            None => f.write_str(&self.hash),
        }
    }
}

impl std::str::FromStr for Mark {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (hash, no) = match text.trim().split_once(':') {
            Some((hash, no)) => (hash, Some(no)),
            None => (text.trim(), None),
        };
        let hash = hash.to_lowercase();
        let no = no.map(str::parse::<i64>).transpose();
        match (hex::decode(&hash), no) {
            (Ok(bytes), Ok(no)) if bytes.len() == 32 => Ok(Self { hash, no }),
            _ => Err("mốc đối chiếu có dạng <64 ký tự hex> hoặc <64 ký tự hex>:<số niêm phong>".to_owned()),
        }
    }
}

const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

fn hash_entry(entry: &SealedEntry) -> Result<[u8; 32]> {
    let mut hasher = Sha256::new();
    hasher.update([0]); // leaves and nodes can never be mistaken for each other
    hasher.update(serde_json::to_vec(entry)?);
    Ok(hasher.finalize().into())
}

fn merkle(mut level: Vec<[u8; 32]>) -> [u8; 32] {
    if level.is_empty() {
        return [0; 32];
    }
    while level.len() > 1 {
        level = level
            .chunks(2)
            .map(|pair| match pair {
                [left, right] => {
                    let mut hasher = Sha256::new();
                    hasher.update([1]);
                    hasher.update(left);
                    hasher.update(right);
                    hasher.finalize().into()
                }
                odd => odd[0],
            })
            .collect();
    }
    level[0]
}

fn seal_hash(no: i64, at: i64, entries: i64, root: &str, previous: &str) -> String {
    hex::encode(Sha256::digest(format!(
        "vanthu-seal-1|{no}|{at}|{entries}|{root}|{previous}"
    )))
}

fn entry_of(row: &Row) -> Result<SealedEntry> {
    Ok(SealedEntry {
        seq: row.get("seq")?,
        at: row.get("at")?,
        act: row.get("act")?,
        account: row.get("account_id")?,
        post: row.get("post_id")?,
        on_behalf_of: row.get("on_behalf_of")?,
        actor: row.get("actor")?,
        agency: row.get("agency_id")?,
        object_kind: row.get("object_kind")?,
        object: row.get("object_id")?,
        command: row.get("command_id")?,
        summary: row.get("summary")?,
        details: row.get("details")?,
    })
}

fn seal_of(row: &Row) -> Result<Seal> {
    Ok(Seal {
        no: row.get("no")?,
        at: row.get("at")?,
        entries: row.get("entries")?,
        root: row.get("root")?,
        previous: row.get("previous")?,
        hash: row.get("hash")?,
    })
}

/// Entries under one seal: more would hold up acts for too long and fill the memory, after a bulk load.
const MOST: i64 = 10_000;

/// Seals the entries that have no seal yet, [`MOST`] of them at most under one seal. Gives how many were sealed; call it
/// again until none was.
///
/// # Errors
/// When the database fails, or another node seals at the same moment: then nothing was changed and the next
/// second tries again.
pub async fn seal(db: &Db, now: Timestamp) -> Result<usize> {
    let waiting = db
        .opt(
            sql!("SELECT seq FROM journal WHERE seal_no IS NULL LIMIT 1"),
            args![],
        )
        .await?;
    if waiting.is_none() {
        return Ok(0);
    }
    let mut tx = db.begin().await?;
    let no = next_seal(&mut tx).await?;
    let rows = tx
        .all(
            sql!(
                "UPDATE journal SET seal_no = $1 WHERE seq IN (SELECT seq FROM journal WHERE seal_no IS NULL \
                 ORDER BY seq LIMIT $2) RETURNING seq, at, act, account_id, post_id, \
                 on_behalf_of, actor, agency_id, object_kind, object_id, command_id, summary, details"
            ),
            args![no, MOST],
        )
        .await?;
    let sealed = put_seal(&mut tx, no, now, &rows).await?;
    if sealed == 0 {
        tx.rollback().await?;
        return Ok(0);
    }
    tx.commit().await?;
    Ok(sealed)
}

/// The number of the seal to be put next: a bulk load may write its entries with it, and puts the seal in the same
/// transaction with [`seal_loaded`].
///
/// # Errors
/// When the database fails.
pub async fn next_seal(tx: &mut Tx) -> Result<i64> {
    let last = tx
        .opt(sql!("SELECT no FROM seal ORDER BY no DESC LIMIT 1"), args![])
        .await?;
    Ok(last.map(|row| row.get::<i64>("no")).transpose()?.unwrap_or(0) + 1)
}

/// Puts the seal `no` over the entries that were written with it. Gives how many they are; none is not sealed.
///
/// # Errors
/// When the database fails or another node put a seal meanwhile.
pub async fn seal_loaded(tx: &mut Tx, no: i64, now: Timestamp) -> Result<usize> {
    let rows = tx
        .all(
            sql!(
                "SELECT seq, at, act, account_id, post_id, on_behalf_of, actor, agency_id, object_kind, object_id, \
                 command_id, summary, details FROM journal WHERE seal_no = $1 ORDER BY seq"
            ),
            args![no],
        )
        .await?;
    put_seal(tx, no, now, &rows).await
}

async fn put_seal(tx: &mut Tx, no: i64, now: Timestamp, rows: &[Row]) -> Result<usize> {
    let mut entries = rows.iter().map(entry_of).collect::<Result<Vec<_>>>()?;
    if entries.is_empty() {
        return Ok(0);
    }
    entries.sort_by_key(|entry| entry.seq);
    let root = hex::encode(merkle(entries.iter().map(hash_entry).collect::<Result<_>>()?));
    let previous = match tx
        .opt(sql!("SELECT hash FROM seal WHERE no = $1"), args![no - 1])
        .await?
    {
        Some(last) => last.get("hash")?,
        None => GENESIS.to_owned(),
    };
    let (at, count) = (
        now.as_microsecond(),
        i64::try_from(entries.len()).unwrap_or(i64::MAX),
    );
    let hash = seal_hash(no, at, count, &root, &previous);
    tx.run(
        sql!("INSERT INTO seal (no, at, entries, root, previous, hash) VALUES ($1, $2, $3, $4, $5, $6)"),
        args![no, at, count, root, previous, hash],
    )
    .await?;
    Ok(entries.len())
}

/// Writes the sealed journal as JSON lines into `out`, seal by seal. Gives the number of seals.
///
/// # Errors
/// When the database or `out` fails.
pub async fn export(db: &Db, out: &mut impl std::io::Write) -> Result<i64> {
    let mut no = 0;
    loop {
        let next = db
            .opt(
                sql!(
                    "SELECT no, at, entries, root, previous, hash FROM seal WHERE no > $1 ORDER BY no LIMIT 1"
                ),
                args![no],
            )
            .await?;
        let Some(next) = next else { return Ok(no) };
        let seal = seal_of(&next)?;
        no = seal.no;
        let rows = db
            .all(
                sql!(
                    "SELECT seq, at, act, account_id, post_id, on_behalf_of, actor, agency_id, object_kind, \
                     object_id, command_id, summary, details FROM journal WHERE seal_no = $1 ORDER BY seq"
                ),
                args![no],
            )
            .await?;
        for row in &rows {
            writeln!(out, "{}", serde_json::to_string(&Line::Entry(entry_of(row)?))?)?;
        }
        writeln!(out, "{}", serde_json::to_string(&Line::Seal(seal))?)?;
    }
}

/// The last seal, to be kept where the owner of the database cannot change it.
///
/// # Errors
/// When the database fails.
pub async fn head(db: &Db) -> Result<Option<Mark>> {
    let last = db
        .opt(
            sql!("SELECT no, hash FROM seal ORDER BY no DESC LIMIT 1"),
            args![],
        )
        .await?;
    last.map(|row| {
        Ok(Mark {
            hash: row.get("hash")?,
            no: Some(row.get("no")?),
        })
    })
    .transpose()
}

/// Checks an exported journal with no server: every entry under its seal, every seal linked to the one before, and the
/// seal of `mark` among them.
///
/// # Errors
/// Only when `input` cannot be read; a damaged journal is a [`Report`] with a problem.
pub fn verify(input: impl BufRead, mark: Option<&Mark>) -> Result<Report> {
    let mut report = Report {
        seals: 0,
        entries: 0,
        head: GENESIS.to_owned(),
        is_unreadable: false,
        has_mark: mark.map(|_| false),
        problem: None,
    };
    let mut waiting: Vec<[u8; 32]> = Vec::new();
    let mut seq = 0;
    for (number, line) in input.lines().enumerate() {
        let line = line?;
        let broken = |what: &str| Some(format!("Dòng {}: {what}", number + 1));
        match serde_json::from_str::<Line>(&line) {
            Err(_) => {
                report.is_unreadable = true;
                report.problem = broken("không đọc được, nhật ký đã bị sửa hoặc hỏng.");
            }
            Ok(Line::Entry(entry)) => {
                if !waiting.is_empty() && entry.seq <= seq {
                    report.problem = broken("thứ tự mục nhật ký không đúng.");
                }
                seq = entry.seq;
                waiting.push(hash_entry(&entry)?);
                report.entries += 1;
            }
            Ok(Line::Seal(seal)) => {
                let count = i64::try_from(waiting.len()).unwrap_or(i64::MAX);
                let root = hex::encode(merkle(std::mem::take(&mut waiting)));
                let expected = seal_hash(seal.no, seal.at, seal.entries, &seal.root, &seal.previous);
                if seal.no != report.seals + 1 || seal.previous != report.head {
                    report.problem =
                        broken("niêm phong không nối tiếp niêm phong trước: có đoạn bị bỏ đi hoặc chèn vào.");
                } else if seal.entries != count || seal.root != root {
                    report.problem = broken(
                        "nội dung các mục không khớp với niêm phong: có mục đã bị sửa, thêm hoặc xóa.",
                    );
                } else if seal.hash != expected {
                    report.problem = broken("niêm phong đã bị sửa.");
                }
                if mark.is_some_and(|mark| mark.hash == seal.hash && mark.no.is_none_or(|no| no == seal.no)) {
                    report.has_mark = Some(true);
                }
                report.seals = seal.no;
                report.head = seal.hash;
            }
        }
        if report.problem.is_some() {
            return Ok(report);
        }
    }
    if !waiting.is_empty() {
        report.problem = Some("Cuối tệp có mục chưa được niêm phong: tệp bị cắt ngắn.".to_owned());
    } else if report.has_mark == Some(false) {
        report.problem = Some(
            "Mốc đối chiếu không có trong chuỗi niêm phong: phần cuối đã bị bỏ đi, hoặc cả nhật ký đã bị viết lại."
                .to_owned(),
        );
    }
    Ok(report)
}
