"""The widget over HTTP: what a page downloads, from wherever it is."""

import gzip
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from gateway.widget_files import FILES, FOLDER, joined

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
    plain = await fetched(gateway, "/widget/chat.js", **{"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain[2]
    assert "Écrivez" in plain[1].decode()


async def test_an_unchanged_file_is_not_sent_again(gateway):
    _, _, headers = await fetched(gateway, "/widget/chat.js")
    status, body, _ = await fetched(gateway, "/widget/chat.js", **{"If-None-Match": headers["ETag"]})
    assert (status, body) == (304, b"")


@pytest.mark.parametrize("name", ["words.js", "package.json", "..%2Fgateway%2Fapp.py", "chat.js/", "nothing.js"])
async def test_nothing_else_is_there(gateway, name):
    assert (await fetched(gateway, f"/widget/{name}"))[0] == 404


async def test_what_a_page_downloads_stays_small(gateway):
    sizes = {path: len((await fetched(gateway, path))[1]) for path in FILES}
    assert sizes["/widget.js"] <= LOADER, sizes
    assert sum(sizes.values()) <= ALL, sizes


def test_modules_are_joined_once_and_in_order_comments_go_and_code_stays(tmp_path):
    (tmp_path / "one.js").write_text(
        'import { two } from "./two.js";\nimport {\n  three,\n} from "./three.js";\n/** a\n * b */\n'
        'export const one = "// stays"; // stays\n  /* c */ two();\n  // goes\n  three("/*");\n/* d */\n'
    )
    (tmp_path / "two.js").write_text(
        'import { three } from "./three.js";\nexport { four } from "./three.js";\nexport const two = three;\n'
    )
    (tmp_path / "three.js").write_text("export function three() {}\nconst four = 4;\nexport { four };\n")
    assert joined(tmp_path, "one.js") == (
        'function three() {}\nconst four = 4;\nconst two = three;\nexport const one = "// stays"; // stays\n'
        '/* c */ two();\nthree("/*");\n'
    )


def test_every_module_of_the_widget_is_served_and_renames_nothing():
    served = "".join(joined(FOLDER, name) for name in FILES.values())
    for path in FOLDER.glob("*.js"):
        source = path.read_text(encoding="utf-8")
        name = re.search(r"^(?:export )?(?:class|const|async function|function) (\w+)", source, re.MULTILINE)
        assert name, path
        assert re.search(rf"\b{name.group(1)}\b", served), path
        for names in re.findall(r"^(?:import|export) \{([^}]*)\} from", source, re.MULTILINE):
            assert " as " not in names, path


@pytest.mark.skipif(shutil.which("node") is None, reason="no Node.js on this machine: apt-get install nodejs")
@pytest.mark.parametrize("name", sorted(FILES.values()))
def test_what_is_served_is_a_whole_module_in_which_each_name_is_used_once(tmp_path: Path, name):
    text = joined(FOLDER, name)
    assert not re.search(r"^\s*(?://|\*)|^import\b", text, re.MULTILINE)
    (tmp_path / "served.mjs").write_text(text, encoding="utf-8")
    done = subprocess.run(["node", "--check", str(tmp_path / "served.mjs")], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
