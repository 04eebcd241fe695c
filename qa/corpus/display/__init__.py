"""What an article says, as people read it: without the marks of Markdown, and rows of tables with the heads of their columns.

The stored text and all offsets stay those of the source; what is here is a mapping beside them.

- edits.py      a mark's place in the source and what is shown there; edits → shown text with a mapping both ways.
- blocks.py     a text → its block marks (headings, lists, quotations, fences, tables) and the stretches of words between them.
- inline.py     a stretch of words → its inline marks (links, code, escapes, entities, HTML).
- emphasis.py   runs of asterisks, underscores and tildes → those that emphasise.
- displayed.py  an article → any span of it as people read it, and as its page has it.

The scanners are our own, since CommonMark libraries give no places of inline marks. Their work is linear in the length.
"""
