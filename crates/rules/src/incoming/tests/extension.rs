use super::*;

const LATER: Date = date(2026, 12, 4);

fn wish(until: Date) -> Wish<'static> {
    Wish {
        reason: "Chờ số liệu của các huyện",
        until,
        today: TODAY,
    }
}

fn asked(state: ExtensionState) -> ExtensionFacts {
    ExtensionFacts {
        state,
        old: DUE,
        wanted: LATER,
    }
}

#[test]
fn cn_126_a_holder_asks_within_the_limits_of_the_agency() {
    let all = whole_chain();
    let doc = document(IncomingState::InProgress);
    let policy = ExtensionPolicy::default();
    let ask = |by: &Actor, part: &AssignmentFacts, known: &[ExtensionFacts], wish| {
        ask_extension(by, &doc, part, known, wish, policy)
    };
    assert_eq!(
        ask(&officer(), &all[1], &[], wish(LATER)).unwrap().next,
        IncomingState::InProgress
    );
    // Who passed the work on asks for the own deadline too.
    assert!(ask(&unit_head(), &all[0], &[], wish(LATER)).is_ok());
    let code = |known: &[ExtensionFacts], wish| ask(&officer(), &all[1], known, wish).unwrap_err().code;
    assert_eq!(code(&[], wish(DUE)), "incoming.not_later");
    assert_eq!(code(&[], wish(date(2026, 12, 31))), "incoming.extended_too_far");
    let silent = Wish {
        reason: "",
        ..wish(LATER)
    };
    assert_eq!(code(&[], silent), "incoming.no_reason");
    assert_eq!(
        code(&[asked(ExtensionState::Asked)], wish(LATER)),
        "incoming.extension_waits"
    );
    let often = [asked(ExtensionState::Granted), asked(ExtensionState::Granted)];
    assert_eq!(code(&often, wish(LATER)), "incoming.extended_too_often");
    // A refused one does not count.
    let refused = [asked(ExtensionState::Refused), asked(ExtensionState::Granted)];
    assert!(ask(&officer(), &all[1], &refused, wish(LATER)).is_ok());
    for by in [leader(), other_officer(), foreign_clerk()] {
        assert_eq!(
            ask(&by, &all[1], &[], wish(LATER)).unwrap_err().code,
            "incoming.not_holder"
        );
    }
    let mut told = all[1];
    told.role = AssignmentRole::Inform;
    assert_eq!(
        ask(&officer(), &told, &[], wish(LATER)).unwrap_err().code,
        "incoming.no_deadline_to_extend"
    );
    let late = document(IncomingState::Finished);
    assert_eq!(
        ask_extension(&officer(), &late, &all[1], &[], wish(LATER), policy)
            .unwrap_err()
            .code,
        "incoming.wrong_state"
    );
}

#[test]
fn cn_126_the_giver_grants_up_to_the_own_deadline_or_refuses_with_a_reason() {
    let mut all = whole_chain();
    let doc = document(IncomingState::InProgress);
    let waits = [asked(ExtensionState::Asked)];
    let grant = |by: &Actor, all: &[AssignmentFacts], known: &[ExtensionFacts]| {
        grant_extension(
            by,
            &doc,
            &all[1],
            all,
            known,
            wish(LATER),
            ExtensionPolicy::default(),
        )
    };
    assert_eq!(
        grant(&unit_head(), &all, &waits).unwrap_err().code,
        "incoming.deadline_after_parent"
    );
    all[0].deadline = Some(LATER);
    assert_eq!(grant(&unit_head(), &all, &waits).unwrap().deadline, LATER);
    assert_eq!(
        grant(&officer(), &all, &waits).unwrap_err().code,
        "incoming.not_giver"
    );
    assert_eq!(
        grant(&unit_head(), &all, &[asked(ExtensionState::Refused)])
            .unwrap_err()
            .code,
        "incoming.no_extension_waits"
    );
    let refuse = |reason| refuse_extension(&unit_head(), &doc, &all[1], &all, &waits, reason);
    assert_eq!(refuse("").unwrap_err().field, Some("reason"));
    assert_eq!(refuse("Việc gấp").unwrap().event, IncomingEvent::ExtensionRefused);
}
