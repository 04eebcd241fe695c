"""THE COMMAND LINE: what is typed → one call of the service → lines on the screen.

- app.py             `qa`: all commands together.
- articles.py        add, remove, list, show.
- questions.py       ask, search, chat.
- serving.py         serve, mcp, demo.
- measuring.py       evaluate, compare, report, export judgements.
- maintenance.py     rebuild, verify, doctor.
- boilerplate.py     boilerplate list, cite, mask, forget.
- tokens.py          token create, list, revoke.
- manual.py          help.

- options.py         Options that several commands share.
- invocation.py      What every command starts from: settings, service and screen.
- process.py         A command line → an exit code: errors become messages.
- exit_codes.py      The exit codes and their meanings.

`adding.py`, `evaluating.py`, `chat.py`, `demo.py` and `doctor.py` do the work of the longer commands. `output/` prints.
"""
