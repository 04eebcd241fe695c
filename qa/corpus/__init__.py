"""FILES AND PAGES → ARTICLES → SENTENCES → PASSAGES.

- article_reader.py    paths and addresses → articles and refusals: start reading here
- input_files.py       paths → the files to read
- byte_streams.py      a path → its bytes, unpacked
- fetch.py             a web address → its bytes
- formats/             bytes → article drafts, one file per format
- parser_process.py    a child process for parsers that may crash or hang
- decode.py            bytes → text
- dates.py             any spelling of a date → ISO 8601
- articles.py          a draft's fields → a checked article with its id
- boilerplate.py       a line → whether it is navigation, which is never cited
- languages.py         a text → its language
- near_duplicates.py   texts → how similar their words are
- sentence_endings.py  a line → whether it ends as a sentence does
- sentences.py         a text → sentences with exact offsets
- passages.py          sentences → passages
- quote_positions.py   a quote and a text → every position of the quote
"""
