//! Putting the province together.

use std::collections::HashSet;

use rules::people::Role;

use crate::agencies::{Blueprint, Kind, blueprints};
use crate::cast::{CAST, member};
use crate::model::{Post, Province, Size, Unit};
use crate::names;
use crate::partners::partners;
use crate::rng::Rng;
use crate::staffing::{Slot, UnitPlan, officer_titles, slots, unit_titles, units};

/// How many agencies [`Size::Small`] has.
const SMALL: usize = 5;

/// The made-up province of this seed and size. The tree does not depend on the seed, only its people do.
#[must_use]
pub fn province(seed: u64, size: Size) -> Province {
    let mut plan = blueprints();
    let count = match size {
        Size::Small => SMALL,
        Size::Agencies(n) => n.clamp(SMALL, plan.len()),
        Size::Province => plan.len(),
    };
    plan.truncate(count);
    let mut province = Province {
        agencies: Vec::with_capacity(count),
        units: Vec::new(),
        posts: Vec::new(),
        partners: partners(),
    };
    for blueprint in &plan {
        staff(seed, blueprint, &mut province);
        province.agencies.push(blueprint.agency.clone());
    }
    province
}

/// Adds the units and posts of one agency.
fn staff(seed: u64, blueprint: &Blueprint, province: &mut Province) {
    let agency = &blueprint.agency;
    let plans = units(blueprint);
    let first_unit = province.units.len();
    province
        .units
        .extend(plans.iter().enumerate().map(|(place, plan)| Unit {
            key: first_unit + place,
            agency: agency.key,
            name: plan.name.to_owned(),
            abbr: plan.abbr.to_owned(),
            kind: plan.kind,
        }));
    let mut rng = Rng::new(seed, "posts", agency.key as u64);
    let in_cast = CAST.iter().any(|person| person.agency == agency.account_suffix);
    // The small province keeps its head counts under every seed; elsewhere they vary a little.
    let head_count = if in_cast {
        blueprint.head_count
    } else {
        rng.between(blueprint.head_count * 9 / 10, blueprint.head_count * 11 / 10)
    };
    let mut accounts = Accounts::new(&agency.account_suffix);
    for slot in slots(&plans, head_count) {
        let unit_abbr = slot.unit.map_or("", |place| plans[place].abbr);
        let full_name = match member(&agency.account_suffix, unit_abbr, slot.role, slot.rank) {
            Some(person) => person.full_name.to_owned(),
            None => outsider(&mut rng),
        };
        province.posts.push(Post {
            key: province.posts.len(),
            agency: agency.key,
            unit: slot.unit.map(|place| first_unit + place),
            account_name: accounts.take(&full_name),
            full_name,
            title: title(&mut rng, blueprint, &plans, &slot),
            role: slot.role,
            is_agency_head: slot.role == Role::Leader && slot.rank == 0,
        });
    }
}

/// A made-up name that nobody of the fixed cast bears, so that an account named in the documentation is that person's.
fn outsider(rng: &mut Rng) -> String {
    loop {
        let name = names::full_name(rng);
        if CAST.iter().all(|person| person.full_name != name) {
            return name;
        }
    }
}

fn title(rng: &mut Rng, blueprint: &Blueprint, plans: &[UnitPlan], slot: &Slot) -> String {
    let agency = &blueprint.agency;
    let title = match (slot.role, slot.unit) {
        (Role::Leader, _) if slot.rank == 0 => &agency.head_title,
        (Role::Leader, _) => &agency.deputy_title,
        (Role::Clerk, _) => "Văn thư viên",
        (Role::Administrator, _) if blueprint.kind == Kind::CommuneCommittee => {
            "Công chức phụ trách công nghệ thông tin"
        }
        (Role::Administrator, _) => "Chuyên viên phụ trách công nghệ thông tin",
        (Role::UnitHead, Some(place)) => {
            let (head, deputy) = unit_titles(plans[place].name);
            if slot.rank == 0 { head } else { deputy }
        }
        (_, Some(place)) => rng.weighted(officer_titles(blueprint.kind, plans[place])),
        (_, None) => "Chuyên viên",
    };
    title.to_owned()
}

/// The account names of one agency (Điều 7): numbers tell people of the same name apart.
struct Accounts<'a> {
    suffix: &'a str,
    taken: HashSet<String>,
}

impl<'a> Accounts<'a> {
    /// Names of the cast are kept for the cast, whoever is staffed before them.
    fn new(suffix: &'a str) -> Self {
        Self {
            suffix,
            taken: HashSet::new(),
        }
    }

    fn take(&mut self, full_name: &str) -> String {
        let cast = CAST
            .iter()
            .any(|person| person.agency == self.suffix && person.full_name == full_name);
        let Some(name) = viet_text::account_name(full_name, self.suffix) else {
            // Every generated name has letters; this keeps accounts unique if a table ever holds one without.
            let account = format!("canbo{}.{}", self.taken.len() + 1, self.suffix);
            self.taken.insert(account.clone());
            return account;
        };
        let mut number = if cast || !self.is_cast_name(&name.to_string()) {
            1
        } else {
            2
        };
        loop {
            let account = name.with_suffix(number);
            if self.taken.insert(account.clone()) {
                return account;
            }
            number += 1;
        }
    }

    fn is_cast_name(&self, account: &str) -> bool {
        CAST.iter()
            .filter(|person| person.agency == self.suffix)
            .any(|person| {
                viet_text::account_name(person.full_name, self.suffix)
                    .is_some_and(|name| name.to_string() == account)
            })
    }
}
