"""An example of the wrong places that a problem names."""

from __future__ import annotations

PLACES = [{"pointer": "#/question", "code": "missing", "detail": "Field required."}]
