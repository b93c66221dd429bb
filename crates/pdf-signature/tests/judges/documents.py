"""Documents that other programs made: reportlab, qpdf (pikepdf), and hybrid files written out by hand.

`documents.py FOLDER` writes them there, one file per structure.
"""

import io
import sys
import zlib
from pathlib import Path

import pikepdf
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas


def by_reportlab(pages=2, compressed=True):
    out = io.BytesIO()
    page = canvas.Canvas(out, pagesize=A4, pageCompression=int(compressed), invariant=1)
    for number in range(1, pages + 1):
        page.setFont('Times-Roman', 13)
        page.drawString(90, 760, f'Document of another program, page {number}')
        page.linkURL('https://example.org/', (90, 750, 300, 775))
        page.bookmarkPage(f'p{number}')
        page.addOutlineEntry(f'Page {number}', f'p{number}', level=0)
        page.rect(90, 400, 200, 120)
        page.showPage()
    page.save()
    return out.getvalue()


def rewritten(pdf, **options):
    """The document written again by qpdf."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.save(out, deterministic_id=True, **options)
    return out.getvalue()


def rotated(pdf):
    """Pages turned by 90 degrees with a crop box that does not begin at the corner."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for page in document.pages:
            page.obj.Rotate = 90
            page.obj.CropBox = [20, 30, 575, 812]
        document.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return out.getvalue()


def encrypted(pdf):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.save(out, encryption=pikepdf.Encryption(owner='owner', user='', R=6))
    return out.getvalue()


class Writer:
    """Writes objects one after the other and remembers where they begin."""

    def __init__(self, begin=b'%PDF-1.5\n%\xe2\xe3\xcf\xd3\n'):
        self.out = bytearray(begin)
        self.offsets = {}

    def object(self, number, body):
        self.offsets[number] = len(self.out)
        self.out += b'%d 0 obj\n%s\nendobj\n' % (number, body)

    def stream(self, number, dictionary, data):
        self.object(number, b'<< %s /Length %d >>\nstream\n%s\nendstream' % (dictionary, len(data), data))

    def object_stream(self, number, bodies):
        """`bodies`: number → text; they have no place of their own in the file."""
        index, text = b'', b''
        for inner, body in bodies.items():
            index += b'%d %d ' % (inner, len(text))
            text += body + b'\n'
        data = zlib.compress(index + text)
        dictionary = b'/Type /ObjStm /N %d /First %d /Filter /FlateDecode' % (len(bodies), len(index))
        self.stream(number, dictionary, data)

    def hidden_section(self, number, container, hidden, size):
        """The cross-reference stream of a hybrid file, for the objects in one object stream."""
        rows = bytearray()
        index = b''
        for place, inner in enumerate(hidden):
            index += b'%d 1 ' % inner
            rows += bytes([2]) + container.to_bytes(4, 'big') + bytes([place])
        dictionary = b'/Type /XRef /Size %d /W [1 4 1] /Index [%s] /Filter /FlateDecode' % (size, index.strip())
        self.stream(number, dictionary, zlib.compress(bytes(rows)))

    def table(self, trailer, subsections):
        """The classic table: `subsections` are lists of numbers; what has no place of its own is free for good."""
        start = len(self.out)
        self.out += b'xref\n'
        for numbers in subsections:
            self.out += b'%d %d\n' % (numbers[0], len(numbers))
            for number in numbers:
                if number in self.offsets:
                    self.out += b'%010d 00000 n \n' % self.offsets[number]
                else:
                    self.out += b'0000000000 65535 f \n'
        self.out += b'trailer\n<< %s >>\nstartxref\n%d\n%%%%EOF\n' % (trailer, start)
        return start


FILE_ID = b'/ID [<30313233343536373839616263646566> <30313233343536373839616263646566>]'
TEXT = b'BT /F1 13 Tf 90 760 Td (A hybrid document) Tj ET'
FONT = b'<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman /Encoding /WinAnsiEncoding >>'


PAGE = (
    b'<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R '
    b'/Resources << /Font << /F1 5 0 R >> >> >>'
)


def hybrid_with_gap():
    """The table does not speak of the hidden objects: font and document information."""
    file = Writer()
    file.object(1, b'<< /Type /Catalog /Pages 2 0 R >>')
    file.object(2, b'<< /Type /Pages /Kids [3 0 R] /Count 1 >>')
    file.object(3, PAGE)
    file.stream(4, b'', TEXT)
    hidden = {5: FONT, 6: b'<< /Producer (hybrid) /Title (Hybrid one) >>'}
    file.object_stream(7, hidden)
    file.hidden_section(8, 7, hidden, 9)
    trailer = b'/Size 9 /Root 1 0 R /Info 6 0 R /XRefStm %d %s' % (file.offsets[8], FILE_ID)
    file.table(trailer, [[0, 1, 2, 3, 4], [7, 8]])
    return bytes(file.out)


def hybrid_as_word():
    """As Microsoft Word writes it: a whole table, then a short one whose stream brings the hidden objects."""
    file = Writer()
    file.object(1, b'<< /Type /Catalog /Pages 2 0 R /Lang (vi-VN) >>')
    file.object(2, b'<< /Type /Pages /Kids [3 0 R] /Count 1 >>')
    file.object(3, PAGE)
    file.stream(4, b'', TEXT)
    file.object(5, FONT)
    hidden = {6: b'<< /Producer (hybrid) /Title (Hybrid two) >>', 7: b'<< /S /Document >>'}
    file.object_stream(8, hidden)
    trailer = b'/Size 9 /Root 1 0 R %s' % FILE_ID
    first = file.table(trailer, [[0, 1, 2, 3, 4, 5, 6, 7, 8]])
    file.hidden_section(9, 8, hidden, 10)
    trailer = b'/Size 10 /Root 1 0 R /Info 6 0 R /Prev %d /XRefStm %d %s' % (first, file.offsets[9], FILE_ID)
    file.table(trailer, [[9]])
    return bytes(file.out)


def hybrid_updated():
    """A hybrid file that an older program updated with a plain table before anybody signed."""
    first = hybrid_with_gap()
    previous = int(first.rsplit(b'startxref\n', 1)[1].split(b'\n')[0])
    file = Writer(first)
    file.stream(4, b'', b'BT /F1 13 Tf 90 740 Td (A hybrid document, corrected) Tj ET')
    file.table(b'/Size 9 /Root 1 0 R /Info 6 0 R /Prev %d %s' % (previous, FILE_ID), [[4]])
    return bytes(file.out)


def every_structure():
    plain = by_reportlab()
    no_streams = pikepdf.ObjectStreamMode.disable
    streams = pikepdf.ObjectStreamMode.generate
    return {
        'reportlab': plain,
        'classic': rewritten(plain, object_stream_mode=no_streams),
        'streams': rewritten(plain, object_stream_mode=streams),
        'linearised-classic': rewritten(plain, linearize=True, object_stream_mode=no_streams),
        'linearised-streams': rewritten(plain, linearize=True, object_stream_mode=streams),
        'hybrid-gap': hybrid_with_gap(),
        'hybrid-word': hybrid_as_word(),
        'hybrid-updated': hybrid_updated(),
        'rotated': rotated(plain),
    }


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    for label, pdf in every_structure().items():
        (folder / f'{label}.pdf').write_bytes(pdf)
    (folder / 'encrypted.pdf').write_bytes(encrypted(by_reportlab()))


if __name__ == '__main__':
    main(Path(sys.argv[1]))
