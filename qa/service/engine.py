"""The settings in force and those of an index → the models and the passage rule that answer, as one value.

When an index is rebuilt with another encoder, its engine is replaced as a whole. The models load at first use.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.answer.reader_files import is_like_the_packaged, reader_folder
from qa.answer.recent_readings import RecentReadings
from qa.base.errors import StoreError
from qa.base.protocols import EncodedQuestion, Encoder
from qa.base.settings import (
    ENGINE_TOKEN_VARIABLE,
    LOCAL,
    NO_RANKER,
    NO_READER,
    PACKAGED_RANKER,
    PACKAGED_READER,
    Precision,
    Settings,
)
from qa.base.types import PassageRule
from qa.index.identity import index_facts, kept_settings
from qa.index.store import open_store
from qa.search.ranker import PACKAGED, Ranker

if TYPE_CHECKING:
    from qa.answer.reading import ReadingModel
    from qa.index.milvus.server import MilvusPlace


@dataclass(frozen=True, eq=False)
class Engine:
    """The encoder, the reader's model and the passage rule of one index. `settings` have the index's own encoder and rule."""

    settings: Settings
    encoder: Encoder

    @cached_property
    def milvus(self) -> MilvusPlace | None:
        """Where Milvus searches the index; None where files of its folder are searched."""
        return milvus_place(self.settings)

    @property
    def rule(self) -> PassageRule:
        chosen = self.settings
        return PassageRule(chosen.passage_characters, chosen.passage_overlap_sentences, chosen.title_tokens)

    @cached_property
    def reading_model(self) -> ReadingModel | None:
        """None where no reader is set: then similarity reads."""
        chosen, precision = self.settings.reader, self.encoder.identity.precision
        if chosen == NO_READER:
            return None
        return _packaged_reading_model(precision) if chosen == PACKAGED_READER else _reading_model(chosen, precision)

    @cached_property
    def ranker(self) -> Ranker | None:
        """None where no ranker is set: then the merged order stays."""
        chosen = self.settings.ranker
        if chosen == NO_RANKER:
            return None
        return Ranker.open(PACKAGED if chosen == PACKAGED_RANKER else Path(chosen))

    @property
    def index_facts(self) -> dict[str, str]:
        """The facts of an index that this engine can read."""
        return index_facts(self.encoder.identity, self.rule)

    def encode(self, question: str) -> EncodedQuestion:
        """The question with its vector; QuestionError for one over the encoder's token budget."""
        return EncodedQuestion(question, self.encoder.embed_question(question))

    def load(self) -> None:
        """Load the models now."""
        self.encode("ready")
        if self.reading_model is not None:
            self.reading_model.load()
        _ = self.ranker  # opened, where there is one


def milvus_place(chosen: Settings) -> MilvusPlace | None:
    """Where Milvus searches by these settings; None where files of the index folder are searched."""
    if chosen.engine == LOCAL:
        return None
    from qa.index.milvus.server import MilvusPlace  # pymilvus comes with it

    return MilvusPlace(
        chosen.uri,
        chosen.collection,
        token=os.environ.get(ENGINE_TOKEN_VARIABLE, ""),
        consistency=chosen.consistency,
        timeout_seconds=chosen.engine_timeout_seconds,
        retries=chosen.engine_retries,
    )


def open_engine(settings: Settings, given: Encoder | None = None) -> Engine:
    """The engine by these settings; the `given` encoder in place of the one that they name."""
    return Engine(settings, _encoder(settings) if given is None else given)


@cache
def _packaged_reading_model(precision: Precision) -> ReadingModel:
    """One for all services of a process, as its files stay the same; what was read for one of them helps all."""
    return _reading_model(PACKAGED_READER, precision)


def _reading_model(name: str, precision: Precision) -> ReadingModel:
    return RecentReadings(open_reading_model(name, precision=precision))


def open_reading_model(name: str, *, precision: Precision) -> ReadingModel:
    """The reader of this name, as in the setting `reader`, not loaded yet.

    The packaged one, and any like it, reads with the packaged encoder's words, whatever the encoder in force.

    Raises:
        ModelError: there is none of this name.
    """
    folder = reader_folder(name)
    if not is_like_the_packaged(folder):
        from qa.answer.span_model import SpanModel  # torch comes with it

        return SpanModel(folder, precision=precision)
    from qa.answer.packaged_reader import PackagedReader
    from qa.index.packaged_words import packaged_words

    return PackagedReader(folder, packaged_words, precision=precision)


def _encoder(settings: Settings) -> Encoder:
    from qa.index.encoder import TransformerEncoder  # torch comes with it

    return TransformerEncoder(**_encoder_arguments(settings))


def _encoder_arguments(settings: Settings) -> dict[str, Any]:
    return {
        "model": settings.encoder,
        "precision": settings.encoder_precision,
        "passage_prompt": settings.passage_prompt,
        "question_prompt": settings.question_prompt,
        "title_tokens": settings.title_tokens,
    }


def ray_encoder(settings: Settings, address: str) -> Encoder:
    """The encoder of an index whose passages are embedded by the Ray cluster at this address."""
    from qa.index.ray_encoder import RayEncoder

    chosen = settings_of_index(settings.index.absolute(), settings)
    return RayEncoder(_encoder(chosen), _encoder_arguments(chosen), address)


def settings_of_index(folder: Path, settings: Settings) -> Settings:
    """The settings; those that an index keeps are the index's own where they were not given."""
    try:
        with open_store(folder) as store:
            kept = kept_settings(store.facts())
    except StoreError:  # there is none yet, or none that can be read, which whoever opens it is told
        return settings
    return with_kept(kept, settings)


def with_kept(kept: dict[str, str | int], settings: Settings) -> Settings:
    """The settings, with those that an index keeps where they were not given."""
    if "encoder" in settings.model_fields_set and settings.encoder != kept.get("encoder"):
        kept.pop("passage_prompt", None)  # that of the model before
    return settings.model_copy(update={name: value for name, value in kept.items() if name not in settings.model_fields_set})
