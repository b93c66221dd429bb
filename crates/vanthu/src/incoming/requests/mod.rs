//! Yêu cầu của bên gửi: recalls and updates of documents that arrived before (QD28-9.2, ND30-18.4b, CN-221).
//!
//! [`request`] takes a request in, once; the rules say whether it is carried out at once or waits for the clerk. Carrying
//! out is [`withdraw`] or [`update`]; either way the sender is told with 15 or 16.

mod answer;
mod receive;
mod row;
mod update;
mod view;
mod withdraw;

use rules::{exchange::RequestPolicy, ids::AgencyId};
use store::Act;

pub(super) use answer::{agree_page, refuse_page};
pub use receive::request;
pub(super) use view::{RequestLine, SenderPart, lines, part};

/// The handlers of the API with what describes them.
pub(super) mod api {
    pub use super::answer::{__path_agree_api, __path_refuse_api, agree_api, refuse_api};
}

use crate::{agency_settings, error::AppResult};

/// Whether a recall of a document that nobody was assigned yet is carried out at once: `true` or `false`.
const AUTOMATIC: &str = "exchange.recall_automatic_until_assigned";
/// Whether clerks may refuse a recall (CN-409): `true` or `false`.
const MAY_REFUSE: &str = "exchange.recall_may_be_refused";

/// What the agency chose about requests of senders.
async fn policy(act: &mut Act, agency: AgencyId) -> AppResult<RequestPolicy> {
    let usual = RequestPolicy::default();
    Ok(RequestPolicy {
        automatic_until_assigned: agency_settings::read_in(act, agency, AUTOMATIC)
            .await?
            .unwrap_or(usual.automatic_until_assigned),
        may_refuse_recall: agency_settings::read_in(act, agency, MAY_REFUSE)
            .await?
            .unwrap_or(usual.may_refuse_recall),
    })
}
