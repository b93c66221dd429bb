//! Units (đơn vị thuộc cơ quan) that are set up, renamed, closed: nothing that waits is left without somebody who answers for it
//! (QC01-12, CN-916).

use crate::names::named_enum;
use crate::{Decision, Refusal};

named_enum! {
    /// What is handed over when a unit is closed, one line of the minutes each.
    Moved {
        /// A person takes a post in the successor.
        Person = "person", "Người";
        /// A draft on its way.
        Draft = "draft", "Dự thảo";
        /// A part of an incoming document that is being handled.
        Part = "part", "Phần việc";
        /// Work that was given to others and is followed up.
        Given = "given", "Việc đã giao";
        /// An opinion that is awaited.
        Opinion = "opinion", "Xin ý kiến";
        /// A submission slip: made, or waiting for an answer.
        Slip = "slip", "Phiếu trình";
        /// A dossier that went straight to the unit and is not confirmed yet.
        Dossier = "dossier", "Hồ sơ chuyển trực tiếp";
        /// An envelope that is forwarded unopened.
        Envelope = "envelope", "Bì thư chuyển không bóc";
        /// A delegation.
        Delegation = "delegation", "Ủy quyền";
        /// A device or seal in somebody's hands.
        Device = "device", "Thiết bị, con dấu";
    }
}

fn refuse<T>(
    clause: &'static str,
    code: &'static str,
    message: impl Into<String>,
    field: &'static str,
) -> Decision<T> {
    Err(Refusal::new(clause, code, message).on(field))
}

/// Names a unit, a new one or one that is renamed.
///
/// # Errors
/// `QC01-3.3` without a name, an abbreviation or a paper; for a name that another unit of the agency has.
pub fn name_unit(name: &str, abbr: &str, basis: &str, taken: bool) -> Decision<()> {
    if name.is_empty() || name.chars().count() > 200 {
        return refuse(
            "QC01-3.3",
            "unit.no_name",
            "Vui lòng ghi tên đơn vị, không quá 200 ký tự.",
            "name",
        );
    }
    if abbr.is_empty() || abbr.chars().count() > 20 || abbr.contains(char::is_whitespace) {
        return refuse(
            "QC01-3.3",
            "unit.no_abbr",
            "Vui lòng ghi chữ viết tắt của đơn vị, liền nhau, không quá 20 ký tự; chữ viết tắt đứng trong ký hiệu văn bản.",
            "abbr",
        );
    }
    if basis.is_empty() {
        return refuse(
            "QC01-3.3",
            "unit.no_basis",
            "Vui lòng ghi quyết định, văn bản làm căn cứ.",
            "basis",
        );
    }
    if taken {
        return refuse(
            "QC01-3.3",
            "unit.name_taken",
            "Cơ quan đang có đơn vị khác cùng tên hoặc cùng chữ viết tắt. Vui lòng ghi tên khác.",
            "name",
        );
    }
    Ok(())
}

/// What is known before a unit is closed.
#[derive(Debug, Clone, Copy)]
pub struct Closing<'a> {
    /// Whether the unit still exists.
    pub is_open: bool,
    /// Whether the successor exists, is of the same agency and another unit.
    pub has_successor: bool,
    /// Whether there is somebody who takes what lies with the unit itself: a head of the successor, or a named person.
    pub has_receiver: bool,
    /// What lies with the unit itself or with people who have left.
    pub waits_for_receiver: &'a [String],
    /// What cannot be moved as it stands.
    pub stuck: &'a [String],
    /// The decision behind it.
    pub basis: &'a str,
}

/// Closes a unit.
///
/// # Errors
/// `QC01-12` with a list of everything that would be left without somebody who answers for it; `QC01-3.3` for what is missing.
pub fn close_unit(closing: &Closing<'_>) -> Decision<()> {
    if !closing.is_open {
        return refuse(
            "QC01-3.3",
            "unit.closed",
            "Đơn vị này đã kết thúc hoạt động.",
            "successor",
        );
    }
    if !closing.has_successor {
        return refuse(
            "QC01-12",
            "unit.no_successor",
            "Vui lòng chọn đơn vị kế thừa đang hoạt động của cùng cơ quan; công việc còn dở chuyển về đó.",
            "successor",
        );
    }
    if closing.basis.is_empty() {
        return refuse(
            "QC01-3.3",
            "unit.no_basis",
            "Vui lòng ghi quyết định, văn bản làm căn cứ.",
            "basis",
        );
    }
    if !closing.stuck.is_empty() {
        return refuse(
            "QC01-12",
            "unit.stuck",
            format!(
                "Chưa kết thúc được đơn vị vì còn việc không chuyển giao được. Vui lòng giải quyết trước: {}.",
                listed(closing.stuck)
            ),
            "successor",
        );
    }
    if !closing.has_receiver && !closing.waits_for_receiver.is_empty() {
        return refuse(
            "QC01-12",
            "unit.orphans",
            format!(
                "Đơn vị kế thừa chưa có người phụ trách nên các việc sau sẽ không có người nhận: {}. Vui lòng chọn người nhận.",
                listed(closing.waits_for_receiver)
            ),
            "receiver",
        );
    }
    Ok(())
}

/// The first twenty, and how many more.
fn listed(all: &[String]) -> String {
    let shown = all.iter().take(20).cloned().collect::<Vec<_>>().join("; ");
    match all.len().checked_sub(20) {
        Some(more) if more > 0 => format!("{shown}; và {more} việc khác"),
        _ => shown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn closing<'a>(waits: &'a [String], stuck: &'a [String]) -> Closing<'a> {
        Closing {
            is_open: true,
            has_successor: true,
            has_receiver: true,
            waits_for_receiver: waits,
            stuck,
            basis: "QĐ 12/QĐ-STTTT",
        }
    }

    #[test]
    fn cn_916_a_unit_with_a_successor_and_a_receiver_is_closed() {
        assert!(close_unit(&closing(&["12/UBND".to_owned()], &[])).is_ok());
        let nobody = Closing {
            has_receiver: false,
            ..closing(&[], &[])
        };
        assert!(close_unit(&nobody).is_ok(), "nothing waits");
    }

    #[test]
    fn qc01_12_what_would_be_orphaned_is_listed() {
        let waits: Vec<String> = (1..=25).map(|n| format!("Văn bản đến số {n}")).collect();
        let refusal = close_unit(&Closing {
            has_receiver: false,
            ..closing(&waits, &[])
        })
        .unwrap_err();
        assert_eq!((refusal.clause, refusal.code), ("QC01-12", "unit.orphans"));
        assert!(refusal.message.contains("Văn bản đến số 1;") && refusal.message.contains("và 5 việc khác"));
        let stuck = ["Dự thảo đang chờ ký số".to_owned()];
        let refusal = close_unit(&closing(&[], &stuck)).unwrap_err();
        assert_eq!(refusal.code, "unit.stuck");
        assert!(refusal.message.contains("Dự thảo đang chờ ký số"));
    }

    #[test]
    fn cn_916_a_successor_and_a_paper_are_needed() {
        let of = |change: fn(Closing<'static>) -> Closing<'static>| {
            close_unit(&change(closing(&[], &[]))).map_err(|refusal| refusal.code)
        };
        assert_eq!(
            of(|known| Closing {
                is_open: false,
                ..known
            }),
            Err("unit.closed")
        );
        assert_eq!(
            of(|known| Closing {
                has_successor: false,
                ..known
            }),
            Err("unit.no_successor")
        );
        assert_eq!(of(|known| Closing { basis: "", ..known }), Err("unit.no_basis"));
    }

    #[test]
    fn qc01_3_3_a_unit_has_a_name_of_its_own() {
        assert!(name_unit("Phòng Chuyển đổi số", "CĐS", "QĐ 12", false).is_ok());
        for (name, abbr, basis, taken, code) in [
            ("", "CĐS", "QĐ 12", false, "unit.no_name"),
            ("Phòng Chuyển đổi số", "C ĐS", "QĐ 12", false, "unit.no_abbr"),
            ("Phòng Chuyển đổi số", "", "QĐ 12", false, "unit.no_abbr"),
            ("Phòng Chuyển đổi số", "CĐS", "", false, "unit.no_basis"),
            ("Phòng Chuyển đổi số", "CĐS", "QĐ 12", true, "unit.name_taken"),
        ] {
            assert_eq!(name_unit(name, abbr, basis, taken).unwrap_err().code, code);
        }
    }
}
