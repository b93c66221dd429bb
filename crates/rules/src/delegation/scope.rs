//! The functions that are handed over, and which acts belong to them.

use crate::access::{Action, ObjectFacts, ObjectKind, hidden};
use crate::ids::PostId;
use crate::incoming::IncomingState;
use crate::names::named_enum;
use crate::outgoing::OutgoingState;
use crate::people::Actor;
use crate::{Decision, Refusal};

named_enum! {
    /// A function (chức năng) that is handed over. Signing is none of them.
    Function {
        /// Direct, pass on and handle the incoming documents of the post.
        Handle = "handle", "Chỉ đạo, xử lý văn bản đến";
        /// Sign off the content of the unit's drafts, answer when an opinion is asked.
        Content = "content", "Xác nhận nội dung, cho ý kiến về dự thảo";
        /// An assistant (trợ lý, thư ký): sees the incoming documents and prepares the directive.
        Prepare = "prepare", "Trợ lý: xem văn bản đến, chuẩn bị ý kiến chỉ đạo";
    }
}

/// Which functions were handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Scope {
    handle: bool,
    content: bool,
    prepare: bool,
}

impl Scope {
    /// These functions.
    #[must_use]
    pub fn of(functions: &[Function]) -> Self {
        Self {
            handle: functions.contains(&Function::Handle),
            content: functions.contains(&Function::Content),
            prepare: functions.contains(&Function::Prepare),
        }
    }

    /// Whether this function is among them.
    #[must_use]
    pub const fn has(self, function: Function) -> bool {
        match function {
            Function::Handle => self.handle,
            Function::Content => self.content,
            Function::Prepare => self.prepare,
        }
    }

    /// Whether incoming documents are seen.
    #[must_use]
    pub const fn sees_incoming(self) -> bool {
        self.handle || self.prepare
    }

    /// All of them, in order.
    #[must_use]
    pub fn functions(self) -> Vec<Function> {
        Function::ALL
            .iter()
            .copied()
            .filter(|function| self.has(*function))
            .collect()
    }

    /// As the database keeps them: `handle,content`.
    #[must_use]
    pub fn stored(self) -> String {
        let names: Vec<&str> = self.functions().into_iter().map(Function::as_str).collect();
        names.join(",")
    }

    /// What [`Scope::stored`] wrote; a name that is not known gives no right.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let functions: Vec<Function> = text.split(',').filter_map(|name| name.parse().ok()).collect();
        Self::of(&functions)
    }

    /// In words.
    #[must_use]
    pub fn label(self) -> String {
        let labels: Vec<&str> = self.functions().into_iter().map(Function::label).collect();
        labels.join("; ")
    }
}

/// Whether somebody who acts in the place of `post` may come near the object at all. What the post itself may is asked as always,
/// beside this.
///
/// # Errors
/// [`hidden`] for what was not handed over; `ND30-13.3` for signing and for everything else that stays with the post.
pub fn may_in_place(scope: Scope, actor: &Actor, action: Action, object: &ObjectFacts) -> Decision<()> {
    // The work of the post, not everything that its holder may look at.
    let concerns = object.participant_posts.contains(&actor.post)
        || object
            .participant_units
            .iter()
            .chain(&object.drafting_unit)
            .any(|unit| actor.heads_unit(*unit));
    match object.kind {
        ObjectKind::Agency => Err(not_handed_over(action)),
        // A slip asks the leader in person.
        ObjectKind::Slip => Err(hidden()),
        ObjectKind::Incoming(_) if !scope.sees_incoming() || !concerns => Err(hidden()),
        ObjectKind::Incoming(_) => match action {
            Action::View | Action::Download => Ok(()),
            Action::Prepare if scope.prepare => Ok(()),
            Action::Direct
            | Action::PassDown
            | Action::GiveOpinion
            | Action::Handle
            | Action::Finish
            | Action::Amend
            | Action::Urge
                if scope.handle =>
            {
                Ok(())
            }
            _ => Err(not_handed_over(action)),
        },
        ObjectKind::Outgoing(state) => {
            // The drafts that the post itself writes are its own.
            let writes =
                object.drafter_post == Some(actor.post) || object.co_drafter_posts.contains(&actor.post);
            let concerns = concerns || state == OutgoingState::ContentReview;
            if !scope.content || !concerns || (writes && !state.is_registered()) {
                return Err(hidden());
            }
            match action {
                Action::View | Action::Download | Action::SignOffContent | Action::GiveOpinion => Ok(()),
                Action::Return if state == OutgoingState::ContentReview => Ok(()),
                Action::Approve => Err(signing()),
                _ => Err(not_handed_over(action)),
            }
        }
    }
}

/// Prepares a directive (dự thảo ý kiến chỉ đạo) for a leader.
///
/// # Errors
/// `ND30-23.2` when there is nothing to direct any more; `CN-806` without a text.
pub fn prepare(state: IncomingState, text: &str) -> Decision<()> {
    if !matches!(state, IncomingState::Registered | IncomingState::Presented) {
        return Err(Refusal::new(
            "ND30-23.2",
            "delegation.directed",
            "Văn bản đã có ý kiến chỉ đạo hoặc đã kết thúc nên không cần chuẩn bị ý kiến nữa.",
        ));
    }
    if text.is_empty() {
        return Err(Refusal::new(
            "ND30-23.2",
            "delegation.no_text",
            "Vui lòng ghi dự thảo ý kiến chỉ đạo.",
        )
        .on("text"));
    }
    Ok(())
}

/// Whoever drafted a document does not answer for its content in the place of the head as well.
///
/// # Errors
/// `ND30-12.1`.
pub fn checks_anothers_draft(own: PostId, drafter: PostId) -> Decision<()> {
    if own == drafter {
        return Err(Refusal::new(
            "ND30-12.1",
            "delegation.own_draft",
            "Người soạn thảo không xác nhận nội dung dự thảo của chính mình thay người đứng đầu đơn vị. Vui lòng đề nghị người ủy quyền thực hiện.",
        ));
    }
    Ok(())
}

/// Whoever holds a part does not decide about it, its deadline or its return in the place of who gave it.
///
/// # Errors
/// `ND30-13.3`.
pub fn decides_on_anothers_part(own: PostId, holder: Option<PostId>) -> Decision<()> {
    if holder == Some(own) {
        return Err(Refusal::new(
            "ND30-13.3",
            "delegation.own_part",
            "Người được ủy quyền không quyết định về phần việc của chính mình thay người giao việc. Vui lòng đề nghị người ủy quyền thực hiện.",
        ));
    }
    Ok(())
}

fn signing() -> Refusal {
    Refusal::new(
        "ND30-13.3",
        "delegation.signing",
        "Thẩm quyền ký không chuyển theo ủy quyền xử lý công việc. Người được giao ký thừa ủy quyền ký bằng chức vụ của mình, theo văn bản của người đứng đầu cơ quan.",
    )
}

fn not_handed_over(action: Action) -> Refusal {
    Refusal::new(
        "ND30-13.3",
        "delegation.not_handed_over",
        format!(
            "Thao tác “{}” không thuộc phạm vi được ủy quyền. Vui lòng trở về việc của mình hoặc đề nghị người ủy quyền thực hiện.",
            action.label()
        ),
    )
}
