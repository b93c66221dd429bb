"""Makes documents signed by pyHanko, with a certification authority that shares no code with ours.

`foreign.py FOLDER` writes the files and `manifest.json`: for every document its trust anchors and evidence (base64 of DER),
the time of judgement, its group and what is special about it. Keys are made anew in each run and never written.
"""

import io
import json
import sys
from base64 import b64decode
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pikepdf
from changes import changes, metadata_stream, note, text_field, title, updated
from cryptography.x509.oid import ExtendedKeyUsageOID
from documents import by_reportlab, every_structure, rewritten
from pki import Authority
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.validation import add_validation_info
from pyhanko_certvalidator import ValidationContext

PADES = SigSeedSubFilter.PADES
PKCS7 = SigSeedSubFilter.ADOBE_PKCS7_DETACHED
FORMS = {'table': pikepdf.ObjectStreamMode.disable, 'stream': pikepdf.ObjectStreamMode.generate}


class Foreign:
    def __init__(self):
        self.now = datetime.now(timezone.utc).replace(microsecond=0)
        self.authority = Authority('Foreign', self.now)
        self.tsa_authority = Authority('Foreign time', self.now)
        self.person = self.authority.person('Nguyễn Văn Mẫu')
        self.agency = self.authority.agency('Sở mẫu')
        self.tsa = self.tsa_authority.time_stamping('Foreign TSA')
        self.base = by_reportlab()
        self.crls = [*self.authority.crls(), *self.tsa_authority.crls()]
        self.files = []

    # what is asked later

    def add(self, label, group, pdf, **options):
        """Remembers a document; options replace what is usual."""
        entry = {
            'name': label,
            'group': group,
            'roots': [self.authority.root.base64],
            'tsa_roots': [self.tsa_authority.root.base64],
            'certificates': [self.authority.issuing.base64, self.tsa_authority.issuing.base64],
            'crls': self.crls,
            'ocsps': [],
            'at': self.now + timedelta(minutes=10),
            'lenient': False,
        }
        entry.update(options)
        entry['at'] = entry['at'].strftime('%Y-%m-%dT%H:%M:%SZ')
        self.files.append((entry, pdf))

    def write(self, folder):
        folder.mkdir(parents=True, exist_ok=True)
        out = []
        for entry, pdf in self.files:
            name = f'{entry["group"]}-{entry["name"]}.pdf'
            (folder / name).write_bytes(pdf)
            out.append({**entry, 'file': name})
        (folder / 'manifest.json').write_text(json.dumps(out, indent=1, ensure_ascii=False))

    # what pyHanko does

    def context(self, crls=None):
        return ValidationContext(
            trust_roots=[self.authority.root.asn1, self.tsa_authority.root.asn1],
            other_certs=[self.authority.issuing.asn1, self.tsa_authority.issuing.asn1],
            crls=[b64decode(one) for one in (crls or self.crls)],
            moment=self.now,
            allow_fetching=False,
            revocation_mode='require',
        )

    def sign(self, pdf, holder=None, field='ChuKy1', time_stamp=False, strict=True, signer=None, box=None, **meta):
        """One signature by pyHanko over the document as it is."""
        meta.setdefault('subfilter', PADES)
        meta.setdefault('md_algorithm', 'sha256')
        holder = holder or self.person
        stamper = self.tsa.time_stamper(self.now) if time_stamp else None
        spec = fields.SigFieldSpec(field, box=box) if box else None
        out = signers.PdfSigner(
            signers.PdfSignatureMetadata(field_name=field, **meta),
            signer or holder.signer(),
            timestamper=stamper,
            new_field_spec=spec,
        ).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf), strict=strict))
        return out.getvalue()

    def long_term(self, pdf, archive, **options):
        """With validation data in the document, and a document time stamp over all of it."""
        return self.sign(
            pdf,
            time_stamp=True,
            embed_validation_info=True,
            use_pades_lta=archive,
            validation_context=self.context(),
            **options,
        )

    # the groups

    def valid(self):
        """V1: what every honest validator accepts."""
        base, person, agency = self.base, self.person, self.agency
        self.add('cades', 'valid', self.sign(base))
        self.add('pkcs7', 'valid', self.sign(base, subfilter=PKCS7))
        self.add('pss', 'valid', self.sign(base, signer=person.signer(prefer_pss=True)))
        for digest in ('sha384', 'sha512'):
            self.add(digest, 'valid', self.sign(base, md_algorithm=digest))
        for key in ('P-256', 'P-384', 'P-521', '4096'):
            holder = self.authority.person(f'Khóa {key}', key)
            self.add(f'key-{key}', 'valid', self.sign(base, holder))
        self.add('time-stamped', 'valid', self.sign(base, time_stamp=True))
        self.add('time-stamped-pkcs7', 'valid', self.sign(base, time_stamp=True, subfilter=PKCS7))
        p1 = self.sign(base, certify=True, docmdp_permissions=MDPPerm.NO_CHANGES)
        self.add('certified-p1', 'valid', p1)
        p2 = self.sign(base, certify=True, docmdp_permissions=MDPPerm.FILL_FORMS)
        self.add('certified-p2', 'valid', p2)
        self.add('certified-p2-then-agency', 'valid', self.sign(p2, agency, 'ChuKy2'))
        visible = self.sign(base, box=(100, 100, 300, 160), name='Nguyễn Văn Mẫu', reason='Ký ban hành')
        self.add('visible', 'valid', visible)
        self.add('two', 'valid', self.sign(visible, agency, 'ChuKy2', box=(60, 90, 160, 190)))
        self.add('b-lt', 'valid', self.long_term(base, archive=False))
        lta = self.long_term(base, archive=True)
        self.add('b-lta', 'valid', lta)
        two = self.long_term(self.sign(base, time_stamp=True), archive=True, holder=agency, field='ChuKy2')
        self.add('two-b-lta', 'valid', two)
        self.add('ocsp', 'valid', self.sign(base), crls=self.authority.crls()[1:], ocsps=[self.authority.ocsp(person)])
        self.add('dss-later', 'valid', self.validation_data_later(self.sign(base, time_stamp=True)))
        for structure, pdf in every_structure().items():
            lenient = structure.startswith('hybrid')
            once = self.sign(pdf, strict=not lenient)
            twice = self.sign(once, agency, 'ChuKy2', strict=not lenient)
            self.add(f'structure-{structure}', 'valid', twice, lenient=lenient)

    def validation_data_later(self, pdf):
        reader = PdfFileReader(io.BytesIO(pdf))
        out = add_validation_info(reader.embedded_signatures[0], self.context(), output=io.BytesIO())
        return out.getvalue()

    def doubtful(self):
        """V3: the cryptography is right, but something else is not."""
        base, authority, now = self.base, self.authority, self.now
        day = timedelta(days=1)
        plain = self.sign(base)
        stamped = self.sign(base, time_stamp=True)
        time_crls = self.tsa_authority.crls()
        revoked = authority.crls([(self.person, now - 30 * day)])
        revoked_later = authority.crls([(self.person, now + timedelta(minutes=5))])
        expired = authority.person('Hết hạn', end=now - day)
        expired_later = authority.person('Sắp hết hạn', end=now + day)
        future = authority.person('Chưa hiệu lực', start=now + 30 * day, end=now + 60 * day)
        rogue = Authority('Foreign', now)
        weak = authority.person('Khóa yếu', '1024')
        encrypting = authority.person('Sai mục đích', purposes=[ExtendedKeyUsageOID.SERVER_AUTH])
        old = {'this_update': now - 60 * day, 'next_update': now - 50 * day}
        self.add('revoked', 'doubt', plain, crls=revoked)
        self.add('revoked-before-time-stamp', 'doubt', stamped, crls=[*revoked, *time_crls])
        self.add('revoked-after-time-stamp', 'doubt', stamped, crls=[*revoked_later, *time_crls])
        self.add('revoked-ocsp', 'doubt', plain, crls=authority.crls()[1:],
                 ocsps=[authority.ocsp(self.person, revoked_at=now - 30 * day)])
        self.add('expired', 'doubt', self.sign(base, expired))
        self.add('expires-later-time-stamped', 'doubt', self.sign(base, expired_later, time_stamp=True),
                 at=now + 3 * day)
        self.add('expires-later', 'doubt', self.sign(base, expired_later), at=now + 3 * day)
        self.add('not-yet-valid', 'doubt', self.sign(base, future))
        self.add('rogue', 'doubt', self.sign(base, rogue.person('Nguyễn Văn Mẫu')))
        self.add('no-crl', 'doubt', plain, crls=[])
        self.add('crl-too-old', 'doubt', plain, crls=authority.crls(**old))
        self.add('crl-of-stranger', 'doubt', plain, crls=rogue.crls())
        stranger_tsa = Authority('Stranger time', now).time_stamping('Stranger TSA')
        self.add('tsa-untrusted', 'doubt', self.stamped_by(stranger_tsa))
        self.add('tsa-without-purpose', 'doubt', self.stamped_by(self.tsa_authority.person('Không phải TSA')))
        self.add('sha1', 'doubt', self.sign(base, md_algorithm='sha1'))
        self.add('rsa-1024', 'doubt', self.sign(base, weak))
        self.add('tls-server-certificate', 'doubt', self.sign(base, encrypting))

    def stamped_by(self, tsa):
        keep, self.tsa = self.tsa, tsa
        try:
            return self.sign(self.base, time_stamp=True)
        finally:
            self.tsa = keep

    def broken(self):
        """What no validator may accept: bytes changed after signing."""
        plain = self.sign(self.base)
        text = bytearray(plain)
        text[plain.index(b'/MediaBox') + 12] ^= 1
        self.add('changed-byte', 'broken', bytes(text))
        contents = plain.index(b'/Contents <') + len(b'/Contents <')
        value = bytearray(plain)
        # The last byte of the CMS is the end of the signature value.
        end = plain.index(b'>', contents)
        last = len(plain[contents:end].rstrip(b'0')) - 2
        value[contents + last] = ord('1') if value[contents + last] != ord('1') else ord('2')
        self.add('changed-signature', 'broken', bytes(value))
        self.add('cut', 'broken', plain[:-40])

    def changed(self):
        """V4: one signed document in both forms of cross-references, and what may happen to it afterwards."""
        rogue = Authority('Foreign', self.now).person('Nguyễn Văn Mẫu')
        for form, mode in FORMS.items():
            base = rewritten(self.base, object_stream_mode=mode)
            signed = self.sign(base, box=(100, 100, 300, 160))
            self.add(f'{form}-untouched', 'changed', signed)
            for label, pdf in changes(signed):
                self.add(f'{form}-{label}', 'changed', pdf)
            for label, holder in (('trusted', self.agency), ('rogue', rogue)):
                hidden = self.sign(signed, holder, 'ChuKy2')
                self.add(f'{form}-second-{label}-hidden', 'changed', hidden)
                shown = self.sign(signed, holder, 'ChuKy2', box=(0, 0, 595, 842))
                self.add(f'{form}-second-{label}-over-page', 'changed', shown)
            certified = self.sign(base, certify=True, docmdp_permissions=MDPPerm.NO_CHANGES)
            for change in (title, metadata_stream, text_field, note):
                self.add(f'{form}-p1-{change.__name__}', 'changed', updated(certified, change))
            stamped = self.sign(base, time_stamp=True)
            dss = self.validation_data_later(stamped)
            self.add(f'{form}-dss', 'changed', dss)
            self.add(f'{form}-dss-then-note', 'changed', updated(dss, note))
            self.add(f'{form}-dss-then-second', 'changed', self.sign(dss, self.agency, 'ChuKy2'))


def main(folder):
    foreign = Foreign()
    foreign.valid()
    foreign.doubtful()
    foreign.broken()
    foreign.changed()
    foreign.write(folder)


if __name__ == '__main__':
    main(Path(sys.argv[1]))
