//! To whom a document goes.

use crate::index::Office;
use crate::model::Level;
use crate::rng::Rng;

/// Which way a document goes in the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    /// To the agency above, perhaps with others beside.
    Up,
    /// To agencies of the same parent.
    Side,
    /// To agencies below.
    Down,
}

/// Which way the next letter of `from` goes: communes write upwards, the province downwards.
pub(crate) fn direction(rng: &mut Rng, office: &Office<'_>, from: usize) -> Direction {
    use Direction::{Down, Side, Up};
    let wanted = match office.province.agencies[from].level {
        Level::Province => Down,
        Level::Department => rng.weighted(&[(Up, 25), (Side, 45), (Down, 30)]),
        Level::District => rng.weighted(&[(Up, 30), (Side, 10), (Down, 60)]),
        Level::Commune => rng.weighted(&[(Up, 90), (Side, 10)]),
        Level::Subordinate | Level::Partner => rng.weighted(&[(Up, 70), (Side, 30)]),
    };
    match wanted {
        Down if office.children[from].is_empty() => Up,
        Side if office.peers[from].is_empty() => Up,
        other => other,
    }
}

/// One to five recipients in `direction`; for [`Direction::Up`] the agency above comes first.
pub(crate) fn some(rng: &mut Rng, office: &Office<'_>, from: usize, direction: Direction) -> Vec<usize> {
    let count = rng.weighted(&[(1, 40), (2, 25), (3, 15), (4, 10), (5, 10)]);
    some_of(rng, office, from, direction, count)
}

/// About `count` recipients in `direction`, fewer when there are not so many.
pub(crate) fn some_of(
    rng: &mut Rng,
    office: &Office<'_>,
    from: usize,
    direction: Direction,
    count: usize,
) -> Vec<usize> {
    let mut chosen = Vec::with_capacity(count);
    let parent = office.province.agencies[from].parent;
    if direction == Direction::Up {
        chosen.extend(parent);
    }
    let pool = match direction {
        Direction::Down => office.children[from].as_slice(),
        Direction::Up | Direction::Side => office.peers[from].as_slice(),
    };
    for _ in 0..count * 4 {
        if chosen.len() >= count || pool.is_empty() {
            break;
        }
        let candidate = rng.one(pool);
        if !chosen.contains(&candidate) {
            chosen.push(candidate);
        }
    }
    if chosen.is_empty() {
        // There is nobody beside it: somebody above or below always exists.
        chosen.extend(parent.or_else(|| office.children[from].first().copied()));
    }
    chosen
}

/// All agencies of a group at once: departments, districts, communes, own bodies. Few agencies have such a group; the
/// others write to some.
pub(crate) fn everybody(rng: &mut Rng, office: &Office<'_>, from: usize) -> Vec<usize> {
    let agencies = &office.province.agencies;
    let mut all: Vec<usize> = match agencies[from].level {
        Level::Province => match rng.weighted(&[(0, 55), (1, 30), (2, 15)]) {
            0 => office
                .departments
                .iter()
                .chain(&office.districts)
                .copied()
                .collect(),
            1 => office.districts.clone(),
            _ => office.communes.clone(),
        },
        Level::Department => match rng.weighted(&[(0, 45), (1, 35), (2, 20)]) {
            0 => office.districts.clone(),
            1 => office.departments.clone(),
            _ => office.children[from].clone(),
        },
        Level::District => {
            let level = rng.weighted(&[(Level::Commune, 65), (Level::Subordinate, 35)]);
            office.children[from]
                .iter()
                .copied()
                .filter(|&key| agencies[key].level == level)
                .collect()
        }
        Level::Commune | Level::Subordinate | Level::Partner => Vec::new(),
    };
    all.retain(|&key| key != from);
    if all.is_empty() {
        let direction = direction(rng, office, from);
        return some(rng, office, from, direction);
    }
    all
}

/// Where a province reports to: the first partner, Văn phòng Chính phủ.
pub(crate) fn central(office: &Office<'_>) -> Vec<usize> {
    office
        .province
        .partners
        .iter()
        .map(|partner| partner.key)
        .take(1)
        .collect()
}

/// An organisation in the province that is not part of the installation.
pub(crate) fn local_partner(rng: &mut Rng, office: &Office<'_>) -> Option<usize> {
    let seat = &office.province.agencies[0].place_name;
    let local: Vec<usize> = office
        .province
        .partners
        .iter()
        .filter(|partner| partner.place_name == *seat)
        .map(|p| p.key)
        .collect();
    local.get(rng.below(local.len())).copied()
}
