"""The triage box on sixty written e-mails, voicemails and notes: no figure falls by more than a case, none below what was promised."""

import collections
import json
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CASES = [
    json.loads(line)
    for line in (ROOT / "tests" / "evaluation" / "triage.jsonl").read_text(encoding="utf-8").splitlines()
]


def test_the_cases_are_of_both_languages_all_brands_and_every_urgency():
    assert len(CASES) == len({case["text"] for case in CASES}) == 60
    assert collections.Counter(case["language"] for case in CASES) == {"fr": 30, "en": 30}
    assert collections.Counter(case["half"] for case in CASES) == {"tune": 30, "hold": 30}
    assert {case["kind"] for case in CASES} == {"email", "voicemail", "note"}
    for half in ("tune", "hold"):
        of_half = [case for case in CASES if case["half"] == half]
        assert {case["brand"] for case in of_half} == {"primus", "wrs", "pitney-bowes"}
        assert {case["urgency"] for case in of_half} == {"urgent", "high", "normal", "low"}


@pytest.mark.stack
def test_no_recorded_figure_of_triage_fell():
    done = subprocess.run(
        [ROOT / "bot/.venv/bin/python", "-m", "tests.measure_triage", "--gate", "--show"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=110,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
