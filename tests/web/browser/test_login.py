"""Beyond this machine a browser logs in: with JavaScript and without, to and fro, and with nothing for axe-core to find."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from qa.base.scopes import Scope
from qa.service.state.tokens import TokenFile


class Guarded:
    def __init__(self, folder: Path, start_server: Callable) -> None:
        self.file = TokenFile(folder / "tokens.json")
        self.token, self.secret = self.file.create(Scope.WRITE, name="laptop")
        self.server = start_server(folder, "--token-file", str(self.file.path), requests_per_minute=0).wait_until_ready()
        self.url = self.server.url

    def log_in(self, page: Page, secret: str | None = None) -> None:
        page.get_by_label("Token").fill(secret or self.secret)
        with page.expect_navigation():  # to its end: the scripts of the page that follows run
            page.get_by_role("button", name="Log in").click()


@pytest.fixture(scope="module")
def guarded(sample_index: Path, tmp_path_factory: pytest.TempPathFactory, start_server: Callable) -> Iterator[Guarded]:
    folder = Path(shutil.copytree(sample_index, tmp_path_factory.mktemp("guarded") / "samples"))
    made = Guarded(folder, start_server)
    yield made
    made.server.kill()


@pytest.mark.parametrize("with_javascript", [True, False], ids=["with JavaScript", "without"])
def test_who_logs_in_comes_to_the_page_that_was_asked_for_asks_and_logs_out(
    open_page: Callable[..., Page], guarded: Guarded, with_javascript: bool
) -> None:
    page = open_page(guarded.url, java_script_enabled=with_javascript)
    page.goto("/library?q=sailmaker")
    expect(page).to_have_title("Log in · qa")
    expect(page.get_by_label("Token")).to_be_focused()
    guarded.log_in(page)
    expect(page).to_have_url(f"{guarded.url}/library?q=sailmaker")
    page.goto("/")
    page.get_by_label("Your question").fill("How old was Wilhelmina Sorrowby when she died?")
    page.get_by_role("button", name="Ask").click()
    expect(page.locator("#turn-1 .sentence").first).to_contain_text("at the age of 94")
    page.get_by_role("button", name="Log out").click()
    expect(page).to_have_url(f"{guarded.url}/login")
    page.goto("/library")
    expect(page).to_have_url(f"{guarded.url}/login?next=%2Flibrary")


def test_a_wrong_token_is_told_and_the_right_one_still_leads_on(open_page: Callable[..., Page], guarded: Guarded) -> None:
    page = open_page(guarded.url)
    page.goto("/library")
    guarded.log_in(page, "qa_wrong")
    expect(page.get_by_role("alert")).to_contain_text("This token is not known here.")
    expect(page.get_by_label("Token")).to_be_empty()
    assert page.context.cookies() == []
    guarded.log_in(page)
    expect(page).to_have_url(f"{guarded.url}/library")


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(open_page: Callable[..., Page], guarded: Guarded) -> None:
    page = open_page(guarded.url)
    page.goto("/")
    guarded.log_in(page)
    expect(page.get_by_label("Your question")).to_be_visible()
    (cookie,) = page.context.cookies()
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Strict", "/")
    assert guarded.secret not in cookie["value"]
    assert page.evaluate("document.cookie") == ""


def test_a_question_whose_token_was_revoked_meanwhile_leads_to_the_form(open_page: Callable[..., Page], guarded: Guarded) -> None:
    made, secret = guarded.file.create(Scope.READ)
    page = open_page(guarded.url)
    page.goto("/")
    guarded.log_in(page, secret)
    page.get_by_label("Your question").fill("How old was Wilhelmina Sorrowby when she died?")
    guarded.file.revoke(made.id)
    page.get_by_role("button", name="Ask").click()
    expect(page).to_have_title("Log in · qa")


def test_what_a_read_token_may_not_do_is_said_in_place(open_page: Callable[..., Page], guarded: Guarded) -> None:
    _, secret = guarded.file.create(Scope.READ, name="reader")
    page = open_page(guarded.url)
    page.goto("/library")
    guarded.log_in(page, secret)
    page.get_by_role("button", name="Remove").first.click()
    expect(page.locator("#message")).to_contain_text("The token 'reader' has the scope read; this needs write.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_form_and_it_fits_a_phone(
    open_page: Callable[..., Page],
    guarded: Guarded,
    findings: Callable[[Page], list[list[str]]],
    scrolls_sideways: Callable[[Page], bool],
    scheme: str,
) -> None:
    page = open_page(guarded.url, bypass_csp=True, color_scheme=scheme, viewport={"width": 320, "height": 640})
    page.goto("/library")
    assert findings(page) == []
    assert not scrolls_sideways(page)
    guarded.log_in(page, "qa_wrong")
    assert findings(page) == []
    guarded.log_in(page)
    page.get_by_role("button", name="Menu").click()
    expect(page.get_by_role("button", name="Log out")).to_be_visible()
    assert findings(page) == []
    assert not scrolls_sideways(page)
