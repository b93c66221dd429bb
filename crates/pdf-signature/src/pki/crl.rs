//! What a certificate revocation list says about one certificate (RFC 5280, 5 and 6.3).

use jiff::Timestamp;

use super::{KeyUsageBit, cert::Cert, certificate::key_usages};
use crate::cms::{
    algorithm::{first_oid, oid},
    timestamp::time,
    tlv::{Tlv, tag},
};

/// What one piece of evidence says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    Good,
    Revoked {
        at: Timestamp,
        /// Suspended: it may be released later.
        hold: bool,
    },
}

/// A statement with its period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Statement {
    pub said: Said,
    pub this_update: Timestamp,
    pub next_update: Option<Timestamp>,
}

const REASON_HOLD: u8 = 6;
const REASON_RELEASED: u8 = 8;

/// Reads the list as a statement about the certificate; `None` if the list is not about it. The signature is checked by the caller.
pub(crate) fn statement(list: &[u8], cert: &Cert<'_>, issuer: &Cert<'_>) -> Option<Statement> {
    // a key that may sign only certificates does not sign lists
    if key_usages(&issuer.parsed).is_some_and(|usages| !usages.contains(&KeyUsageBit::CrlSign)) {
        return None;
    }
    let outer = Tlv::only(list).ok()?;
    let fields = outer
        .children()
        .next()?
        .ok()?
        .expect(tag::SEQUENCE)
        .ok()?
        .list()
        .ok()?;
    let mut fields = fields.into_iter().peekable();
    fields.next_if(|field| field.tag == tag::INTEGER);
    fields.next()?;
    if fields.next()?.raw != cert.issuer || cert.issuer != issuer.subject {
        return None;
    }
    let this_update = time(&fields.next()?)?;
    let next_update = fields
        .next_if(|field| matches!(field.tag, tag::UTC_TIME | tag::GENERALIZED_TIME))
        .map(|field| time(&field).ok_or(()))
        .transpose()
        .ok()?;
    let entries = fields.next_if(|field| field.tag == tag::SEQUENCE);
    if let Some(extensions) = fields.next_if(|field| field.tag == 0xa0)
        && !covers(&extensions, cert)?
    {
        return None;
    }
    let mut said = Said::Good;
    if let Some(entries) = entries {
        for entry in entries.children() {
            let entry = entry.ok()?;
            let mut parts = entry.children();
            let serial = parts.next()?.ok()?;
            if serial.value != cert.serial {
                continue;
            }
            let at = time(&parts.next()?.ok()?)?;
            let reason = match parts.next() {
                Some(extensions) => entry_reason(&extensions.ok()?)?,
                None => 0,
            };
            if reason != REASON_RELEASED {
                said = Said::Revoked {
                    at,
                    hold: reason == REASON_HOLD,
                };
            }
        }
    }
    Some(Statement {
        said,
        this_update,
        next_update,
    })
}

/// Does the list cover this certificate? `None` for a list that cannot be used (delta, indirect, unknown critical extension).
fn covers(explicit: &Tlv<'_>, cert: &Cert<'_>) -> Option<bool> {
    let mut scope = true;
    for extension in Tlv::only(explicit.value).ok()?.children() {
        let extension = extension.ok()?;
        let parts = extension.list().ok()?;
        let name = first_oid(&extension).ok()?.to_string();
        let critical = parts
            .get(1)
            .is_some_and(|part| part.tag == tag::BOOLEAN && part.value != [0]);
        let value = parts.last()?.expect(tag::OCTET_STRING).ok()?;
        match name.as_str() {
            // issuingDistributionPoint
            "2.5.29.28" => scope &= in_scope(&Tlv::only(value.value).ok()?, cert)?,
            // deltaCRLIndicator
            "2.5.29.27" => return None,
            _ if critical => return None,
            _ => {}
        }
    }
    Some(scope)
}

fn in_scope(point: &Tlv<'_>, cert: &Cert<'_>) -> Option<bool> {
    let is_ca = super::certificate::is_ca(&cert.parsed);
    for field in point.children() {
        let field = field.ok()?;
        let set = field.value.first().is_some_and(|byte| *byte != 0);
        match field.tag {
            // the point must be one that the certificate names; a certificate that names none accepts any
            0xa0 => {
                let named = super::certificate::crl_urls(&cert.parsed);
                let full = Tlv::only(field.value).ok()?;
                if full.tag != 0xa0 {
                    return None;
                }
                let mut urls = full
                    .children()
                    .filter_map(Result::ok)
                    .filter(|name| name.tag == 0x86)
                    .filter_map(|name| std::str::from_utf8(name.value).ok());
                if !named.is_empty() && !urls.any(|url| named.iter().any(|known| known == url)) {
                    return Some(false);
                }
            }
            0x81 if set && is_ca => return Some(false),
            0x82 if set && !is_ca => return Some(false),
            0x81 | 0x82 => {}
            0x84 | 0x85 if !set => {}
            // only some reasons, indirect, attribute certificates
            _ => return None,
        }
    }
    Some(true)
}

/// The reason code of an entry; `None` for an entry with a critical extension that is not understood.
fn entry_reason(extensions: &Tlv<'_>) -> Option<u8> {
    let mut reason = 0;
    for extension in extensions.children() {
        let extension = extension.ok()?;
        let parts = extension.list().ok()?;
        let critical = parts
            .get(1)
            .is_some_and(|part| part.tag == tag::BOOLEAN && part.value != [0]);
        let name = oid(parts.first()?).ok()?.to_string();
        if name == "2.5.29.21" {
            let code = Tlv::only(parts.last()?.value).ok()?;
            reason = *code.expect(tag::ENUMERATED).ok()?.value.last()?;
        } else if critical {
            return None;
        }
    }
    Some(reason)
}
