"""pyHanko on the files of the bench: `pyhanko_rates.py sign|verify FOLDER FILE` prints times per second and peak memory."""

import io
import json
import logging
import resource
import sys
import time
from datetime import datetime
from pathlib import Path

from asn1crypto import keys, x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

logging.disable(logging.CRITICAL)
SECONDS = 0.7


def main(act, folder, file):
    read = lambda name: (folder / name).read_bytes()
    certificate = x509.Certificate.load(read('leader.der'))
    issuing = x509.Certificate.load(read('issuing.der'))
    signer = signers.SimpleSigner(
        certificate, keys.PrivateKeyInfo.load(read('key.der')), SimpleCertificateStore.from_certs([issuing])
    )
    meta = signers.PdfSignatureMetadata(
        field_name='ChuKy1', md_algorithm='sha256', subfilter=fields.SigSeedSubFilter.PADES
    )
    pdf = file.read_bytes()

    def sign():
        signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), meta, signer, in_place=True)

    def verify():
        reader = PdfFileReader(io.BytesIO(pdf))
        for embedded in reader.embedded_signatures:
            context = ValidationContext(
                trust_roots=[x509.Certificate.load(read('root.der'))],
                other_certs=[issuing],
                crls=[read('crl.der'), read('root-crl.der')],
                moment=datetime.fromisoformat((folder / 'now').read_text().replace('Z', '+00:00')),
                revocation_mode='require',
            )
            assert validate_pdf_signature(embedded, context).bottom_line

    run = sign if act == 'sign' else verify
    run()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begin, count = time.perf_counter(), 0
    while count < 3 or time.perf_counter() - begin < SECONDS:
        run()
        count += 1
    rate = count / (time.perf_counter() - begin)
    json.dump({'per_second': rate, 'peak_kilobytes': peak}, sys.stdout)


main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
