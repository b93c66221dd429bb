//! The province as its users see it.

use std::collections::HashSet;

use demo_province::{DEFAULT_SEED, Level, PARTNER_KEY_BASE, Province, Size, UnitKind, province};
use rules::people::Role;

fn whole() -> Province {
    province(DEFAULT_SEED, Size::Province)
}

#[test]
fn the_same_seed_and_size_give_the_same_province() {
    assert_eq!(whole(), whole());
    let other = province(DEFAULT_SEED + 1, Size::Province);
    assert_eq!(
        other.agencies,
        whole().agencies,
        "the tree does not depend on the seed"
    );
    assert_ne!(other.posts, whole().posts);
}

#[test]
fn a_smaller_province_is_the_beginning_of_a_larger_one() {
    let large = whole();
    for small in [
        province(DEFAULT_SEED, Size::Small),
        province(DEFAULT_SEED, Size::agencies(120)),
    ] {
        assert_eq!(small.agencies[..], large.agencies[..small.agencies.len()]);
        assert_eq!(small.units[..], large.units[..small.units.len()]);
        assert_eq!(small.posts[..], large.posts[..small.posts.len()]);
        assert_eq!(small.partners, large.partners);
    }
}

#[test]
fn the_small_province_is_the_five_agencies_of_the_documentation() {
    let small = province(DEFAULT_SEED, Size::Small);
    let names: Vec<&str> = small.agencies.iter().map(|agency| agency.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "Ủy ban nhân dân tỉnh Đắk Nông",
            "Sở Thông tin và Truyền thông",
            "Sở Nội vụ",
            "Ủy ban nhân dân huyện Đắk Mil",
            "Ủy ban nhân dân xã Đắk Lao",
        ]
    );
    let department = &small.agencies[1];
    assert_eq!(
        department.printed_parent.as_deref(),
        Some("ỦY BAN NHÂN DÂN TỈNH ĐẮK NÔNG")
    );
    assert_eq!(
        (department.code.as_str(), department.old_code.as_str()),
        ("H16.09", "000.00.09.H16")
    );
    assert_eq!(small.agencies[4].parent, Some(3));
    assert!(small.units_of(0).any(|unit| unit.abbr == "KGVX"));
    assert_eq!(province(DEFAULT_SEED, Size::agencies(0)), small);
}

#[test]
fn the_whole_province_has_its_real_shape() {
    let province = whole();
    let count = |level| {
        province
            .agencies
            .iter()
            .filter(|agency| agency.level == level)
            .count()
    };
    assert_eq!(
        (
            count(Level::Province),
            count(Level::District),
            count(Level::Commune)
        ),
        (1, 8, 71)
    );
    assert!((20..=30).contains(&count(Level::Department)));
    assert!(
        (280..=320).contains(&province.agencies.len()),
        "{}",
        province.agencies.len()
    );
    assert!(
        (9_500..=10_500).contains(&province.posts.len()),
        "{}",
        province.posts.len()
    );
    assert_eq!(
        province,
        demo_province::province(DEFAULT_SEED, Size::agencies(usize::MAX))
    );
}

#[test]
fn the_tree_is_closed_and_keys_are_places() {
    let province = whole();
    for (place, agency) in province.agencies.iter().enumerate() {
        assert_eq!(agency.key, place);
        assert!(place < PARTNER_KEY_BASE);
        match agency.parent {
            None => assert_eq!(agency.level, Level::Province),
            Some(parent) => assert!(parent < place),
        }
        let parent_level = agency.parent.map(|parent| province.agencies[parent].level);
        match agency.level {
            Level::Department | Level::District => assert_eq!(parent_level, Some(Level::Province)),
            Level::Commune => assert_eq!(parent_level, Some(Level::District)),
            Level::Subordinate => {
                assert!(
                    matches!(parent_level, Some(Level::Department | Level::District)),
                    "{}",
                    agency.name
                );
            }
            Level::Province | Level::Partner => assert_eq!(parent_level, None),
        }
        assert_eq!(agency.collective, agency.name.starts_with("Ủy ban nhân dân "));
    }
    for (place, unit) in province.units.iter().enumerate() {
        assert_eq!(unit.key, place);
        assert!(unit.agency < province.agencies.len());
    }
    for (place, post) in province.posts.iter().enumerate() {
        assert_eq!(post.key, place);
        assert!(
            post.unit
                .is_none_or(|unit| province.units[unit].agency == post.agency)
        );
    }
    for (place, partner) in province.partners.iter().enumerate() {
        assert_eq!(partner.key, PARTNER_KEY_BASE + place);
        assert_eq!(province.agency(partner.key), Some(partner));
    }
    assert_eq!(province.agency(province.agencies.len()), None);
}

#[test]
fn names_codes_and_accounts_are_unique() {
    let province = whole();
    fn all_distinct<'a>(what: &str, values: impl Iterator<Item = &'a str>) {
        let mut seen = HashSet::new();
        for value in values {
            assert!(seen.insert(value), "{what} twice: {value}");
        }
    }
    let agencies = || province.agencies.iter();
    all_distinct("name", agencies().map(|agency| agency.name.as_str()));
    all_distinct("code", agencies().map(|agency| agency.code.as_str()));
    all_distinct("old code", agencies().map(|agency| agency.old_code.as_str()));
    let suffixes = agencies()
        .chain(&province.partners)
        .map(|agency| agency.account_suffix.as_str());
    all_distinct("account suffix", suffixes);
    all_distinct(
        "account",
        province.posts.iter().map(|post| post.account_name.as_str()),
    );
    for agency in agencies() {
        all_distinct(
            "unit abbreviation",
            province.units_of(agency.key).map(|unit| unit.abbr.as_str()),
        );
    }
}

#[test]
fn qc01_7_2_accounts_are_built_from_the_name_and_the_agency() {
    let province = whole();
    let mut numbered = 0;
    for post in &province.posts {
        let suffix = &province.agencies[post.agency].account_suffix;
        let plain = viet_text::account_name(&post.full_name, suffix)
            .unwrap()
            .to_string();
        let (person, _) = plain.split_once('.').unwrap();
        let (written, agency) = post.account_name.split_once('.').unwrap();
        assert_eq!(agency, suffix);
        let number = written.strip_prefix(person).unwrap();
        assert!(
            number.is_empty() || number.parse::<u32>().unwrap() >= 2,
            "{}",
            post.account_name
        );
        numbered += usize::from(!number.is_empty());
    }
    assert!(
        numbered > 20,
        "people of the same name occur, as Điều 7.2b expects"
    );
    let an = province.post_of_account("annv.stttt").unwrap();
    assert_eq!(
        (an.full_name.as_str(), an.role, an.title.as_str()),
        ("Nguyễn Văn An", Role::Officer, "Chuyên viên")
    );
}

#[test]
fn every_agency_can_carry_a_document_from_draft_to_issue() {
    let province = whole();
    for agency in &province.agencies {
        let posts: Vec<_> = province.posts_of(agency.key).collect();
        let count = |role| posts.iter().filter(|post| post.role == role).count();
        assert_eq!(
            posts.iter().filter(|post| post.is_agency_head).count(),
            1,
            "{}",
            agency.name
        );
        assert!(count(Role::Leader) >= 2, "{}", agency.name);
        assert!(
            count(Role::Clerk) >= 1 && count(Role::Administrator) == 1,
            "{}",
            agency.name
        );
        assert!(count(Role::Officer) >= 2, "{}", agency.name);
        for unit in province.units_of(agency.key) {
            let heads = posts
                .iter()
                .filter(|post| post.unit == Some(unit.key) && post.role == Role::UnitHead)
                .count();
            let clerical = unit.kind == UnitKind::Clerical;
            assert_eq!(heads == 0, clerical, "{} / {}", agency.name, unit.name);
        }
        let head = posts.iter().find(|post| post.is_agency_head).unwrap();
        assert_eq!(head.title, agency.head_title);
        assert!(head.unit.is_none());
    }
}
