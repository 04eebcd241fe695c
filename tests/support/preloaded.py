"""What a forked process finds made already: the libraries, the words of the packaged encoder, a quarter of a million pieces, and
what tells languages and near-duplicates.

No thread runs in the process that it is forked from: nothing is computed there.
"""

from __future__ import annotations

import gc
import importlib

from qa.corpus.languages import language_of
from qa.corpus.near_duplicates import bands, shingles
from qa.index.packaged_encoders import MULTILINGUAL
from qa.index.quantised_model import tokenizer

for library in ("qa.answer.packaged_reader", "qa.index.encoder", "qa.service.service", "web.app", "web.serving.server"):
    importlib.import_module(library)
MULTILINGUAL.digest()
tokenizer(MULTILINGUAL.path())
language_of("A text that is long enough to tell a language from. " * 5, None)
bands(shingles("one two three four"))
gc.freeze()  # so that no server copies all of it when it looks for what may go
