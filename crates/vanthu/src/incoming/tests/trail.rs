//! What stays in sight of every document: its state with who and when (CN-002), and what was said about it (CN-122).

use super::*;
use rules::incoming::IncomingState;

/// The badges under the title of the page.
fn badges(page: &str) -> &str {
    page.split("<p class=\"badges\">")
        .nth(1)
        .and_then(|rest| rest.split("</p>").next())
        .unwrap_or_else(|| panic!("no badges in {page}"))
}

/// Who and when of the newest entry of the history on the page.
fn newest_entry(page: &str) -> &str {
    page.split("class=\"history-who\">")
        .nth(1)
        .and_then(|rest| rest.split("</p>").next())
        .unwrap_or_else(|| panic!("no history in {page}"))
}

#[tokio::test]
async fn cn_002_nd30_4_2d_every_step_shows_its_state_with_who_and_when() {
    let cast = Cast::new().await;
    let id = cast.delivered(1).await;
    let at = format!("/incoming/{id}");
    let arrived = cast.clerk.get(&at).await.ok().text;
    assert!(
        badges(&arrived).contains(IncomingState::Delivered.label()),
        "{arrived}"
    );
    assert!(newest_entry(&arrived).contains("08:00 08/01/2026"), "{arrived}");

    let directive = json!({ "text": "Giao tham mưu", "lead": cast.head.post, "due_on": "2026-01-15" });
    let steps = [
        (&cast.clerk, "register", json!({}), IncomingState::Registered),
        (
            &cast.clerk,
            "present",
            json!({ "leader": cast.leader.post }),
            IncomingState::Presented,
        ),
        (&cast.leader, "direct", directive, IncomingState::Assigned),
        (&cast.head, "start", json!({}), IncomingState::InProgress),
        (
            &cast.head,
            "finish",
            json!({ "outcome": "result", "result": "Đã tham mưu" }),
            IncomingState::Finished,
        ),
    ];
    for (minute, (person, step, body, state)) in (1..).zip(steps) {
        let moment = format!("2026-01-08T01:0{minute}:00Z");
        cast.office.clock.set(moment.parse().unwrap());
        person.api(&api(id, step), &body).await.ok();
        assert_eq!(
            cast.seen(&cast.clerk, id).await["state_label"],
            state.label(),
            "{step}"
        );
        let shown = cast.clerk.get(&at).await.ok().text;
        assert!(badges(&shown).contains(state.label()), "{step}: {shown}");
        let entry = newest_entry(&shown);
        let who = cast.office.who(person).await.label();
        assert!(
            entry.contains(&format!("08:0{minute} 08/01/2026")) && entry.contains(&who),
            "{step}: {entry}"
        );
    }
}

#[tokio::test]
async fn cn_122_pl6_iii_5_what_was_said_about_a_document_stays_with_it_after_its_end() {
    let cast = Cast::new().await;
    let id = cast.directed(1).await;
    for (person, words) in [
        (&cast.other_head, "Đề nghị bổ sung số liệu"),
        (&cast.head, "Đã bổ sung tại mục 2"),
    ] {
        let said = json!({ "opinion": words });
        person.api(&api(id, "opinions"), &said).await.ok();
    }
    let end = json!({ "outcome": "result", "result": "Đã giải quyết" });
    cast.head.api(&api(id, "finish"), &end).await.ok();

    // Everybody who sees the document reads who said what, in the order in which it was said; nothing is added after the end.
    let seen = cast.seen(&cast.other_officer, id).await;
    let said: Vec<_> = seen["opinions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["who"].clone(), one["text"].clone()))
        .collect();
    let (first, second) = (
        cast.office.who(&cast.other_head).await.label(),
        cast.office.who(&cast.head).await.label(),
    );
    assert_eq!(
        said,
        [
            (json!(first), json!("Đề nghị bổ sung số liệu")),
            (json!(second), json!("Đã bổ sung tại mục 2"))
        ]
    );
    let page = cast.leader.get(&format!("/incoming/{id}")).await.ok().text;
    assert!(
        page.contains("Ý kiến trao đổi") && page.contains("Đã bổ sung tại mục 2"),
        "{page}"
    );
    let late = cast
        .leader
        .api(&api(id, "opinions"), &json!({ "opinion": "Muộn" }))
        .await;
    assert_eq!(late.status.as_u16(), 409, "{}", late.text);

    // The words are in the journal too, which the database keeps anybody from changing.
    let kept = cast
        .office
        .app
        .db
        .all(
            sql!("SELECT details FROM journal WHERE object_id = $1 AND act = $2 ORDER BY seq"),
            args![id, crate::act_names::OPINION],
        )
        .await
        .unwrap();
    let words: Vec<Value> = kept
        .iter()
        .map(|row| row.json::<Value>("details").unwrap()["note"].clone())
        .collect();
    assert_eq!(
        words,
        [json!("Đề nghị bổ sung số liệu"), json!("Đã bổ sung tại mục 2")]
    );
}
