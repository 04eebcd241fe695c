"""GET /v1/index: what the index holds and what it was made with."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends

from web.openapi import problems
from web.running import Running, running
from web.shapes import EncoderShape, IndexShape, PassageRuleShape, ReaderShape

router = APIRouter(prefix="/v1/index", tags=["Index"])


@router.get("", summary="Describe the index", responses=problems(503))
def describe_index(app: Annotated[Running, Depends(running)]) -> IndexShape:
    """`index_generation` grows with every change; answers and lists name the one that they come from."""
    held = app.described()
    return IndexShape(
        name=app.service.folder.name,
        index_generation=held.generation,
        articles=held.counts.articles,
        sentences=held.counts.sentences,
        passages=held.counts.passages,
        changed_at=held.changed_at,
        last_added_at=held.last_added_at,
        encoder=EncoderShape(
            name=held.encoder.name,
            digest=held.encoder.digest,
            dimension=held.encoder.dimension,
            max_tokens=held.encoder.max_tokens,
            passage_prompt=held.encoder.passage_prompt,
            precision=held.encoder.precision,
        ),
        reader=ReaderShape(name="similarity"),
        passage_rule=PassageRuleShape(
            characters=held.rule.characters, overlap_sentences=held.rule.overlap_sentences, title_tokens=held.rule.title_tokens
        ),
        digests=dict(held.digests),
    )
