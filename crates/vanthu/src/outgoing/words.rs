//! What the page of a document says in words and marks: state, deadlines, legal value, facts, checks.

use rules::{legal_value::LegalValue, outgoing::OutgoingState, urgency::Urgency};

use super::{detail::SignOffRow, view, whole::Whole};
use crate::web::{
    format,
    page::{Badge, Fact, Tone},
};

pub(super) const fn tone(state: OutgoingState) -> Tone {
    match state {
        OutgoingState::Draft => Tone::Neutral,
        OutgoingState::ContentReview
        | OutgoingState::FormReview
        | OutgoingState::Approval
        | OutgoingState::Signing
        | OutgoingState::Approved => Tone::Info,
        OutgoingState::Numbered => Tone::Warn,
        OutgoingState::Issued => Tone::Good,
        OutgoingState::Cancelled | OutgoingState::Voided => Tone::Bad,
    }
}

pub(super) fn marks(whole: &Whole) -> Vec<Badge> {
    let mut marks = Vec::new();
    if whole.document.recalled_at.is_some() {
        marks.push(Badge::new("Đã thu hồi", Tone::Bad).icon("rotate-clockwise"));
    }
    if whole.document.replaced_by.is_some() {
        marks.push(Badge::new("Bị thay thế", Tone::Warn).icon("switch-horizontal"));
    }
    if whole.view.without_paper {
        marks.push(Badge::new("Điện tử, không kèm bản giấy", Tone::Info));
    }
    if let (Some(term), Some(_)) = (whole.term, &whole.view.timeliness) {
        let issued = whole.document.state() == OutgoingState::Issued;
        marks.push(term.badge(if issued { "Gửi" } else { "Phát hành" }));
    }
    let discussed = rules::outgoing::is_discussed(&whole.document.facts);
    for round in whole
        .consultations
        .iter()
        .filter(|round| round.closed_at.is_none() && discussed)
    {
        let (replied, asked) = (round.replied(), round.members.len());
        if replied < asked {
            marks
                .push(Badge::new(format!("Đang xin ý kiến {replied}/{asked}"), Tone::Info).icon("message-2"));
        }
    }
    if whole.document.urgency != Urgency::Normal {
        marks.push(Badge::new(whole.document.urgency.label(), Tone::Bad).icon("flag"));
    }
    if whole.document.state().is_open() {
        marks.push(Badge::new(
            format!("Phiên bản {}", whole.view.version),
            Tone::Neutral,
        ));
    }
    marks
}

pub(super) fn waits_for(state: OutgoingState, whole: &Whole) -> String {
    match state {
        OutgoingState::Draft => format!("Đang chờ người soạn thảo: {}.", whole.view.drafter),
        OutgoingState::ContentReview => {
            "Đang chờ người đứng đầu đơn vị soạn thảo kiểm tra nội dung.".to_owned()
        }
        OutgoingState::FormReview => "Đang chờ văn thư hoặc người được giao kiểm tra thể thức.".to_owned(),
        OutgoingState::Approval => format!("Đang chờ người ký: {}.", whole.view.signer),
        OutgoingState::Approved => "Đang chờ văn thư cấp số, phát hành.".to_owned(),
        OutgoingState::Signing => format!("Đang chờ ký số: {}.", whole.view.signer),
        OutgoingState::Numbered => "Đã cấp số, đang chờ văn thư ký số của cơ quan và phát hành.".to_owned(),
        OutgoingState::Issued | OutgoingState::Cancelled | OutgoingState::Voided => String::new(),
    }
}

pub(super) fn legal_badge(value: LegalValue) -> Badge {
    match value {
        LegalValue::EquivalentToPaper => Badge::new(value.label(), Tone::Good).icon("shield-check"),
        LegalValue::ForReference => Badge::new(value.label(), Tone::Warn).icon("shield-question"),
    }
}

pub(super) const fn legal_reason(value: LegalValue) -> &'static str {
    match value {
        LegalValue::EquivalentToPaper => {
            "Có chữ ký số hợp lệ của người có thẩm quyền và của cơ quan (Quyết định 28/2018/QĐ-TTg, Điều 4.1)."
        }
        LegalValue::ForReference => {
            "Chưa có chữ ký số hợp lệ của người có thẩm quyền và của cơ quan nên không thay thế văn bản giấy (Quyết định 28/2018/QĐ-TTg, Điều 4.2)."
        }
    }
}

pub(super) fn facts(whole: &Whole) -> Vec<Fact> {
    let view = &whole.view;
    let registered = whole.document.state().is_registered();
    let mut facts = vec![Fact::new("Loại văn bản", view.type_name.as_str())];
    if registered {
        facts.push(Fact::new(
            "Số, ký hiệu",
            view.number_and_symbol.clone().unwrap_or_default(),
        ));
        facts.push(Fact::new("Ngày ban hành", format::date_opt(view.issued_on)));
        facts.push(Fact::new(
            "Mã định danh",
            view.document_code.clone().unwrap_or_default(),
        ));
    }
    if let Some(reason) = &view.void_reason {
        facts.push(Fact::new("Lý do hủy số", reason.as_str()));
    }
    facts.push(Fact::new("Mức độ khẩn", whole.document.urgency.label()));
    facts.push(Fact::new("Người ký", view.signer.as_str()));
    facts.push(Fact::new("Thẩm quyền ký", view.authority.as_str()));
    facts.push(Fact::new("Người soạn thảo", view.drafter.as_str()));
    if !view.co_drafters.is_empty() {
        facts.push(Fact::new("Phối hợp soạn thảo", view.co_drafters.join("; ")));
    }
    if let Some(term) = whole.term {
        facts.push(Fact::new("Thời hạn phát hành", term.words()));
    }
    if let Some(day) = view.respond_by {
        facts.push(Fact::new("Hạn trả lời", format::date(day)));
    }
    if let Some(incoming) = view.reply_to {
        facts.push(Fact::new("Trả lời văn bản", "Mở văn bản đến").link(format!("/incoming/{incoming}")));
    }
    facts.push(Fact::new(
        "Số trang",
        view.pages.map(|pages| pages.to_string()).unwrap_or_default(),
    ));
    facts
}

pub(super) fn sign_off_row(line: &view::SignOffLine) -> SignOffRow {
    let what = match line.kind.as_str() {
        "content" => "Kiểm tra nội dung",
        "form" => "Kiểm tra thể thức",
        _ => "Duyệt văn bản",
    };
    let badge = match line.decision.as_str() {
        "agreed" => Badge::new("Đồng ý", Tone::Good),
        "returned" => Badge::new("Trả lại", Tone::Bad),
        _ => Badge::new("Hết hiệu lực", Tone::Neutral),
    };
    SignOffRow {
        what: format!("{what}, phiên bản {}", line.version),
        badge,
        who: line.who.clone(),
        at: format::moment(line.moment),
        comment: line.comment.clone().unwrap_or_default(),
    }
}
