//! The client against the emulator: every operation, and what packets become on their way.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod support;

use axis::client::{
    Advice, AxisError, AxisTransport, BytesSource, FileSource, MessageKind, NewAgency, PacketStatus,
    SendRequest, SentQuery, Window,
};
use axis::wire::{FileHash, HashForm};
use axis_emulator::letter::{File, Status};
use axis_emulator::xml::Summary;
use axis_emulator::{Config, partner};
use support::{KIT, OURS, Office, forget_peak, get, peak, received, send, sent, until};

fn silent() -> Config {
    Config {
        preserve_bytes: true,
        ..Config::demo()
    }
}

#[tokio::test]
async fn edxml_12_6_a_packet_goes_to_each_recipient_and_is_acknowledged() {
    let office = Office::with(silent()).await;
    let (ours, kit) = (office.client(OURS), office.client(KIT));
    let letter = office.letter("H16.05", &["G90", "G90.01", "G99.03"]);
    let taken = send(&ours, &letter).await.unwrap();
    assert_eq!(taken.doc_id.len(), 24);
    assert_eq!(taken.sha256, FileHash::of(letter.to_xml().as_bytes()));

    assert_eq!(kit.count_received(MessageKind::Document).await.unwrap(), 2);
    let rows = received(&kit, MessageKind::Document).await;
    assert_eq!(
        rows.iter().map(|r| r.to.as_str()).collect::<Vec<_>>(),
        ["G90", "G90.01"]
    );
    assert!(
        rows.iter()
            .all(|r| r.from == "H16.05" && r.status == "initial" && r.created_at.is_some())
    );
    assert_ne!(rows[0].doc_id, rows[1].doc_id);

    let doc_id = &rows[0].doc_id;
    assert_eq!(get(&kit, doc_id).await.unwrap(), letter.to_xml().into_bytes());
    let mut raw = Vec::new();
    let fetched = kit.download_packet(doc_id, &mut raw, 10 << 20).await.unwrap();
    assert_eq!((fetched.sha256, fetched.bytes), (taken.sha256, raw.len() as u64));

    kit.update_status(doc_id, PacketStatus::Processing, None)
        .await
        .unwrap();
    assert_eq!(
        received(&kit, MessageKind::Document).await[0].status,
        "processing"
    );
    kit.update_status(doc_id, PacketStatus::Done, None).await.unwrap();
    let fail = Some("Không đọc được: lỗi XML");
    kit.update_status(&rows[1].doc_id, PacketStatus::Fail, fail)
        .await
        .unwrap();
    assert!(received(&kit, MessageKind::Document).await.is_empty());

    let query = SentQuery {
        doc_id: Some(taken.doc_id.clone()),
        ..SentQuery::default()
    };
    let rows = ours.list_sent(MessageKind::Document, &query).await.unwrap();
    assert_eq!(rows.len(), 3);
    assert!(
        rows.iter()
            .all(|r| r.sender_doc_id == taken.doc_id && r.notation.as_deref() == Some("1/SVD-VP"))
    );
    assert_eq!(rows[0].receive_status.as_deref(), Some("done"));
    assert_eq!(
        rows[1].receive_status_desc.as_deref(),
        Some("Khong doc duoc: loi XML")
    );
    // The third recipient is played and silent, but it fetched the packet.
    until("a silent partner acknowledges", async || {
        sent(&ours).await[2].receive_status.as_deref() == Some("done")
    })
    .await;
}

#[tokio::test]
async fn edxml_10_4_a_packet_to_an_old_code_arrives_and_systems_see_only_their_own() {
    let office = Office::new().await;
    let (ours, kit) = (office.client(OURS), office.client(KIT));
    send(&ours, &office.letter("H16.05", &["000.00.00.G90"]))
        .await
        .unwrap();
    let rows = received(&kit, MessageKind::Document).await;
    assert_eq!(rows[0].to, "000.00.00.G90");
    assert!(received(&ours, MessageKind::Document).await.is_empty());
    let stranger = get(&ours, &rows[0].doc_id).await.unwrap_err();
    assert!(matches!(stranger, AxisError::Refused { .. }), "{stranger:?}");
    assert!(
        ours.update_status(&rows[0].doc_id, PacketStatus::Done, None)
            .await
            .is_err()
    );
}

#[tokio::test]
async fn edxml_12_4_the_axis_refuses_by_codes() {
    let office = Office::new().await;
    let ours = office.client(OURS);
    let advice = async |from: &str, to: &str| {
        let error = send(&ours, &office.letter(from, &[to])).await.unwrap_err();
        let AxisError::Refused { code, .. } = &error else {
            panic!("{error:?}")
        };
        (code.clone(), error.advice())
    };
    assert_eq!(
        advice("H16.05", "G98").await,
        ("18".to_owned(), Advice::GiveUpRecipient)
    );
    assert_eq!(
        advice("H16.05", "G99.99").await,
        ("23".to_owned(), Advice::GiveUpRecipient)
    );
    assert_eq!(advice("G90", "G99").await, ("19".to_owned(), Advice::GiveUp));
    assert!(sent(&ours).await.is_empty(), "a refused packet is not taken");
    // One agency that is not registered keeps no other one from sending.
    send(&ours, &office.letter("H16.05", &["G99"])).await.unwrap();
    assert_eq!(sent(&ours).await.len(), 1);
}

#[tokio::test]
async fn edxml_12_1_a_wrong_secret_and_an_unknown_system_are_refused() {
    let office = Office::new().await;
    for who in [("DEMO-QLVB", "wrong"), ("NOBODY", "demo-secret-qlvb")] {
        let client = office.client(who);
        let error = client.count_received(MessageKind::Document).await.unwrap_err();
        assert_eq!(error.advice(), Advice::FixSettings, "{error:?}");
        assert!(send(&client, &office.letter("H16.05", &["G90"])).await.is_err());
    }
    let state = office.emulator.state();
    assert_eq!((state.distrusted, state.packets.len()), (4, 0));
}

#[tokio::test]
async fn edxml_12_1_a_clock_far_off_is_refused_when_the_axis_minds() {
    let config = Config {
        clock_tolerance_seconds: Some(300),
        ..Config::demo()
    };
    let office = Office::with(config).await;
    assert!(
        office
            .client(OURS)
            .count_received(MessageKind::Status)
            .await
            .is_ok()
    );
    let late = std::sync::Arc::new(|| "2026-01-05T02:00:00Z".parse().unwrap());
    let client = axis::client::VxpClient::new(office.settings(OURS), late).unwrap();
    assert!(client.count_received(MessageKind::Status).await.is_err());
}

#[tokio::test]
async fn edxml_12_2_oddities_of_installations_are_switches() {
    let office = Office::with(silent()).await;
    for (form, line_break, send_to, title_case) in [
        (HashForm::Unpadded, false, true, false),
        (HashForm::Padded, true, false, true),
        (HashForm::Unpadded, true, false, false),
    ] {
        let mut settings = office.settings(OURS);
        settings.hash_form = form;
        settings.trailing_line_break = line_break;
        settings.send_to = send_to;
        settings.title_case_headers = title_case;
        settings.spelling.doc_id = "docid".to_owned();
        settings.spelling.doc_id_of_status = "docId".to_owned();
        let client = axis::client::VxpClient::new(settings, support::clock()).unwrap();
        let letter = office.letter("H16.05", &["H16.30"]);
        send(&client, &letter).await.unwrap();
        let row = received(&client, MessageKind::Document).await.remove(0);
        assert_eq!(
            get(&client, &row.doc_id).await.unwrap(),
            letter.to_xml().into_bytes()
        );
        client
            .update_status(&row.doc_id, PacketStatus::Done, None)
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn edxml_12_2_agencies_are_registered_and_deleted() {
    let office = Office::new().await;
    let (ours, kit) = (office.client(OURS), office.client(KIT));
    let new = NewAgency {
        code: "H16.77".to_owned(),
        name: "Trung tâm Mẫu".to_owned(),
        parent_code: "H16".to_owned(),
        ..NewAgency::default()
    };
    ours.register_agency(&new).await.unwrap();
    assert!(kit.register_agency(&new).await.is_err());
    let listed = async || {
        let all = ours.list_agencies().await.unwrap().all(100).await.unwrap();
        all.into_iter().find(|a| a.code == "H16.77")
    };
    let found = listed().await.unwrap();
    assert_eq!(
        (found.name.as_str(), found.parent_id.as_deref()),
        ("Trung tâm Mẫu", Some("H16"))
    );
    assert!(kit.delete_agency("H16.77").await.is_err());
    ours.delete_agency("H16.77").await.unwrap();
    assert!(listed().await.is_none());
    let units = ours.synchronise_units().await.unwrap().all(100).await.unwrap();
    assert!(units.iter().any(|u| u.code == "H16.77" && u.deleted));
    let level = ours
        .list_agencies_qd20(Some(1))
        .await
        .unwrap()
        .all(100)
        .await
        .unwrap();
    let codes: Vec<&str> = level.iter().map(|a| a.code.as_str()).collect();
    assert_eq!(codes, ["H16", "G90", "G99"]);
    assert_eq!(level[0].old_code.as_deref(), Some("000.00.00.H16"));
}

#[tokio::test]
async fn edxml_12_4_lists_are_bounded_by_a_window() {
    let office = Office::new().await;
    let (ours, kit) = (office.client(OURS), office.client(KIT));
    send(&ours, &office.letter("H16.05", &["G90"])).await.unwrap();
    let window = |from: &str, to: &str| Window {
        from: Some(from.parse().unwrap()),
        to: Some(to.parse().unwrap()),
    };
    let today = window("2026-01-05T00:00:00Z", "2026-01-05T23:00:00Z");
    let before = window("2026-01-01T00:00:00Z", "2026-01-04T23:59:59Z");
    let kind = MessageKind::Document;
    assert_eq!(kit.list_received(kind, today).await.unwrap().len(), 1);
    assert_eq!(kit.list_received(kind, before).await.unwrap().len(), 0);
    let query = |window| SentQuery { doc_id: None, window };
    assert_eq!(ours.list_sent(kind, &query(today)).await.unwrap().len(), 1);
    assert_eq!(ours.list_sent(kind, &query(before)).await.unwrap().len(), 0);
}

#[tokio::test]
async fn edxml_4_7_the_axis_writes_messages_anew_unless_told_not_to() {
    let office = Office::new().await;
    let (ours, kit) = (office.client(OURS), office.client(KIT));
    let letter = office.letter("H16.05", &["G90"]);
    let taken = send(&ours, &letter).await.unwrap();
    let row = received(&kit, MessageKind::Document).await.remove(0);
    let bytes = get(&kit, &row.doc_id).await.unwrap();
    assert_ne!(FileHash::of(&bytes), taken.sha256);
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.contains("02.29.W00") && text.contains("\r\n"));
    let sent = Summary::read(letter.to_xml().as_bytes()).unwrap();
    assert_eq!(Summary::read(text.as_bytes()).unwrap(), sent);
    let shown = &office.emulator.state().packets[0];
    assert_eq!(shown.sent_sha256, hex::encode(taken.sha256));
}

#[tokio::test]
async fn edxml_12_5_a_directory_of_111_000_entries_is_read_in_bounded_memory() {
    let config = Config {
        directory_entries: 111_000,
        ..Config::demo()
    };
    let office = Office::with(config).await;
    let client = office.client(OURS);
    let before = forget_peak();
    let mut listing = client.list_agencies().await.unwrap();
    let (mut count, mut bytes) = (0_usize, 0_usize);
    while let Some(agency) = listing.next().await.unwrap() {
        count += 1;
        bytes += agency.name.len() + agency.code.len();
    }
    assert_eq!(count, 111_000 + 10);
    assert!(bytes > 4_000_000, "{bytes}");
    let grown = peak() - before;
    eprintln!("111 010 entries: peak grew by {} KiB", grown >> 10);
    assert!(grown < 24 << 20, "{grown}");
}

#[tokio::test]
async fn edxml_19_4_a_packet_of_70_mb_goes_and_comes_in_bounded_memory() {
    let office = Office::new().await;
    let (ours, kit) = (office.client(OURS), office.client(KIT));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large.edxml");
    {
        let mut letter = office.letter("H16.05", &["G90"]);
        letter.files = vec![File::pdf("large.pdf", "Lớn", 50 << 20)];
        std::fs::write(&path, letter.to_xml()).unwrap();
    }
    let before = forget_peak();
    let request = SendRequest {
        source: &FileSource(path.clone()),
        from: "H16.05",
        to: &["G90".to_owned()],
        kind: MessageKind::Document,
    };
    let taken = ours.send(request).await.unwrap();
    assert!(taken.bytes > 69_000_000);
    let doc_id = received(&kit, MessageKind::Document).await.remove(0).doc_id;
    let mut sums = Vec::new();
    for encoded in [true, false] {
        let mut file = tokio::fs::File::create(folder.path().join("fetched"))
            .await
            .unwrap();
        let fetched = if encoded {
            kit.get_packet(&doc_id, &mut file, 100 << 20).await.unwrap()
        } else {
            kit.download_packet(&doc_id, &mut file, 100 << 20).await.unwrap()
        };
        assert_eq!(file.metadata().await.unwrap().len(), fetched.bytes);
        sums.push(fetched);
    }
    assert_eq!(sums[0], sums[1]);
    let grown = peak() - before;
    eprintln!(
        "{} bytes there and back twice: peak grew by {} KiB",
        taken.bytes,
        grown >> 10
    );
    assert!(grown < 32 << 20, "{grown}");

    let mut nowhere = tokio::io::sink();
    let limit = kit.get_packet(&doc_id, &mut nowhere, 1 << 20).await.unwrap_err();
    assert!(matches!(limit, AxisError::TooLarge { .. }), "{limit:?}");
    let limit = kit
        .download_packet(&doc_id, &mut nowhere, 1 << 20)
        .await
        .unwrap_err();
    assert!(matches!(limit, AxisError::TooLarge { .. }), "{limit:?}");
}

#[tokio::test]
async fn what_cannot_be_sent_is_told_before_calling() {
    let office = Office::new().await;
    let ours = office.client(OURS);
    let kind = MessageKind::Document;
    let source = BytesSource(b"x".to_vec());
    let empty = BytesSource(Vec::new());
    let missing = FileSource("/no/such/file".into());
    let to = ["G90".to_owned()];
    let none = [];
    for request in [
        SendRequest {
            source: &source,
            from: "H16.05",
            to: &none,
            kind,
        },
        SendRequest {
            source: &source,
            from: "Sở",
            to: &to,
            kind,
        },
        SendRequest {
            source: &empty,
            from: "H16.05",
            to: &to,
            kind,
        },
    ] {
        let error = ours.send(request).await.unwrap_err();
        assert!(matches!(error, AxisError::Invalid { .. }), "{error:?}");
    }
    let error = ours
        .send(SendRequest {
            source: &missing,
            from: "H16.05",
            to: &to,
            kind,
        })
        .await
        .unwrap_err();
    assert!(matches!(error, AxisError::Local { .. }), "{error:?}");
    assert!(office.emulator.state().requests.is_empty());
}

#[tokio::test]
async fn a_partner_answers_every_packet_and_sends_on_command() {
    let office = Office::new().await;
    let ours = office.client(OURS);
    let letter = office.letter("H16.05", &["G99", "G99.01"]);
    send(&ours, &letter).await.unwrap();
    until("seven statuses", async || {
        received(&ours, MessageKind::Status).await.len() == 7
    })
    .await;
    let mut seen = Vec::new();
    for row in received(&ours, MessageKind::Status).await {
        let read = Summary::read(&get(&ours, &row.doc_id).await.unwrap()).unwrap();
        assert_eq!(
            read.response_for.unwrap().document_id.as_deref(),
            Some(letter.document_id.as_str())
        );
        if read.status_code.as_deref() == Some("02") {
            assert!(read.description.unwrap().contains("thẩm quyền"));
        }
        seen.push(format!("{} {}", row.from, read.status_code.unwrap()));
        ours.update_status(&row.doc_id, PacketStatus::Done, None)
            .await
            .unwrap();
    }
    seen.sort();
    assert_eq!(
        seen,
        [
            "G99 01",
            "G99 03",
            "G99 04",
            "G99 05",
            "G99 06",
            "G99.01 01",
            "G99.01 02"
        ]
    );

    let command = partner::Command {
        from: "G99".to_owned(),
        to: vec!["H16.05".to_owned()],
        ..partner::Command::default()
    };
    let new = office.emulator.partner_sends(&command).unwrap();
    let recall = partner::Command {
        business: axis_emulator::letter::Business::Recall,
        target: new.document_id.clone(),
        ..command.clone()
    };
    office.emulator.partner_sends(&recall).unwrap();
    let rows = received(&ours, MessageKind::Document).await;
    let read = Summary::read(&get(&ours, &rows[1].doc_id).await.unwrap()).unwrap();
    assert_eq!((read.business, read.business_document_id), (1, new.document_id));
    let unknown = partner::Command {
        to: vec!["G98".to_owned()],
        ..command
    };
    assert!(
        office
            .emulator
            .partner_sends(&unknown)
            .unwrap_err()
            .contains("18")
    );
}

#[tokio::test]
async fn edxml_6_a_partner_answers_a_request_to_take_back() {
    let office = Office::new().await;
    let ours = office.client(OURS);
    for (code, expected) in [("G99", "15"), ("G99.02", "16")] {
        let letter = office.letter("H16.05", &[code]);
        let document = Summary::read(letter.to_xml().as_bytes()).unwrap();
        let back = Status {
            organ_id: code.to_owned(),
            ..Status::answer(&document, "H16.05", "13", "Gửi nhầm", letter.at)
        };
        let source = BytesSource(back.to_xml().into_bytes());
        let to = [code.to_owned()];
        let kind = MessageKind::Status;
        ours.send(SendRequest {
            source: &source,
            from: "H16.05",
            to: &to,
            kind,
        })
        .await
        .unwrap();
        until("an answer", async || received(&ours, kind).await.len() == 1).await;
        let row = received(&ours, kind).await.remove(0);
        let read = Summary::read(&get(&ours, &row.doc_id).await.unwrap()).unwrap();
        assert_eq!(read.status_code.as_deref(), Some(expected));
        let answered = read.response_for.unwrap();
        assert_eq!(answered.document_id.as_deref(), Some(letter.document_id.as_str()));
        ours.update_status(&row.doc_id, PacketStatus::Done, None)
            .await
            .unwrap();
    }
}
