"""WHAT THE COMMAND LINE PRINTS: results on stdout, the rest on stderr.

- text.py            Any text → text that is safe on a terminal.
- styles.py          The styles of a terminal.
- screen.py          Lines, tables and lists on both streams.
- markdown.py        Markdown → lines.
- progress.py        A bar, or lines now and then, while long work runs.
- sources.py         Where an article or a sentence comes from.
- filters.py         Which articles and days a question was asked of.
- figures.py         Tables of `qa evaluate`.
- comparisons.py     Tables of `qa compare`.

`answers.py`, `hits.py`, `articles.py` and `quotes.py` print these.
"""
