//! Statuses, both ways.

use std::time::Instant;

use axis::client::{MessageKind, PacketStatus};

use crate::conformance::Act;
use crate::conformance::desk::{Desk, Heard, Miss, Verdict, failed};
use crate::letter::{Status, status_label};

const STATUS: MessageKind = MessageKind::Status;

pub(super) async fn accept(desk: &mut Desk) -> Verdict {
    let letter = desk.letter();
    desk.arrived(&letter).await?;
    desk.ask(Act::Accept, &letter.document_id).await?;
    let heard = desk.expect(&letter.document_id, &["03", "02"]).await?;
    if heard.code() == "02" {
        return Err(Miss::NotApplicable("đối tác từ chối văn bản".to_owned()));
    }
    Ok("nhận 03".to_owned())
}

pub(super) async fn refuse(desk: &mut Desk) -> Verdict {
    let letter = desk.letter();
    desk.send(&letter).await?;
    desk.expect(&letter.document_id, &["01", "02"]).await?;
    desk.ask(Act::Refuse, &letter.document_id).await?;
    let heard = desk.expect(&letter.document_id, &["02", "03"]).await?;
    if heard.code() == "03" {
        return Err(Miss::NotApplicable(
            "đối tác tự tiếp nhận nên không thử được từ chối".to_owned(),
        ));
    }
    match heard.summary.description {
        Some(reason) => Ok(format!("nhận 02, lý do “{reason}”")),
        None => failed("trạng thái 02 không có lý do"),
    }
}

pub(super) async fn all_states(desk: &mut Desk) -> Verdict {
    let letter = desk.letter();
    desk.arrived(&letter).await?;
    let steps = [
        (Act::Accept, "03"),
        (Act::Assign, "04"),
        (Act::Process, "05"),
        (Act::Finish, "06"),
    ];
    for (act, code) in steps {
        desk.ask(act, &letter.document_id).await?;
        desk.expect(&letter.document_id, &[code]).await?;
    }
    Ok("nhận 03, 04, 05, 06".to_owned())
}

/// The partner sends us a document; our answers come in the wrong order, and one of them twice.
pub(super) async fn out_of_order(desk: &mut Desk) -> Verdict {
    desk.open_mail().await?;
    let before = documents(desk).len();
    desk.ask(Act::Issue, "").await?;
    let started = Instant::now();
    let document = loop {
        desk.open_mail().await?;
        if let Some(heard) = documents(desk).get(before) {
            break (*heard).clone();
        }
        if started.elapsed() >= desk.setup().within {
            let why = "đối tác không gửi văn bản nào tới cơ quan kiểm thử";
            return Err(Miss::NotApplicable(why.to_owned()));
        }
        tokio::time::sleep(desk.setup().poll).await;
    };
    let (our_code, now) = (desk.setup().our_code.clone(), desk.now());
    for code in ["06", "03", "01", "03", "05", "04"] {
        let text = format!("Văn thư: {}", status_label(code));
        let status = Status::answer(&document.summary, &our_code, code, &text, now).to_xml();
        let sent = desk.send_to(&document.from, &status, STATUS).await?;
        desk.expect_end(&sent, STATUS, PacketStatus::Done).await?;
    }
    Ok("sáu trạng thái đều done".to_owned())
}

fn documents(desk: &Desk) -> Vec<&Heard> {
    desk.mail()
        .iter()
        .filter(|h| h.kind == MessageKind::Document)
        .collect()
}

/// Whatever becomes of such a status: the next document must arrive.
pub(super) async fn unknown(desk: &mut Desk) -> Verdict {
    let never_sent = desk.letter();
    let (partner, our_code) = (desk.setup().partner_code.clone(), desk.setup().our_code.clone());
    for code in ["03", "09", "x"] {
        let status = Status {
            from: our_code.clone(),
            organ_id: partner.clone(),
            code: format!("{}/{}", never_sent.number, never_sent.notation),
            date: "2020/01/01".to_owned(),
            document_id: format!("{partner},2020/01/01,{}/KHONG-CO", never_sent.number),
            status: code.to_owned(),
            description: "Trạng thái thử".to_owned(),
            at: desk.now(),
        };
        let sent = desk.send_text(&status.to_xml(), STATUS).await?;
        desk.end_of(&sent, STATUS).await?;
    }
    let letter = desk.letter();
    desk.arrived(&letter).await?;
    Ok("các trạng thái được xử lý, văn bản sau vẫn tới".to_owned())
}

/// Everything that was heard while the kit ran.
pub(super) async fn form(desk: &mut Desk) -> Verdict {
    desk.open_mail().await?;
    let statuses: Vec<&Heard> = desk.mail().iter().filter(|h| h.kind == STATUS).collect();
    if statuses.is_empty() {
        return Err(Miss::NotApplicable(
            "chưa nhận trạng thái nào; hãy chạy cùng kịch bản khác".to_owned(),
        ));
    }
    let setup = desk.setup();
    let codes = [
        Some(setup.partner_code.as_str()),
        setup.partner_old_code.as_deref(),
    ];
    for heard in &statuses {
        if let Some(problem) = problem_of(heard, &codes, &setup.our_code) {
            return failed(format!("trạng thái {}: {problem}", heard.code()));
        }
    }
    Ok(format!("{} trạng thái", statuses.len()))
}

fn problem_of(heard: &Heard, partner: &[Option<&str>], our_code: &str) -> Option<String> {
    let status = &heard.summary;
    let code = status.status_code.as_deref().unwrap_or_default();
    if code.len() != 2 || !code.bytes().all(|b| b.is_ascii_digit()) {
        return Some("StatusCode không phải hai chữ số".to_owned());
    }
    // Other systems look for this very name.
    if !heard.text.contains("<edXML:StatusCode>") {
        return Some("không có phần tử với tiền tố edXML:StatusCode".to_owned());
    }
    let from = status.from.as_deref();
    if !partner.contains(&from) || from.is_none() {
        return Some(format!("From/OrganId là {}", from.unwrap_or("trống")));
    }
    if from != Some(heard.from.as_str()) {
        return Some(format!("From/OrganId khác bên gửi gói tin {}", heard.from));
    }
    let stamped = status.timestamp.as_deref().unwrap_or_default();
    if stamped.len() != 19 || axis::wire::parse_moment(stamped).is_none() || !stamped.contains('/') {
        return Some(format!("Timestamp “{stamped}” không theo yyyy/MM/dd HH:mm:ss"));
    }
    if matches!(code, "02" | "13" | "16") && status.description.is_none() {
        return Some("thiếu lý do (Description)".to_owned());
    }
    let Some(answered) = &status.response_for else {
        return Some("thiếu ResponseFor".to_owned());
    };
    let known = [
        ("DocumentId", &answered.document_id),
        ("Code", &answered.code),
        ("OrganId", &answered.organ_id),
    ];
    if let Some((name, _)) = known.iter().find(|(_, value)| value.is_none()) {
        return Some(format!("ResponseFor thiếu {name}"));
    }
    // Of a forwarded document it is the first sender.
    let organ = answered.organ_id.as_deref();
    (organ != Some(our_code) && organ != Some("Y99.GOC")).then(|| {
        format!(
            "ResponseFor/OrganId là {}, phải là {our_code}",
            organ.unwrap_or_default()
        )
    })
}
