"""`python -m bot.command …`: Rasa's command line (`rasa …`), without TensorFlow where `config.yml` needs none of it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import List

from bot.tensorflow_free import spare_tensorflow

CONFIG = Path(__file__).resolve().parent.parent / "config.yml"


def rasa(arguments: List[str]) -> None:
    """Runs a command of Rasa's, in this process."""
    spare_tensorflow(CONFIG)
    from rasa.__main__ import main  # here: only now is it known what it may import

    sys.argv = ["rasa", *arguments]
    main()


if __name__ == "__main__":
    rasa(sys.argv[1:])
