"""What may happen to a document after it was signed: honest updates, forbidden ones, damage.

Incremental updates are written by pyHanko, new files by qpdf, damage by a generator with a fixed seed.
"""

import io
import random

import pikepdf
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

RANDOM_PLACES = 30


def updated(pdf, change):
    """An incremental update that `change` fills."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def first_page(writer):
    return writer.root['/Pages']['/Kids'][0]


def title(writer):
    writer.set_info(generic.DictionaryObject({pdf_name('/Title'): pdf_string('Tên khác')}))


def metadata_stream(writer):
    stream = generic.StreamObject(stream_data=b'<x:xmpmeta xmlns:x="adobe:ns:meta/"></x:xmpmeta>')
    stream[pdf_name('/Type')] = pdf_name('/Metadata')
    stream[pdf_name('/Subtype')] = pdf_name('/XML')
    writer.root[pdf_name('/Metadata')] = writer.add_object(stream)
    writer.update_root()


def version(writer):
    writer.root[pdf_name('/Version')] = pdf_name('/2.0')
    writer.update_root()


def unused_object(writer):
    writer.add_object(generic.DictionaryObject({pdf_name('/Nothing'): generic.NumberObject(1)}))


def content(writer):
    page = first_page(writer)
    stream = writer.add_object(generic.StreamObject(stream_data=b'BT /F1 13 Tf 90 700 Td (More) Tj ET'))
    page[pdf_name('/Contents')] = generic.ArrayObject([page.raw_get('/Contents'), stream])
    writer.update_container(page)


def content_in_place(writer):
    page = first_page(writer)
    stream = page['/Contents']
    stream._data = b'BT ET'
    stream._encoded_data = None
    writer.update_container(stream)


def media_box(writer):
    page = first_page(writer)
    page[pdf_name('/MediaBox')] = generic.ArrayObject([generic.NumberObject(n) for n in (0, 0, 300, 400)])
    writer.update_container(page)


def rotation(writer):
    page = first_page(writer)
    page[pdf_name('/Rotate')] = generic.NumberObject(180)
    writer.update_container(page)


def note(writer):
    page = first_page(writer)
    annotation = generic.DictionaryObject(
        {
            pdf_name('/Type'): pdf_name('/Annot'),
            pdf_name('/Subtype'): pdf_name('/Text'),
            pdf_name('/Rect'): generic.ArrayObject([generic.NumberObject(n) for n in (100, 100, 120, 120)]),
            pdf_name('/Contents'): pdf_string('Ghi chú'),
        }
    )
    if '/Annots' in page:
        page['/Annots'].append(writer.add_object(annotation))
    else:
        page[pdf_name('/Annots')] = generic.ArrayObject([writer.add_object(annotation)])
    writer.update_container(page)


def page_added(writer):
    tree = writer.root['/Pages']
    page = generic.DictionaryObject(
        {
            pdf_name('/Type'): pdf_name('/Page'),
            pdf_name('/Parent'): writer.root.raw_get('/Pages'),
            pdf_name('/MediaBox'): generic.ArrayObject([generic.NumberObject(n) for n in (0, 0, 595, 842)]),
            pdf_name('/Resources'): generic.DictionaryObject(),
        }
    )
    tree['/Kids'].append(writer.add_object(page))
    tree[pdf_name('/Count')] = generic.NumberObject(int(tree['/Count']) + 1)
    writer.update_container(tree)


def page_removed(writer):
    tree = writer.root['/Pages']
    del tree['/Kids'][1]
    tree[pdf_name('/Count')] = generic.NumberObject(int(tree['/Count']) - 1)
    writer.update_container(tree)


def open_action(writer):
    writer.root[pdf_name('/OpenAction')] = generic.DictionaryObject(
        {pdf_name('/S'): pdf_name('/JavaScript'), pdf_name('/JS'): pdf_string('app.alert(1)')}
    )
    writer.update_root()


def optional_content(writer):
    group = writer.add_object(
        generic.DictionaryObject({pdf_name('/Type'): pdf_name('/OCG'), pdf_name('/Name'): pdf_string('Lớp')})
    )
    writer.root[pdf_name('/OCProperties')] = generic.DictionaryObject(
        {
            pdf_name('/OCGs'): generic.ArrayObject([group]),
            pdf_name('/D'): generic.DictionaryObject({pdf_name('/OFF'): generic.ArrayObject([group])}),
        }
    )
    writer.update_root()


def outlines_removed(writer):
    del writer.root['/Outlines']
    writer.update_root()


def text_field(writer):
    form = writer.root['/AcroForm']
    field = generic.DictionaryObject(
        {
            pdf_name('/FT'): pdf_name('/Tx'),
            pdf_name('/T'): pdf_string('Ghi'),
            pdf_name('/V'): pdf_string('điền thêm'),
        }
    )
    form['/Fields'].append(writer.add_object(field))
    writer.update_container(form)


def signature_emptied(writer):
    field = writer.root['/AcroForm']['/Fields'][0]
    del field['/V']
    writer.update_container(field)


def signature_moved(writer):
    field = writer.root['/AcroForm']['/Fields'][0]
    field[pdf_name('/Rect')] = generic.ArrayObject([generic.NumberObject(n) for n in (0, 0, 500, 500)])
    writer.update_container(field)


def signature_reason(writer):
    signature = writer.root['/AcroForm']['/Fields'][0]['/V']
    signature[pdf_name('/Reason')] = pdf_string('Lý do khác')
    writer.update_container(signature)


def form_removed(writer):
    del writer.root['/AcroForm']
    writer.update_root()


UPDATES = [
    title,
    metadata_stream,
    version,
    unused_object,
    content,
    content_in_place,
    media_box,
    rotation,
    note,
    page_added,
    page_removed,
    open_action,
    optional_content,
    outlines_removed,
    text_field,
    signature_emptied,
    signature_moved,
    signature_reason,
    form_removed,
]


def saved_again(pdf, **options):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.save(out, static_id=True, **options)
    return out.getvalue()


def damaged(pdf, place):
    """One byte changed; inside the signature another hexadecimal digit, so that it stays readable."""
    out = bytearray(pdf)
    begin = pdf.rindex(b'/Contents <') + len(b'/Contents <')
    if begin <= place < pdf.index(b'>', begin):
        out[place] = b'0123456789abcdef'[(int(chr(out[place]), 16) + 5) % 16]
    else:
        out[place] ^= 0x20
    return bytes(out)


def places(pdf):
    """Half of them in the signature (without its padding), half in the rest of the file."""
    dice = random.Random(30)
    begin = pdf.rindex(b'/Contents <') + len(b'/Contents <')
    end = begin + len(pdf[begin : pdf.index(b'>', begin)].rstrip(b'0'))
    for number in range(RANDOM_PLACES):
        yield number, dice.randrange(begin, end) if number % 2 else dice.randrange(begin)


def changes(pdf):
    """Label and file of every change."""
    for change in UPDATES:
        yield change.__name__, updated(pdf, change)
    yield 'saved-again', saved_again(pdf)
    yield 'saved-again-linearised', saved_again(pdf, linearize=True)
    yield 'cut-in-half', pdf[: len(pdf) // 2]
    yield 'doubled', pdf + pdf
    yield 'shifted', b'%!\n' + pdf
    yield 'no-last-line-end', pdf.rstrip(b'\r\n')
    yield 'more-line-ends', pdf + b'\n\n\n'
    yield 'comment-after-the-end', pdf + b'% comment\n'
    for number, place in places(pdf):
        yield f'damaged-{number}', damaged(pdf, place)
