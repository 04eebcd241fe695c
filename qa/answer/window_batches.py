"""Windows → batches of similar length, so that little of a forward pass is filling."""

from __future__ import annotations

from collections.abc import Iterator, Sequence


def batches_by_length(lengths: Sequence[int], *, most_tokens: int) -> Iterator[list[int]]:
    """All rows, the shortest first, in batches of at most so many padded tokens, or of one row."""
    order = sorted(range(len(lengths)), key=lambda row: (lengths[row], row))
    while order:
        size = 1
        while size < len(order) and (size + 1) * lengths[order[size]] <= most_tokens:
            size += 1
        yield order[:size]
        order = order[size:]
