//! What has come: only what a receiver cannot do without is an error, and even then the clerk decides.

use super::{Finding, Severity};
use crate::{Received, WarningCode};

/// Fields that a receiver needs (spec edxml 3, ●).
const NEEDED: &[&str] = &[
    "MessageHeader/From/OrganId",
    "MessageHeader/To",
    "MessageHeader/Subject",
];

/// The warnings of the reader with their weight. A state that names no document at all is an error: it fits nothing.
#[must_use]
pub fn received(received: &Received) -> Vec<Finding> {
    let mut findings: Vec<Finding> = received
        .warnings
        .iter()
        .map(|warning| Finding {
            element: warning.at.clone(),
            rule: warning.code.to_string(),
            severity: if warning.code == WarningCode::Missing && NEEDED.contains(&warning.at.as_str()) {
                Severity::Error
            } else {
                Severity::Warning
            },
            message: warning.message.clone(),
        })
        .collect();
    if let Some(status) = received.message.as_status() {
        let about = &status.response_for;
        if about.document_id.is_none() && about.code.is_none() {
            findings.push(Finding {
                element: "MessageHeader/ResponseFor".to_owned(),
                rule: WarningCode::Missing.to_string(),
                severity: Severity::Error,
                message: "Trạng thái không nêu văn bản nào nên không xác định được văn bản được phản hồi. Đề nghị bên gửi gửi lại."
                    .to_owned(),
            });
        }
    }
    findings
}
