"""Character ranges of writing systems that more than one stage needs."""

from __future__ import annotations

# For a regular expression's character class: scripts without blanks between words (Thai, Lao, Burmese, Khmer, kana, Chinese).
WITHOUT_BLANKS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
