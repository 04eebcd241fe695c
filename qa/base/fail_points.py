"""Places in the code at which a test can kill the process, to show that nothing is lost there.

The variable FAIL_POINT_OF_QA names the place. Without it, passing one costs a comparison.
"""

from __future__ import annotations

import os
import signal
from enum import StrEnum

VARIABLE = "FAIL_POINT_OF_QA"


class FailPoint(StrEnum):
    """After what has been done."""

    STORE_OPENED = "the store was opened for writing"
    VECTORS_STORED = "the vectors of a rebuild were stored"
    ROWS_CHANGED = "the rows of a change were written, and not committed"
    STATE_PURGED = "the state was purged of deleted articles, which the store still has"
    EDITION_BEGUN = "the folder of an edition was made"
    POSTINGS_WRITTEN = "the postings were written"
    VECTORS_WRITTEN = "the file of vectors was written"
    MANIFEST_WRITTEN = "the manifest was written"
    EDITION_NAMED = "the store names a new edition, and is not committed"
    CHANGE_COMMITTED = "a change was committed"
    LOG_EMPTIED = "the log was emptied after texts were deleted"
    EDITION_SWEPT = "an earlier edition was deleted"


class SendingPoint(StrEnum):
    """After what has been done for an index that Milvus searches; no other index passes these."""

    LIST_READ = "what is to be sent was read from the list, and nothing is sent"
    COPIES_SENT = "copies of articles were sent, and their passages were not"
    PASSAGES_SENT = "passages were sent, and nothing is deleted yet"
    PASSAGES_DELETED = "passages of deleted articles are gone, and the copies of these articles are not"
    ARTICLES_SENT = "everything was sent and deleted, and is still on the list"
    LIST_CROSSED_OFF = "the list is empty, and no upload is announced"
    UPLOAD_NAMED = "the store knows the name of an upload that its collection does not know"
    STATISTICS_SENT = "the collection has the statistics of an upload, which the store does not call its last one"


_here = os.environ.get(VARIABLE)


def pass_point(point: FailPoint | SendingPoint) -> None:
    """Go on, or end the process as a loss of power would."""
    if point == _here:
        os.kill(os.getpid(), signal.SIGKILL)
