//! The history of documents as its users see it.

use std::collections::{HashMap, HashSet};

use demo_province::{
    Answer, DEFAULT_SEED, DocumentSketch, Documents, Level, PARTNER_KEY_BASE, Province, Size, documents,
    province,
};
use jiff::civil::{Date, DateTime, Weekday, date};
use rules::exchange::DeliveryState;
use rules::people::Role;
use rules::signing_authority::Authority;

const YEAR: (Date, Date) = (date(2022, 1, 4), date(2022, 12, 30));

fn is_working_day(day: Date) -> bool {
    let tet = (date(2022, 1, 31)..=date(2022, 2, 4)).contains(&day);
    !tet && !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

fn history(province: &Province, n: usize) -> Documents<'_> {
    documents(province, DEFAULT_SEED, n, YEAR, is_working_day)
}

fn whole() -> Province {
    province(DEFAULT_SEED, Size::Province)
}

fn in_office_hours(moment: DateTime) -> bool {
    let minute = i32::from(moment.hour()) * 60 + i32::from(moment.minute());
    is_working_day(moment.date()) && ((450..690).contains(&minute) || (810..1020).contains(&minute))
}

#[test]
fn the_same_arguments_give_the_same_documents_in_any_order() {
    let province = whole();
    let first: Vec<DocumentSketch> = history(&province, 2_000).collect();
    assert_eq!(first.len(), 2_000);
    let again = history(&province, 2_000);
    for index in (0..2_000).rev().step_by(7) {
        assert_eq!(again.get(index).as_ref(), Some(&first[index]));
    }
    assert_eq!(again.get(2_000), None);
    assert_eq!(history(&province, 2_000).nth(1_234).as_ref(), Some(&first[1_234]));
    assert_eq!(history(&province, 2_000).skip(10).len(), 1_990);
    let other = documents(&province, DEFAULT_SEED + 1, 2_000, YEAR, is_working_day);
    assert_ne!(other.get(0).as_ref(), Some(&first[0]));
}

/// The end of a history of two million is as near as its beginning.
#[test]
fn the_last_of_two_million_is_made_without_the_others() {
    let province = whole();
    let documents = history(&province, 2_000_000);
    assert_eq!(documents.len(), 2_000_000);
    let last = documents.get(1_999_999).unwrap();
    assert_eq!(last.issued_at.date(), YEAR.1);
}

#[test]
fn documents_come_in_order_of_time_within_office_hours() {
    let province = whole();
    let mut before = YEAR.0.at(0, 0, 0, 0);
    for sketch in history(&province, 3_000) {
        assert!(sketch.issued_at >= before);
        assert!(in_office_hours(sketch.issued_at), "{}", sketch.issued_at);
        assert!((YEAR.0..=YEAR.1).contains(&sketch.issued_at.date()));
        before = sketch.issued_at;
    }
}

#[test]
fn every_document_is_drafted_checked_signed_and_issued_by_the_right_people() {
    let province = whole();
    for sketch in history(&province, 3_000) {
        let agency = &province.agencies[sketch.from];
        let post = |key: usize| &province.posts[key];
        for key in [sketch.drafter, sketch.unit_head, sketch.clerk, sketch.signer] {
            assert_eq!(post(key).agency, sketch.from);
        }
        assert_eq!(
            (post(sketch.drafter).role, post(sketch.drafter).unit),
            (Role::Officer, Some(sketch.unit))
        );
        assert_eq!(
            (post(sketch.unit_head).role, post(sketch.unit_head).unit),
            (Role::UnitHead, Some(sketch.unit))
        );
        assert_eq!(post(sketch.clerk).role, Role::Clerk);
        let signer = post(sketch.signer);
        assert_ne!(sketch.signer, sketch.unit_head);
        let expected = match (signer.role, signer.is_agency_head, agency.collective) {
            (Role::UnitHead, ..) => Authority::Tl,
            (_, true, true) => Authority::Tm,
            (_, true, false) => Authority::Own,
            (_, false, true) => Authority::TmKt,
            (_, false, false) => Authority::Kt,
        };
        assert_eq!(sketch.authority, expected);
        let kind = rules::document_types::SEED
            .iter()
            .find(|kind| kind.key == sketch.type_key)
            .unwrap();
        assert!(kind.in_force(sketch.issued_at.date()));
    }
}

#[test]
fn recipients_exist_are_not_the_sender_and_come_once() {
    for province in [whole(), province(DEFAULT_SEED, Size::Small)] {
        let mut widest = 0;
        for sketch in history(&province, 4_000) {
            let recipients: Vec<usize> = sketch.recipients().collect();
            assert!(!recipients.is_empty());
            assert!(
                recipients
                    .iter()
                    .all(|&key| key != sketch.from && province.agency(key).is_some())
            );
            assert_eq!(recipients.iter().collect::<HashSet<_>>().len(), recipients.len());
            widest = widest.max(recipients.len());
        }
        let expected = if province.agencies.len() > 5 { 71 } else { 3 };
        assert!(widest >= expected, "{widest}");
    }
}

#[test]
fn most_documents_have_few_recipients_and_some_go_to_everybody() {
    let province = whole();
    let counts: Vec<usize> = history(&province, 5_000)
        .map(|sketch| sketch.deliveries.len())
        .collect();
    let few = counts.iter().filter(|count| **count <= 5).count();
    let many = counts.iter().filter(|count| **count >= 8).count();
    assert!(few > 4_000, "{few}");
    assert!((50..800).contains(&many), "{many}");
}

#[test]
fn kinds_occur_as_in_practice() {
    let province = whole();
    let mut kinds: HashMap<&str, usize> = HashMap::new();
    for sketch in history(&province, 5_000) {
        *kinds.entry(sketch.type_key).or_default() += 1;
    }
    let share = |key| kinds.get(key).copied().unwrap_or(0) * 100 / 5_000;
    assert!((45..70).contains(&share("cong_van")), "{kinds:?}");
    assert!((8..25).contains(&share("bao_cao")), "{kinds:?}");
    assert!((5..20).contains(&share("quyet_dinh")), "{kinds:?}");
    assert!(kinds.len() >= 12, "{kinds:?}");
}

#[test]
fn subjects_are_not_repeated_monotonously() {
    let province = whole();
    let count = 20_000;
    let subjects: HashSet<String> = history(&province, count).map(|sketch| sketch.subject).collect();
    assert!(subjects.len() > count * 97 / 100, "{}", subjects.len());
}

#[test]
fn text_is_whole_and_bears_no_state_secret_mark() {
    let province = whole();
    for sketch in history(&province, 5_000) {
        let directives = sketch
            .deliveries
            .iter()
            .filter_map(|line| line.directed.as_ref())
            .map(|line| &line.text);
        let bodies = sketch.body.iter();
        for text in std::iter::once(&sketch.subject).chain(bodies).chain(directives) {
            assert!(
                !text.contains(['{', '}']) && !text.contains("  ") && text.trim() == text,
                "{text}"
            );
            // The whole syllable, so that it is neither a mark (Mật, Tối mật, Tuyệt mật) nor looks like one.
            let words = text.to_lowercase();
            assert!(
                !words
                    .split(|letter: char| !letter.is_alphabetic())
                    .any(|word| word == "mật"),
                "{text}"
            );
        }
        assert!(sketch.subject.chars().next().unwrap().is_uppercase());
        assert!(sketch.subject.chars().count() <= 500, "{}", sketch.subject);
        assert!((3..=9).contains(&sketch.body.len()), "{:?}", sketch.body);
    }
}

#[test]
fn an_answer_comes_from_a_recipient_of_its_question_and_ends_its_work() {
    let province = whole();
    let documents = history(&province, 6_000);
    let all: Vec<DocumentSketch> = documents.clone().collect();
    let mut answered = HashSet::new();
    let mut late = 0;
    for sketch in &all {
        let Some(place) = sketch.reply_to else { continue };
        let question = &all[place];
        assert!(place < sketch.index && question.issued_at <= sketch.issued_at);
        assert!(answered.insert(place), "a question is answered once");
        assert_eq!(sketch.recipients().collect::<Vec<_>>(), [question.from]);
        let line = question
            .deliveries
            .iter()
            .find(|line| line.to == sketch.from)
            .unwrap();
        let finished = line.finished.as_ref().unwrap();
        assert_eq!(finished.answer, Answer::Document(sketch.index));
        assert_eq!(
            (finished.officer, finished.at),
            (sketch.drafter, sketch.issued_at)
        );
        late += usize::from(sketch.issued_at.date() > question.needs_reply_by.unwrap());
    }
    assert!(answered.len() > 1_000, "{}", answered.len());
    assert!(
        (answered.len() / 50..answered.len() / 4).contains(&late),
        "{late} of {}",
        answered.len()
    );
    let promised = all
        .iter()
        .flat_map(|sketch| &sketch.deliveries)
        .filter_map(|line| line.finished.as_ref());
    let by_document = promised
        .filter(|finished| matches!(finished.answer, Answer::Document(_)))
        .count();
    assert_eq!(
        by_document,
        answered.len(),
        "no work is ended by a document that is not there"
    );
}

#[test]
fn steps_follow_each_other_and_nothing_happens_after_the_end() {
    let province = whole();
    let end = YEAR.1.at(17, 0, 0, 0);
    for sketch in history(&province, 4_000) {
        for line in &sketch.deliveries {
            let people = |key: usize| &province.posts[key];
            let mut times = vec![sketch.issued_at];
            times.extend(line.delivered_at);
            if let Some(refused) = &line.refused {
                times.push(refused.at);
                assert!(line.registered.is_none());
                assert_eq!(
                    (people(refused.clerk).agency, people(refused.clerk).role),
                    (line.to, Role::Clerk)
                );
            }
            if let Some(registered) = &line.registered {
                assert!(line.delivered_at.is_some());
                times.push(registered.at);
                assert_eq!(
                    (people(registered.clerk).agency, people(registered.clerk).role),
                    (line.to, Role::Clerk)
                );
            }
            if let Some(directed) = &line.directed {
                assert!(line.registered.is_some());
                times.push(directed.at);
                assert_eq!(
                    (people(directed.leader).agency, people(directed.leader).role),
                    (line.to, Role::Leader)
                );
                assert_eq!(province.units[directed.unit].agency, line.to);
                assert!(!directed.cooperating.contains(&directed.unit));
            }
            if let Some(assigned) = &line.assigned {
                let unit = line.directed.as_ref().unwrap().unit;
                times.push(assigned.at);
                assert_eq!(people(assigned.unit_head).unit, Some(unit));
                assert_eq!(people(assigned.officer).unit, Some(unit));
            }
            if let Some(started) = line.started_at {
                assert!(line.assigned.is_some());
                times.push(started);
            }
            if let Some(finished) = &line.finished {
                assert!(line.started_at.is_some());
                times.push(finished.at);
                assert_eq!(finished.officer, line.assigned.as_ref().unwrap().officer);
            }
            assert!(times.is_sorted(), "{times:?}");
            assert!(times.iter().all(|time| *time <= end), "{times:?}");
            assert!(
                times[2.min(times.len())..]
                    .iter()
                    .all(|time| in_office_hours(*time)),
                "{times:?}"
            );
            if line.to >= PARTNER_KEY_BASE {
                assert_eq!(line.state(), DeliveryState::Arrived);
                assert!(matches!(
                    province.agencies[sketch.from].level,
                    Level::Province | Level::Department
                ));
            }
        }
    }
}

#[test]
fn old_work_is_mostly_finished_new_work_is_open_and_some_is_overdue() {
    let province = whole();
    let mut old: HashMap<DeliveryState, usize> = HashMap::new();
    let mut new: HashMap<DeliveryState, usize> = HashMap::new();
    let (mut lines, mut overdue) = (0, 0);
    for sketch in history(&province, 8_000) {
        let month = sketch.issued_at.month();
        for line in sketch.deliveries.iter().filter(|line| line.to < PARTNER_KEY_BASE) {
            lines += 1;
            overdue += usize::from(line.is_overdue(YEAR.1));
            if month <= 9 {
                *old.entry(line.state()).or_default() += 1;
            } else if sketch.issued_at.date() >= date(2022, 12, 27) {
                *new.entry(line.state()).or_default() += 1;
            }
        }
    }
    let share = |states: &HashMap<DeliveryState, usize>, state| {
        states.get(&state).copied().unwrap_or(0) * 100 / states.values().sum::<usize>()
    };
    assert!(share(&old, DeliveryState::Finished) >= 93, "{old:?}");
    assert!(share(&new, DeliveryState::Finished) <= 50, "{new:?}");
    for state in [
        DeliveryState::Arrived,
        DeliveryState::Refused,
        DeliveryState::Received,
        DeliveryState::Assigned,
        DeliveryState::InProgress,
    ] {
        assert!(
            old.contains_key(&state) || new.contains_key(&state),
            "{state}: {old:?} {new:?}"
        );
    }
    assert!(
        (lines / 100..lines / 8).contains(&overdue),
        "{overdue} of {lines}"
    );
}

#[test]
fn a_short_history_is_a_history_too() {
    let province = province(DEFAULT_SEED, Size::Small);
    for n in [0, 1, 5, 40] {
        let sketches: Vec<DocumentSketch> = history(&province, n).collect();
        assert_eq!(sketches.len(), n);
    }
    let day = (date(2022, 3, 1), date(2022, 3, 1));
    assert_eq!(
        documents(&province, 1, 300, day, |_| true)
            .filter(|sketch| sketch.issued_at.date() == day.0)
            .count(),
        300
    );
    assert!(history(&province, 400).any(|sketch| sketch.reply_to.is_some()));
}
