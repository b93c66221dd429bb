//! What a request is about: a document that goes out, a leader's answer to a submission slip, or an electronic copy. What follows from a
//! signature, or from its absence, is decided in the room of the subject.

use rules::{
    Refusal,
    ids::{OutgoingId, PostId, SlipId},
    signing::{KeyOwner, RequestState},
};
use store::{Act, Row};
use uuid::Uuid;

use super::{finish::SignedFile, prepare::Ink, row::Request};
use crate::{
    context::{App, Who},
    error::AppResult,
    outgoing, registers,
    signing::keys::Binding,
    slips,
};

/// What waits for a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// Văn bản đi.
    Outgoing(OutgoingId),
    /// Ký duyệt: the answer of one leader to a slip.
    Slip {
        /// The slip.
        id: SlipId,
        /// The post of the leader.
        by: PostId,
    },
    /// Bản sao điện tử of the agency.
    Copy(Uuid),
}

impl From<OutgoingId> for Subject {
    fn from(id: OutgoingId) -> Self {
        Self::Outgoing(id)
    }
}

impl Subject {
    /// The subject of a row with `subject_kind`, `subject_id` and `part_id`.
    ///
    /// # Errors
    /// When a column is missing.
    pub fn of(row: &Row) -> store::Result<Self> {
        Ok(match row.get::<String>("subject_kind")?.as_str() {
            "slip" => Self::Slip {
                id: row.get("subject_id")?,
                by: row.get("part_id")?,
            },
            "copy" => Self::Copy(row.get("subject_id")?),
            _ => Self::Outgoing(row.get("subject_id")?),
        })
    }

    /// Its kind, as the database, the journal and addresses write it.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Outgoing(_) => "outgoing",
            Self::Slip { .. } => "slip",
            Self::Copy(_) => "copy",
        }
    }

    /// The document, the slip or the copy.
    pub const fn id(self) -> Uuid {
        match self {
            Self::Outgoing(id) => id.as_uuid(),
            Self::Slip { id, .. } => id.as_uuid(),
            Self::Copy(id) => id,
        }
    }

    /// What of it waits: two parts of one subject may wait side by side.
    pub const fn part(self) -> Uuid {
        match self {
            Self::Outgoing(id) => id.as_uuid(),
            Self::Slip { by, .. } => by.as_uuid(),
            Self::Copy(id) => id,
        }
    }

    /// The document that goes out.
    ///
    /// # Errors
    /// `KS-10` for anything else: a document's act was asked about the signature of something that is none.
    pub fn outgoing(self) -> AppResult<OutgoingId> {
        match self {
            Self::Outgoing(id) => Ok(id),
            Self::Slip { .. } | Self::Copy(_) => Err(Refusal::new(
                "KS-10",
                "signing.other_subject",
                "Yêu cầu ký số này không thuộc văn bản đi. Vui lòng tải lại trang để xem tình trạng mới nhất.",
            )
            .into()),
        }
    }
}

/// What the signatures of these requests look like. On a copy the agency's is text alone (Phụ lục I Phần II Mục I): it needs no image of
/// the seal.
///
/// # Errors
/// `PL1-7d`, `PL1-8a` when the image of the owner is missing; when no font is installed.
pub async fn ink(
    app: &App,
    who: &Who,
    requests: &[Request],
    owner: KeyOwner,
    bound: &Binding,
) -> AppResult<Ink> {
    let copies_only = requests
        .iter()
        .all(|request| matches!(request.subject, Subject::Copy(_)));
    if copies_only {
        outgoing::ink_of_text(app, bound).await
    } else {
        outgoing::ink(app, who, owner, bound).await
    }
}

/// Every file is signed and passed the own check: hands them to the room of the subject.
///
/// # Errors
/// Refusals of that room; when the request has ended.
pub async fn signed(
    app: &App,
    who: &Who,
    bound: &Binding,
    request: &Request,
    owner: KeyOwner,
    signed: Vec<SignedFile>,
) -> AppResult<()> {
    match (request.subject, owner) {
        (Subject::Copy(id), _) => registers::copy_signed(app, who, bound, request, id, signed).await,
        (Subject::Slip { id, .. }, _) => slips::signed_by_leader(app, who, bound, request, id, signed).await,
        (Subject::Outgoing(_), KeyOwner::Person) => {
            outgoing::signed_by_person(app, who, bound, request, signed).await
        }
        (Subject::Outgoing(_), KeyOwner::Agency) => outgoing::sealed(app, who, bound, request, signed).await,
    }
}

/// A request ended without a signature: the room of the subject says so in the journal and frees what was held.
///
/// # Errors
/// When the database fails.
pub async fn ended(
    act: &mut Act,
    request: &Request,
    state: RequestState,
    error: (&str, &str),
) -> AppResult<()> {
    match request.subject {
        Subject::Outgoing(_) => outgoing::signing_ended(act, request, state, error).await,
        Subject::Slip { id, .. } => slips::signing_ended(act, request, id, state, error).await,
        Subject::Copy(id) => registers::copy_signing_ended(act, request, id, state, error).await,
    }
}
