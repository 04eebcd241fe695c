"""FILES AND PAGES → ARTICLES → SENTENCES → PASSAGES.

reading.py          paths → articles, and what was refused: the door of this package
formats/            one file per kind of input
parser_process.py   a child process for the parsers that cannot be timed out
decode.py           bytes → text
dates.py            any spelling of a date → ISO 8601
articles.py         fields → a checked article with its id
boilerplate.py      which lines are navigation, and never cited
languages.py        which language a text is in
duplicates.py       which texts are copies of one another
sentences.py        text → sentences with exact offsets
passages.py         sentences → passages
locate.py           all places where a text stands
"""
