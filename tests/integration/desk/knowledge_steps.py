"""Steps of the tests of articles: a folder of their own, the form as a browser sends it, what is served."""

from __future__ import annotations

import html
import re
import shutil
from pathlib import Path

from tests.integration.desk.conftest import Colleague

ARTICLE = "primus/account-limit"
PATH = f"/desk/knowledge/{ARTICLE}"


def own_folder(prepared: Path, tmp_path: Path) -> Path:
    """A copy of the few articles that a gateway may write to."""
    folder = tmp_path / "knowledge_base"
    shutil.copytree(prepared / "knowledge_base", folder, ignore=shutil.ignore_patterns(".served.json"))
    return folder


def form_of(page: str) -> dict[str, str]:
    """The fields of the editor as they stand in a page."""
    form = re.search(r'<form method="post" id="article".*?</form>', page, re.S)
    assert form, page
    found = {}
    for tag in re.findall(r"<input[^>]*>", form.group()):
        if name := re.search(r'name="([^"]+)"', tag):
            value = re.search(r'value="([^"]*)"', tag)
            found[name.group(1)] = html.unescape(value.group(1)) if value else ""
    for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form.group(), re.S):
        found[name] = html.unescape(text)
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form.group(), re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = chosen.group(1) if chosen else ""
    found.pop("form_token", None)
    return found


async def edit(who: Colleague, path: str = PATH, do: str = "publish", **changes: str) -> str:
    """Opens the editor, changes fields, and sends the form; the page that follows."""
    form = form_of(await who.get(path))
    return await who.post(path, do=do, **{**form, **changes})


def served(folder: Path, article: str, language: str) -> str:
    """The file that the shelves read."""
    brand, _, slug = article.partition("/")
    return (folder / brand / language / f"{slug}.md").read_text(encoding="utf-8")
