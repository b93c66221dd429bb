use super::*;
use crate::document_types::{SEED, by_key};

fn kind(key: &str) -> &'static DocumentType {
    by_key(key).expect("a known kind")
}

fn filled(pairs: &[(&str, &str)]) -> Filled {
    pairs
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect()
}

/// Every required field of a template, filled in.
fn whole(template: &Template) -> Filled {
    let required = template.fields.iter().filter(|field| field.required);
    required
        .map(|field| {
            let value = match field.shape {
                Shape::Day => "2026-01-15",
                Shape::Check => "on",
                Shape::Line | Shape::Lines | Shape::Text => "Nội dung",
            };
            (field.key.to_owned(), value.to_owned())
        })
        .collect()
}

const KEYS: [(&str, &str); 10] = [
    ("1.1", "nghi_quyet"),
    ("1.2", "quyet_dinh"),
    ("1.4", "ke_hoach"),
    ("1.4", "hop_dong"),
    ("1.5", "cong_van"),
    ("1.6", "cong_dien"),
    ("1.7", "giay_moi"),
    ("1.8", "giay_gioi_thieu"),
    ("1.9", "bien_ban"),
    ("1.10", "giay_nghi_phep"),
];

#[test]
fn pl3_every_kind_has_its_template() {
    for (id, key) in KEYS {
        assert_eq!(of(kind(key)).id, id, "{key}");
    }
    for kind in SEED.iter().filter(|kind| !kind.is_copy) {
        if let Some(id) = kind.template {
            assert_eq!(of(kind).id, id, "{}", kind.key);
        }
    }
}

#[test]
fn pl3_names_of_fields_are_unique() {
    let mut names = std::collections::BTreeSet::new();
    for field in ALL.iter().flat_map(|template| template.fields).chain(COMMON) {
        assert!(names.insert(field.key), "{}", field.key);
    }
}

#[test]
fn pl3_a_template_that_is_used_is_filled_in_whole() {
    for (_, key) in KEYS {
        let (kind, template) = (kind(key), of(kind(key)));
        let has_text = template.text != Text::None;
        let whole = whole(template);
        assert_eq!(check(kind, &whole, has_text), Ok(()), "{key}");
        for field in template.fields.iter().filter(|field| field.required) {
            let mut part = whole.clone();
            part.remove(field.key);
            if part.is_empty() {
                continue;
            }
            let refusal = check(kind, &part, has_text).expect_err(field.key);
            assert_eq!(
                (refusal.clause, refusal.field),
                (template.clause, Some(field.key))
            );
            assert!(refusal.message.contains(field.label));
        }
    }
}

#[test]
fn pl3_without_fields_the_content_is_written_freely() {
    for (_, key) in KEYS {
        assert_eq!(check(kind(key), &Filled::new(), false), Ok(()));
        assert_eq!(
            check(kind(key), &filled(&[("drafter_mark", "PL.(300)")]), true),
            Ok(())
        );
    }
}

#[test]
fn pl3_1_9_minutes_need_their_course_and_pl3_1_8_has_no_room_for_text() {
    let minutes = kind("bien_ban");
    let refusal = check(minutes, &whole(of(minutes)), false).expect_err("no course");
    assert_eq!((refusal.clause, refusal.field), ("PL3-1.9", Some("main_text")));
    let introduction = kind("giay_gioi_thieu");
    let refusal = check(introduction, &whole(of(introduction)), true).expect_err("text");
    assert_eq!((refusal.clause, refusal.field), ("PL3-1.8", Some("main_text")));
}

#[test]
fn pl3_1_3_what_a_decision_issues_has_type_subject_and_text() {
    let decision = kind("quyet_dinh");
    let mut fields = whole(of(decision));
    fields.insert("attached_type".into(), "Quy chế".into());
    fields.insert("attached_text".into(), "Điều 1. Phạm vi".into());
    let refusal = check(decision, &fields, true).expect_err("no subject");
    assert_eq!(
        (refusal.clause, refusal.field),
        ("PL3-1.3", Some("attached_subject"))
    );
    fields.insert("attached_subject".into(), "Làm việc".into());
    assert_eq!(check(decision, &fields, true), Ok(()));
}

#[test]
fn pl3_1_10_leave_ends_after_it_begins() {
    let leave = kind("giay_nghi_phep");
    let mut fields = whole(of(leave));
    fields.insert("leave_from".into(), "2026-01-20".into());
    let refusal = check(leave, &fields, false).expect_err("out of order");
    assert_eq!((refusal.clause, refusal.field), ("PL3-1.10", Some("leave_until")));
}

#[test]
fn pl3_fields_are_cleaned_and_strange_ones_refused() {
    let invitation = kind("giay_moi");
    let given = filled(&[
        ("event", "  Hội nghị\n tổng kết "),
        ("guests", "Sở A\nSở B\n"),
        ("meeting_chair", "  "),
    ]);
    let settled = settle(invitation, &given).expect("fields of the template");
    assert_eq!(
        settled,
        filled(&[("event", "Hội nghị tổng kết"), ("guests", "Sở A\nSở B")])
    );
    let refusal = settle(invitation, &filled(&[("secretary", "A")])).expect_err("of another template");
    assert_eq!(refusal.code, "outgoing.unknown_field");
    let refusal = settle(kind("giay_gioi_thieu"), &filled(&[("valid_until", "mai")])).expect_err("no day");
    assert_eq!(refusal.field, Some("valid_until"));
    let long = "a".repeat(LONGEST_LINE + 1);
    let refusal = settle(invitation, &filled(&[("event", &long)])).expect_err("too long");
    assert_eq!(refusal.code, "outgoing.field_too_long");
}
