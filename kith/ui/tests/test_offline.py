"""What a device may keep, whose it is, and with what it comes back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kith.identity import sign_in as doors
from kith.kernel.policy import ADMIN, Policy
from kith.ui.screens import offline
from tests.access.matrix.cases import routes
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_a_page_of_records_says_whose_it_is_and_the_mark_changes_with_her_rights(
    cast: Cast, boxes: Any, sign_in: Any
) -> None:
    (mine,) = boxes(1)
    ada, ben = sign_in("ada"), sign_in("ben")
    hers = ada.get(f"/boxes/{mine.pk}/").headers
    assert hers["Kith-Keep-As"] == "page"
    assert hers["Kith-Keep"] != ben.get(f"/boxes/{mine.pk}/").headers["Kith-Keep"]
    doors.raise_epoch(cast.ada)
    assert sign_in("ada").get("/boxes/").headers["Kith-Keep"] != hers["Kith-Keep"]


def test_what_is_refused_missing_or_nobodys_is_never_kept(cast: Cast, boxes: Any, sign_in: Any, client: Any) -> None:
    (mine,) = boxes(1)
    assert "Kith-Keep" not in sign_in("dee").get(f"/boxes/{mine.pk}/").headers
    assert "Kith-Keep" not in client.get(f"/boxes/{mine.pk}/").headers
    assert "Kith-Keep" not in sign_in("ada").get("/boxes/?filter=nothing:is:1").headers


def test_nothing_that_asks_for_a_proof_or_is_an_administrators_may_be_kept() -> None:
    for more in ({"step_up": True}, {"download": True}, {"who": ADMIN}):
        with pytest.raises(ValueError, match="not kept"):
            Policy(kept="page", **more)
    kept = {route.name for route in routes() if route.policy.kept}
    assert kept == {"list", "record", "new", "waiting"}


def test_who_only_looks_through_others_eyes_leaves_nothing_on_the_device(cast: Cast, boxes: Any, sign_in: Any) -> None:
    boxes(1)
    admin = sign_in("admin")
    session = admin.session
    session["proof"] = 9e12
    session.save()
    from kith.kernel import clock

    session["looking"] = {"user": cast.ada.pk, "until": (clock.now().replace(year=clock.now().year + 1)).isoformat()}
    session.save()
    answer = admin.get("/boxes/")
    assert answer.context["look"] is not None
    assert "Kith-Keep" not in answer.headers
    assert 'data-who=""' in answer.content.decode()


def test_the_pass_says_who_is_there_and_gives_the_token(cast: Cast, sign_in: Any, client: Any, hx: Any) -> None:
    told = json.loads(sign_in("ada").get("/waiting/pass/").content)
    assert set(told) == {"who", "writer", "token"}
    assert told["writer"] != json.loads(sign_in("ben").get("/waiting/pass/").content)["writer"]
    refused = client.get("/waiting/pass/", **hx)
    assert (refused.status_code, refused.headers["HX-Redirect"].startswith("/sign-in/")) == (401, True)


def test_the_manifest_names_icons_that_exist(client: Any) -> None:
    told = json.loads(client.get("/manifest.webmanifest").content)
    assert (told["scope"], told["display"]) == ("/", "standalone")
    assert {icon["purpose"] for icon in told["icons"]} == {"any", "maskable"}


def test_the_worker_comes_from_the_root_and_is_asked_for_each_time(
    client: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "chunks").mkdir()
    (tmp_path / "chunks/a-1.js").write_text("")
    (tmp_path / "sw.js").write_text("self.x=1;")
    monkeypatch.setattr(offline.finders, "find", lambda name: str(tmp_path / name))
    offline._worker.cache_clear()
    try:
        answer = client.get("/sw.js")
    finally:
        offline._worker.cache_clear()
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Type"] == "text/javascript"
    assert '/static/chunks/a-1.js"' in answer.content.decode()


def test_who_saves_data_gets_smaller_pages_and_no_stream(cast: Cast, boxes: Any, sign_in: Any) -> None:
    boxes(30)
    ada = sign_in("ada")
    full, asked = ada.get("/boxes/"), ada.get("/boxes/", headers={"Save-Data": "on"})
    assert [answer.content.count(b'role="row"') - 1 for answer in (full, asked)] == [30, 20]
    assert b'data-saver="1"' in asked.content
    assert b"data-saver" not in full.content
    ada.post("/preferences/", {"saver": "on"})
    assert b'data-saver="1"' in ada.get("/boxes/").content


def test_a_note_and_a_record_sent_twice_are_there_once(cast: Cast, boxes: Any, sign_in: Any, hx: Any) -> None:
    (mine,) = boxes(1)
    ada = sign_in("ada")
    for _time in range(2):
        assert (
            ada.post(f"/boxes/{mine.pk}/note/", {"text": "Written in a tunnel", "once": "w1"}, **hx).status_code == 200
        )
        made = ada.post(
            "/boxes/new/", {"fields": "name,country", "name": "From a tunnel", "country": "FI", "once": "w2"}, **hx
        )
        assert made.status_code == 204
    assert ada.get(f"/boxes/{mine.pk}/").content.count(b"Written in a tunnel") == 1
    assert ada.get("/boxes/?q=tunnel").content.count(b'role="row"') - 1 == 1
