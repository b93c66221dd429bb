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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cms::write;
    use demo_pki::{DemoPki, Key, Person};

    const IDP: &str = "2.5.29.28";
    const URL: &str = "http://crl.example.vn/1.crl";

    fn at(text: &str) -> Vec<u8> {
        write::value(tag::UTC_TIME, text.as_bytes())
    }

    fn extension(oid: &str, critical: bool, value: &[u8]) -> Vec<u8> {
        let flag = write::value(tag::BOOLEAN, &[0xff]);
        write::constructed(
            tag::SEQUENCE,
            &[
                &write::oid(oid.parse().unwrap()),
                if critical { &flag } else { &[] },
                &write::value(tag::OCTET_STRING, value),
            ],
        )
    }

    fn entry(serial: &[u8], reason: Option<u8>) -> Vec<u8> {
        let extensions = reason.map_or_else(Vec::new, |reason| {
            let code = write::value(tag::ENUMERATED, &[reason]);
            write::value(tag::SEQUENCE, &extension("2.5.29.21", false, &code))
        });
        write::constructed(
            tag::SEQUENCE,
            &[
                &write::value(tag::INTEGER, serial),
                &at("260110000000Z"),
                &extensions,
            ],
        )
    }

    fn list(issuer: &[u8], entries: &[u8], extensions: &[u8]) -> Vec<u8> {
        let explicit = write::value(0xa0, &write::value(tag::SEQUENCE, extensions));
        let tbs = write::constructed(
            tag::SEQUENCE,
            &[
                &write::unsigned(&[1]),
                &write::value(tag::SEQUENCE, &[]),
                issuer,
                &at("260115000000Z"),
                &at("260122000000Z"),
                &write::value(tag::SEQUENCE, entries),
                &explicit,
            ],
        );
        write::constructed(tag::SEQUENCE, &[&tbs])
    }

    fn point(urls: &[&str]) -> Vec<u8> {
        let names: Vec<Vec<u8>> = urls
            .iter()
            .map(|url| write::value(0x86, url.as_bytes()))
            .collect();
        let names: Vec<&[u8]> = names.iter().map(Vec::as_slice).collect();
        write::value(0xa0, &write::constructed(0xa0, &names))
    }

    fn people(crl: Option<&str>) -> (Vec<u8>, Vec<u8>) {
        let options = demo_pki::Options {
            urls: demo_pki::Urls {
                crl: crl.map(ToOwned::to_owned),
                ..demo_pki::Urls::default()
            },
            ..demo_pki::Options::default()
        };
        let from = "2026-01-01T00:00:00Z".parse().unwrap();
        let pki = DemoPki::create_with(from, options).unwrap();
        let person = Person {
            name: "Nguyễn Văn Mẫu".into(),
            ..Person::default()
        };
        let issued = pki.person(&person, Key::P256, from).unwrap();
        (issued.chain[0].clone(), issued.chain[1].clone())
    }

    #[test]
    fn v3_entries_and_their_reasons() {
        let (leaf, issuer) = people(None);
        let (leaf, issuer) = (Cert::read(&leaf).unwrap(), Cert::read(&issuer).unwrap());
        let said = |entries: &[u8]| {
            statement(&list(leaf.issuer, entries, &[]), &leaf, &issuer).map(|found| found.said)
        };
        let at = "2026-01-10T00:00:00Z".parse().unwrap();
        assert_eq!(said(&[]), Some(Said::Good));
        assert_eq!(said(&entry(&[1, 2, 3], None)), Some(Said::Good));
        assert_eq!(
            said(&entry(leaf.serial, None)),
            Some(Said::Revoked { at, hold: false })
        );
        assert_eq!(
            said(&entry(leaf.serial, Some(1))),
            Some(Said::Revoked { at, hold: false })
        );
        assert_eq!(
            said(&entry(leaf.serial, Some(6))),
            Some(Said::Revoked { at, hold: true })
        );
        assert_eq!(said(&entry(leaf.serial, Some(8))), Some(Said::Good));
        // a broken entry: the list says nothing, rather than "good"
        assert_eq!(said(&[0x30, 0x02, 0x02, 0x09]), None);
    }

    #[test]
    fn v3_a_list_about_other_certificates_says_nothing() {
        let (leaf, issuer) = people(Some(URL));
        let (leaf, issuer) = (Cert::read(&leaf).unwrap(), Cert::read(&issuer).unwrap());
        let usable =
            |extensions: &[u8]| statement(&list(leaf.issuer, &[], extensions), &leaf, &issuer).is_some();
        let idp = |content: &[u8]| extension(IDP, true, &write::value(tag::SEQUENCE, content));
        assert!(usable(&[]));
        assert!(usable(&extension("2.5.29.20", false, &[2, 1, 1])));
        assert!(usable(&idp(&point(&["ldap://x", URL]))));
        assert!(usable(&idp(&[0x81, 1, 0xff])), "only end users: this is one");
        for (what, extensions) in [
            ("another point", idp(&point(&["http://crl.example.vn/2.crl"]))),
            ("only authorities", idp(&[0x82, 1, 0xff])),
            ("only some reasons", idp(&[0x83, 2, 0, 0x80])),
            ("indirect", idp(&[0x84, 1, 0xff])),
            ("attribute certificates", idp(&[0x85, 1, 0xff])),
            ("delta", extension("2.5.29.27", true, &[2, 1, 1])),
            ("unknown but critical", extension("1.2.3.4", true, &[5, 0])),
        ] {
            assert!(!usable(&extensions), "{what}");
        }
        // the list of another authority, and a key that may not sign lists
        assert!(statement(&list(leaf.subject, &[], &[]), &leaf, &issuer).is_none());
        assert!(statement(&list(leaf.issuer, &[], &[]), &leaf, &leaf).is_none());
    }
}
