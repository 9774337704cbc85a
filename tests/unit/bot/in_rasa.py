"""Programs of tests that need Rasa's own environment: a process of its own, which prints what it saw as JSON."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
BOT = ROOT / "bot" / ".venv" / "bin" / "python"


def printed(program: str, given: Any = None, **settings: str) -> Any:
    """The last line that a program printed, read as JSON. `given` comes to it as JSON on standard input. Fails where it failed."""
    done = subprocess.run(
        [BOT, "-W", "ignore", "-c", program],
        input=json.dumps(given),
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3", **settings},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])
