"""The widget's files over HTTP: what a page downloads, from wherever it is."""

import gzip
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from gateway.widget_files import FOLDER, served

LOADER, ALL = 5_000, 30_000  # bytes that a page may download before the click, and in all


async def fetched(gateway, path, **headers):
    headers = {"Accept-Encoding": "gzip", **headers}
    async with gateway.http.get(gateway.url + path, headers=headers, auto_decompress=False) as answer:
        return answer.status, await answer.read(), answer.headers


async def test_a_page_of_another_site_may_have_the_files_compressed(gateway):
    status, body, headers = await fetched(gateway, "/widget.js")
    assert (status, headers["Content-Encoding"], headers["Access-Control-Allow-Origin"]) == (200, "gzip", "*")
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert headers["Content-Type"].startswith("text/javascript")
    assert b"customElements.define" in gzip.decompress(body)
    plain = await fetched(gateway, "/widget/words.js", **{"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain[2]
    assert "Écrivez" in plain[1].decode()


async def test_an_unchanged_file_is_not_sent_again(gateway):
    _, _, headers = await fetched(gateway, "/widget/chat.js")
    status, body, _ = await fetched(gateway, "/widget/chat.js", **{"If-None-Match": headers["ETag"]})
    assert (status, body) == (304, b"")


@pytest.mark.parametrize("name", ["nothing.js", "package.json", "..%2Fgateway%2Fapp.py", "chat.js/", "."])
async def test_only_modules_are_there(gateway, name):
    assert (await fetched(gateway, f"/widget/{name}"))[0] == 404


async def test_what_a_page_downloads_stays_small(gateway):
    sizes = {path.name: len((await fetched(gateway, f"/widget/{path.name}"))[1]) for path in FOLDER.glob("*.js")}
    before = sizes["widget.js"] + sizes["launcher_words.js"]
    assert before <= LOADER, sizes
    assert sum(sizes.values()) <= ALL, sizes


def test_comments_go_and_code_stays():
    source = (
        '/** a\n * b */\nconst one = "// no comment"; // stays\n  /* c */ two();\n  // goes\n  three("/*");\n/* d */\n'
    )
    assert served(source) == 'const one = "// no comment"; // stays\n/* c */ two();\nthree("/*");\n'


@pytest.mark.skipif(shutil.which("node") is None, reason="no Node.js on this machine: apt-get install nodejs")
def test_every_module_is_whole_without_its_comments(tmp_path: Path):
    for path in FOLDER.glob("*.js"):
        text = served(path.read_text(encoding="utf-8"))
        (tmp_path / path.name).with_suffix(".mjs").write_text(text, encoding="utf-8")
        assert not re.search(r"^\s*(?://|\*)", text, re.MULTILINE), path
    for path in tmp_path.glob("*.mjs"):
        done = subprocess.run(["node", "--check", str(path)], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
