//! What later signatures show on the pages that earlier ones signed.

use super::{Integrity, LaterChanges, Note, Role, Verdict, one::Found};
use crate::{difference::AddedWidget, document::WidgetArea, pki::reasons::Reason};

/// Part of a page that a later signature may show itself on. A seal (36 to 40 mm across) or a signature with its text
/// takes about 3 % of A4, a wide one with several lines 10 %; text of a document can be hidden by more than this only.
const MOST_OF_PAGE: f64 = 0.25;
/// Part of an earlier signature that a later one may lie over. The seal covers about a third of the signature, on its left
/// (NĐ 30/2020, Điều 33 khoản 1 điểm b), in practice up to half of a small one.
const MOST_OF_SIGNATURE: f64 = 0.6;

/// A picture that a later signature put on a page counts only if that signature holds, and leaves room to the earlier ones.
pub(super) fn judge(found: &mut [Found]) {
    let own: Vec<Own> = found
        .iter()
        .map(|one| Own {
            field: one.report.field.clone(),
            reason: one.reason,
            known: one.report.anchor.is_some() && one.report.integrity == Integrity::Intact,
            stamp: one.report.role == Role::Timestamp,
        })
        .collect();
    for one in found {
        let worst = one
            .changes
            .added_widgets
            .iter()
            .filter_map(|widget| {
                if covers(widget, one.area.as_ref()) {
                    return Some(Reason::CoveredLater);
                }
                trusted(widget, &own)
            })
            .max_by_key(|reason| reason.verdict());
        let Some(worst) = worst else { continue };
        if one.reason.is_none_or(|reason| worst.verdict() > reason.verdict()) {
            one.reason = Some(worst);
            one.sentence = None;
            if worst.verdict() == Verdict::TotalFailed {
                one.report.later_changes = LaterChanges::Other;
            }
        }
    }
}

/// A signature as the others see it.
struct Own {
    field: String,
    reason: Option<Reason>,
    /// Intact, and its chain is trusted.
    known: bool,
    stamp: bool,
}

fn covers(widget: &AddedWidget, earlier: Option<&WidgetArea>) -> bool {
    widget.share > MOST_OF_PAGE
        || earlier.is_some_and(|area| area.covered_by(&widget.area) > MOST_OF_SIGNATURE)
}

fn trusted(widget: &AddedWidget, own: &[Own]) -> Option<Reason> {
    match own.iter().find(|own| own.field == widget.field) {
        // Everybody can have a time stamp: it vouches for no picture.
        Some(Own {
            stamp: false,
            reason: None,
            ..
        }) => None,
        // trusted, but something is still to be found out: so is the picture
        Some(Own {
            stamp: false,
            reason: Some(reason),
            known: true,
            ..
        }) if reason.verdict() == Verdict::Indeterminate => Some(Reason::Waiting(reason.code())),
        _ => Some(Reason::UntrustedOverlay),
    }
}

/// Notes `later_visible_signature`: what others than the agency show after its last signature, which closes a document.
pub(super) fn after_agency(found: &[Found]) -> Vec<Note> {
    let last = found
        .iter()
        .rposition(|one| one.report.role == Role::Organization);
    let Some(agency) = last.and_then(|last| found.get(last)) else {
        return Vec::new();
    };
    let notes = agency.changes.added_widgets.iter().filter_map(|widget| {
        let signature = found.iter().find(|one| one.report.field == widget.field);
        if signature.is_some_and(|one| one.signer.is_some() && one.signer == agency.signer) {
            return None;
        }
        let signer = signature
            .and_then(|one| one.report.signer_cn.as_deref())
            .unwrap_or("không xác định");
        let covered: Vec<String> = found
            .iter()
            .filter(|one| one.revision < widget.revision)
            .filter_map(|one| {
                let part = one.area.as_ref()?.covered_by(&widget.area);
                (part > 0.0).then(|| format!("; che {} hình ảnh chữ ký “{}”", percent(part), one.report.field))
            })
            .collect();
        let sentence = format!(
            "Sau chữ ký số của cơ quan, tổ chức (“{}”), chữ ký của {signer} tại trường “{}” thêm hình ảnh ở trang {}, \
             chiếm {} diện tích trang{}.",
            agency.report.field,
            widget.field,
            widget.area.page,
            percent(widget.share),
            covered.concat(),
        );
        Some(Note::new("later_visible_signature", sentence))
    });
    notes.collect()
}

/// With the decimal comma of Vietnamese.
fn percent(part: f64) -> String {
    format!("{:.1} %", part * 100.0).replace('.', ",")
}
