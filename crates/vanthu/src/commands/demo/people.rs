//! The seeded province, as the history needs it: who is who by the generator's keys, and ids that follow from a
//! document's place in the history.

use demo_province::{Agency, Province};
use jiff::{Timestamp, civil::DateTime};
use rules::{
    ids::{AccountId, AgencyId, PostId, UnitId},
    people::Role,
};
use uuid::Uuid;

use super::Seeded;

/// A person in a post.
#[derive(Debug, Clone)]
pub struct Person {
    pub post: PostId,
    pub account: AccountId,
    pub unit: Option<UnitId>,
    pub name: String,
    pub title: String,
    /// Name and title, as the journal writes them.
    pub label: String,
}

/// Everybody, by key.
pub struct People<'a> {
    pub seeded: &'a Seeded,
    persons: Vec<Person>,
    unit_heads: Vec<Vec<usize>>,
    agency_heads: Vec<Option<usize>>,
}

impl<'a> People<'a> {
    /// Of the posts that the circle of the history has.
    ///
    /// # Errors
    /// When the circle names somebody who was not seeded.
    pub fn new(seeded: &'a Seeded, circle: &Province) -> anyhow::Result<Self> {
        let mut unit_heads = vec![Vec::new(); circle.units.len()];
        let mut agency_heads = vec![None; circle.agencies.len()];
        let mut persons = Vec::with_capacity(circle.posts.len());
        for post in &circle.posts {
            let (id, account) = *seeded
                .posts
                .get(&post.key)
                .ok_or_else(|| anyhow::anyhow!("post {} was not seeded", post.key))?;
            if let (Role::UnitHead, Some(unit)) = (post.role, post.unit) {
                unit_heads[unit].push(post.key);
            }
            if post.is_agency_head {
                agency_heads[post.agency] = Some(post.key);
            }
            persons.push(Person {
                post: id,
                account,
                unit: post.unit.and_then(|unit| seeded.units.get(&unit).copied()),
                name: post.full_name.clone(),
                title: post.title.clone(),
                label: format!("{}, {}", post.full_name, post.title),
            });
        }
        Ok(Self {
            seeded,
            persons,
            unit_heads,
            agency_heads,
        })
    }

    /// The person of a post.
    pub fn person(&self, post: usize) -> &Person {
        &self.persons[post]
    }

    /// The heads of a unit, the first one first.
    pub fn heads_of_unit(&self, unit: usize) -> impl Iterator<Item = &Person> {
        self.unit_heads[unit].iter().map(|post| self.person(*post))
    }

    /// The head of an agency.
    pub fn head_of_agency(&self, agency: usize) -> Option<&Person> {
        self.agency_heads[agency].map(|post| self.person(post))
    }

    /// The id of an agency or partner.
    pub fn agency_id(&self, key: usize) -> AgencyId {
        self.seeded.agencies[&key]
    }

    /// An agency or partner.
    ///
    /// # Errors
    /// When there is none of this key.
    pub fn agency(&self, key: usize) -> anyhow::Result<&Agency> {
        let agency = self.seeded.province.agency(key);
        agency.ok_or_else(|| anyhow::anyhow!("no agency {key} in the province"))
    }
}

/// What an id is for; part of the id.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    Outgoing = 1,
    SignOff = 2,
    Delivery = 3,
    Event = 4,
    Incoming = 5,
    Assignment = 6,
}

/// Ids of the history. They look and sort like those of the running program, but follow from the place in the
/// history, so that an answer knows the id of what it answers without looking it up.
#[derive(Debug, Clone, Copy)]
pub struct HistoryIds {
    /// Milliseconds since 1970 of the first and of the last document.
    pub start: i64,
    pub end: i64,
    /// Documents of the history.
    pub count: usize,
}

impl HistoryIds {
    /// The id of something of the document `index`; `line` is the recipient's key, `nth` counts within it.
    pub fn id(&self, kind: Kind, index: usize, line: usize, nth: usize) -> Uuid {
        let span = i128::from(self.end - self.start);
        let offset = span * index as i128 / self.count.max(1) as i128;
        let at = u64::try_from(i128::from(self.start) + offset).unwrap_or_default();
        let (index, line) = ((index as u32).to_be_bytes(), (line as u16).to_be_bytes());
        // The high bits of bytes 0 and 2 belong to version and variant.
        let rest = [
            kind as u8, nth as u8, 0, index[0], index[1], index[2], index[3], line[0], line[1], 0,
        ];
        uuid::Builder::from_unix_timestamp_millis(at, &rest).into_uuid()
    }
}

/// The instant of a local time in Viet Nam.
pub fn instant(local: DateTime) -> Timestamp {
    rules::office_time::VIETNAM
        .to_timestamp(local)
        .unwrap_or(Timestamp::UNIX_EPOCH)
}
