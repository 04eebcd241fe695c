"""Writing systems, as far as more than one stage asks."""

from __future__ import annotations

# Of a regular expression's class: Thai and Lao, Burmese, Khmer, kana, Chinese characters, which put no blanks between words.
WITHOUT_BLANKS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
