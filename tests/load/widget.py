"""How much of the widget a page downloads, and how long it takes from the click until the conversation can be written in.

`make bench-widget`, with Debian's Chromium and the gateway on loopback; the assistant is a stub. Each time in a browser that has never
seen the page. Ends with 1 where a limit is passed.
"""

from __future__ import annotations

import argparse
import gzip
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from gateway.widget_files import FILES, FOLDER, joined
from tests.browser.conftest import FLAGS
from tests.browser.site import Site
from tests.integration.gateway.conftest import copy_brands

LOADER, ALL = 5_000, 30_000  # bytes, compressed
READY_MS = 300

CLICK = """() => new Promise((ready) => {
  const root = document.querySelector("support-chat").shadowRoot;
  const began = performance.now();
  root.querySelector("[data-test=launcher]").click();
  const look = () => root.querySelector("[data-test=hours]")?.textContent && root.querySelector("[data-test=panel]").open
    ? ready(performance.now() - began) : requestAnimationFrame(look);
  look();
})"""


def sizes() -> dict[str, int]:
    """Compressed bytes of each file that is served."""
    return {path: len(gzip.compress(joined(FOLDER, name).encode(), 9)) for path, name in FILES.items()}


def times(browser: Browser, site: Site, rounds: int) -> list[float]:
    """Milliseconds from the click until the server has answered and the field is there."""
    found = []
    for _ in range(rounds):
        context = browser.new_context(locale="fr-CA")
        page = context.new_page()
        page.goto(f"{site.host}/primus")
        page.locator("[data-test=launcher]").wait_for()
        page.wait_for_timeout(300)
        found.append(page.evaluate(CLICK))
        context.close()
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    rounds = parser.parse_args().rounds
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        print("no Chromium: apt-get install chromium", file=sys.stderr)
        return 1
    by_file = sizes()
    before, whole = by_file["/widget.js"], sum(by_file.values())
    print(f"before the click {before:6,} bytes (at most {LOADER:,})")
    print(f"in all           {whole:6,} bytes (at most {ALL:,})")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        copy_brands(Path(folder))
        site = Site(Path(folder))
        site.start()
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            taken = times(browser, site, rounds)
        finally:
            browser.close()
            site.stop()
    median = statistics.median(taken)
    print(
        f"click to ready   {median:6.0f} ms median, {max(taken):.0f} ms at most, of {rounds} (median at most {READY_MS})"
    )
    return int(before > LOADER or whole > ALL or median > READY_MS)


if __name__ == "__main__":
    sys.exit(main())
