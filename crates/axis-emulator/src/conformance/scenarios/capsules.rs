//! Capsules that hold nothing: they must be marked `fail`, and nothing may be said to have arrived.

use axis::client::{AxisError, MessageKind, PacketStatus, RefusalClass, Sent};
use tokio::net::TcpListener;

use crate::conformance::desk::{Desk, Miss, Verdict, failed};
use crate::letter::Letter;

const DOCUMENT: MessageKind = MessageKind::Document;

pub(super) async fn not_xml(desk: &mut Desk) -> Verdict {
    let letter = desk.letter();
    refused_as_unreadable(desk, &letter, "Đây không phải là gói tin edXML.").await
}

pub(super) async fn no_header(desk: &mut Desk) -> Verdict {
    let letter = desk.letter();
    let text = letter
        .to_xml()
        .replace("edXML:MessageHeader", "edXML:OtherHeader");
    refused_as_unreadable(desk, &letter, &text).await
}

pub(super) async fn no_identity(desk: &mut Desk) -> Verdict {
    let whole = desk.letter();
    let mut letter = whole.clone();
    (letter.document_id, letter.number, letter.notation) = Default::default();
    refused_as_unreadable(desk, &whole, &letter.to_xml()).await
}

pub(super) async fn entity_bomb(desk: &mut Desk) -> Verdict {
    let letter = desk.letter();
    let mut entities = String::from("<!ENTITY a0 \"ha\">");
    for n in 1..10 {
        let ten = format!("&a{};", n - 1).repeat(10);
        entities.push_str(&format!("<!ENTITY a{n} \"{ten}\">"));
    }
    let text = with_entities(&letter, &entities, "&a9;");
    refused_as_unreadable(desk, &letter, &text).await
}

/// The entity is an address of ours: a call there gives the partner away even if it answers well.
pub(super) async fn xxe(desk: &mut Desk) -> Verdict {
    let letter = desk.letter();
    let listener = TcpListener::bind("127.0.0.1:0").await;
    let Ok((listener, address)) = listener
        .and_then(|l| Ok((l.local_addr()?, l)))
        .map(|(a, l)| (l, a))
    else {
        return failed("không mở được cổng để bẫy XXE");
    };
    let entities = format!(
        "<!ENTITY out SYSTEM \"http://{address}/xxe\"><!ENTITY file SYSTEM \"file:///etc/hostname\">"
    );
    let text = with_entities(&letter, &entities, "&out;&file;");
    let verdict = refused_as_unreadable(desk, &letter, &text).await?;
    let called = tokio::time::timeout(std::time::Duration::from_millis(10), listener.accept()).await;
    if called.is_ok() {
        return failed("đối tác đã gọi tới địa chỉ trong thực thể ngoài");
    }
    Ok(verdict)
}

fn with_entities(letter: &Letter, entities: &str, used: &str) -> String {
    let declared = format!("?>\n<!DOCTYPE edXML [{entities}]>");
    let text = letter.to_xml().replacen("?>", &declared, 1);
    text.replacen("<edXML:Subject>", &format!("<edXML:Subject>{used}"), 1)
}

/// A failed packet that comes again fails again: never an acknowledgement because it was seen before.
pub(super) async fn duplicate_of_failed(desk: &mut Desk) -> Verdict {
    let letter = desk.letter();
    let text = letter
        .to_xml()
        .replace("edXML:MessageHeader", "edXML:OtherHeader");
    for _ in 0..2 {
        let sent = taken(desk, &text).await?;
        desk.expect_end(&sent, DOCUMENT, PacketStatus::Fail).await?;
    }
    desk.forbid(&letter.document_id, &["01", "03", "04", "05", "06"])
        .await?;
    Ok("cả hai lần đều fail, không có 01".to_owned())
}

async fn refused_as_unreadable(desk: &mut Desk, letter: &Letter, text: &str) -> Verdict {
    let sent = taken(desk, text).await?;
    desk.expect_end(&sent, DOCUMENT, PacketStatus::Fail).await?;
    desk.forbid(&letter.document_id, &["01", "03", "04", "05", "06"])
        .await?;
    Ok("gói tin fail, không có 01".to_owned())
}

/// An axis that looks into messages keeps such a one from the partner.
async fn taken(desk: &mut Desk, text: &str) -> Result<Sent, Miss> {
    match desk.send_text(text, DOCUMENT).await {
        Err(AxisError::Refused {
            code,
            class: RefusalClass::Permanent,
            ..
        }) => Err(Miss::NotApplicable(format!(
            "trục từ chối gói tin (mã {code}) trước khi tới đối tác"
        ))),
        sent => Ok(sent?),
    }
}
