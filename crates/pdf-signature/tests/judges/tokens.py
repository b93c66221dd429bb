"""Takes the time stamps out of a signed document: `tokens.py FILE` prints a JSON list of field, token and what it is over."""

import base64
import json
import sys

from pyhanko.pdf_utils.reader import PdfFileReader


def text(data):
    return base64.b64encode(data).decode()


def covered(pdf, byte_range):
    first, length, second, rest = (int(number) for number in byte_range)
    return pdf[first : first + length] + pdf[second : second + rest]


def main(path):
    with open(path, 'rb') as stream:
        pdf = stream.read()
        reader = PdfFileReader(stream)
        found = []
        for embedded in reader.embedded_signatures:
            if embedded.sig_object.get('/Type', '/Sig') == '/DocTimeStamp':
                # What is left of the room is filled with zeros.
                token = trimmed(embedded.pkcs7_content)
                data = covered(pdf, embedded.sig_object['/ByteRange'])
                found.append({'field': embedded.field_name, 'token': text(token), 'data': text(data)})
                continue
            for attribute in embedded.signer_info['unsigned_attrs']:
                if attribute['type'].native == 'signature_time_stamp_token':
                    token = attribute['values'][0].dump()
                    data = embedded.signer_info['signature'].native
                    found.append({'field': embedded.field_name, 'token': text(token), 'data': text(data)})
    json.dump(found, sys.stdout)


def trimmed(padded):
    """The DER value at the beginning."""
    length = padded[1]
    if length < 0x80:
        return padded[: 2 + length]
    count = length & 0x7F
    return padded[: 2 + count + int.from_bytes(padded[2 : 2 + count], 'big')]


main(sys.argv[1])
