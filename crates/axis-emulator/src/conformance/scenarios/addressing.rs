//! Who sends to whom.

use axis::client::{Advice, AxisError, MessageKind, PacketStatus};

use crate::conformance::desk::{Desk, Miss, Verdict, failed};

const DOCUMENT: MessageKind = MessageKind::Document;

pub(super) async fn wrong_hmac(desk: &mut Desk) -> Verdict {
    let Some(wrong) = &desk.setup().axis_with_wrong_secret else {
        return Err(Miss::NotApplicable("không có kết nối với khóa sai".to_owned()));
    };
    match wrong.count_received(DOCUMENT).await {
        Err(AxisError::Refused { code, .. }) => Ok(format!("trục từ chối, mã {code}")),
        Err(error) => failed(format!("trục không từ chối rõ ràng: {error}")),
        Ok(_) => failed("trục chấp nhận yêu cầu ký bằng khóa sai"),
    }
}

pub(super) async fn unknown_addressee(desk: &mut Desk) -> Verdict {
    let mut letter = desk.letter();
    letter.to = vec!["Y99.KHONG.CO".to_owned()];
    match desk.send_to("Y99.KHONG.CO", &letter.to_xml(), DOCUMENT).await {
        Err(error) if error.advice() == Advice::GiveUpRecipient => Ok(error.to_string()),
        Err(error) => failed(format!("trục từ chối bằng lỗi khác: {error}")),
        Ok(_) => failed("trục nhận gói tin gửi tới cơ quan không có"),
    }
}

/// The packet comes to the partner, the message names somebody else.
pub(super) async fn misaddressed(desk: &mut Desk) -> Verdict {
    let mut letter = desk.letter();
    letter.to = vec![desk.setup().our_code.clone()];
    let sent = desk.send(&letter).await?;
    desk.end_of(&sent, DOCUMENT).await?;
    desk.forbid(&letter.document_id, &["03", "04", "05", "06"])
        .await?;
    let refused = desk
        .statuses(&letter.document_id)
        .iter()
        .any(|h| h.code() == "02");
    Ok(if refused {
        "đối tác từ chối bằng 02".to_owned()
    } else {
        "đối tác không tiếp nhận".to_owned()
    })
}

pub(super) async fn intermediary(desk: &mut Desk) -> Verdict {
    let letter = desk.letter();
    let mut forwarded = letter.clone();
    forwarded.from = "Y99.GOC".to_owned();
    let sent = desk.send(&forwarded).await?;
    desk.expect_end(&sent, DOCUMENT, PacketStatus::Done).await?;
    Ok("gói tin done".to_owned())
}

/// One agency under both codes in one message, the packet to the old one.
pub(super) async fn old_code(desk: &mut Desk) -> Verdict {
    let Some(old) = desk.setup().partner_old_code.clone() else {
        return Err(Miss::NotApplicable(
            "đối tác không có mã cũ (--partner-old-code)".to_owned(),
        ));
    };
    let mut letter = desk.letter();
    letter.to = vec![desk.setup().partner_code.clone(), old.clone()];
    let text = letter.to_xml();
    let first = desk.send_to(&old, &text, DOCUMENT).await?;
    let second = desk.send(&letter).await?;
    for sent in [&first, &second] {
        desk.expect_end(sent, DOCUMENT, PacketStatus::Done).await?;
    }
    desk.expect(&letter.document_id, &["01", "03"]).await?;
    tokio::time::sleep(desk.setup().settle).await;
    desk.open_mail().await?;
    let statuses = desk.statuses(&letter.document_id);
    let times = statuses.iter().filter(|h| h.code() == "03").count();
    if times > 1 {
        return failed(format!(
            "nhận {times} lần trạng thái 03: hai mã thành hai văn bản"
        ));
    }
    Ok("hai gói tin done, một văn bản".to_owned())
}
