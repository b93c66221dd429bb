"""Asks pyHanko about signed documents. Questions come as a JSON list on standard input, answers leave as a JSON list.

A question: file, roots, certificates, crls, ocsps (base64 of DER), at (ISO time), revocation (soft-fail | hard-fail |
require), dss (use what the document carries), lenient (needed for hybrid files), ades (also validate by ETSI EN 319 102-1).
Nothing is ever fetched: evidence is what the question and the document hold.
"""

import asyncio
import base64
import json
import logging
import sys
from datetime import datetime

from asn1crypto import crl, ocsp, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import validation
from pyhanko.sign.validation import ades, dss, generic_cms, policy_decl
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import (
    REQUIRE_REVINFO,
    CertRevTrustPolicy,
)
from pyhanko_certvalidator.registry import SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer, OCSPContainer

logging.disable(logging.CRITICAL)


def ders(question, key):
    return [base64.b64decode(text) for text in question.get(key, [])]


class Evidence:
    def __init__(self, question):
        self.roots = [x509.Certificate.load(der) for der in ders(question, 'roots')]
        self.certificates = [x509.Certificate.load(der) for der in ders(question, 'certificates')]
        self.crls = [crl.CertificateList.load(der) for der in ders(question, 'crls')]
        self.ocsps = [ocsp.OCSPResponse.load(der) for der in ders(question, 'ocsps')]
        self.at = datetime.fromisoformat(question['at'].replace('Z', '+00:00'))
        self.revocation = question.get('revocation', 'require')

    def context(self, reader, with_dss):
        arguments = {
            'trust_roots': self.roots,
            'other_certs': self.certificates,
            'crls': self.crls,
            'ocsps': self.ocsps,
            'moment': self.at,
            'allow_fetching': False,
            'revocation_mode': self.revocation,
        }
        if with_dss:
            try:
                return dss.DocumentSecurityStore.read_dss(reader).as_validation_context(arguments)
            except validation.errors.NoDSSFoundError:
                pass
        return ValidationContext(**arguments)

    def of_document(self, reader):
        """What the document itself carries in its DSS: certificates, CRLs, OCSP responses."""
        try:
            store = dss.DocumentSecurityStore.read_dss(reader)
        except validation.errors.NoDSSFoundError:
            return [], [], []
        read = lambda kind, references: [kind.load(one.get_object().data) for one in references]
        return (
            list(store.load_certs()),
            read(crl.CertificateList, store.crls),
            read(ocsp.OCSPResponse, store.ocsps),
        )

    def specification(self, reader):
        policy = CertValidationPolicySpec(
            trust_manager=SimpleTrustManager.build(trust_roots=self.roots),
            revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO),
        )
        certificates, crls, ocsps = self.of_document(reader)
        knowledge = policy_decl.LocalKnowledge(
            known_ocsps=[one for response in self.ocsps + ocsps for one in OCSPContainer.load_multi(response)],
            known_crls=[CRLContainer(one) for one in self.crls + crls],
            # Its validation of the past looks for the issuer of a list among known certificates, not among the anchors.
            known_certs=self.roots + self.certificates + certificates,
        )
        return policy_decl.PdfSignatureValidationSpec(
            policy_decl.SignatureValidationSpec(
                cert_validation_policy=policy,
                ts_cert_validation_policy=policy,
                revinfo_gathering_policy=policy_decl.RevocationInfoGatheringSpec(
                    online_fetching_rule=policy_decl.RevinfoOnlineFetchingRule.LOCAL_ONLY,
                ),
                local_knowledge=knowledge,
            )
        )


def name(value):
    return None if value is None else value.name


def whole(status):
    """The last word; time stamps have none of their own in this library."""
    if hasattr(status, 'bottom_line'):
        return status.bottom_line
    docmdp = getattr(status, 'docmdp_ok', None)
    return status.intact and status.valid and status.trusted and docmdp is not False


def timestamp_facts(status):
    if status is None:
        return None
    return {
        'intact': status.intact,
        'valid': status.valid,
        'trusted': status.trusted,
        'bottom_line': whole(status),
        'time': status.timestamp.isoformat(),
    }


def facts(embedded, status, kind):
    return {
        'field': embedded.field_name,
        'kind': kind,
        'intact': status.intact,
        'valid': status.valid,
        'trusted': status.trusted,
        'bottom_line': whole(status),
        'coverage': name(status.coverage),
        'modification_level': name(status.modification_level),
        'docmdp_ok': status.docmdp_ok,
        'signer': status.signing_cert.subject.native.get('common_name'),
        'digest': status.md_algorithm,
        'mechanism': status.pkcs7_signature_mechanism,
        'problem': repr(status.error_time_horizon or status.trust_problem_indic or ''),
        'timestamp': timestamp_facts(getattr(status, 'timestamp_validity', None)),
        'ades': None,
        'error': None,
    }


def no_facts(embedded, kind, error):
    return {
        'field': embedded.field_name,
        'kind': kind,
        'intact': False,
        'valid': False,
        'trusted': False,
        'bottom_line': False,
        'coverage': None,
        'modification_level': None,
        'docmdp_ok': None,
        'signer': None,
        'digest': None,
        'mechanism': None,
        'problem': '',
        'timestamp': None,
        'ades': None,
        'error': f'{type(error).__name__}: {error}',
    }


def signature(reader, embedded, evidence, question):
    context = evidence.context(reader, question.get('dss', False))
    try:
        out = facts(embedded, validation.validate_pdf_signature(embedded, context), 'signature')
    except Exception as error:  # the judge's word is wanted, whatever it is
        out = no_facts(embedded, 'signature', error)
    if question.get('ades', False):
        out['ades'] = ades_facts(reader, embedded, evidence)
    return out


async def ades_result(reader, embedded, evidence):
    """The process of the standard that fits what the signature has: basic, with time, or with archival time stamps."""
    timing = ValidationTimingInfo(
        validation_time=evidence.at, best_signature_time=evidence.at, point_in_time_validation=True
    )
    whole_specification = evidence.specification(reader)
    archived = any(
        one.sig_object.get('/Type', '/Sig') == '/DocTimeStamp' for one in reader.embedded_signatures
    )
    if archived:
        return await ades.ades_lta_validation(embedded, whole_specification, timing_info=timing)
    stamped = next(generic_cms.extract_tst_data_iter(embedded.signer_info, signed=False), None)
    process = ades.ades_with_time_validation if stamped else ades.ades_basic_validation
    return await process(
        embedded.signed_data,
        whole_specification.signature_validation_spec,
        timing_info=timing,
        raw_digest=embedded.compute_digest(),
    )


def ades_facts(reader, embedded, evidence):
    try:
        result = asyncio.run(ades_result(reader, embedded, evidence))
    except SignatureValidationError as error:
        indication = getattr(error, 'ades_subindication', None)
        return {
            'status': indication.status.name if indication else 'ERROR',
            'sub': indication.standard_name if indication else '',
            'message': str(error),
        }
    except Exception as error:  # the judge's word is wanted, whatever it is
        return {'status': 'ERROR', 'sub': '', 'message': f'{type(error).__name__}: {error}'}
    return {
        'status': result.ades_subindic.status.name,
        'sub': result.ades_subindic.standard_name,
        'message': result.failure_msg or '',
    }


def document_timestamp(reader, embedded, evidence, question):
    try:
        context = evidence.context(reader, question.get('dss', False))
        return facts(embedded, validation.validate_pdf_timestamp(embedded, context), 'timestamp')
    except Exception as error:
        return no_facts(embedded, 'timestamp', error)


def answer(question):
    out = {'file': question['file'], 'error': None, 'signatures': []}
    try:
        with open(question['file'], 'rb') as stream:
            reader = PdfFileReader(stream, strict=not question.get('lenient', False))
            evidence = Evidence(question)
            for embedded in reader.embedded_signatures:
                if embedded.sig_object.get('/Type', '/Sig') == '/DocTimeStamp':
                    out['signatures'].append(document_timestamp(reader, embedded, evidence, question))
                else:
                    out['signatures'].append(signature(reader, embedded, evidence, question))
    except Exception as error:
        out['error'] = f'{type(error).__name__}: {error}'
    return out


if __name__ == '__main__':
    json.dump([answer(question) for question in json.load(sys.stdin)], sys.stdout)
