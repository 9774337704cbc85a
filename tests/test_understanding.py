"""Understanding as it was trained: no figure falls more than a point below the last recorded one (`make evaluate RECORD=1`)."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MODEL = ROOT / "models" / "current.tar.gz"


@pytest.mark.stack
def test_no_recorded_figure_fell(tmp_path):
    done = subprocess.run(
        [ROOT / "bot/.venv/bin/python", "-m", "bot.evaluate", "--gate", "--model", MODEL, "--report", tmp_path],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=110,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert (tmp_path / "index.html").stat().st_size > 10_000
