"""The tools of the checkout: what is done once, what is done again, and what two of them do to each other."""

import pytest

from scripts import demo, icons, prepare
from scripts.lock_blocks import blocks
from scripts.test import Outcome, read_report


def test_a_step_is_done_once_until_its_inputs_change(tmp_path):
    steps, done = prepare.Steps(quiet=True), []

    def step(inputs: str, holds: bool = True) -> bool:
        return steps.once("step", inputs, lambda: holds, lambda: done.append(inputs), tmp_path)

    assert [step("a"), step("a"), step("b"), step("b", holds=False)] == [True, False, True, True]
    assert done == ["a", "b", "b"]


def test_a_step_that_failed_is_done_again(tmp_path):
    steps = prepare.Steps(quiet=True)
    steps.once("step", "a", lambda: True, lambda: None, tmp_path)

    def fail() -> None:
        raise prepare.Fault("no network")

    with pytest.raises(prepare.Fault):
        steps.once("step", "b", lambda: True, fail, tmp_path)
    assert steps.once("step", "a", lambda: True, lambda: None, tmp_path)


def test_a_program_that_fails_is_told_with_its_last_words():
    with pytest.raises(prepare.Fault, match=r"(?s)It broke\..*out of paper"):
        prepare.Steps(quiet=True).run(["sh", "-c", "echo out of paper >&2; exit 3"], fault="It broke.")


def test_only_one_at_a_time(tmp_path):
    with (
        prepare.only_one(tmp_path / "lock", "busy"),
        pytest.raises(prepare.Fault, match="busy"),
        prepare.only_one(tmp_path / "lock", "busy"),
    ):
        pass
    with prepare.only_one(tmp_path / "lock", "busy"):
        pass


def test_the_demo_does_not_touch_a_real_installation(monkeypatch):
    monkeypatch.setenv("KITH_HOME", "/srv/kith")
    monkeypatch.setenv("DATABASE_URL", "postgresql://kith@db/kith")
    mine = demo.environment()
    assert mine["KITH_HOME"] == str(demo.HOME)
    assert "DATABASE_URL" not in mine


def test_the_form_with_the_password_is_the_one_that_is_filled_in():
    form = demo.Form()
    form.feed(
        '<form action="/language/"><input type="hidden" name="lang" value="fi"><input name="other"></form>'
        '<form action="/sign-in/"><input type="hidden" name="token" value="t"><input type="email" name="email">'
        '<input type="password" name="secret"></form><form><input type="hidden" name="later" value="x"></form>'
    )
    assert (form.action, form.name, form.password, form.hidden) == ("/sign-in/", "email", "secret", {"token": "t"})


def test_icons_are_found_and_unknown_ones_told(tmp_path, monkeypatch):
    monkeypatch.setattr(icons, "ROOT", tmp_path)
    page = tmp_path / "a.html"
    page.write_text('{% icon "house" %}\n<p>{% icon "hause" %}</p>\n"bell" without the word\n')
    assert icons.named_icons([page], {"house", "bell"}) == ({"house"}, ["a.html:2: hause"])


def test_a_lock_is_read_by_package():
    assert blocks("# head\na==1 \\\n    --hash=x\nb==2\n") == ["# head\n", "a==1 \\\n    --hash=x\n", "b==2\n"]


def test_a_report_is_counted_with_its_reasons(tmp_path):
    file = tmp_path / "report.xml"
    file.write_text(
        '<testsuites><testsuite><testcase name="a"/><testcase name="b"><failure/></testcase>'
        '<testcase name="c"><skipped message="no Chromium"/></testcase></testsuite></testsuites>'
    )
    outcome = Outcome("SQLite")
    read_report(file, outcome)
    assert dict(outcome.counts) == {"passed": 1, "failed": 1, "skipped": 1}
    assert dict(outcome.reasons) == {"no Chromium": 1}
