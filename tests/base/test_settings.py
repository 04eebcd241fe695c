"""Settings come from arguments, QA_* variables, qa.toml and defaults, in this order; what cannot be used is named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from qa.base.errors import SettingsError
from qa.base.settings import PACKAGED_ENCODER, Settings, groups, load_settings


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_without_a_word_the_defaults_are_in_force() -> None:
    settings = load_settings()
    assert (settings.index, settings.encoder, settings.candidates) == (Path("indexes/default"), PACKAGED_ENCODER, 100)
    assert settings.passage_prompt is None


def test_an_argument_goes_before_a_variable_and_that_before_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("qa.toml").write_text("candidates = 30\nread_passages = 7\nmax_citations = 2\n", "utf-8")
    monkeypatch.setenv("QA_READ_PASSAGES", "8")
    monkeypatch.setenv("QA_MAX_CITATIONS", "3")
    settings = load_settings(max_citations=5)
    assert (settings.candidates, settings.read_passages, settings.max_citations) == (30, 8, 5)


def test_an_empty_variable_counts_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_CANDIDATES", "")
    assert load_settings().candidates == 100


def test_nothing_is_read_at_import_but_when_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    before = load_settings().candidates
    monkeypatch.setenv("QA_CANDIDATES", "5")
    assert (before, load_settings().candidates) == (100, 5)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("candidates", 0, "greater than or equal to 1"),
        ("candidates", "many", "valid integer"),
        ("lexical_weight", 1.5, "less than or equal to 1"),
        ("threshold", float("nan"), ""),
        ("title_tokens", 65, "less than or equal to 64"),
        ("encoder_precision", "int4", "'auto', 'float32', 'bfloat16' or 'int8'"),
        ("lock_timeout_seconds", 0, "greater than 0"),
        ("parse_timeout_seconds", -1, "greater than 0"),
    ],
)
def test_a_value_that_is_not_accepted_is_named_with_its_variable(name: str, value: object, said: str) -> None:
    with pytest.raises(SettingsError) as raised:
        load_settings(**{name: value})
    assert f"Setting {name!r} (variable QA_{name.upper()}) is {value!r}" in str(raised.value)
    assert said in str(raised.value)


def test_one_of_several_values_is_named_with_its_setting() -> None:
    with pytest.raises(SettingsError) as raised:
        load_settings(allowed_hosts=("qa.example.org", "qa.example.org:80"))
    said = "(variable QA_ALLOWED_HOSTS) holds 'qa.example.org:80': 'qa.example.org:80' is no host; expected a name or an address"
    assert said in str(raised.value)


def test_hosts_are_taken_in_any_spelling() -> None:
    given = ("QA.Example.org", "[FD00::2]", "fd00:0::3", "192.0.2.1")
    assert load_settings(allowed_hosts=given).allowed_hosts == ("qa.example.org", "fd00::2", "fd00::3", "192.0.2.1")


def test_every_value_that_is_not_accepted_is_named_at_once() -> None:
    with pytest.raises(SettingsError) as raised:
        load_settings(candidates=0, read_passages=0)
    assert "QA_CANDIDATES" in str(raised.value) and "QA_READ_PASSAGES" in str(raised.value)


def test_a_bad_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_MAX_CITATIONS", "four")
    with pytest.raises(SettingsError, match=r"QA_MAX_CITATIONS\) is 'four'"):
        load_settings()


def test_an_unknown_name_is_refused_wherever_it_stands() -> None:
    with pytest.raises(SettingsError, match=r"Unknown setting 'colour'\. Known: index, encoder"):
        load_settings(colour=3)
    Path("qa.toml").write_text("candidate = 3\n", "utf-8")
    with pytest.raises(SettingsError, match=r"Unknown setting 'candidate' in qa\.toml"):
        load_settings()


@pytest.mark.parametrize(
    ("misspelt", "meant"),
    [
        ("treshold", "threshold"),
        ("candidate", "candidates"),
        ("max-citations", "max_citations"),
        ("ALLOWED_HOST", "allowed_hosts"),
    ],
)
def test_of_a_misspelt_setting_only_the_nearest_is_named(misspelt: str, meant: str) -> None:
    said = rf"Unknown setting '{misspelt}' in qa\.toml\. Do you mean '{meant}'\? It is [^,]*"
    Path("qa.toml").write_text(f"{misspelt} = 3\n", "utf-8")
    with pytest.raises(SettingsError, match=said) as raised:
        load_settings()
    assert "Known:" not in str(raised.value)


@pytest.mark.parametrize("before", ['index = "news"\n', '# mine\n\n  threshold = 0.3\nindex="news"\n', 'index.reader = "none"\n'])
def test_an_index_before_the_tables_and_a_table_of_this_name_are_explained(before: str) -> None:
    Path("qa.toml").write_text(before + '[search]\ncandidates = 3\n[index]\nencoder = "mine"\n', "utf-8")
    with pytest.raises(SettingsError, match=r"both `index = …` before its tables and a table \[index\].*Move the line into"):
        load_settings()


def test_other_names_that_are_given_twice_keep_tomls_own_words() -> None:
    Path("qa.toml").write_text('[index]\nindex = "a"\nindex = "b"\n', "utf-8")
    with pytest.raises(SettingsError, match=r"qa\.toml is not TOML: Cannot overwrite a value"):
        load_settings()


def test_thresholds_out_of_order_are_refused() -> None:
    with pytest.raises(SettingsError, match=r"threshold 0\.8 is above answered_threshold 0\.6"):
        load_settings(threshold=0.8, answered_threshold=0.6)
    assert load_settings(threshold=0.6, answered_threshold=0.6).threshold == 0.6


def test_a_file_that_is_not_toml_is_refused() -> None:
    Path("qa.toml").write_text("candidates: 3\n", "utf-8")
    with pytest.raises(SettingsError, match=r"qa\.toml is not TOML"):
        load_settings()


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"candidates = '\xe4'\n"])
def test_a_file_that_is_not_utf8_is_refused(content: bytes) -> None:
    Path("qa.toml").write_bytes(content)
    with pytest.raises(SettingsError, match=r"qa\.toml"):
        load_settings()


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_settings().candidates = 3  # type: ignore[misc]


def test_every_setting_says_what_it_is() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


# Groups


def test_a_variable_holds_several_values_with_commas_between_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_ALLOWED_HOSTS", "qa.example.org, QA2.example.org")
    monkeypatch.setenv("QA_FETCH_NETWORKS", "10.0.0.0/8")
    settings = load_settings()
    assert settings.allowed_hosts == ("qa.example.org", "qa2.example.org")
    assert settings.fetch_networks == ("10.0.0.0/8",)
    monkeypatch.setenv("QA_FETCH_NETWORKS", '["10.0.0.0/8", "127.0.0.0/8"]')
    assert load_settings().fetch_networks == ("10.0.0.0/8", "127.0.0.0/8")
    monkeypatch.setenv("QA_FETCH_NETWORKS", "10.0.0.0/8,nowhere")
    with pytest.raises(SettingsError, match="'nowhere'"):
        load_settings()


_LISTS = {
    "allowed_hosts": ("a.example", "b.example"),
    "fetch_networks": ("10.0.0.0/8", "127.0.0.0/8"),
    "feed_may_name": ("a.example", "b.example"),
    "trusted_proxies": ("127.0.0.1/32", "10.0.0.0/8"),
}


def test_the_settings_that_hold_several_values_are_these() -> None:
    assert {name for name, field in Settings.model_fields.items() if field.default == ()} == set(_LISTS)


@pytest.mark.parametrize(("name", "values"), _LISTS.items())
@pytest.mark.parametrize("written", ["{0}", "{0},{1}", " {0} , {1},", '["{0}"]', '["{0}", "{1}"]'])
def test_every_setting_of_several_values_takes_commas_or_json(
    monkeypatch: pytest.MonkeyPatch, name: str, values: tuple[str, str], written: str
) -> None:
    monkeypatch.setenv(f"QA_{name.upper()}", written.format(*values))
    assert getattr(load_settings(), name) == (values if "{1}" in written else values[:1])


@pytest.mark.parametrize("name", _LISTS)
@pytest.mark.parametrize("written", ['{"a": 1}', '["a!"', "null!", "a b"])
def test_several_values_that_cannot_be_used_are_named(monkeypatch: pytest.MonkeyPatch, name: str, written: str) -> None:
    monkeypatch.setenv(f"QA_{name.upper()}", written)
    with pytest.raises(SettingsError, match=rf"Setting '{name}' \(variable QA_{name.upper()}\) holds"):
        load_settings()


def test_a_number_alone_is_one_value_of_several(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_ALLOWED_HOSTS", "3")
    assert load_settings().allowed_hosts == ("3",)


def test_every_setting_is_in_one_group_and_they_are_in_one_order() -> None:
    names = [name for group in groups().values() for name in group]
    assert list(groups()) == ["index", "search", "answer", "server", "limits", "remote"]
    assert names == list(Settings.model_fields)


def test_a_setting_of_the_file_stands_in_the_table_of_its_group_or_before_all_tables() -> None:
    Path("qa.toml").write_text(
        'max_citations = 2\n[index]\nindex = "news"\n[search]\ncandidates = 30\n[limits]\nfetch_networks = ["10.0.0.0/8"]\n',
        "utf-8",
    )
    settings = load_settings()
    assert (settings.max_citations, settings.index, settings.candidates) == (2, Path("news"), 30)
    assert settings.fetch_networks == ("10.0.0.0/8",)


def test_an_index_folder_before_all_tables_counts() -> None:
    Path("qa.toml").write_text('index = "news"\n[search]\ncandidates = 30\n', "utf-8")
    assert load_settings().index == Path("news")


def test_a_variable_goes_before_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("qa.toml").write_text("[answer]\nthreshold = 0.1\n", "utf-8")
    monkeypatch.setenv("QA_THRESHOLD", "0.3")
    assert load_settings().threshold == 0.3


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[search]\nthreshold = 0.3\n", r"Setting 'threshold' stands in \[search\] of .*qa\.toml; its table is \[answer\]"),
        ("threshold = 0.3\n[answer]\nthreshold = 0.3\n", r"Setting 'threshold' stands twice in .*qa\.toml.* Remove one"),
        ("[searching]\ncandidates = 3\n", r"Unknown table \[searching\] in qa\.toml\. Known: \[index\], \[search\], \[answer\]"),
        ("[[search]]\ncandidates = 3\n", r"'search' in qa\.toml is .*expected a table of settings, which begins with \[search\]"),
        ("[search]\ncandidate = 3\n", r"Unknown setting 'candidate' in qa\.toml"),
        ("[search]\ncandidates = 0\n", r"Setting 'candidates' \(variable QA_CANDIDATES\) is 0"),
    ],
)
def test_what_a_table_cannot_hold_is_named(content: str, message: str) -> None:
    Path("qa.toml").write_text(content, "utf-8")
    with pytest.raises(SettingsError, match=message):
        load_settings()


# Unknown variables


def test_a_variable_that_names_no_setting_is_named_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("QA_TRESHOLD", "0.6")
    assert (load_settings().threshold, load_settings().threshold) == (0.15, 0.15)
    assert [record.getMessage() for record in caplog.records] == [
        "The variable QA_TRESHOLD names no setting and is ignored. Do you mean QA_THRESHOLD? `qa doctor -v` lists the settings."
    ]


def test_known_variables_and_those_of_other_programs_warn_of_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("QA_THRESHOLD", "0.3")
    monkeypatch.setenv("QAMODE", "1")
    load_settings()
    assert caplog.records == []


@pytest.mark.parametrize("gone", ["recency_weight", "period_weight"])
def test_a_setting_of_an_earlier_version_says_what_took_its_place(
    gone: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    instead = "The ranker weighs dates by itself. Set dates_count = false where no date shall count."
    monkeypatch.setenv(f"QA_{gone.upper()}", "0.2")
    load_settings()
    assert instead in caplog.text
    (tmp_path / "qa.toml").write_text(f"[search]\n{gone} = 0.2\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError, match=re.escape(f"There is no setting {gone!r} any more. {instead}")):
        load_settings()
