"""RUNS → ONE HTML FILE THAT SHOWS THEM.

- page.py      runs, texts and comparisons → the page, by templates/
- tables.py    figures, comparisons, slices and facts → tables of text
- slices.py    a run → its questions in groups, and how each group fared
- cases.py     one question of a run, with its words
- curves.py    a run → the values that its plots show
- drawings.py  runs → the plots of a page, each with its explanation
- plots.py     values → plots (home of matplotlib)
- svg.py       matplotlib's SVG → a part of a page
"""
