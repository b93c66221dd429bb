//! A state, in the order of the library of the axis (spec edxml 6).

use std::io::{self, Write};

use super::{
    WriteError,
    document::{organ, response_for, staff},
    xml::Xml,
};
use crate::{model::StatusMessage, read::dates::timestamp_text};

pub(super) fn write<W: Write>(xml: &mut Xml<W>, message: &StatusMessage) -> Result<(), WriteError> {
    let nothing = |_: &mut Xml<W>| -> io::Result<()> { Ok(()) };
    xml.document(
        |xml| {
            xml.element("MessageHeader", |xml| {
                organ(xml, "From", &message.from)?;
                for to in &message.to {
                    organ(xml, "To", to)?;
                }
                response_for(xml, &message.response_for)?;
                staff(xml, &message.staff)?;
                xml.text("StatusCode", Some(&message.status_code))?;
                xml.lines("Description", message.description.as_deref())?;
                xml.text("Timestamp", message.timestamp.map(timestamp_text).as_deref())
            })
        },
        nothing,
        nothing,
    )?;
    Ok(())
}
