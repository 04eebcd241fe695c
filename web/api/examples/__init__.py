"""Examples for the OpenAPI document, one file per noun. A test checks each against its shape. All are from the samples."""

from web.api.examples import answer, article, conversation, job, snapshot, status

# The examples of each operation's answer, by the operation's id.
ANSWERS = {**answer.ANSWERS, **article.ANSWERS, **conversation.ANSWERS, **job.ANSWERS, **snapshot.ANSWERS, **status.ANSWERS}
