"""What a forked server finds made already: the libraries, and the words of the packaged encoder, a quarter of a million pieces.

No thread runs in the process that it is forked from: nothing is computed there.
"""

from __future__ import annotations

import gc
import importlib

from qa.index.packaged_encoders import MULTILINGUAL
from qa.index.quantised_model import tokenizer

for library in ("qa.answer.packaged_reader", "qa.index.encoder", "qa.service.service", "web.app", "web.serving.server"):
    importlib.import_module(library)
MULTILINGUAL.digest()
tokenizer(MULTILINGUAL.path())
gc.freeze()  # so that no server copies all of it when it looks for what may go
