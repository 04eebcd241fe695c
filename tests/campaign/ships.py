"""What other tests have: the small index of those of faults, a Service over it that needs no model, and where the rest is."""

from __future__ import annotations

import sys
from pathlib import Path

for program in ("faults/programs", "support", "budget"):
    sys.path.insert(0, str(Path(__file__).parents[1] / program))

import harbour  # noqa: E402
from word_encoder import WordEncoder  # noqa: E402

from qa.base.settings import load_settings  # noqa: E402
from qa.service.service import Service  # noqa: E402


def service_of(folder: Path) -> Service:
    rule = {"passage_characters": harbour.RULE.characters, "passage_overlap_sentences": harbour.RULE.overlap_sentences}
    return Service(load_settings(index=folder, reader="none", ranker="none", **rule), encoder=WordEncoder())
