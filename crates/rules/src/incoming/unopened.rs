//! Bì thư không bóc: what is addressed to a named person or a mass organisation is handed on unopened, recorded, and comes back when
//! it turns out to be the agency's business (ND30-21.1b).

use jiff::civil::Date;

use super::facts::must_be_clerk;
use crate::ids::{AgencyId, PostId};
use crate::names::named_enum;
use crate::people::Actor;
use crate::{Decision, Refusal};

named_enum! {
    /// Whose name stands on the envelope.
    AddresseeKind {
        /// A named person.
        Person = "person", "Cá nhân đích danh";
        /// A mass organisation inside the agency: công đoàn, đoàn thanh niên …
        Organisation = "organisation", "Tổ chức đoàn thể trong cơ quan";
    }
}

named_enum! {
    /// Where an envelope is.
    UnopenedState {
        /// On its way to the addressee.
        Forwarded = "forwarded", "Chờ ký nhận";
        /// The addressee has it.
        Received = "received", "Đã ký nhận";
        /// It is common business and lies with the clerk.
        HandedBack = "handed_back", "Chờ đăng ký";
        /// It was registered as an incoming document.
        Registered = "registered", "Đã vào sổ";
    }
}

/// An envelope as the clerk records it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Envelope<'a> {
    /// To whom, as it stands on it.
    pub addressee: &'a str,
    /// From whom, as it stands on it.
    pub sender: &'a str,
    /// Day of arrival.
    pub arrived_on: Date,
    /// The civil date of the act.
    pub today: Date,
}

/// An envelope as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnopenedFacts {
    /// The agency that it came to.
    pub agency: AgencyId,
    /// Where it is.
    pub state: UnopenedState,
    /// The addressee, when it is a person of the agency.
    pub addressee: Option<PostId>,
}

fn refuse(code: &'static str, field: &'static str, message: &str) -> Refusal {
    Refusal::new("ND30-21.1b", code, message).on(field)
}

/// The clerk records that an envelope goes on unopened.
///
/// # Errors
/// `ND30-4.2b` for anybody but a clerk of the agency; `ND30-21.1b` without an addressee, without a sender, or for a day to come.
pub fn forward_unopened(actor: &Actor, agency: AgencyId, envelope: &Envelope<'_>) -> Decision<()> {
    must_be_clerk(actor, agency)?;
    if envelope.addressee.trim().is_empty() {
        return Err(refuse(
            "unopened.no_addressee",
            "addressee",
            "Vui lòng ghi người hoặc tổ chức đoàn thể nhận, như ghi trên bì. Bì không ghi đích danh thì bóc và vào sổ văn bản đến.",
        ));
    }
    if envelope.sender.trim().is_empty() {
        return Err(refuse(
            "unopened.no_sender",
            "sender",
            "Vui lòng ghi nơi gửi như ghi trên bì; nếu bì không ghi, nhập “Không ghi nơi gửi”.",
        ));
    }
    if envelope.arrived_on > envelope.today {
        return Err(refuse(
            "unopened.arrival_in_future",
            "arrived_on",
            "Ngày đến không được sau ngày hôm nay.",
        ));
    }
    Ok(())
}

/// Somebody signs for an envelope: its addressee in the system, or on paper before the clerk, who then writes who it was.
///
/// # Errors
/// `ND30-21.1b` for others, for an envelope that was signed for, and without the name of the one who signed.
pub fn receive_unopened(actor: &Actor, mail: &UnopenedFacts, received_by: &str) -> Decision<()> {
    must_be_involved(actor, mail)?;
    if mail.state != UnopenedState::Forwarded {
        return Err(Refusal::new(
            "ND30-21.1b",
            "unopened.received_before",
            "Bì này đã có người ký nhận.",
        ));
    }
    if received_by.trim().is_empty() {
        return Err(refuse(
            "unopened.no_receiver",
            "received_by",
            "Vui lòng ghi họ tên người ký nhận.",
        ));
    }
    Ok(())
}

/// What turned out to be common business comes back to văn thư to be registered.
///
/// # Errors
/// `ND30-21.1b` for others, without a reason, or when it came back before.
pub fn hand_back_unopened(actor: &Actor, mail: &UnopenedFacts, reason: &str) -> Decision<()> {
    must_be_involved(actor, mail)?;
    if matches!(mail.state, UnopenedState::HandedBack | UnopenedState::Registered) {
        return Err(Refusal::new(
            "ND30-21.1b",
            "unopened.back_before",
            "Bì này đã được chuyển lại văn thư.",
        ));
    }
    if reason.trim().is_empty() {
        return Err(refuse(
            "unopened.no_reason",
            "reason",
            "Vui lòng ghi vắn tắt nội dung liên quan công việc chung để văn thư đăng ký.",
        ));
    }
    Ok(())
}

/// What came back may be registered once.
///
/// # Errors
/// `ND30-4.2b` for anybody but a clerk; `ND30-21.1b` for what did not come back, or is registered.
pub fn register_unopened(actor: &Actor, mail: &UnopenedFacts) -> Decision<()> {
    must_be_clerk(actor, mail.agency)?;
    match mail.state {
        UnopenedState::HandedBack => Ok(()),
        UnopenedState::Registered => Err(Refusal::new(
            "ND30-21.1b",
            "unopened.registered_before",
            "Văn bản của bì này đã vào sổ văn bản đến.",
        )),
        UnopenedState::Forwarded | UnopenedState::Received => Err(Refusal::new(
            "ND30-21.1b",
            "unopened.not_back",
            "Bì này chưa được người nhận chuyển lại văn thư nên chưa đăng ký.",
        )),
    }
}

/// The clerks of the agency, and the addressee.
fn must_be_involved(actor: &Actor, mail: &UnopenedFacts) -> Decision<()> {
    if actor.is_clerk_of(mail.agency) || mail.addressee == Some(actor.post) {
        return Ok(());
    }
    Err(Refusal::new(
        "ND30-21.1b",
        "unopened.not_yours",
        "Chỉ người được ghi tên trên bì hoặc văn thư cơ quan thực hiện việc này.",
    ))
}
