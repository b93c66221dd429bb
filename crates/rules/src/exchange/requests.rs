//! Yêu cầu của bên gửi: what a recipient does when the sender recalls or updates a document (QD28 Điều 9.2, ND30 Điều 18.4b).

use super::{Business, RequestState};
use crate::ids::AgencyId;
use crate::incoming::IncomingState;
use crate::people::Actor;
use crate::{Decision, Refusal};

/// The agency's choices about requests of senders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestPolicy {
    /// Whether a recall of a document that nobody was assigned yet is carried out at once.
    pub automatic_until_assigned: bool,
    /// Whether a clerk may refuse a recall (16). The law gives the recipient a duty, not a choice (CN-409).
    pub may_refuse_recall: bool,
}

impl Default for RequestPolicy {
    fn default() -> Self {
        Self {
            automatic_until_assigned: true,
            may_refuse_recall: false,
        }
    }
}

/// What happens to a request when it arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Receipt {
    /// The document is cancelled at once and the sender told (15).
    Withdraw,
    /// It was cancelled before: the sender is told once more (15).
    WithdrawnBefore,
    /// The changes are taken in at once and the sender told (15).
    Apply,
    /// What we returned comes again, corrected: it waits in the reception box once more (01).
    Redeliver,
    /// The clerk decides.
    Ask,
    /// There is nothing left to update: the document was recalled. The sender is not told: it asked for the recall itself,
    /// and a 16 might be read as the answer to that.
    TooLate,
}

/// What happens to a request of `business` about a document in `state`.
#[must_use]
pub const fn receive(business: Business, state: IncomingState, policy: RequestPolicy) -> Receipt {
    match (business, state) {
        (Business::Recall, IncomingState::Recalled) => Receipt::WithdrawnBefore,
        (Business::Recall, IncomingState::Delivered | IncomingState::Refused) => Receipt::Withdraw,
        (Business::Recall, IncomingState::Registered | IncomingState::Presented)
            if policy.automatic_until_assigned =>
        {
            Receipt::Withdraw
        }
        (Business::Recall, _) => Receipt::Ask,
        (_, IncomingState::Recalled) => Receipt::TooLate,
        (_, IncomingState::Refused) => Receipt::Redeliver,
        (_, IncomingState::Delivered) => Receipt::Apply,
        (_, _) => Receipt::Ask,
    }
}

/// The clerk carries out what the sender asks (15).
///
/// # Errors
/// `ND30-4.2b` for anybody but a clerk of the receiving agency, `QD28-9.2` when it was answered before.
pub fn agree(actor: &Actor, agency: AgencyId, request: RequestState) -> Decision<()> {
    must_be_clerk(actor, agency)?;
    must_be_open(request)
}

/// The clerk does not carry out what the sender asks (16).
///
/// # Errors
/// `ND30-4.2b` for anybody but a clerk of the receiving agency, `QD28-9.2` when it was answered before or for a recall where
/// the agency does not allow to refuse one (CN-409), `QD28-5.4` without a reason.
pub fn refuse(
    actor: &Actor,
    agency: AgencyId,
    business: Business,
    request: RequestState,
    policy: RequestPolicy,
    reason: &str,
) -> Decision<()> {
    must_be_clerk(actor, agency)?;
    must_be_open(request)?;
    if business == Business::Recall && !policy.may_refuse_recall {
        return Err(Refusal::new(
            "QD28-9.2",
            "incoming.recall_is_a_duty",
            "Bên nhận phải hủy văn bản bị thu hồi và thông báo lại cho bên gửi. Nếu có vướng mắc, đề nghị trao đổi với bên gửi trước khi xác nhận.",
        ));
    }
    if reason.trim().is_empty() {
        return Err(Refusal::new(
            "QD28-5.4",
            "incoming.no_reason",
            "Vui lòng ghi lý do từ chối để phản hồi cho bên gửi.",
        )
        .on("reason"));
    }
    Ok(())
}

fn must_be_clerk(actor: &Actor, agency: AgencyId) -> Decision<()> {
    if actor.is_clerk_of(agency) {
        return Ok(());
    }
    Err(Refusal::new(
        "ND30-4.2b",
        "incoming.not_clerk",
        "Chỉ văn thư của cơ quan nhận được trả lời yêu cầu thu hồi, cập nhật của bên gửi.",
    ))
}

fn must_be_open(request: RequestState) -> Decision<()> {
    if request == RequestState::Open {
        return Ok(());
    }
    Err(Refusal::new(
        "QD28-9.2",
        "incoming.request_answered",
        "Yêu cầu này của bên gửi đã được trả lời. Vui lòng tải lại trang để xem tình trạng mới nhất.",
    ))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use uuid::Uuid;

    use super::*;
    use crate::ids::{AccountId, PostId};
    use crate::people::Role;

    fn agency(n: u128) -> AgencyId {
        AgencyId::from_uuid(Uuid::from_u128(n))
    }

    fn actor(of: u128, role: Role) -> Actor {
        let id = Uuid::from_u128(77);
        Actor::new(
            AccountId::from_uuid(id),
            PostId::from_uuid(id),
            agency(of),
            None,
            role,
        )
    }

    #[rstest]
    #[case(IncomingState::Delivered, Receipt::Withdraw, Receipt::Withdraw)]
    #[case(IncomingState::Refused, Receipt::Withdraw, Receipt::Withdraw)]
    #[case(IncomingState::Registered, Receipt::Withdraw, Receipt::Ask)]
    #[case(IncomingState::Presented, Receipt::Withdraw, Receipt::Ask)]
    #[case(IncomingState::Assigned, Receipt::Ask, Receipt::Ask)]
    #[case(IncomingState::InProgress, Receipt::Ask, Receipt::Ask)]
    #[case(IncomingState::Finished, Receipt::Ask, Receipt::Ask)]
    #[case(IncomingState::Recalled, Receipt::WithdrawnBefore, Receipt::WithdrawnBefore)]
    fn qd28_16_6_a_recall_is_carried_out_by_itself_until_somebody_works_on_the_document(
        #[case] state: IncomingState,
        #[case] by_default: Receipt,
        #[case] when_not_automatic: Receipt,
    ) {
        assert_eq!(
            receive(Business::Recall, state, RequestPolicy::default()),
            by_default
        );
        let careful = RequestPolicy {
            automatic_until_assigned: false,
            ..RequestPolicy::default()
        };
        assert_eq!(receive(Business::Recall, state, careful), when_not_automatic);
    }

    #[rstest]
    #[case(IncomingState::Delivered, Receipt::Apply)]
    #[case(IncomingState::Refused, Receipt::Redeliver)]
    #[case(IncomingState::Registered, Receipt::Ask)]
    #[case(IncomingState::Finished, Receipt::Ask)]
    #[case(IncomingState::Recalled, Receipt::TooLate)]
    fn cn_221_an_update_of_a_registered_document_is_the_clerks_to_accept(
        #[case] state: IncomingState,
        #[case] expected: Receipt,
    ) {
        assert_eq!(
            receive(Business::Update, state, RequestPolicy::default()),
            expected
        );
    }

    #[test]
    fn cn_409_a_recall_is_a_duty_unless_the_agency_says_otherwise() {
        let clerk = actor(1, Role::Clerk);
        let (open, strict) = (RequestState::Open, RequestPolicy::default());
        let lax = RequestPolicy {
            may_refuse_recall: true,
            ..strict
        };
        let refused = |business, policy, reason| {
            refuse(&clerk, agency(1), business, open, policy, reason).map_err(|refusal| refusal.clause)
        };
        assert_eq!(refused(Business::Recall, strict, "Đang xử lý"), Err("QD28-9.2"));
        assert_eq!(refused(Business::Recall, lax, "Đang xử lý"), Ok(()));
        assert_eq!(refused(Business::Recall, lax, " "), Err("QD28-5.4"));
        assert_eq!(refused(Business::Update, strict, "Không đúng hồ sơ"), Ok(()));
        assert_eq!(refused(Business::Update, strict, ""), Err("QD28-5.4"));
    }

    #[test]
    fn qd28_9_2_a_request_is_answered_once_by_a_clerk_of_the_recipient() {
        assert_eq!(
            agree(&actor(1, Role::Clerk), agency(1), RequestState::Open),
            Ok(())
        );
        for stranger in [
            actor(2, Role::Clerk),
            actor(1, Role::Leader),
            actor(1, Role::UnitHead),
        ] {
            assert_eq!(
                agree(&stranger, agency(1), RequestState::Open)
                    .unwrap_err()
                    .clause,
                "ND30-4.2b"
            );
        }
        for answered in [RequestState::Agreed, RequestState::Refused] {
            assert_eq!(
                agree(&actor(1, Role::Clerk), agency(1), answered)
                    .unwrap_err()
                    .clause,
                "QD28-9.2"
            );
        }
    }
}
