"""Rasa without TensorFlow: what `config.yml` decides, and what the stand-ins are to whoever imports them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.tensorflow_free import parts, spare_tensorflow
from tests.unit.bot.in_rasa import ROOT, printed

IMPORTS = """
import json, sys
from pathlib import Path
from bot.tensorflow_free import NotLoaded, spare_tensorflow

spared = spare_tensorflow(Path(sys.argv[1]))
import tensorflow as tf
from tensorflow.keras.layers import Dense
from keras.utils import tf_utils

class Layer(tf.keras.layers.Layer, Dense):
    units: "tf.Tensor"

@tf.function
def doubled(number):
    return 2 * number

@tf.function(jit_compile=True)
def tripled(number):
    return 3 * number

try:
    Layer(1)
    why = ""
except NotLoaded as error:
    why = str(error)
print(json.dumps([spared, doubled(2), tripled(2), tf.__version__ if hasattr(tf, "__version__") else None, why]))
"""


def test_the_projects_own_configuration_needs_none() -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORTS, str(ROOT / "config.yml")], cwd=ROOT, capture_output=True, text=True, check=True
    )
    spared, doubled, tripled, version, why = json.loads(done.stdout)
    assert (spared, doubled, tripled, version) == (True, 4, 6, None)
    assert why.startswith("Layer needs TensorFlow")


@pytest.mark.parametrize(
    "config",
    [
        "pipeline:\n- name: bot.understanding.Understanding\n- name: DIETClassifier\npolicies:\n- name: RulePolicy\n",
        "pipeline:\n- name: bot.understanding.Understanding\npolicies:\n- name: RulePolicy\n- name: TEDPolicy\n",
        "pipeline:\n- name: bot.understanding.Understanding\n",  # no policies: Rasa takes its own
        "",
    ],
)
def test_what_learns_with_tensorflow_gets_it(tmp_path: Path, config: str) -> None:
    file = tmp_path / "config.yml"
    file.write_text(config)
    before = list(sys.meta_path)
    assert spare_tensorflow(file) is False
    assert sys.meta_path == before


def test_parts_are_those_of_pipeline_and_policies() -> None:
    assert "RulePolicy" in parts(ROOT / "config.yml")


@pytest.mark.timeout(400)
def test_rasa_starts_without_it() -> None:
    program = (
        "import sys; from pathlib import Path; from bot.tensorflow_free import spare_tensorflow\n"
        "spare_tensorflow(Path('config.yml'))\n"
        "import rasa.__main__, rasa.core.run, rasa.engine.recipes.default_components, spacy, thinc.compat\n"
        "import json; print(json.dumps([hasattr(sys.modules['tensorflow'], '__version__'), thinc.compat.has_tensorflow]))"
    )
    assert printed(program) == [False, False]
