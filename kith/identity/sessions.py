"""Sessions as rows of the database that their owner sees and ends. Settings name this module as Django's session engine."""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from kith.events.schedule import every
from kith.kernel import clock

#: What the row says for the owner's list, from what the session holds: column → key.
SHOWN = {"address": "address", "device": "device", "how": "how"}


class SessionStore(DatabaseStore):
    """Django's store in the database, but the row's key is a digest of the cookie's: a stolen table opens nothing."""

    @classmethod
    def get_model_class(cls) -> Any:
        """The rows of this room."""
        from .models import Session

        return Session

    def _get_session_from_db(self) -> Any:
        row = self.model.objects.filter(session_key=stored(self.session_key), expire_date__gt=clock.now()).first()
        if row is None:
            self._session_key = None
        return row

    def exists(self, session_key: str) -> bool:
        return bool(self.model.objects.filter(session_key=stored(session_key)).exists())

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            self.model.objects.filter(session_key=stored(key)).delete()

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row: Any = super().create_model_instance(data)
        row.session_key = stored(row.session_key)
        row.user_id = int(data["_auth_user_id"]) if "_auth_user_id" in data else None
        for column, key in SHOWN.items():
            setattr(row, column, data.get(key, ""))
        if "started" in data:
            row.started_at = clock.at(data["started"])
        row.seen_at = clock.now()
        return row


def stored(session_key: str | None) -> str:
    """What a session is called in the table."""
    return hashlib.sha256((session_key or "").encode()).hexdigest()[:40]


def of(user: Any) -> list[Any]:
    """The sessions of `user` that are not over, the last used first."""
    from .models import Session

    return list(Session.objects.filter(user=user, expire_date__gt=clock.now()).order_by("-seen_at"))


def end(user: Any, key: str) -> bool:
    """End one session of `user` by the key in the table; whether there was one."""
    from .models import Session

    return bool(Session.objects.filter(user=user, session_key=key).delete()[0])


def end_others(user: Any, here: str | None) -> int:
    """End all sessions of `user` but the one with the cookie `here`; how many there were."""
    from .models import Session

    gone, _rows = Session.objects.filter(user=user).exclude(session_key=stored(here)).delete()
    return gone


@every(hours=1)
def forget_over_sessions() -> None:
    """Sessions that are over are nobody's business."""
    from .models import Session

    Session.objects.filter(expire_date__lt=clock.now()).delete()
