"""What was read for one question → the statements that the articles make, and how they stand to one another.

- quantities.py   words → the numbers in them, with their units
- units.py        words for scales, currencies and measures
- names.py        two names → whether one person, place or thing may be called both
- values.py       a short answer → what it says, comparable with others
- voices.py       sentences that were read → what each article says
- matter.py       what a question is about → whether an article's answer is to the same
- corrections.py  a sentence that corrects → the value it puts right, and the wrong one
- rumours.py      sentences for a yes-or-no question → what is denied, and the denial
- grouping.py     voices → statements, the leading one first, each with its relation to that
"""
