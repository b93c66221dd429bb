//! A report in the words of the screen (KS-22, KS-23): labels, badges, sentences.

use jiff::Timestamp;
use pdf_signature::verify::{
    Coverage, LaterChanges, Report, RevocationReport, RevocationSource, RevocationStatus, Role,
    SignatureReport, SigningCertAttr, Verdict, VisibleArea,
};

use super::verify::{PAINTED_OVER, is_painted_over};
use crate::web::{
    format,
    page::{Badge, Fact, Tone},
};

/// Tone and icon of a verdict.
const fn look(verdict: Verdict) -> (Tone, &'static str) {
    match verdict {
        Verdict::TotalPassed => (Tone::Good, "shield-check"),
        Verdict::TotalFailed => (Tone::Bad, "shield-x"),
        Verdict::Indeterminate => (Tone::Warn, "shield-question"),
    }
}

/// The verdict as people read it in a line.
pub const fn in_words(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::TotalPassed => "Hợp lệ",
        Verdict::TotalFailed => "Không hợp lệ",
        Verdict::Indeterminate => "Không đủ căn cứ",
    }
}

/// A verdict as a badge.
pub fn badge(verdict: Verdict) -> Badge {
    let (tone, icon) = look(verdict);
    Badge::new(in_words(verdict), tone).icon(icon)
}

/// The verdict on a whole file as a badge: a file without signatures and one that cannot be read are named as such.
pub fn file_badge(report: &Report) -> Badge {
    if report.unreadable.is_some() {
        Badge::new("Không đọc được", Tone::Warn).icon("shield-question")
    } else if report.signatures.is_empty() && report.verdict == Verdict::Indeterminate {
        Badge::new("Không có chữ ký số", Tone::Neutral).icon("shield-question")
    } else {
        badge(report.verdict)
    }
}

/// The verdict on a whole file as the head of a report.
pub fn headline(report: &Report) -> Badge {
    let (tone, icon) = look(report.verdict);
    let label = if report.unreadable.is_some() {
        "KHÔNG ĐỌC ĐƯỢC TỆP"
    } else if report.signatures.is_empty() && report.verdict == Verdict::Indeterminate {
        "KHÔNG CÓ CHỮ KÝ SỐ"
    } else {
        report.verdict.label()
    };
    Badge::new(label, tone).icon(icon)
}

/// One sentence about the whole file.
pub fn sentence(report: &Report) -> String {
    if let Some(note) = &report.unreadable {
        return note.sentence.clone();
    }
    let count = report.signatures.len();
    if count == 0 {
        return "Tệp không có chữ ký số nào; không có căn cứ để xác định người ký và tính toàn vẹn."
            .to_owned();
    }
    let passed = report
        .signatures
        .iter()
        .filter(|one| one.verdict == Verdict::TotalPassed)
        .count();
    let worst = report
        .signatures
        .iter()
        .filter(|one| one.verdict == report.verdict)
        .map(|one| one.reason.as_str())
        .find(|reason| !reason.is_empty());
    match (report.verdict, worst) {
        (Verdict::TotalPassed, _) if is_painted_over(report) => {
            format!("Cả {count} chữ ký số đều hợp lệ. {PAINTED_OVER}")
        }
        (Verdict::TotalPassed, _) if count == 1 => {
            "Chữ ký số hợp lệ; nội dung không thay đổi sau khi ký.".to_owned()
        }
        (Verdict::TotalPassed, _) => {
            format!("Cả {count} chữ ký số đều hợp lệ; nội dung không thay đổi sau khi ký.")
        }
        (_, Some(reason)) => format!("{passed}/{count} chữ ký số hợp lệ. {reason}"),
        (_, None) => format!("{passed}/{count} chữ ký số hợp lệ."),
    }
}

/// Who signed, in one line.
pub fn signer(one: &SignatureReport) -> String {
    let name = one
        .signer_cn
        .as_deref()
        .or(one.ts_authority.as_deref())
        .unwrap_or("Không đọc được tên người ký");
    match one.title.as_deref() {
        Some(title) if !title.is_empty() => format!("{name}, {title}"),
        _ => name.to_owned(),
    }
}

/// Loại chữ ký.
pub const fn role(role: Role) -> &'static str {
    match role {
        Role::Person => "Cá nhân",
        Role::Organization => "Cơ quan, tổ chức",
        Role::Timestamp => "Dấu thời gian",
        Role::Unknown => "Không xác định",
    }
}

/// Facts of a signature under one heading.
#[derive(Debug, Clone)]
pub struct Group {
    /// The heading.
    pub title: &'static str,
    /// Label and value.
    pub facts: Vec<Fact>,
    /// Whether only specialists look for it.
    pub is_technical: bool,
}

fn text(value: Option<&String>) -> String {
    value.cloned().unwrap_or_default()
}

fn moment(at: Option<Timestamp>) -> String {
    at.map(second).unwrap_or_default()
}

/// `14:05:09 05/01/2022 (+07:00)`: a time that proves something is told to the second and with its zone.
pub fn second(at: Timestamp) -> String {
    store::vietnam(at).strftime("%H:%M:%S %d/%m/%Y (%:z)").to_string()
}

/// Every fact of a signature, by the table of the report.
pub fn groups(one: &SignatureReport) -> Vec<Group> {
    let is_stamp = one.role == Role::Timestamp;
    let mut who = vec![Fact::new("Loại chữ ký", role(one.role))];
    if !is_stamp {
        who.push(Fact::new("Người ký", text(one.signer_cn.as_ref())));
        if one.role == Role::Person {
            who.push(Fact::new("Chức vụ", text(one.title.as_ref())));
        }
        who.push(Fact::new("Cơ quan, tổ chức", text(one.org.as_ref())));
        who.push(Fact::new("Mã định danh", text(one.org_id.as_ref())));
    }
    let mut when = Vec::new();
    if !is_stamp {
        when.push(Fact::new(
            "Thời gian ký (theo máy người ký)",
            moment(one.claimed_time),
        ));
    }
    when.push(Fact::new(
        "Dấu thời gian",
        one.ts_time
            .map_or_else(|| "không có dấu thời gian tin cậy".to_owned(), second),
    ));
    if one.ts_authority.is_some() {
        when.push(Fact::new(
            "Đơn vị cấp dấu thời gian",
            text(one.ts_authority.as_ref()),
        ));
    }
    vec![
        group("Người ký", who),
        group("Thời gian", when),
        group("Nội dung được ký", content(one)),
        group("Chứng thư số", certificate(one)),
        Group {
            is_technical: true,
            ..group("Thông số kỹ thuật", technical(one))
        },
    ]
}

fn group(title: &'static str, facts: Vec<Fact>) -> Group {
    Group {
        title,
        facts,
        is_technical: false,
    }
}

fn content(one: &SignatureReport) -> Vec<Fact> {
    use pdf_signature::verify::Integrity;
    let integrity = match one.integrity {
        Integrity::Intact => Tone::Good,
        Integrity::Changed => Tone::Bad,
        Integrity::Unknown => Tone::Warn,
    };
    let later = match one.later_changes {
        LaterChanges::None | LaterChanges::ValidationData | LaterChanges::Signatures => Tone::Neutral,
        LaterChanges::Other => Tone::Bad,
    };
    let coverage = match one.coverage {
        Coverage::WholeFile => "toàn bộ tệp".to_owned(),
        Coverage::Revision => format!("phiên bản {} trên {}", one.revision, one.revisions),
        Coverage::Unclear => "không rõ".to_owned(),
    };
    vec![
        Fact::new("Tính toàn vẹn của văn bản", one.integrity.label()).badge(integrity),
        Fact::new("Phạm vi được ký", coverage),
        Fact::new("Thay đổi sau khi ký", one.later_changes.label()).badge(later),
    ]
}

fn certificate(one: &SignatureReport) -> Vec<Fact> {
    use pdf_signature::verify::CertAtSigning;
    let at_signing = match one.cert_at_signing {
        CertAtSigning::Valid => Tone::Good,
        CertAtSigning::Expired | CertAtSigning::NotYetValid => Tone::Bad,
        CertAtSigning::Unknown => Tone::Warn,
    };
    let period = match (one.valid_from, one.valid_to) {
        (Some(from), Some(to)) => format!(
            "{} – {}",
            format::date(store::vietnam(from).date()),
            format::date(store::vietnam(to).date())
        ),
        _ => String::new(),
    };
    let mut chain = one.chain.join(" → ");
    if let Some(anchor) = &one.anchor {
        chain = format!("{chain} (tin cậy theo: {anchor})");
    }
    let revocation = match one.revocation.status {
        RevocationStatus::Good => Tone::Good,
        RevocationStatus::Revoked => Tone::Bad,
        RevocationStatus::Unknown => Tone::Warn,
    };
    vec![
        Fact::new("Số hiệu chứng thư", text(one.cert_serial.as_ref())),
        Fact::new("Tổ chức cấp", text(one.issuer.as_ref())),
        Fact::new("Hiệu lực từ – đến", period),
        Fact::new("Hiệu lực chứng thư tại thời điểm ký", one.cert_at_signing.label()).badge(at_signing),
        Fact::new("Tình trạng thu hồi", status(&one.revocation)).badge(revocation),
        Fact::new("Nguồn kiểm tra thu hồi", source(&one.revocation)),
        Fact::new("Đường dẫn chứng thực", chain),
    ]
}

fn status(revocation: &RevocationReport) -> String {
    match revocation.revoked_at {
        Some(at) => format!("{} lúc {}", revocation.label(), second(at)),
        None if revocation.status == RevocationStatus::Unknown => "không kiểm tra được".to_owned(),
        None => revocation.label().to_owned(),
    }
}

fn source(revocation: &RevocationReport) -> String {
    let name = match revocation.source {
        Some(RevocationSource::Crl) => "danh sách thu hồi (CRL)",
        Some(RevocationSource::Ocsp) => "dịch vụ trạng thái (OCSP)",
        None => return "không có dữ liệu thu hồi dùng được".to_owned(),
    };
    let mut line = name.to_owned();
    if let Some(at) = revocation.this_update {
        line = format!("{line}, cập nhật {}", format::moment(at));
    }
    if let Some(at) = revocation.next_update {
        line = format!("{line}, lần tới {}", format::moment(at));
    }
    line
}

fn technical(one: &SignatureReport) -> Vec<Fact> {
    let attribute = match one.signing_cert_attr {
        SigningCertAttr::V2 => "có (signing-certificate-v2)",
        SigningCertAttr::V1 => "có (signing-certificate)",
        SigningCertAttr::Absent => "không có",
        SigningCertAttr::Mismatch => "không khớp chứng thư",
    };
    vec![
        Fact::new("Thuật toán băm", text(one.hash_alg.as_ref())),
        Fact::new("Thuật toán ký", text(one.sig_alg.as_ref())),
        Fact::new(
            "Độ dài khóa",
            one.key_bits.map(|bits| format!("{bits} bit")).unwrap_or_default(),
        ),
        Fact::new("Mức chữ ký", one.profile.label()),
        Fact::new("Thuộc tính chứng thư ký", attribute),
        Fact::new("Định dạng", text(one.subfilter.as_ref())),
        Fact::new("Vị trí hình ảnh", area(one.visible_area.as_ref())),
        Fact::new("Trường chữ ký", one.field.as_str()),
        Fact::new("SHA-256 của chứng thư", text(one.cert_sha256.as_ref())),
    ]
}

fn area(area: Option<&VisibleArea>) -> String {
    area.map_or_else(
        || "không hiển thị".to_owned(),
        |area| {
            let number = |value: f64| format!("{value:.0}");
            format!(
                "trang {}, cách trái {} mm, cách trên {} mm, khung {} × {} mm",
                area.page,
                number(area.x),
                number(area.y),
                number(area.width),
                number(area.height)
            )
        },
    )
}
