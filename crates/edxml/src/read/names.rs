//! The elements that are understood, and how they are misspelt (R1).

/// Every element that is read, as the regulation spells it.
const KNOWN: &[&str] = &[
    "edXML",
    "edXMLEnvelope",
    "edXMLHeader",
    "edXMLBody",
    "edXMLManifest",
    "edXMLAttachments",
    "MessageHeader",
    "TraceHeaderList",
    "TraceHeader",
    "From",
    "To",
    "OrganId",
    "OrganizationInCharge",
    "OrganName",
    "OrganAdd",
    "Email",
    "Telephone",
    "Fax",
    "Website",
    "Code",
    "CodeNumber",
    "CodeNotation",
    "PromulgationInfo",
    "Place",
    "PromulgationDate",
    "DocumentType",
    "Type",
    "TypeName",
    "TypeDetail",
    "Subject",
    "Content",
    "SignerInfo",
    "Competence",
    "Position",
    "FullName",
    "DueDate",
    "ToPlaces",
    "OtherInfo",
    "Priority",
    "SphereOfPromulgation",
    "TyperNotation",
    "PromulgationAmount",
    "PageAmount",
    "Appendixes",
    "Appendix",
    "ResponseFor",
    "SteeringType",
    "DocumentId",
    "StatusCode",
    "Description",
    "Timestamp",
    "StaffInfo",
    "Department",
    "Staff",
    "Mobile",
    "Bussiness",
    "BussinessDocType",
    "BussinessDocReason",
    "BussinessDocumentInfo",
    "Paper",
    "DocumentInfo",
    "DocumentReceiver",
    "ReceiverList",
    "Receiver",
    "ReceiverType",
    "ReplacementInfoList",
    "ReplacementInfo",
    "OrganIdList",
    "Reference",
    "ContentId",
    "ContentType",
    "AttachmentName",
    "AttachmentEncoded",
    "Attachment",
    "ContentTransferEncoded",
    "AttachmentData",
    "Signature",
    "SignatureValue",
    "KeyInfo",
    "X509Data",
    "X509Certificate",
];

/// Other spellings that occur.
const ALIASES: &[(&str, &str)] = &[
    ("Business", "Bussiness"),
    ("BusinessDocType", "BussinessDocType"),
    ("BusinessDocReason", "BussinessDocReason"),
    ("BusinessDocumentInfo", "BussinessDocumentInfo"),
    ("Manifest", "edXMLManifest"),
    ("Author", "SignerInfo"),
    ("Function", "Position"),
    ("ResponseDate", "DueDate"),
    ("DigitalSignature", "Signature"),
    ("Date", "PromulgationDate"),
    ("TraceHeaders", "TraceHeaderList"),
    ("AttachmentType", "ContentType"),
    ("ContentTransferEncode", "ContentTransferEncoded"),
];

/// Whether the spelling was that of the regulation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spelling {
    Exact,
    Other,
}

/// The element of the regulation that a local name means.
pub(crate) fn canonical(local: &str) -> Option<(&'static str, Spelling)> {
    if let Some(name) = KNOWN.iter().find(|name| **name == local) {
        return Some((name, Spelling::Exact));
    }
    let alias = ALIASES
        .iter()
        .find(|(other, _)| other.eq_ignore_ascii_case(local))
        .map(|(_, name)| *name);
    let known = || {
        KNOWN
            .iter()
            .find(|name| name.eq_ignore_ascii_case(local))
            .copied()
    };
    alias.or_else(known).map(|name| (name, Spelling::Other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edxml_13_1_r1_misspelt_elements_are_understood() {
        assert_eq!(canonical("Bussiness"), Some(("Bussiness", Spelling::Exact)));
        assert_eq!(canonical("Business"), Some(("Bussiness", Spelling::Other)));
        assert_eq!(
            canonical("messageheader"),
            Some(("MessageHeader", Spelling::Other))
        );
        assert_eq!(canonical("Direction"), None);
        for (_, name) in ALIASES {
            assert!(KNOWN.contains(name), "{name}");
        }
    }
}
