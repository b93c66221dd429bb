//! The proof that an entry stands in the journal, for somebody who has neither the journal nor a server.
//!
//! It holds the entry, the hashes beside its way up to the root of its seal, and the seals from there to the newest one.
//! Nothing of other entries is given away. Whoever knows a later seal from elsewhere (a [`Mark`]) knows that the entry is as
//! old as it says.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{Mark, Seal, SealedEntry, entry_of, hash_entry, seal_hash, seal_of};
use crate::{Db, Result, args, sql};

/// An entry with its way to the root of the seal that covers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProvedEntry {
    /// The entry.
    pub entry: SealedEntry,
    /// Number of its seal.
    pub seal: i64,
    /// Its place among the entries of the seal, from 0.
    pub place: u64,
    /// The hashes beside its way up, hex, lowest first.
    pub beside: Vec<String>,
}

/// Entries with their proofs, and the chain of seals from the first of them to the newest.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// The entries, in order of the journal.
    pub entries: Vec<ProvedEntry>,
    /// The seals, without a gap.
    pub chain: Vec<Seal>,
}

/// The entries about `object` that are sealed, with their proofs.
///
/// `most_seals` bounds the chain: when the newest seal is farther away, the chain ends there.
///
/// # Errors
/// When the database fails.
pub async fn prove(db: &Db, object: uuid::Uuid, most_seals: u32) -> Result<Proof> {
    let wanted = db
        .all(
            sql!(
                "SELECT seq, seal_no FROM journal WHERE object_id = $1 AND seal_no IS NOT NULL ORDER BY seq"
            ),
            args![object],
        )
        .await?
        .iter()
        .map(|row| Ok((row.get("seq")?, row.get("seal_no")?)))
        .collect::<Result<Vec<(i64, i64)>>>()?;
    let Some(first) = wanted.iter().map(|(_, seal)| *seal).min() else {
        return Ok(Proof::default());
    };
    let mut entries = Vec::new();
    for group in wanted.chunk_by(|one, next| one.1 == next.1) {
        let Some((_, seal)) = group.first() else { continue };
        let all = db
            .all(
                sql!(
                    "SELECT seq, at, act, account_id, post_id, on_behalf_of, actor, agency_id, object_kind, object_id, \
                     command_id, summary, details FROM journal WHERE seal_no = $1 ORDER BY seq"
                ),
                args![*seal],
            )
            .await?
            .iter()
            .map(entry_of)
            .collect::<Result<Vec<_>>>()?;
        let leaves = all.iter().map(hash_entry).collect::<Result<Vec<_>>>()?;
        for (place, entry) in all.into_iter().enumerate() {
            if group.iter().any(|(seq, _)| *seq == entry.seq) {
                entries.push(ProvedEntry {
                    beside: beside(leaves.clone(), place).iter().map(hex::encode).collect(),
                    entry,
                    seal: *seal,
                    place: u64::try_from(place).unwrap_or(u64::MAX),
                });
            }
        }
    }
    let chain = db
        .all(
            sql!(
                "SELECT no, at, entries, root, previous, hash FROM seal WHERE no >= $1 ORDER BY no LIMIT $2"
            ),
            args![first, most_seals],
        )
        .await?
        .iter()
        .map(seal_of)
        .collect::<Result<_>>()?;
    Ok(Proof { entries, chain })
}

fn node(left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update([1]);
    hasher.update(left);
    hasher.update(right);
    hasher.finalize().into()
}

/// The hashes beside the way of one leaf; a leaf without a neighbour goes up as it is.
fn beside(mut level: Vec<[u8; 32]>, mut place: usize) -> Vec<[u8; 32]> {
    let mut found = Vec::new();
    while level.len() > 1 {
        found.extend(level.get(place ^ 1));
        level = level
            .chunks(2)
            .map(|pair| match pair {
                [left, right] => node(left, right),
                odd => odd[0],
            })
            .collect();
        place /= 2;
    }
    found
}

/// The root that an entry at `place` of `count` leads to; `None` when the hashes beside its way do not fit the shape.
fn root(entry: [u8; 32], place: u64, count: u64, beside: &[String]) -> Option<[u8; 32]> {
    if place >= count {
        return None;
    }
    let (mut hash, mut place, mut count) = (entry, place, count);
    let mut beside = beside.iter();
    while count > 1 {
        if place % 2 == 1 || place + 1 < count {
            let other: [u8; 32] = hex::decode(beside.next()?).ok()?.try_into().ok()?;
            hash = if place % 2 == 1 {
                node(&other, &hash)
            } else {
                node(&hash, &other)
            };
        }
        place /= 2;
        count = count.div_ceil(2);
    }
    beside.next().is_none().then_some(hash)
}

impl Proof {
    /// What does not fit, in Vietnamese; `None` when every entry stands under its seal and the seals hang together, and
    /// the seal of `mark` is among them.
    ///
    /// # Errors
    /// When an entry cannot be written as JSON, which does not happen to one that was read.
    pub fn problem(&self, mark: Option<&Mark>) -> Result<Option<String>> {
        for pair in self.chain.windows(2) {
            if let [one, next] = pair
                && (next.previous != one.hash || Some(next.no) != one.no.checked_add(1))
            {
                return Ok(Some(format!(
                    "Niêm phong {} không nối tiếp niêm phong trước.",
                    next.no
                )));
            }
        }
        for seal in &self.chain {
            if seal.hash != seal_hash(seal.no, seal.at, seal.entries, &seal.root, &seal.previous) {
                return Ok(Some(format!("Niêm phong {} đã bị sửa.", seal.no)));
            }
        }
        for one in &self.entries {
            let seq = one.entry.seq;
            let Some(seal) = self.chain.iter().find(|seal| seal.no == one.seal) else {
                return Ok(Some(format!("Thiếu niêm phong của mục nhật ký {seq}.")));
            };
            let count = u64::try_from(seal.entries).unwrap_or(0);
            let root = root(hash_entry(&one.entry)?, one.place, count, &one.beside);
            if root.map(hex::encode).as_deref() != Some(seal.root.as_str()) {
                return Ok(Some(format!(
                    "Mục nhật ký {seq} không khớp với niêm phong {}: nội dung đã bị sửa.",
                    seal.no
                )));
            }
        }
        let known = mark.is_none_or(|mark| {
            self.chain
                .iter()
                .any(|seal| seal.hash == mark.hash && mark.no.is_none_or(|no| no == seal.no))
        });
        Ok((!known).then(|| "Mốc đối chiếu không có trong chuỗi niêm phong của gói chứng cứ.".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::merkle;

    #[test]
    fn every_leaf_leads_to_the_root_and_nothing_else_does() {
        let stranger: [u8; 32] = Sha256::digest(b"stranger").into();
        for count in 1_u8..=40 {
            let leaves: Vec<[u8; 32]> = (0..count).map(|n| Sha256::digest([n]).into()).collect();
            let expected = Some(merkle(leaves.clone()));
            for place in 0..count {
                let path: Vec<String> = beside(leaves.clone(), place.into())
                    .iter()
                    .map(hex::encode)
                    .collect();
                let (at, of) = (u64::from(place), u64::from(count));
                let leaf = leaves[usize::from(place)];
                assert_eq!(root(leaf, at, of, &path), expected, "{place} of {count}");
                assert_ne!(root(stranger, at, of, &path), expected);
                let longer: Vec<String> = path.iter().cloned().chain([hex::encode(stranger)]).collect();
                assert_eq!(root(leaf, at, of, &longer), None);
                assert_eq!(root(leaf, of, of, &path), None);
                if !path.is_empty() {
                    assert_eq!(root(leaf, at, of, &path[1..]), None);
                }
            }
        }
    }
}
