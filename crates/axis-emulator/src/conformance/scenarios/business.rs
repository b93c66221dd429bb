//! Documents about documents.

use axis::client::{MessageKind, PacketStatus};

use crate::conformance::Act;
use crate::conformance::desk::{Desk, Heard, Miss, Verdict, failed};
use crate::letter::{Business, Letter, Status};
use crate::xml::Summary;

const DOCUMENT: MessageKind = MessageKind::Document;

/// Answers that mean yes and no; implementations differ (spec edxml 6).
const YES: [&str; 2] = ["15", "03"];
const NO: [&str; 2] = ["16", "02"];

fn about(desk: &mut Desk, business: Business, target: &str) -> Letter {
    desk.letter().about(business, target, "Gửi nhầm phụ lục")
}

/// The answer to a request about `target`. It names the request or the document it is about.
async fn answer(desk: &mut Desk, request: &Letter, target: &str, wanted: &[&str]) -> Result<Heard, Miss> {
    let started = std::time::Instant::now();
    let within = desk.setup().within;
    loop {
        desk.open_mail().await?;
        // 03 for the document itself is no answer to what came after it.
        let of_target = desk
            .statuses(target)
            .into_iter()
            .filter(|h| matches!(h.code(), "15" | "16"));
        let all = desk.statuses(&request.document_id).into_iter().chain(of_target);
        let decided: Vec<&Heard> = all
            .filter(|h| YES.contains(&h.code()) || NO.contains(&h.code()))
            .collect();
        if let Some(heard) = decided.iter().find(|h| wanted.contains(&h.code())) {
            return Ok((*heard).clone());
        }
        if started.elapsed() >= within {
            let codes: Vec<&str> = decided.iter().map(|h| h.code()).collect();
            let had = if codes.is_empty() {
                "không có".to_owned()
            } else {
                codes.join(", ")
            };
            let wanted = wanted.join(" hoặc ");
            return failed(format!(
                "chờ trả lời {wanted}, sau {} giây {had}",
                within.as_secs()
            ));
        }
        tokio::time::sleep(desk.setup().poll).await;
    }
}

pub(super) async fn recall_before(desk: &mut Desk) -> Verdict {
    let letter = desk.letter();
    desk.arrived(&letter).await?;
    let recall = about(desk, Business::Recall, &letter.document_id);
    let sent = desk.send(&recall).await?;
    desk.expect_end(&sent, DOCUMENT, PacketStatus::Done).await?;
    let heard = answer(desk, &recall, &letter.document_id, &YES).await?;
    Ok(format!("nhận {}", heard.code()))
}

pub(super) async fn recall_agreed(desk: &mut Desk) -> Verdict {
    let (letter, recall) = recall_accepted(desk).await?;
    desk.ask(Act::AgreeToRecall, &letter.document_id).await?;
    let heard = answer(desk, &recall, &letter.document_id, &YES).await?;
    Ok(format!("nhận {}", heard.code()))
}

pub(super) async fn recall_refused(desk: &mut Desk) -> Verdict {
    let (letter, recall) = recall_accepted(desk).await?;
    desk.ask(Act::RefuseRecall, &letter.document_id).await?;
    let wanted = [NO[0], NO[1], YES[0]];
    let heard = answer(desk, &recall, &letter.document_id, &wanted).await?;
    if heard.code() == "15" {
        return Err(Miss::NotApplicable(
            "đối tác tự đồng ý nên không thử được từ chối".to_owned(),
        ));
    }
    match heard.summary.description {
        Some(reason) => Ok(format!(
            "nhận {}, lý do “{reason}”",
            heard.summary.status_code.unwrap_or_default()
        )),
        None => failed("từ chối thu hồi không có lý do"),
    }
}

async fn recall_accepted(desk: &mut Desk) -> Result<(Letter, Letter), Miss> {
    let letter = desk.letter();
    desk.arrived(&letter).await?;
    desk.ask(Act::Accept, &letter.document_id).await?;
    desk.expect(&letter.document_id, &["03"]).await?;
    let recall = about(desk, Business::Recall, &letter.document_id);
    let sent = desk.send(&recall).await?;
    desk.expect_end(&sent, DOCUMENT, PacketStatus::Done).await?;
    Ok((letter, recall))
}

pub(super) async fn take_back(desk: &mut Desk) -> Verdict {
    let letter = desk.letter();
    desk.arrived(&letter).await?;
    let document = Summary {
        from: Some(desk.setup().partner_code.clone()),
        ..Summary::read(letter.to_xml().as_bytes()).unwrap_or_default()
    };
    let our_code = desk.setup().our_code.clone();
    let status = Status::answer(&document, &our_code, "13", "Gửi nhầm phụ lục", desk.now());
    let sent = desk.send_text(&status.to_xml(), MessageKind::Status).await?;
    desk.expect_end(&sent, MessageKind::Status, PacketStatus::Done)
        .await?;
    let heard = desk.expect(&letter.document_id, &["15", "16"]).await?;
    Ok(format!("nhận {}", heard.code()))
}

/// Whatever becomes of it: the next document must arrive.
pub(super) async fn recall_unknown(desk: &mut Desk) -> Verdict {
    let never_sent = desk.letter();
    let recall = about(desk, Business::Recall, &never_sent.document_id);
    let sent = desk.send(&recall).await?;
    desk.end_of(&sent, DOCUMENT).await?;
    let letter = desk.letter();
    desk.arrived(&letter).await?;
    Ok("văn bản sau vẫn tới".to_owned())
}

pub(super) async fn update(desk: &mut Desk) -> Verdict {
    let letter = desk.letter();
    desk.arrived(&letter).await?;
    let update = about(desk, Business::Update, &letter.document_id);
    let sent = desk.send(&update).await?;
    desk.expect_end(&sent, DOCUMENT, PacketStatus::Done).await?;
    desk.ask(Act::AgreeToUpdate, &letter.document_id).await?;
    let heard = answer(desk, &update, &letter.document_id, &YES).await?;
    Ok(format!("nhận {}", heard.code()))
}

pub(super) async fn replace(desk: &mut Desk) -> Verdict {
    let letter = desk.letter();
    desk.arrived(&letter).await?;
    let replace = about(desk, Business::Replace, &letter.document_id);
    let sent = desk.send(&replace).await?;
    desk.expect_end(&sent, DOCUMENT, PacketStatus::Done).await?;
    desk.expect(&replace.document_id, &["01"]).await?;
    Ok("văn bản thay thế nhận 01".to_owned())
}
