"""What a file is by what it holds, whatever it is called; the names that files are given back under."""

import gzip
import io
import struct
import tarfile
import zipfile
import zlib

import pytest
from PIL import Image

from desk.attachments import BAD_TYPE, EMPTY, MOST_BYTES, TOO_LARGE, BadFile, kind_of, plain_name

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def image(form, size=(40, 30)):
    data = io.BytesIO()
    Image.new("RGB", size, "teal").save(data, form)
    return data.getvalue()


def archive():
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        file.writestr("evil.exe", b"MZ" * 40)
    return data.getvalue()


def tar():
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as file:
        file.addfile(tarfile.TarInfo("a"), io.BytesIO(b""))
    return data.getvalue()


def bomb():
    """A PNG of a few bytes whose header promises 900 million pixels."""
    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
    return data + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (image("PNG"), ("image/png", ".png")),
        (image("JPEG"), ("image/jpeg", ".jpg")),
        (image("GIF"), ("image/gif", ".gif")),
        (image("WEBP"), ("image/webp", ".webp")),
        (PDF, ("application/pdf", ".pdf")),
        ("Le bac est coincé depuis lundi.\r\n\tCode : E-12\n".encode(), ("text/plain; charset=utf-8", ".txt")),
        (b"\xef\xbb\xbfbonjour", ("text/plain; charset=utf-8", ".txt")),
        (b"a < b and c > d, 3 <4", ("text/plain; charset=utf-8", ".txt")),
    ],
)
def test_images_pdf_and_text_are_taken_for_what_they_are(data, kind):
    assert kind_of(data) == kind


@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"\xef\xbb\xbf\n <SVG><script>alert(1)</script></SVG>",
        b"<?xml version='1.0'?><svg/>",
        b"<!DOCTYPE html><p>hello",
        b"< html><body>",
        b"some words first, then <script src=x>",
        b"<?php system('id');",
        b"#!/bin/sh\nrm -rf /\n",
        archive(),
        image("PNG") + archive(),
        PDF + archive(),
        tar(),
        gzip.compress(b"x" * 1000),
        b"Rar!\x1a\x07\x01\x00" + b"x" * 40,
        b"7z\xbc\xaf\x27\x1c" + b"x" * 40,
        b"MZ\x90\x00" + b"x" * 40,
        b"\x7fELF\x02\x01\x01\x00" + b"x" * 40,
        "en UTF-16".encode("utf-16"),
        "caf\xe9".encode("latin-1"),
        b"text with a \x00 in it",
        b"\x1b[2Jcontrol of a terminal",
        b"%PDF-1.7 that never ends",
        b"\x89PNG\r\n\x1a\n",
        image("BMP"),
        image("TIFF"),
        image("ICO"),
    ],
)
def test_everything_else_is_refused(data):
    with pytest.raises(BadFile) as caught:
        kind_of(data)
    assert caught.value.reason == BAD_TYPE


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"", EMPTY), (b"a" * (MOST_BYTES + 1), TOO_LARGE), (bomb(), TOO_LARGE), (image("PNG", (8000, 8000)), TOO_LARGE)],
    ids=["empty", "ten megabytes and a byte", "a bomb", "64 million pixels"],
)
def test_what_is_empty_or_too_large_is_refused(data, reason):
    with pytest.raises(BadFile) as caught:
        kind_of(data)
    assert caught.value.reason == reason


def test_ten_megabytes_are_taken():
    assert kind_of(b"a" * MOST_BYTES)[1] == ".txt"


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("photo du bac.JPG", "photo du bac.png"),
        ("facture.pdf.exe", "facture.pdf.png"),
        ("../../etc/passwd", "passwd.png"),
        ("C:\\Users\\amelie\\écran.png", "écran.png"),
        ("a\r\nSet-Cookie: x=1.png", "aSet-Cookie_ x=1.png"),
        ("gnp.\u202etxt.exe", "gnp.txt.png"),
        ('a"b;c<d>.png', "a_b_c_d_.png"),
        ("", "file.png"),
        ("...", "file.png"),
        (".png", "png.png"),
        ("x" * 500, "x" * 120 + ".png"),
    ],
)
def test_a_name_is_safe_and_ends_as_its_type_does(name, given):
    assert plain_name(name, ".png") == given
