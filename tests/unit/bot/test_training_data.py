"""Rasa's own look at domain, rules and phrasings: names that nothing defines, rules that contradict each other. Training leaves it out."""

import os
import subprocess

from tests.unit.bot.in_rasa import BOT, ROOT


def test_rasa_finds_no_fault_in_the_data() -> None:
    where = ["--domain", "domain", "--data", "data", "--config", "config.yml"]
    done = subprocess.run(
        [BOT, "-W", "ignore", "-m", "bot.command", "data", "validate", *where],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "RASA_TELEMETRY_ENABLED": "false",
            "TF_CPP_MIN_LOG_LEVEL": "3",
        },
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    assert "No story structure conflicts found" in done.stdout + done.stderr
