"""qa's rankers: what each learns from, and what its card says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from qa.base.settings import NO_RANKER
from qa.search.features import FEATURES
from qa.training.ranking_groups import Considered, searched
from qa.training.trees import Columns


@dataclass(frozen=True, slots=True)
class RankerKind:
    """The features, how candidates are found and with which settings; then lines of the card."""

    name: str
    columns: Columns
    considered: Considered
    settings: Mapping[str, object]
    does: str
    never: str
    limits: str


FIRST_ORDER = RankerKind(
    name="qa-ranker",
    columns=Columns(
        FEATURES,
        rising=(
            "passage_bm25",
            "passage_bm25_scaled",
            "article_bm25",
            "article_bm25_scaled",
            "cosine_deviation",
            "near_date_range",
        ),
        falling=("passage_bm25_rank", "article_bm25_rank", "cosine_gap", "cosine_rank"),
    ),
    considered=searched,
    settings={"ranker": NO_RANKER},
    does="They order what the searchers found for a question.",
    never="A better BM25 score or cosine never lowers a score.",
    limits="""The news among the questions is from one weekly quiz of 2022 and 2023. Right passages of news are those of judged
articles that hold the answer's words, which is a weak label. Articles without dates are ranked by the other features alone.""",
)
