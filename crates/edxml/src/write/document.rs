//! A document, in the order of the library of the axis.

use std::io::{self, Write};

use super::{
    OpenContent, WriteError, attachments,
    xml::{Xml, any},
};
use crate::{
    model::{Business, DocumentMessage, Organ, ReceiverChange, ResponseFor, Staff, TraceHeader},
    read::dates::{date_text, timestamp_text},
};

pub(super) fn write<W: Write>(
    xml: &mut Xml<W>,
    message: &DocumentMessage,
    open: &mut OpenContent<'_, '_>,
) -> Result<(), WriteError> {
    let files = attachments::described(message);
    xml.document(
        |xml| -> Result<(), WriteError> {
            xml.element("MessageHeader", |xml| header(xml, message))?;
            xml.element("TraceHeaderList", |xml| {
                for node in &message.trace_headers {
                    trace_header(xml, node)?;
                }
                xml.element("Bussiness", |xml| business(xml, &message.business))
            })?;
            Ok(())
        },
        |xml| attachments::manifest(xml, &files),
        |xml| attachments::contents(xml, &files, open),
    )
}

fn header<W: Write>(xml: &mut Xml<W>, message: &DocumentMessage) -> io::Result<()> {
    organ(xml, "From", &message.from)?;
    for to in &message.to {
        organ(xml, "To", to)?;
    }
    xml.text("DocumentId", message.document_id.as_deref())?;
    let (number, notation) = (message.code_number.as_deref(), message.code_notation.as_deref());
    if any(&[number, notation]) {
        xml.element("Code", |xml| -> io::Result<()> {
            xml.text("CodeNumber", number)?;
            xml.text("CodeNotation", notation)
        })?;
    }
    let day = message.promulgation_date.map(date_text);
    if any(&[message.place.as_deref(), day.as_deref()]) {
        xml.element("PromulgationInfo", |xml| -> io::Result<()> {
            xml.text("Place", message.place.as_deref())?;
            xml.text("PromulgationDate", day.as_deref())
        })?;
    }
    let kind = &message.document_type;
    if kind.type_group.is_some() || kind.type_detail.is_some() || any(&[kind.type_name.as_deref()]) {
        xml.element("DocumentType", |xml| -> io::Result<()> {
            xml.number("Type", kind.type_group)?;
            xml.number("TypeDetail", kind.type_detail)?;
            xml.text("TypeName", kind.type_name.as_deref())
        })?;
    }
    xml.text("Subject", message.subject.as_deref())?;
    xml.lines("Content", message.content.as_deref())?;
    let signer = &message.signer;
    let texts = [
        ("Competence", signer.competence.as_deref()),
        ("Position", signer.position.as_deref()),
        ("FullName", signer.full_name.as_deref()),
    ];
    group(xml, "SignerInfo", &texts)?;
    xml.text("DueDate", message.due_date.map(date_text).as_deref())?;
    other_info(xml, message)?;
    for response in &message.response_for {
        response_for(xml, response)?;
    }
    xml.number("SteeringType", message.steering_type)?;
    if message.to_places.iter().any(|place| any(&[Some(place)])) {
        xml.element("ToPlaces", |xml| xml.texts("Place", &message.to_places))?;
    }
    Ok(())
}

fn other_info<W: Write>(xml: &mut Xml<W>, message: &DocumentMessage) -> io::Result<()> {
    let other = &message.other;
    let appendixes = other.appendixes.iter().any(|text| any(&[Some(text)]));
    let numbers = [other.priority, other.promulgation_amount, other.page_amount];
    let texts = [other.sphere.as_deref(), other.typer_notation.as_deref()];
    if !appendixes && !any(&texts) && numbers.iter().all(Option::is_none) {
        return Ok(());
    }
    xml.element("OtherInfo", |xml| {
        xml.number("Priority", other.priority)?;
        xml.text("SphereOfPromulgation", other.sphere.as_deref())?;
        xml.text("TyperNotation", other.typer_notation.as_deref())?;
        xml.number("PromulgationAmount", other.promulgation_amount)?;
        xml.number("PageAmount", other.page_amount)?;
        if appendixes {
            xml.element("Appendixes", |xml| xml.texts("Appendix", &other.appendixes))?;
        }
        Ok(())
    })
}

fn trace_header<W: Write>(xml: &mut Xml<W>, node: &TraceHeader) -> io::Result<()> {
    let time = node.timestamp.map(timestamp_text);
    group(
        xml,
        "TraceHeader",
        &[
            ("OrganId", node.organ_id.as_deref()),
            ("Timestamp", time.as_deref()),
        ],
    )
}

fn business<W: Write>(xml: &mut Xml<W>, business: &Business) -> Result<(), WriteError> {
    xml.text("DocumentId", business.document_id.as_deref())?;
    xml.number("BussinessDocType", Some(business.kind.value()))?;
    xml.lines("BussinessDocReason", business.reason.as_deref())?;
    xml.flag("Paper", business.paper)?;
    let has_info = business.document_info.is_some()
        || business.document_receiver.is_some()
        || !business.receivers.is_empty();
    if has_info {
        xml.element("BussinessDocumentInfo", |xml| -> io::Result<()> {
            xml.flag("DocumentInfo", business.document_info)?;
            xml.flag("DocumentReceiver", business.document_receiver)?;
            if business.receivers.is_empty() {
                return Ok(());
            }
            xml.element("ReceiverList", |xml| {
                for receiver in &business.receivers {
                    xml.element("Receiver", |xml| -> io::Result<()> {
                        xml.text("OrganId", Some(&receiver.organ_id))?;
                        xml.flag(
                            "ReceiverType",
                            receiver.change.map(|change| change == ReceiverChange::Added),
                        )
                    })?;
                }
                Ok(())
            })
        })?;
    }
    if !business.replacements.is_empty() {
        xml.element("ReplacementInfoList", |xml| -> io::Result<()> {
            for replacement in &business.replacements {
                xml.element("ReplacementInfo", |xml| -> io::Result<()> {
                    xml.text("DocumentId", Some(&replacement.document_id))?;
                    if replacement.organ_ids.is_empty() {
                        return Ok(());
                    }
                    xml.element("OrganIdList", |xml| xml.texts("OrganId", &replacement.organ_ids))
                })?;
            }
            Ok(())
        })?;
    }
    staff(xml, &business.staff)?;
    Ok(())
}

pub(super) fn organ<W: Write>(xml: &mut Xml<W>, name: &str, organ: &Organ) -> io::Result<()> {
    group(
        xml,
        name,
        &[
            ("OrganId", Some(&organ.organ_id)),
            ("OrganizationInCharge", organ.organization_in_charge.as_deref()),
            ("OrganName", organ.organ_name.as_deref()),
            ("OrganAdd", organ.organ_add.as_deref()),
            ("Email", organ.email.as_deref()),
            ("Telephone", organ.telephone.as_deref()),
            ("Fax", organ.fax.as_deref()),
            ("Website", organ.website.as_deref()),
        ],
    )
}

pub(super) fn response_for<W: Write>(xml: &mut Xml<W>, response: &ResponseFor) -> io::Result<()> {
    let day = response.promulgation_date.map(date_text);
    group(
        xml,
        "ResponseFor",
        &[
            ("OrganId", response.organ_id.as_deref()),
            ("Code", response.code.as_deref()),
            ("DocumentId", response.document_id.as_deref()),
            ("PromulgationDate", day.as_deref()),
        ],
    )
}

pub(super) fn staff<W: Write>(xml: &mut Xml<W>, staff: &Staff) -> io::Result<()> {
    group(
        xml,
        "StaffInfo",
        &[
            ("Department", staff.department.as_deref()),
            ("Staff", staff.staff.as_deref()),
            ("Mobile", staff.mobile.as_deref()),
            ("Email", staff.email.as_deref()),
        ],
    )
}

/// A group of texts, left out when all are empty.
fn group<W: Write>(xml: &mut Xml<W>, name: &str, texts: &[(&str, Option<&str>)]) -> io::Result<()> {
    if !texts.iter().any(|(_, text)| any(&[*text])) {
        return Ok(());
    }
    xml.element(name, |xml| {
        for (name, text) in texts {
            xml.text(name, *text)?;
        }
        Ok(())
    })
}
