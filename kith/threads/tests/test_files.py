"""Files of a record: what comes in and what does not, who has them, and what is shown of them."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kith.kernel import clock
from kith.kernel.actor import cause
from kith.kernel.errors import Forbidden, Missing, Refused
from kith.objects.access.sharing import share
from kith.objects.write import create, purge, remove, undo
from kith.threads import files, pictures
from kith.threads.models import File
from tests.cast import Cast

pytestmark = pytest.mark.django_db
HX = {"HX-Request": "true"}


def png(wide: int = 40, high: int = 20) -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (wide, high), "#2358dc").save(out, "PNG")
    return out.getvalue()


def pdf() -> bytes:
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 300]>>",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(body))
        body += b"%d 0 obj" % number + part + b"endobj\n"
    table = b"xref\n0 4\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % at for at in places)
    return body + table + b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(body)


def sent(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_several_files_come_in_at_once_and_one_that_is_refused_keeps_no_other_out(
    box: Any, browser: Callable[[str], Client]
) -> None:
    given = [sent("plan.png", png()), sent("run.exe", b"MZ\x90\x00"), sent("note.txt", "Terve ä".encode())]
    told = browser("ada").post(
        f"/boxes/{box.pk}/files/", {"file": given, "once": "u1"}, headers={"Accept": "application/json"}
    )
    answer = told.json()
    assert [one["name"] for one in answer["files"]] == ["plan.png", "note.txt"]
    assert "program" in answer["refused"][0]
    assert sorted(File.objects.values_list("sort", flat=True)) == ["png", "text"]


def test_the_same_form_sent_twice_adds_one_file(box: Any, browser: Callable[[str], Client]) -> None:
    for _time in range(2):
        browser("ada").post(f"/boxes/{box.pk}/files/", {"file": sent("a.txt", b"text"), "once": "u2"})
    assert File.objects.count() == 1


@pytest.mark.parametrize("name", ["page.html", "drawing.svg", "x.lnk"])
def test_what_a_browser_or_a_system_would_run_is_not_taken(cast: Cast, box: Any, name: str) -> None:
    with pytest.raises(Refused, match="program or a web page"):
        files.add(cast.actor("ada"), box, name, [b"<svg/>"])
    assert not any(path.is_file() for path in files.folder().rglob("*"))


def test_a_file_that_is_too_large_is_refused_in_a_sentence(
    cast: Cast, box: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "LARGEST", 1000)
    with pytest.raises(Refused, match="larger than"):
        files.add(cast.actor("ada"), box, "big.txt", [b"x" * 600, b"x" * 600])


def test_a_file_passes_the_gate_of_its_record(cast: Cast, box: Any, browser: Callable[[str], Client]) -> None:
    row = files.add(cast.actor("ada"), box, "secret.txt", [b"the plan"])
    here = f"/boxes/{box.pk}/files/{row.pk}/"
    for place in ("", "content/", "picture/"):
        assert browser("dee").get(f"{here}{place}").status_code == 404
    assert browser("dee").post(f"{here}delete/").status_code == 404
    share(cast.actor("ada"), box, user=cast.dee.pk)
    assert b"".join(browser("dee").get(f"{here}content/").streaming_content) == b"the plan"
    # Who may look may not change.
    assert browser("dee").post(f"{here}delete/").status_code == 403
    with pytest.raises(Forbidden, match="may not change"):
        files.add(cast.actor("dee"), box, "mine.txt", [b"mine"])


def test_a_file_is_not_reached_through_another_record(cast: Cast, box: Any, browser: Callable[[str], Client]) -> None:
    own = create(cast.actor("dee"), "toybox.box", name="Hers", country="FI")
    row = files.add(cast.actor("ada"), box, "secret.txt", [b"the plan"])
    assert browser("dee").get(f"/boxes/{own.pk}/files/{row.pk}/content/").status_code == 404


def test_a_file_goes_out_as_an_attachment_in_a_sandbox_whatever_it_says_of_itself(
    cast: Cast, box: Any, browser: Callable[[str], Client]
) -> None:
    row = files.add(cast.actor("ada"), box, "page.txt", [b"<script>alert(1)</script>"])
    answer = browser("ada").get(f"/boxes/{box.pk}/files/{row.pk}/content/")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_file_is_renamed_and_keeps_its_ending(cast: Cast, box: Any, browser: Callable[[str], Client]) -> None:
    row = files.add(cast.actor("ada"), box, "plan.pdf", [pdf()])
    here = f"/boxes/{box.pk}/files/{row.pk}/"
    browser("ada").post(here, {"name": "offer.exe"})
    row.refresh_from_db()
    assert row.name == "offer.exe.pdf"
    assert browser("ada").post(here, {"name": " "}, headers=HX).status_code == 422


def test_a_removed_file_comes_back_with_undo_and_goes_for_good_after_thirty_days(cast: Cast, box: Any) -> None:
    ada = cast.actor("ada")
    row = files.add(ada, box, "plan.txt", [b"the plan"])
    with cause("request:remove"):
        files.remove(ada, box, row.pk)
    assert files.files_of(box) == []
    with pytest.raises(Missing):
        files.file_of(box, row.pk)
    assert undo(ada, "request:remove").undone == 1
    assert [one.name for one in files.files_of(box)] == ["plan.txt"]
    files.remove(ada, box, row.pk)
    with clock.frozen(clock.now() + files.KEPT * 2):
        files.clear_files()
    assert not File.objects.exists()
    assert not files.place(row.digest).exists()


def test_files_are_removed_with_their_record_and_kept_while_another_record_has_the_same(cast: Cast, box: Any) -> None:
    admin = cast.actor("admin")
    other = create(cast.actor("ada"), "toybox.box", name="Cellar", country="FI")
    first = files.add(cast.actor("ada"), box, "a.txt", [b"same"])
    second = files.add(cast.actor("ada"), other, "b.txt", [b"same"])
    assert first.digest == second.digest
    remove(admin, box)
    purge(admin, box)
    with clock.frozen(clock.now() + files.KEPT):
        files.clear_files()
    assert [row.name for row in File.objects.all()] == ["b.txt"]
    assert files.place(second.digest).exists()


def test_pictures_are_drawn_anew_and_smaller(cast: Cast, box: Any, browser: Callable[[str], Client]) -> None:
    from PIL import Image

    for name, content, size in (("wide.png", png(900, 300), (320, 107)), ("plan.pdf", pdf(), (213, 320))):
        row = files.add(cast.actor("ada"), box, name, [content])
        answer = browser("ada").get(f"/boxes/{box.pk}/files/{row.pk}/picture/")
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/webp")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        drawn = Image.open(io.BytesIO(answer.content)).size
        assert abs(drawn[0] - size[0]) <= 1
        assert abs(drawn[1] - size[1]) <= 1


def test_a_picture_that_is_none_costs_a_picture_and_nothing_else(
    cast: Cast, box: Any, browser: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    # A bomb: a header that promises more pixels than there may be.
    bomb = png()[:16] + (60_000).to_bytes(4, "big") * 2 + png()[24:]
    for name, content in (("bomb.png", bomb), ("cut.pdf", b"%PDF-1.7 nothing")):
        row = files.add(cast.actor("ada"), box, name, [content])
        here = f"/boxes/{box.pk}/files/{row.pk}/"
        assert browser("ada").get(f"{here}picture/").status_code == 404
        assert browser("ada").get(f"{here}content/").status_code == 200
        # Not tried again at every look.
        monkeypatch.setattr(pictures, "child", lambda *_: pytest.fail("tried again"))
        assert browser("ada").get(f"{here}picture/").status_code == 404
        monkeypatch.undo()


def test_bytes_lie_under_their_content_where_backups_look(cast: Cast, box: Any, tmp_path: Path) -> None:
    from kith.config.backup import FOLDERS

    row = files.add(cast.actor("ada"), box, "../../etc/passwd", [b"hello"])
    assert files.place(row.digest).relative_to(tmp_path).parts[0] in FOLDERS
    assert row.name == ".._.._etc_passwd".strip(" .")


def test_a_scanner_that_says_no_keeps_a_file_out(cast: Cast, box: Any, settings: Any) -> None:
    settings.KITH_SCANNER = ("false",)
    with pytest.raises(Refused, match="scanner"):
        files.add(cast.actor("ada"), box, "a.txt", [b"text"])
    assert not File.objects.exists()
