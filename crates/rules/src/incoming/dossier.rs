//! Hồ sơ kèm theo chuyển trực tiếp: the document is registered, what is too large to be digitised goes straight to the unit that handles
//! it, which confirms that it has it (QC01-13.3).

use super::facts::must_be_clerk;
use crate::ids::{AgencyId, UnitId};
use crate::people::Actor;
use crate::{Decision, Refusal};

/// A dossier that was handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DossierFacts {
    /// The agency of the document.
    pub agency: AgencyId,
    /// The unit that it went to.
    pub unit: UnitId,
    /// Whether the unit confirmed it.
    pub is_received: bool,
}

/// The clerk notes that a dossier goes straight to a unit; `unit_agency` is the agency of the unit.
///
/// # Errors
/// `ND30-4.2b` for anybody but a clerk of the agency; `QC01-13.3` for an unregistered document, a unit of another agency, or without
/// saying what the dossier is made of.
pub fn note_dossier(
    actor: &Actor,
    agency: AgencyId,
    is_registered: bool,
    unit_agency: Option<AgencyId>,
    description: &str,
) -> Decision<()> {
    must_be_clerk(actor, agency)?;
    let refuse = |code, field, message: &str| Err(Refusal::new("QC01-13.3", code, message).on(field));
    if !is_registered {
        return Err(Refusal::new(
            "QC01-13.3",
            "dossier.not_registered",
            "Vui lòng vào sổ văn bản trước khi chuyển trực tiếp hồ sơ kèm theo.",
        ));
    }
    if unit_agency != Some(agency) {
        return refuse(
            "dossier.no_unit",
            "dossier_unit",
            "Vui lòng chọn đơn vị của cơ quan nhận hồ sơ kèm theo.",
        );
    }
    if description.trim().is_empty() {
        return refuse(
            "dossier.no_description",
            "dossier_description",
            "Vui lòng ghi hồ sơ gồm những gì (số tập, số tờ, tài liệu chính) để đơn vị đối chiếu khi nhận.",
        );
    }
    Ok(())
}

/// Somebody of the unit confirms that the dossier is there.
///
/// # Errors
/// `QC01-13.3` for people outside the unit and when it was confirmed before.
pub fn receive_dossier(actor: &Actor, dossier: &DossierFacts) -> Decision<()> {
    if actor.agency != dossier.agency || actor.unit != Some(dossier.unit) {
        return Err(Refusal::new(
            "QC01-13.3",
            "dossier.not_unit",
            "Chỉ người của đơn vị nhận hồ sơ xác nhận đã nhận.",
        ));
    }
    if dossier.is_received {
        return Err(Refusal::new(
            "QC01-13.3",
            "dossier.received_before",
            "Hồ sơ này đã được xác nhận.",
        ));
    }
    Ok(())
}
