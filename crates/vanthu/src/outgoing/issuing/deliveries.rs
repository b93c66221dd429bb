//! Đường gửi: the delivery lines of an issued document.

use rules::{
    exchange::DeliveryState,
    ids::{DeliveryId, OutgoingId},
    recipients::Channel,
};
use store::{Act, args, sql};

use crate::{context::Who, error::AppResult, outgoing::recipients::Address};

/// Writes one line per recipient: inside the installation and over the axis to be sent, else on paper. Gives the number of
/// lines on paper.
///
/// # Errors
/// When the database fails.
pub async fn write(act: &mut Act, who: &Who, id: OutgoingId, addresses: &[Address]) -> AppResult<usize> {
    let now = act.now();
    let mut on_paper = 0;
    for address in addresses {
        let state = match address.channel {
            Channel::Paper => DeliveryState::Paper,
            Channel::Internal | Channel::Axis => DeliveryState::Pending,
        };
        on_paper += usize::from(address.channel == Channel::Paper);
        let line = DeliveryId::from_uuid(act.new_id());
        act.run(
            sql!(
                "INSERT INTO delivery (id, outgoing_id, agency_id, recipient_id, recipient_name, recipient_code, purpose, \
                 channel, state, reason, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
            ),
            args![
                line,
                id,
                who.agency(),
                address.agency,
                address.name.as_str(),
                address.code.as_deref(),
                address.purpose.as_str(),
                address.channel.as_str(),
                state.as_str(),
                Some(address.reason.as_str()).filter(|reason| !reason.is_empty()),
                now,
            ],
        )
        .await?;
    }
    Ok(on_paper)
}
