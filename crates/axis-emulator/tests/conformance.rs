//! The kit against partners: one that behaves, one that is scripted, one that does everything wrong.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod support;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use axis::client::{AxisTransport, MessageKind, Operation, PacketStatus};
use axis_emulator::conformance::{
    Act, Alone, Asked, Clerk, Nobody, Outcome, Program, Report, SCENARIOS, Setup, run,
};
use axis_emulator::letter::{Status, status_label};
use axis_emulator::partner::{Command, Script, StatusCommand};
use axis_emulator::xml::Summary;
use axis_emulator::{Config, Fault, FaultRule};
use support::{KIT, OURS, Office, clock, get, received};

fn setup(office: &Office, partner: &str, clerk: Arc<dyn Clerk>) -> Setup {
    Setup {
        axis: Arc::new(office.client(KIT)),
        axis_with_wrong_secret: Some(Arc::new(office.client((KIT.0, "wrong")))),
        our_code: "G90".to_owned(),
        partner_code: partner.to_owned(),
        partner_old_code: (partner == "G99").then(|| "000.00.00.G99".to_owned()),
        within: Duration::from_secs(5),
        settle: Duration::from_millis(300),
        poll: Duration::from_millis(50),
        large_bytes: 5 << 20,
        series: 20,
        clock: clock(),
        clerk,
    }
}

async fn judged(setup: Setup, names: &[&str]) -> Report {
    let names: Vec<String> = names.iter().map(|n| (*n).to_owned()).collect();
    run(setup, &names, |result| eprintln!("{}", result.line()))
        .await
        .unwrap()
}

/// A clerk who acts at a played agency through the emulator.
struct Clerks(Arc<Office>, &'static str);

#[async_trait]
impl Clerk for Clerks {
    async fn act(&self, act: Act, document_id: &str) -> Asked {
        let code = match act {
            Act::Accept => "03",
            Act::Refuse => "02",
            Act::Assign => "04",
            Act::Process => "05",
            Act::Finish => "06",
            Act::AgreeToRecall | Act::AgreeToUpdate => "15",
            Act::RefuseRecall => "16",
            Act::Issue => "",
        };
        let packets = self.0.emulator.state().packets;
        let document = packets
            .iter()
            .find(|p| p.document_id.as_deref() == Some(document_id));
        let status = document.map(|document| StatusCommand {
            code: code.to_owned(),
            description: format!("Văn thư: {}", status_label(code)),
            organ_id: Some("G90".to_owned()),
            document_code: document.notation.clone(),
            document_date: "2026/01/05".to_owned(),
        });
        let command = Command {
            from: self.1.to_owned(),
            to: vec!["G90".to_owned()],
            target: Some(document_id.to_owned()),
            status,
            ..Command::default()
        };
        match self.0.emulator.partner_sends(&command) {
            Ok(_) => Asked::Done,
            Err(why) => Asked::Impossible(why),
        }
    }
}

#[tokio::test]
async fn a_partner_with_a_clerk_passes_every_scenario() {
    let office = Arc::new(Office::new().await);
    // Says 01 by itself; everything else is the clerk's. Recalls of what was not accepted would be agreed to at once.
    let script = Script {
        answers: vec!["01".to_owned()],
        recall_answer: None,
        update_answer: None,
        ..Script::default()
    };
    let clerk = Arc::new(Clerks(office.clone(), "G99"));
    let with_clerk: Vec<&str> = SCENARIOS
        .iter()
        .map(|s| s.name)
        .filter(|name| !matches!(*name, "recall-before-acceptance" | "take-back"))
        .collect();
    office.emulator.script("G99", Some(script.clone()));
    let report = judged(setup(&office, "G99", clerk.clone()), &with_clerk).await;
    assert_eq!(report.exit_code(), 0, "{:#?}", report.results);
    let by_itself = Script {
        recall_answer: Some("15".to_owned()),
        ..script
    };
    office.emulator.script("G99", Some(by_itself));
    let report = judged(
        setup(&office, "G99", clerk),
        &["recall-before-acceptance", "take-back"],
    )
    .await;
    assert_eq!((report.exit_code(), report.results.len()), (0, 2));
}

#[tokio::test]
async fn a_partner_that_acts_alone_passes_what_it_can() {
    let office = Office::new().await;
    let report = judged(setup(&office, "G99", Arc::new(Alone)), &[]).await;
    let missed: Vec<_> = report
        .results
        .iter()
        .filter(|r| r.outcome != Outcome::Pass)
        .collect();
    // It accepts everything at once and agrees to every recall, and issues nothing.
    let names: Vec<_> = missed.iter().map(|r| (r.name, r.outcome)).collect();
    let expected = ["refuse", "states-out-of-order", "recall-refused"];
    assert_eq!(names, expected.map(|name| (name, Outcome::NotApplicable)));
    assert_eq!(report.exit_code(), 2);
}

#[tokio::test]
async fn without_a_clerk_only_the_system_is_judged() {
    let office = Office::new().await;
    let report = judged(
        setup(&office, "G99.03", Arc::new(Nobody)),
        &["accept", "not-xml", "new"],
    )
    .await;
    let outcomes: Vec<_> = report.results.iter().map(|r| r.outcome).collect();
    // The silent agency: packets are acknowledged, 01 never comes.
    assert_eq!(outcomes, [Outcome::Fail, Outcome::Fail, Outcome::Pass]);
    assert_eq!(report.exit_code(), 1);
    let unknown = run(
        setup(&office, "G99", Arc::new(Nobody)),
        &["nonsense".to_owned()],
        |_| (),
    )
    .await;
    assert_eq!(unknown.unwrap_err(), "nonsense");
}

/// A system that does everything wrong that the kit looks for: each scenario must notice.
async fn careless(office: Arc<Office>) {
    let client = office.client(OURS);
    loop {
        for kind in [MessageKind::Document, MessageKind::Status] {
            for row in received(&client, kind).await {
                let Ok(bytes) = get(&client, &row.doc_id).await else {
                    continue;
                };
                // Every packet is good, every letter accepted, whoever it is for and however often it comes.
                let text = String::from_utf8_lossy(&bytes).into_owned();
                let cut = text.find("<!DOCTYPE").map_or(text.clone(), |at| {
                    let end = text.find("]>").unwrap() + 2;
                    format!("{}{}", &text[..at], &text[end..])
                });
                let read =
                    Summary::read(cut.replace("OtherHeader", "MessageHeader").as_bytes()).unwrap_or_default();
                client
                    .update_status(&row.doc_id, PacketStatus::Done, None)
                    .await
                    .unwrap();
                if kind == MessageKind::Status {
                    continue;
                }
                for code in ["01", "03", "02"] {
                    let text = Status::answer(&read, "H16.05", code, "", clock()()).to_xml();
                    // The reason is missing, and the prefix that others look for.
                    let text = text.replace("edXML:", "").replace("xmlns:edXML", "xmlns:x");
                    let source = axis::client::BytesSource(text.into_bytes());
                    let request = axis::client::SendRequest {
                        source: &source,
                        from: "H16.05",
                        to: std::slice::from_ref(&row.from),
                        kind: MessageKind::Status,
                    };
                    client.send(request).await.unwrap();
                }
            }
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_careless_partner_fails_where_it_is_careless() {
    let config = Config {
        preserve_bytes: true,
        ..Config::demo()
    };
    let office = Arc::new(Office::with(config).await);
    let names = [
        "duplicate",
        "duplicate-of-failed",
        "not-xml",
        "no-header",
        "xxe",
        "entity-bomb",
        "misaddressed",
        "recall-refused",
        "status-form",
    ];
    let mut setup = setup(&office, "H16.05", Arc::new(Alone));
    setup.within = Duration::from_secs(2);
    let report = tokio::select! {
        report = judged(setup, &names) => report,
        () = careless(office.clone()) => unreachable!(),
    };
    let passed: Vec<_> = report
        .results
        .iter()
        .filter(|r| r.outcome != Outcome::Fail)
        .collect();
    assert!(passed.is_empty(), "{passed:#?}");
}

/// Says that a packet with entities is unreadable, but has opened the addresses in it.
async fn curious(office: Arc<Office>) {
    let client = office.client(OURS);
    loop {
        for row in received(&client, MessageKind::Document).await {
            let text = String::from_utf8_lossy(&get(&client, &row.doc_id).await.unwrap()).into_owned();
            let address = text
                .split("http://127.0.0.1:")
                .nth(1)
                .unwrap()
                .split('/')
                .next()
                .unwrap();
            let port: u16 = address.parse().unwrap();
            drop(tokio::net::TcpStream::connect(("127.0.0.1", port)).await.unwrap());
            client
                .update_status(&row.doc_id, PacketStatus::Fail, None)
                .await
                .unwrap();
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn edxml_15_a_partner_that_opens_external_entities_is_caught_although_it_answers_well() {
    let office = Arc::new(Office::new().await);
    let report = tokio::select! {
        report = judged(setup(&office, "H16.05", Arc::new(Nobody)), &["xxe"]) => report,
        () = curious(office.clone()) => unreachable!(),
    };
    assert_eq!(report.results[0].outcome, Outcome::Fail);
    assert!(
        report.results[0].detail.contains("đã gọi tới"),
        "{:?}",
        report.results
    );
}

#[tokio::test]
async fn edxml_12_4_an_axis_that_looks_into_messages_keeps_bad_ones_from_the_partner() {
    let config = Config {
        strict: true,
        ..Config::demo()
    };
    let office = Office::with(config).await;
    let report = judged(
        setup(&office, "G99", Arc::new(Alone)),
        &["not-xml", "xxe", "no-identity", "new"],
    )
    .await;
    let outcomes: Vec<_> = report.results.iter().map(|r| r.outcome).collect();
    use Outcome::{NotApplicable, Pass};
    assert_eq!(outcomes, [Pass, NotApplicable, Pass, NotApplicable]);
    assert!(report.results[1].detail.contains("mã 22"), "{:?}", report.results);
}

#[tokio::test]
async fn a_program_can_be_the_clerk() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("clerk");
    std::fs::write(
        &program,
        "#!/bin/sh\n[ \"$1 $2\" = 'agree-to-recall G99,2026/01/05,1/A' ]\n",
    )
    .unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let clerk = Program(program);
    assert_eq!(
        clerk.act(Act::AgreeToRecall, "G99,2026/01/05,1/A").await,
        Asked::Done
    );
    assert!(matches!(
        clerk.act(Act::Accept, "G99,2026/01/05,1/A").await,
        Asked::Impossible(_)
    ));
    let nobody = Program("/no/such/program".into());
    assert!(matches!(nobody.act(Act::Accept, "").await, Asked::Impossible(_)));
}

#[tokio::test]
async fn the_kit_itself_bears_the_troubles_of_an_axis() {
    let office = Office::new().await;
    // Not what the partner sends: a state that the axis delivers twice looks like one that was given twice.
    let mut duplicate = FaultRule::always(Fault::Duplicate)
        .on(&[Operation::Send])
        .per_mille(200);
    duplicate.systems = vec![KIT.0.to_owned()];
    office.emulator.faults().rules([
        FaultRule::always(Fault::TakeThenDrop)
            .on(&[Operation::Send])
            .per_mille(300),
        FaultRule::always(Fault::EmptyAnswer).per_mille(50),
        duplicate,
        FaultRule::always(Fault::Reorder),
    ]);
    let report = judged(
        setup(&office, "G99", Arc::new(Alone)),
        &["new", "series", "duplicate", "status-form"],
    )
    .await;
    assert_eq!(report.exit_code(), 0, "{:#?}", report.results);
}
