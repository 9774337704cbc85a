"""All are told that a program answers and decides, and that a person can be asked: in the widget's first lines, by AIDE and by HELP."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from gateway.sms_alphabet import cut
from gateway.sms_fold import fold
from gateway.sms_keywords import answer_to
from knowledge import Shelf

ROOT = Path(__file__).resolve().parent.parent
BRANDS = Shelf(ROOT / "knowledge_base").brands
AUTOMATED = {"fr": "automatisé", "en": "automated"}
PERSON = {"fr": re.compile("PERSONNE|parler à quelqu’un"), "en": re.compile("PERSON|speak to someone|talk to someone")}


@pytest.mark.parametrize("brand", BRANDS)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_help_by_text_tells_it_in_one_part(brand, language):
    text = answer_to("help", BRANDS[brand], language)
    assert AUTOMATED[language] in text
    assert PERSON[language].search(text)
    assert BRANDS[brand].name in text
    assert len(cut(fold(text, accents=True))) == 1


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_widgets_first_lines_tell_it(language):
    code = "import('./widget/words.js').then((m) => console.log(JSON.stringify(m.word(process.argv[1], 'disclosure'))))"
    done = subprocess.run(["node", "-e", code, language], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    text = json.loads(done.stdout)
    assert AUTOMATED[language] in text
    assert PERSON[language].search(text)
