//! Whether a message was meant for us and comes from whom it says (R13, R14). The caller brings the codes, with the old
//! and new forms of each agency.

use crate::model::Organ;

/// Codes are compared trimmed and in capitals, whole.
#[must_use]
pub fn same_code(a: &str, b: &str) -> bool {
    a.trim().to_uppercase() == b.trim().to_uppercase()
}

/// The recipients of the message that are ours: each of `own_codes` that stands among `to` or among `packet_to`, what the
/// transport says. Empty means that the message was sent to us by mistake (gửi nhầm), which the clerk decides.
#[must_use]
pub fn addressed<'c>(to: &[Organ], packet_to: &[&str], own_codes: &[&'c str]) -> Vec<&'c str> {
    own_codes
        .iter()
        .copied()
        .filter(|own| {
            to.iter().any(|organ| same_code(&organ.organ_id, own))
                || packet_to.iter().any(|code| same_code(code, own))
        })
        .collect()
}

/// Whether the sender in the message is the one that the transport names. `aliases` are all codes of the agency that the
/// transport names. Another sender is no reason to refuse: some units forward. Who names nobody is nobody.
#[must_use]
pub fn sender_matches(from: &Organ, packet_from: &str, aliases: &[&str]) -> bool {
    if from.organ_id.trim().is_empty() {
        return false;
    }
    same_code(&from.organ_id, packet_from) || aliases.iter().any(|alias| same_code(&from.organ_id, alias))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn organ(code: &str) -> Organ {
        Organ {
            organ_id: code.to_owned(),
            ..Organ::default()
        }
    }

    #[test]
    fn edxml_13_1_r13_recipients_are_found_by_any_of_their_codes() {
        let to = [organ("000.00.30.h16"), organ("G99")];
        assert_eq!(
            addressed(&to, &[], &["H16.30", "000.00.30.H16"]),
            ["000.00.30.H16"]
        );
        assert_eq!(addressed(&to, &["H16.31"], &["H16.31"]), ["H16.31"]);
        assert!(addressed(&to, &["H16.31"], &["H16.32"]).is_empty());
    }

    #[test]
    fn edxml_13_1_r14_the_sender_is_compared_after_its_aliases() {
        let from = organ("000.00.05.H16");
        assert!(sender_matches(&from, " 000.00.05.h16", &[]));
        assert!(sender_matches(&from, "H16.05", &["H16.05", "000.00.05.H16"]));
        assert!(!sender_matches(&from, "H16.06", &["H16.06"]));
        assert!(!sender_matches(&organ(" "), "", &[""]));
    }
}
