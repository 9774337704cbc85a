"""Files that customers and agents add to a request: checked by what they hold, kept outside the web root, given back as downloads only.

The name and the type that a client sends are never believed. A file is kept under a random name; its own name is a row's text. Images are
read no further than their header, so that a small file which unpacks to a huge picture is refused before anything unpacks it.
"""

from __future__ import annotations

import datetime
import io
import os
import re
import secrets
import unicodedata
import warnings
import zipfile
from pathlib import Path
from urllib.parse import quote

from aiohttp import web
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from desk.models import Attachment
from desk.request_log import Refused, locked, log
from desk.request_states import CLOSED, FINAL

MOST_BYTES = 10 * 1024 * 1024
MOST_FILES = 20  # of a request
MOST_PIXELS = 50_000_000  # 200 MB once unpacked; a telephone's largest picture has 50 million
NAME_MOST = 120
IMAGES = {
    "PNG": ("image/png", ".png"),
    "JPEG": ("image/jpeg", ".jpg"),
    "GIF": ("image/gif", ".gif"),
    "WEBP": ("image/webp", ".webp"),
}
PDF, TEXT = ("application/pdf", ".pdf"), ("text/plain; charset=utf-8", ".txt")
# What a browser or a shell would run if it took the text for what it looks like.
ACTIVE = re.compile(
    r"<\s*(?:!doctype|html|head|body|svg|script|iframe|object|embed|link|meta|\?xml|\?php)\b|<\?(?:xml|php)|\A\s*#!",
    re.I,
)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "private, no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# Why a file is refused.
EMPTY, TOO_LARGE, BAD_TYPE, TOO_MANY = "empty", "too_large", "bad_type", "too_many"


class BadFile(Exception):
    """The file is not taken; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def kind_of(data: bytes) -> tuple[str, str]:
    """The type of a file by what it holds, and the ending of its name. Raises BadFile for whatever is no image, PDF or text."""
    if not data:
        raise BadFile(EMPTY)
    if len(data) > MOST_BYTES:
        raise BadFile(TOO_LARGE)
    if zipfile.is_zipfile(io.BytesIO(data)):  # also one that is hidden behind an image or a PDF
        raise BadFile(BAD_TYPE)
    if data.startswith(b"%PDF-1.") or data.startswith(b"%PDF-2."):
        if b"%%EOF" not in data[-2048:]:
            raise BadFile(BAD_TYPE)
        return PDF
    found = _image(data)
    if found:
        return found
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFile(BAD_TYPE) from error
    if CONTROL.search(text) or ACTIVE.search(text):
        raise BadFile(BAD_TYPE)
    return TEXT


def _image(data: bytes) -> tuple[str, str] | None:
    """The type of an image of one of four formats; None where it is none. Raises BadFile for one that is broken or too large."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # counted below
            image = Image.open(io.BytesIO(data), formats=tuple(IMAGES))
    except Image.DecompressionBombError as error:
        raise BadFile(TOO_LARGE) from error
    except (OSError, ValueError, SyntaxError):
        return None
    with image:
        if image.width * image.height > MOST_PIXELS:
            raise BadFile(TOO_LARGE)
        return IMAGES[str(image.format)]


def plain_name(name: str, ending: str) -> str:
    """A name that is safe to show and to save under: no folders, no control or direction signs, the ending of its real type."""
    last = re.split(r"[/\\]", name)[-1]
    clean = "".join(letter for letter in unicodedata.normalize("NFC", last) if unicodedata.category(letter)[0] != "C")
    stem = re.sub(r'[<>:"|?*;]+', "_", clean).strip(" .")
    stem = re.sub(r"\.[^.\s]{1,8}$", "", stem)[:NAME_MOST].strip(" .") or "file"
    return stem + ending


class Files:
    """The folder of attachments. Several gateways must share it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, data: bytes) -> str:
        """Writes a file, whole and safe on the disk before its row is made; the random name it has there."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        stored = secrets.token_hex(24)
        path = self._folder / stored
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        return stored

    def forget(self, stored: str) -> None:
        """Removes a file whose row was not kept."""
        (self._folder / stored).unlink(missing_ok=True)

    def read(self, row: Attachment) -> bytes | None:
        """What was kept; None where it is gone."""
        try:
            return (self._folder / row.stored).read_bytes()
        except FileNotFoundError:
            return None

    def download(self, row: Attachment) -> web.StreamResponse | None:
        """The file as a download that no browser shows or runs; None where it is gone. Who may have it is the caller's to check."""
        path = self._folder / row.stored
        if not path.is_file():
            return None
        ascii_name = row.name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_").replace("\\", "_")
        disposition = f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(row.name, safe='')}"
        headers = {**HEADERS, "Content-Type": row.kind, "Content-Disposition": disposition}
        return web.FileResponse(path, headers=headers)


async def attach(
    session: AsyncSession,
    request_id: int,
    *,
    files: Files,
    stored: str,
    data: bytes,
    name: str,
    actor: str,
    now: datetime.datetime,
) -> tuple[Attachment, bool]:
    """Adds a kept file to a request, and whether it is new: the same bytes again are the first one (and `stored` is not used).

    Raises BadFile, and Refused where the request is closed. The caller forgets `stored` where it is not used.
    """
    kind, ending = kind_of(data)
    request = await locked(session, request_id)
    if request.state == CLOSED:
        raise Refused(FINAL, request)
    same_size = select(Attachment).where(
        Attachment.request == request.id, Attachment.size == len(data), Attachment.kind == kind
    )
    for known in await session.scalars(same_size):
        if files.read(known) == data:
            return known, False
    if (await session.scalar(select(func.count()).where(Attachment.request == request.id)) or 0) >= MOST_FILES:
        raise BadFile(TOO_MANY)
    row = Attachment(
        request=request.id, name=plain_name(name, ending), kind=kind, size=len(data), stored=stored, actor=actor, at=now
    )  # fmt: skip
    session.add(row)
    request.changed_at = now
    log(session, request, actor, "attached", row.name, now, visible=True)
    await session.flush()
    return row, True


async def attachments_of(session: AsyncSession, request_id: int) -> list[Attachment]:
    """The files of a request, oldest first."""
    rows = await session.scalars(select(Attachment).where(Attachment.request == request_id).order_by(Attachment.id))
    return list(rows)
