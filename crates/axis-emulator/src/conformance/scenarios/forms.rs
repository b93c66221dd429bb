//! The same message in other clothes.

use std::io::Cursor;

use axis::client::{MessageKind, PacketStatus};

use crate::conformance::desk::{Desk, Verdict, failed};
use crate::letter::Letter;
use crate::reserialise::reserialise;

const DOCUMENT: MessageKind = MessageKind::Document;

pub(super) async fn nfd(desk: &mut Desk) -> Verdict {
    let letter = desk.letter();
    // A notation with letters that fall apart.
    let letter = Letter::new(&letter.from, &[&letter.to[0]], &letter.number, "BÁO-CÁO").dated(letter.at);
    let text = viet_text::nfd(&letter.to_xml());
    delivered(desk, &letter, &text).await?;
    Ok("nhận 01, định danh khớp sau khi chuẩn hóa NFC".to_owned())
}

pub(super) async fn reserialised(desk: &mut Desk) -> Verdict {
    let letter = desk.letter();
    let mut anew = Vec::new();
    let written = reserialise(Cursor::new(letter.to_xml()), &mut anew, "02.29.W00", desk.now());
    let (Ok(true), Ok(text)) = (written, String::from_utf8(anew)) else {
        return failed("không ghi lại được gói tin mẫu");
    };
    delivered(desk, &letter, &text).await?;
    Ok("nhận 01".to_owned())
}

pub(super) async fn prefixes(desk: &mut Desk) -> Verdict {
    for (open, declared) in [("", "xmlns=\""), ("ns2:", "xmlns:ns2=\"")] {
        let letter = desk.letter();
        let text = letter
            .to_xml()
            .replace("<edXML:", &format!("<{open}"))
            .replace("</edXML:", &format!("</{open}"))
            .replace("xmlns:edXML=\"", declared);
        delivered(desk, &letter, &text).await?;
    }
    Ok("nhận 01 cho cả hai dạng".to_owned())
}

async fn delivered(desk: &mut Desk, letter: &Letter, text: &str) -> Verdict {
    let sent = desk.send_text(text, DOCUMENT).await?;
    desk.expect_end(&sent, DOCUMENT, PacketStatus::Done).await?;
    let heard = desk.expect(&letter.document_id, &["01"]).await?;
    Ok(heard.from)
}
