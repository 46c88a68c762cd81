"""Where SCIM reads and writes: the people of this house and the groups of its directory. The rules are in `kith.objects.directory`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Union

from django.db import transaction
from django.db.models import Prefetch
from scim2_models import (
    ForbiddenException,
    InvalidFilterException,
    InvalidValueException,
    Meta,
    NotFoundException,
    PreconditionFailedException,
    Reference,
    ResourceType,
    ResponseParameters,
    ScimFilter,
    SearchRequest,
    UniquenessException,
)
from scim2_models.path import CompareOperator, Comparison
from scim2_server.storage import ScimStorage, SearchPage
from scim2_server.utils import parametrize

from kith.identity import models
from kith.kernel.actor import Actor
from kith.kernel.errors import Forbidden, KithError, Missing
from kith.objects import directory

from .shapes import Group, GroupMember, GroupMembership, Name, User

#: Longest text of a filter; what is longer was written by no directory.
LONGEST_FILTER = 2000
LONGEST = 255
#: What a comparison of one attribute is as a look-up, so that the question which directories ask all day reads one row.
_LOOK_UPS: dict[tuple[str, str], Callable[[Any, str], Any]] = {
    ("User", "username"): lambda rows, value: rows.filter(email__iexact=value),
    ("User", "externalid"): lambda rows, value: rows.filter(directory__external_id=value),
    ("Group", "displayname"): lambda rows, value: rows.filter(name__iexact=value),
    ("Group", "externalid"): lambda rows, value: rows.filter(external_id=value),
}


@contextmanager
def in_its_words() -> Iterator[None]:
    """Refusals of ours as errors of SCIM."""
    try:
        yield
    except directory.Taken as error:
        raise UniquenessException(detail=str(error)) from error
    except Forbidden as error:
        raise ForbiddenException(detail=str(error)) from error
    except Missing as error:
        raise NotFoundException(detail=str(error)) from error
    except KithError as error:
        raise InvalidValueException(detail=str(error)) from error


class Storage(ScimStorage):
    """Users and groups for one request of one directory."""

    def __init__(self, actor: Actor, *, reading: bool):
        self.actor, self.reading = actor, reading

    @contextmanager
    def operation(self) -> Iterator[None]:
        """One operation is done as a whole or not at all; one that only reads holds nobody up."""
        if self.reading:
            yield
            return
        with transaction.atomic():
            yield

    # Reading

    def get(
        self,
        resource_type: ResourceType,
        resource_id: str,
        *,
        response_parameters: ResponseParameters[Any] | None = None,
    ) -> Any:
        """One user or group."""
        return _SORTS[resource_type.name or ""].shown(self._row(resource_type, resource_id))

    def _row(self, resource_type: ResourceType, resource_id: str | None) -> Any:
        sort = _SORTS[resource_type.name or ""]
        found = sort.rows().filter(pk=sort.number(resource_id or "")).first()
        if found is None:
            raise NotFoundException(detail=f"{resource_type.name} {str(resource_id)[:40]!r} not found")
        return found

    def search(
        self, resource_types: list[ResourceType], search_request: SearchRequest[Any], *, position: Any = None
    ) -> SearchPage:
        """A page of those that fit. One comparison is a look-up; everything else is asked of each."""
        start, count = search_request.start_index_0 or 0, search_request.count
        stop = None if count is None else start + count
        asked: Any = search_request.filter
        if asked is not None and len(str(asked)) > LONGEST_FILTER:
            raise InvalidFilterException(detail="The filter is too long")
        sorts = [_SORTS[one.name or ""] for one in resource_types]
        if len(sorts) == 1 and asked is None and search_request.sort_by is None:
            rows = sorts[0].rows().order_by("pk")
            return SearchPage(rows.count(), [sorts[0].shown(row) for row in rows[start:stop]])
        found = [one.shown(row) for one in sorts for row in _looked_up(one, asked, single=len(sorts) == 1)]
        if asked is not None:
            if not asked.models:
                asked = parametrize(ScimFilter, Union[tuple(one.shape for one in sorts)])(str(asked))  # noqa: UP007
            found = [one for one in found if asked.match(one)]
        found.sort(key=_by(search_request), reverse=search_request.sort_order == SearchRequest.SortOrder.descending)
        return SearchPage(len(found), found[start:stop])

    # Writing

    def create(self, resource_type: ResourceType, resource: Any) -> Any:
        """Add somebody, or a group."""
        with in_its_words(), transaction.atomic():
            row = _SORTS[resource_type.name or ""].make(self.actor, resource)
        return self.get(resource_type, _SORTS[resource_type.name or ""].id_of(row.pk))

    def update(self, resource_type: ResourceType, resource: Any, *, expected_version: str | None = None) -> Any:
        """Make a user or a group what `resource` is."""
        with in_its_words(), transaction.atomic():
            sort = _SORTS[resource_type.name or ""]
            row = self._locked(resource_type, resource.id, expected_version)
            sort.change(self.actor, row, resource)
        return self.get(resource_type, resource.id)

    def delete(self, resource_type: ResourceType, resource_id: str, *, expected_version: str | None = None) -> None:
        """A user is locked out and no longer seen; a group is no more."""
        with in_its_words(), transaction.atomic():
            row = self._locked(resource_type, resource_id, expected_version)
            _SORTS[resource_type.name or ""].remove(self.actor, row)

    def _locked(self, resource_type: ResourceType, resource_id: str | None, expected: str | None) -> Any:
        sort = _SORTS[resource_type.name or ""]
        # Two directories, or one in a hurry: the second sees what the first has done.
        list(sort.table.objects.select_for_update().filter(pk=sort.number(resource_id or "")).values_list("pk"))
        row = self._row(resource_type, resource_id)
        if expected is not None and sort.shown(row).meta.version != expected:
            raise PreconditionFailedException
        return row


def _looked_up(sort: Sort, asked: Any, *, single: bool) -> Iterable[Any]:
    rows = sort.rows().order_by("pk")
    node = asked.ast if asked is not None else None
    if single and isinstance(node, Comparison) and node.op == CompareOperator.eq and isinstance(node.value, str):
        name = str(node.attr_path).rpartition(":")[2].casefold()
        if (look_up := _LOOK_UPS.get((sort.name, name))) is not None:
            found: Iterable[Any] = look_up(rows, node.value)
            return found
        if name == "id":
            return rows.filter(pk=sort.number(node.value))
    return rows.iterator(chunk_size=500)


def _by(asked: SearchRequest[Any]) -> Callable[[Any], tuple[bool, Any, str, int]]:
    def key(resource: Any) -> tuple[bool, Any, str, int]:
        value = asked.sort_value(resource) if asked.sort_by is not None else None
        return value is None, "" if value is None else value, resource.id[0], int(resource.id[1:])

    return key


class Sort:
    """A sort of resource: how a row is shown, and how what was said becomes one."""

    name: str
    #: Ids begin with it: no two resources have one id, of whatever sort they are (RFC 7643, 3.1).
    letter: str
    shape: Any
    table: Any

    def id_of(self, pk: int) -> str:
        """What a row is called."""
        return f"{self.letter}{pk}"

    def number(self, resource_id: str) -> int:
        """The row that is called so; 0, which none has, for what is no id of this sort."""
        letter, digits = resource_id[:1], resource_id[1:]
        return (
            int(digits) if letter == self.letter and digits.isascii() and digits.isdecimal() and len(digits) < 19 else 0
        )

    def rows(self) -> Any:
        """Those that a directory sees."""
        raise NotImplementedError

    def shown(self, row: Any) -> Any:
        """A row as SCIM says it."""
        raise NotImplementedError

    def make(self, actor: Actor, resource: Any) -> Any:
        """A new row."""
        raise NotImplementedError

    def change(self, actor: Actor, row: Any, resource: Any) -> None:
        """Make a row what was said."""
        raise NotImplementedError

    def remove(self, actor: Actor, row: Any) -> None:
        """A row is no more, for the directory."""
        raise NotImplementedError


#: What of a user is kept as it was said.
SAID = ("name", "display_name", "preferred_language", "locale", "timezone", "active")


class Users(Sort):
    """Who may sign in."""

    name, letter, shape, table = "User", "u", User, models.User

    def rows(self) -> Any:
        """Everybody whom the directory did not delete."""
        return directory.known().prefetch_related(
            Prefetch("directory_groups", queryset=models.DirectoryGroup.objects.order_by("pk"))
        )

    def shown(self, row: Any) -> User:
        """What the directory said, where it is still true; what is true, where it is not."""
        kept = getattr(row, "directory", None)
        said = User.model_validate({"userName": row.email, **(kept.said if kept else {"active": row.is_active})})
        said.id, said.user_name = self.id_of(row.pk), row.email
        said.external_id = (kept.external_id or None) if kept else None
        if called(said) != row.name:
            said.display_name, said.name = row.name, None
        if directory.language_of(said.preferred_language or "") != row.language and row.language:
            said.preferred_language = row.language
        if (said.active is not False) != row.is_active:
            said.active = row.is_active
        groups = [
            GroupMembership(value=f"g{one.pk}", ref=Reference(f"Groups/g{one.pk}"), display=one.name)
            for one in row.directory_groups.all()
        ]
        said.groups = groups or None
        made = kept.made_at if kept else row.created_at
        return _stamped(said, "User", made, kept.changed_at if kept else row.created_at)

    def make(self, actor: Actor, resource: Any) -> Any:
        """Add somebody; who is not said to be locked out may sign in."""
        if resource.active is None:
            resource.active = True
        return directory.take_in(actor, told(resource))

    def change(self, actor: Actor, row: Any, resource: Any) -> None:
        directory.update(actor, row, told(resource))

    def remove(self, actor: Actor, row: Any) -> None:
        directory.let_go(actor, row)


def called(user: User) -> str:
    """The name that colleagues see, from what was said; the address's first half where nothing was."""
    name = user.name or Name()
    parts = " ".join(part for part in (name.given_name, name.family_name) if part)
    text = user.display_name or name.formatted or parts or (user.user_name or "").partition("@")[0]
    return " ".join(text.split())[:200]


def told(user: User) -> directory.Told:
    """What a resource says, for the rules of the house. Refused for what is too long."""
    said = user.model_dump(include=set(SAID), exclude_none=True, by_alias=True, mode="json")
    said.pop("schemas", None)
    for value in (user.external_id, user.user_name, *said.values(), *(said.get("name") or {}).values()):
        if isinstance(value, str) and (len(value) > LONGEST or "\0" in value):
            raise InvalidValueException(detail=f"A text is longer than {LONGEST} characters, or holds a NUL")
    return directory.Told(
        email=user.user_name or "",
        name=called(user),
        active=user.active is not False,
        language=user.preferred_language or "",
        zone=user.timezone or "",
        locale=user.locale or "",
        external_id=user.external_id or "",
        said=said,
    )


class Groups(Sort):
    """Groups of the directory."""

    name, letter, shape, table = "Group", "g", Group, models.DirectoryGroup

    def rows(self) -> Any:
        """All of them."""
        return models.DirectoryGroup.objects.prefetch_related(
            Prefetch("members", queryset=directory.known().order_by("pk"))
        )

    def shown(self, row: Any) -> Group:
        """A group with its members."""
        members = [
            GroupMember(value=f"u{one.pk}", ref=Reference(f"Users/u{one.pk}"), type="User") for one in row.members.all()
        ]
        group = Group(
            id=self.id_of(row.pk), external_id=row.external_id or None, display_name=row.name, members=members or None
        )
        return _stamped(group, "Group", row.made_at, row.changed_at)

    def make(self, actor: Actor, resource: Any) -> Any:
        return directory.make_group(actor, *_group(resource))

    def change(self, actor: Actor, row: Any, resource: Any) -> None:
        directory.change_group(actor, row, *_group(resource))

    def remove(self, actor: Actor, row: Any) -> None:
        directory.remove_group(actor, row)


def _group(group: Group) -> tuple[str, str, list[int]]:
    members = []
    for one in group.members or ():
        key = one.value or str(one.ref or "").rstrip("/").rpartition("/")[2]
        number = _SORTS["User"].number(key)
        if (one.type or "User") != "User" or not number:
            raise InvalidValueException(detail="Each member is a user, with its id as value")
        members.append(number)
    if len(group.external_id or "") > LONGEST:
        raise InvalidValueException(detail=f"A text is longer than {LONGEST} characters")
    return group.display_name or "", group.external_id or "", members


def _stamped(resource: Any, name: str, made: Any, changed: Any) -> Any:
    """A resource with its dates, and a version that is a digest of what it says: it changes when that changes, whoever changed it."""
    text = json.dumps(resource.model_dump(mode="json"), sort_keys=True, ensure_ascii=True)
    version = hashlib.sha256(text.encode()).hexdigest()[:24]
    resource.meta = Meta(resource_type=name, created=made, last_modified=changed, version=f'W/"{version}"')
    return resource


_SORTS: dict[str, Sort] = {"User": Users(), "Group": Groups()}
