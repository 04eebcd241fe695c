"""WHAT THE COMMAND LINE PRINTS: results on stdout, the rest on stderr.

text.py            any text → text that is safe on a terminal
styles.py          the styles of a terminal
screen.py          lines, tables and lists on both streams
progress.py        a bar, or lines now and then, while long work runs

answers.py  hits.py  articles.py  quotes.py  filters.py  sources.py      what is shown of each
figures.py  comparisons.py                                               tables of `qa evaluate` and `qa compare`
"""
