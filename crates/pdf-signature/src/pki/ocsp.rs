//! What an answer of a status service says about one certificate (RFC 6960), and the question to ask.

use const_oid::ObjectIdentifier;
use jiff::Timestamp;

use super::{
    AlgorithmPolicy,
    cert::Cert,
    certificate::extended_key_usages,
    crl::{Said, Statement},
};
use crate::cms::{
    Hash,
    algorithm::{SHA1, first_oid, oid},
    timestamp::time,
    tlv::{Tlv, tag},
    write,
};

const OCSP_SIGNING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.9");
const BASIC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.1");

/// OCSPRequest about one certificate. The identifier uses SHA-1, which every service knows; nothing is signed by it.
pub(crate) fn request(cert: &Cert<'_>, issuer: &Cert<'_>) -> Option<Vec<u8>> {
    let identifier = write::constructed(
        tag::SEQUENCE,
        &[
            &write::algorithm(SHA1, true),
            &write::value(tag::OCTET_STRING, &Hash::Sha1.digest(&[cert.issuer])?),
            &write::value(tag::OCTET_STRING, &Hash::Sha1.digest(&[issuer.key_bits()?])?),
            &write::value(tag::INTEGER, cert.serial),
        ],
    );
    // OCSPRequest, TBSRequest, requestList, Request
    Some((0..4).fold(identifier, |inner, _| write::value(tag::SEQUENCE, &inner)))
}

/// An answer and who signed it.
pub(crate) struct Answer<'a> {
    pub statement: Statement,
    /// The certificate of a delegated responder; `None` if the issuer itself signed.
    pub responder: Option<Cert<'a>>,
}

/// Reads the answer as a statement about the certificate, and checks its signature and the responder's authority.
pub(crate) fn answer<'a>(
    response: &'a [u8],
    cert: &Cert<'_>,
    issuer: &Cert<'_>,
    pool: &[&'a [u8]],
    policy: &AlgorithmPolicy,
    now: Timestamp,
) -> Option<Answer<'a>> {
    let basic = basic(response)?;
    let parts = basic.expect(tag::SEQUENCE).ok()?.list().ok()?;
    let tbs = parts.first()?.expect(tag::SEQUENCE).ok()?.list().ok()?;
    let mut fields = tbs.into_iter().peekable();
    fields.next_if(|field| field.tag == 0xa0);
    let responder_id = fields.next()?;
    let produced_at = time(&fields.next()?)?;
    let statement = fields
        .next()?
        .expect(tag::SEQUENCE)
        .ok()?
        .children()
        .filter_map(Result::ok)
        .find_map(|single| single_response(&single, cert, issuer))?;
    if is_responder(issuer, &responder_id) && issuer.signed(&basic, policy, now) {
        return Some(Answer {
            statement,
            responder: None,
        });
    }
    let inside = parts
        .get(3)
        .and_then(|explicit| Tlv::only(explicit.value).ok())
        .map(|list| {
            list.children()
                .filter_map(Result::ok)
                .map(|one| one.raw)
                .collect::<Vec<_>>()
        })
        .unwrap_or_default();
    let responder = inside
        .into_iter()
        .chain(pool.iter().copied())
        .filter_map(Cert::read)
        .filter(|candidate| is_responder(candidate, &responder_id))
        .find(|candidate| {
            candidate.issuer == issuer.subject
                && candidate.valid_at(produced_at)
                && extended_key_usages(&candidate.parsed).is_some_and(|usages| usages.contains(&OCSP_SIGNING))
                && Tlv::only(candidate.der).is_ok_and(|outer| issuer.signed(&outer, policy, now))
                && candidate.signed(&basic, policy, now)
        })?;
    Some(Answer {
        statement,
        responder: Some(responder),
    })
}

/// OCSPResponse, or a BasicOCSPResponse as some signatures carry it.
fn basic(response: &[u8]) -> Option<Tlv<'_>> {
    let outer = Tlv::only(response).ok()?.expect(tag::SEQUENCE).ok()?;
    let parts = outer.list().ok()?;
    let first = parts.first()?;
    if first.tag != tag::ENUMERATED {
        return Some(outer);
    }
    if first.value != [0] {
        return None;
    }
    let bytes = Tlv::only(parts.get(1)?.expect(0xa0).ok()?.value)
        .ok()?
        .list()
        .ok()?;
    let [kind, content] = bytes.as_slice() else {
        return None;
    };
    if oid(kind).ok()? != BASIC {
        return None;
    }
    Tlv::only(content.expect(tag::OCTET_STRING).ok()?.value).ok()
}

fn is_responder(cert: &Cert<'_>, id: &Tlv<'_>) -> bool {
    match id.tag {
        0xa1 => id.value == cert.subject,
        0xa2 => {
            let named = Tlv::only(id.value).ok().map(|hash| hash.value);
            let key = cert.key_bits().and_then(|bits| Hash::Sha1.digest(&[bits]));
            named.is_some() && named == key.as_deref()
        }
        _ => false,
    }
}

fn single_response(single: &Tlv<'_>, cert: &Cert<'_>, issuer: &Cert<'_>) -> Option<Statement> {
    let parts = single.expect(tag::SEQUENCE).ok()?.list().ok()?;
    let [identifier, status, this_update, rest @ ..] = parts.as_slice() else {
        return None;
    };
    let identifier = identifier.list().ok()?;
    let [algorithm, name, key, serial] = identifier.as_slice() else {
        return None;
    };
    let hash = Hash::from_oid(first_oid(algorithm).ok()?);
    let same = serial.value == cert.serial
        && cert.issuer == issuer.subject
        && hash.digest(&[cert.issuer]).as_deref() == Some(name.value)
        && hash.digest(&[issuer.key_bits()?]).as_deref() == Some(key.value);
    if !same {
        return None;
    }
    let said = match status.tag {
        0x80 => Said::Good,
        0xa1 => {
            let mut fields = status.children();
            let at = time(&fields.next()?.ok()?)?;
            let hold = fields
                .filter_map(Result::ok)
                .find(|field| field.tag == 0xa0)
                .and_then(|reason| Tlv::only(reason.value).ok())
                .is_some_and(|reason| reason.value == [6]);
            Said::Revoked { at, hold }
        }
        // the service does not know the certificate
        _ => return None,
    };
    let next_update = rest
        .iter()
        .find(|field| field.tag == 0xa0)
        .map(|field| Tlv::only(field.value).ok().and_then(|at| time(&at)).ok_or(()))
        .transpose()
        .ok()?;
    Some(Statement {
        said,
        this_update: time(this_update)?,
        next_update,
    })
}
