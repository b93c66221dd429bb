//! What the bar under a box offers for the documents that are chosen in it (CN-130).

use rules::{delegation::Function, people::Role};

use crate::{
    context::{App, Who},
    desk::DeskBox,
    error::AppResult,
    incoming::{acts::ActKind, people},
    web::page::Choice,
};

/// A button of the bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BulkAct {
    /// What it says.
    pub label: &'static str,
    /// Icon of the sprite.
    pub icon: &'static str,
    /// Where it sends the form.
    pub action: &'static str,
    /// What is asked before, or empty.
    pub confirm: &'static str,
}

/// The bar of a box.
#[derive(Debug, Default)]
pub struct Bulk {
    /// Its acts; downloading is there besides.
    pub acts: Vec<BulkAct>,
    /// To whom documents may go.
    pub people: Vec<Choice>,
    /// What this choice is called.
    pub people_label: &'static str,
    /// What the field for words is called; empty: there is none.
    pub words_label: &'static str,
}

const PRESENT: BulkAct = BulkAct {
    label: "Trình lãnh đạo",
    icon: "user-check",
    action: "/incoming/present",
    confirm: "",
};
const PASS_DOWN: BulkAct = BulkAct {
    label: "Chuyển xử lý",
    icon: "user-share",
    action: "/incoming/pass-down",
    confirm: "",
};
const FINISH: BulkAct = BulkAct {
    label: "Kết thúc xử lý",
    icon: "checks",
    action: "/incoming/complete",
    confirm: "Kết thúc xử lý các văn bản đã chọn với cùng một kết quả giải quyết?",
};
const COMPLETE: BulkAct = BulkAct {
    label: "Hoàn thành phần việc",
    icon: "check",
    action: "/incoming/complete",
    confirm: "",
};
const MARK_SEEN: BulkAct = BulkAct {
    label: "Đánh dấu đã xem",
    icon: "eye",
    action: "/incoming/seen",
    confirm: "",
};

/// The bar of this box for this person; none where documents are not chosen.
///
/// # Errors
/// When the database fails.
pub async fn bulk_of(app: &App, who: &Who, desk_box: DeskBox) -> AppResult<Option<Bulk>> {
    let mut bulk = match desk_box {
        DeskBox::Directing => Bulk::default(),
        DeskBox::Presenting => Bulk {
            acts: vec![PRESENT],
            people: people::for_acts(app, who, &[ActKind::Present]).await?.leaders,
            people_label: "Lãnh đạo được trình",
            words_label: "Đề xuất của văn thư (nếu có)",
        },
        // One directive fits all of them only within a unit.
        DeskBox::Handling if who.role() == Role::UnitHead => Bulk {
            acts: vec![PASS_DOWN, FINISH],
            people: people::for_acts(app, who, &[ActKind::PassDown]).await?.people,
            people_label: "Người xử lý chính",
            words_label: "Ý kiến chuyển, hoặc kết quả giải quyết",
        },
        DeskBox::Handling => Bulk {
            acts: vec![FINISH],
            words_label: "Kết quả giải quyết",
            ..Bulk::default()
        },
        DeskBox::Information if who.in_place.is_none() => Bulk {
            acts: vec![MARK_SEEN, COMPLETE],
            words_label: "Kết quả phần việc (nếu có)",
            ..Bulk::default()
        },
        DeskBox::Supporting | DeskBox::Information => Bulk {
            acts: vec![COMPLETE],
            words_label: "Kết quả phần việc (nếu có)",
            ..Bulk::default()
        },
        _ => return Ok(None),
    };
    // In somebody's place only what was handed over is offered.
    if who.scope().is_some_and(|scope| !scope.has(Function::Handle)) {
        bulk = Bulk::default();
    }
    Ok(Some(bulk))
}
