//! Documents arrive, once.

use std::io::Cursor;

use axis::client::{MessageKind, PacketStatus};

use crate::conformance::Act;
use crate::conformance::desk::{Desk, Miss, Verdict, failed};
use crate::letter::{File, Letter};
use crate::reserialise::reserialise;

const DOCUMENT: MessageKind = MessageKind::Document;

pub(super) async fn new(desk: &mut Desk) -> Verdict {
    let letter = desk.letter();
    let sent = desk.send(&letter).await?;
    desk.expect_end(&sent, DOCUMENT, PacketStatus::Done).await?;
    let heard = desk.expect(&letter.document_id, &["01"]).await?;
    Ok(format!("nhận 01 từ {}", heard.from))
}

pub(super) async fn series(desk: &mut Desk) -> Verdict {
    let count = desk.setup().series;
    let mut letters = Vec::new();
    for _ in 0..count {
        let letter = desk.letter();
        letters.push((desk.send(&letter).await?, letter.document_id));
    }
    for (sent, document_id) in &letters {
        desk.expect(document_id, &["01"]).await?;
        desk.expect_end(sent, DOCUMENT, PacketStatus::Done).await?;
    }
    Ok(format!("{count} văn bản, {count} trạng thái 01"))
}

pub(super) async fn large(desk: &mut Desk) -> Verdict {
    let size = desk.setup().large_bytes;
    let mut letter = desk.letter();
    letter.files = vec![File::pdf(
        &format!("{}.signed.pdf", letter.number),
        "Tep lon",
        size,
    )];
    desk.send(&letter).await?;
    // Time for as many bytes as well.
    let within = desk.setup().within * 4;
    desk.expect_within(&letter.document_id, &["01"], within).await?;
    Ok(format!("tệp {} MB, nhận 01", size >> 20))
}

pub(super) async fn missing_attachment(desk: &mut Desk) -> Verdict {
    let mut letter = desk.letter();
    letter.missing_files = vec!["phu_luc.pdf".to_owned()];
    let sent = desk.send(&letter).await?;
    desk.expect_end(&sent, DOCUMENT, PacketStatus::Done).await?;
    desk.expect(&letter.document_id, &["01"]).await?;
    Ok("nhận 01 dù thiếu một tệp".to_owned())
}

pub(super) async fn duplicate(desk: &mut Desk) -> Verdict {
    let letter = desk.letter();
    let again = letter.to_xml();
    twice(desk, &letter, &again).await
}

pub(super) async fn duplicate_reserialised(desk: &mut Desk) -> Verdict {
    let letter = desk.letter();
    let mut anew = Vec::new();
    let written = reserialise(Cursor::new(letter.to_xml()), &mut anew, "02.29.W00", desk.now());
    let (Ok(true), Ok(again)) = (written, String::from_utf8(anew)) else {
        return failed("không ghi lại được gói tin mẫu");
    };
    twice(desk, &letter, &again).await
}

/// Both packets are acknowledged, and there is one document: at most one registration comes back.
async fn twice(desk: &mut Desk, letter: &Letter, again: &str) -> Verdict {
    let first = desk.arrived(letter).await?;
    desk.expect_end(&first, DOCUMENT, PacketStatus::Done).await?;
    let second = desk.send_text(again, DOCUMENT).await?;
    desk.expect_end(&second, DOCUMENT, PacketStatus::Done).await?;
    let accepted = match desk.ask(Act::Accept, &letter.document_id).await {
        Ok(()) => desk.expect(&letter.document_id, &["03"]).await.is_ok(),
        Err(Miss::NotApplicable(_)) => false,
        Err(miss) => return Err(miss),
    };
    tokio::time::sleep(desk.setup().settle).await;
    desk.open_mail().await?;
    let accepted_times = desk
        .statuses(&letter.document_id)
        .iter()
        .filter(|h| h.code() == "03")
        .count();
    if accepted_times > 1 {
        return failed(format!("nhận {accepted_times} lần trạng thái 03 cho một văn bản"));
    }
    Ok(if accepted {
        "hai gói tin done, một lần 03".to_owned()
    } else {
        "hai gói tin done, không có 03 thứ hai (chưa thử bước tiếp nhận)".to_owned()
    })
}
