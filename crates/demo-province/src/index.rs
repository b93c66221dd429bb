//! Quick ways into a province: who sits where, who is above, below and beside whom.

use rules::people::Role;

use crate::agencies::blueprints;
use crate::fields::FieldKey;
use crate::model::{Agency, Level, Province, UnitKind};

/// A working unit of an agency.
#[derive(Debug, Clone)]
pub(crate) struct UnitDesk {
    pub(crate) unit: usize,
    pub(crate) kind: UnitKind,
    pub(crate) head: usize,
    pub(crate) officers: Vec<usize>,
}

/// The people of one agency by what they do.
#[derive(Debug, Clone, Default)]
pub(crate) struct Desk {
    pub(crate) head: usize,
    pub(crate) deputies: Vec<usize>,
    pub(crate) clerks: Vec<usize>,
    pub(crate) units: Vec<UnitDesk>,
}

/// A province with its indexes. Its size depends on the province alone, not on how many documents are made.
#[derive(Debug, Clone)]
pub(crate) struct Office<'a> {
    pub(crate) province: &'a Province,
    pub(crate) desks: Vec<Desk>,
    /// Keys of the agencies directly below each agency.
    pub(crate) children: Vec<Vec<usize>>,
    /// Keys of the agencies of the same parent and standing, without the agency itself.
    pub(crate) peers: Vec<Vec<usize>>,
    /// Keys of all agencies of a level.
    pub(crate) departments: Vec<usize>,
    pub(crate) districts: Vec<usize>,
    pub(crate) communes: Vec<usize>,
    /// The field of each agency; `None` for committees.
    pub(crate) fields: Vec<Option<FieldKey>>,
    /// `senders[k]`: weight of agencies `0..=k` as senders.
    senders: Vec<usize>,
}

impl<'a> Office<'a> {
    pub(crate) fn new(province: &'a Province) -> Self {
        let count = province.agencies.len();
        let mut children = vec![Vec::new(); count];
        let by_level = |level| {
            province
                .agencies
                .iter()
                .filter(move |agency| agency.level == level)
                .map(|agency| agency.key)
                .collect()
        };
        let (departments, districts, communes) = (
            by_level(Level::Department),
            by_level(Level::District),
            by_level(Level::Commune),
        );
        let mut weight = 0;
        let mut senders = Vec::with_capacity(count);
        for agency in &province.agencies {
            if let Some(parent) = agency.parent {
                children[parent].push(agency.key);
            }
            weight += match agency.level {
                Level::Province => 800,
                Level::Department => 140,
                Level::District => 160,
                Level::Commune => 30,
                Level::Subordinate | Level::Partner => 15,
            };
            senders.push(weight);
        }
        let peers = province
            .agencies
            .iter()
            .map(|agency| peers(province, &children, agency))
            .collect();
        let fields = blueprints()
            .iter()
            .take(count)
            .map(|blueprint| blueprint.field)
            .collect();
        Self {
            province,
            desks: desks(province),
            children,
            peers,
            departments,
            districts,
            communes,
            fields,
            senders,
        }
    }

    /// The agency whose turn it is when `place` of [`Self::sender_weight`] has been drawn.
    pub(crate) fn sender(&self, place: usize) -> usize {
        self.senders.partition_point(|weight| *weight <= place)
    }

    /// The bound for [`Self::sender`].
    pub(crate) fn sender_weight(&self) -> usize {
        self.senders.last().copied().unwrap_or(1)
    }
}

/// Departments and districts stand beside each other; a commune does not stand beside the offices of its district.
fn peers(province: &Province, children: &[Vec<usize>], agency: &Agency) -> Vec<usize> {
    let standing = |level| {
        if level == Level::District {
            Level::Department
        } else {
            level
        }
    };
    let of_parent = agency.parent.map_or(&[][..], |parent| &children[parent]);
    let alike =
        |key: &usize| *key != agency.key && standing(province.agencies[*key].level) == standing(agency.level);
    of_parent.iter().copied().filter(alike).collect()
}

fn desks(province: &Province) -> Vec<Desk> {
    let mut desks = vec![Desk::default(); province.agencies.len()];
    let mut heads = vec![None; province.units.len()];
    let mut officers = vec![Vec::new(); province.units.len()];
    for post in &province.posts {
        let desk = &mut desks[post.agency];
        match (post.role, post.unit) {
            (Role::Leader, _) if post.is_agency_head => desk.head = post.key,
            (Role::Leader, _) => desk.deputies.push(post.key),
            (Role::Clerk, _) => desk.clerks.push(post.key),
            // The head of a unit comes before its deputies.
            (Role::UnitHead, Some(unit)) => _ = heads[unit].get_or_insert(post.key),
            (Role::Officer, Some(unit)) => officers[unit].push(post.key),
            _ => {}
        }
    }
    for (unit, officers) in province.units.iter().zip(officers) {
        if let (Some(head), false) = (heads[unit.key], officers.is_empty()) {
            desks[unit.agency].units.push(UnitDesk {
                unit: unit.key,
                kind: unit.kind,
                head,
                officers,
            });
        }
    }
    desks
}
