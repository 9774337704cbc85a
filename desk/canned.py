"""Texts that agents send often, in both languages. The first dozen comes from `data/canned.yml` with the first administrator."""

from __future__ import annotations

import re
from pathlib import Path

import yaml
from sqlalchemy import func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from desk.models import CannedAnswer

SEED = Path(__file__).parent / "data" / "canned.yml"
SHORTCUT = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class Unusable(Exception):
    """The answer cannot be kept; the name of the reason."""


async def seed(session: AsyncSession) -> None:
    """The answers to begin with, where there is none yet."""
    if await session.scalar(select(func.count()).select_from(CannedAnswer)):
        return
    for shortcut, texts in yaml.safe_load(SEED.read_text(encoding="utf-8"))["answers"].items():
        session.add(CannedAnswer(brand=None, shortcut=shortcut, text_fr=texts["fr"], text_en=texts["en"]))


async def answers_for(session: AsyncSession, brand: str | None = None) -> list[CannedAnswer]:
    """The answers that fit a brand (all of them where None), by shortcut."""
    query = select(CannedAnswer).order_by(CannedAnswer.shortcut)
    if brand is not None:
        query = query.where(or_(CannedAnswer.brand.is_(None), CannedAnswer.brand == brand))
    return list(await session.scalars(query))


async def keep(
    session: AsyncSession, answer: CannedAnswer | None, *, shortcut: str, brand: str | None, french: str, english: str
) -> CannedAnswer:
    """Adds an answer, or changes one. Raises Unusable("shortcut", "both_languages", "taken")."""
    if not SHORTCUT.fullmatch(shortcut):
        raise Unusable("shortcut")
    if not french or not english:
        raise Unusable("both_languages")
    answer = answer or CannedAnswer()
    try:
        async with session.begin_nested():
            answer.shortcut, answer.brand, answer.text_fr, answer.text_en = shortcut, brand, french, english
            session.add(answer)
    except IntegrityError as error:
        raise Unusable("taken") from error
    return answer
