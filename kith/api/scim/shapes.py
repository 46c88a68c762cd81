"""What SCIM is told that we have: the part of its users and groups (RFC 7643) that means something here, and what we can do with it.

`userName` is the e-mail address that somebody signs in with. Telephone numbers, postal addresses and pictures are neither taken nor kept:
what nothing here uses, nothing here holds. A directory that sends them is not refused; they are left out.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Any, ClassVar

from pydantic import Field
from scim2_models import (
    AuthenticationScheme,
    Bulk,
    CaseExact,
    ChangePassword,
    ComplexAttribute,
    ETag,
    External,
    Filter,
    Mutability,
    Patch,
    Reference,
    Required,
    Resource,
    ResourceType,
    ScimPolicy,
    ScimProvider,
    ServiceProviderConfig,
    Sort,
    Uniqueness,
)
from scim2_models.urn import URN

#: Bytes of a request, operations of a bulk request, resources on a page.
LARGEST, MOST_OPERATIONS, MOST_RESULTS = 1024 * 1024, 100, 200


class Name(ComplexAttribute):
    """The parts of a name. Shown is the formatted one, or given and family name."""

    formatted: str | None = None
    family_name: str | None = None
    given_name: str | None = None


class GroupMembership(ComplexAttribute):
    """A group that somebody is in; written through the group."""

    value: Annotated[str | None, Mutability.read_only, CaseExact.true] = None
    ref: Annotated[Reference[Group] | None, Mutability.read_only] = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    display: Annotated[str | None, Mutability.read_only] = None


class User(Resource[Any]):
    """Somebody who may sign in."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:User")

    user_name: Annotated[str | None, Uniqueness.server, Required.true] = None
    """The e-mail address that somebody signs in with."""

    name: Name | None = None
    """The parts of the name."""

    Name: ClassVar[type[ComplexAttribute]] = Name

    display_name: str | None = None
    """The name that colleagues see."""

    preferred_language: str | None = None
    """The language of the screens, such as "fi-FI"; another than ours is kept and not used."""

    locale: str | None = None
    """How dates and numbers are written, such as "en-GB"; an unknown one is kept and not used."""

    timezone: str | None = None
    """The time zone by its name of the IANA; an unknown one is kept and not used."""

    active: bool | None = None
    """Whether she may sign in. Who may not is locked out at once."""

    groups: Annotated[list[GroupMembership] | None, Mutability.read_only] = None
    """The groups that she is in."""

    Groups: ClassVar[type[ComplexAttribute]] = GroupMembership


class GroupMember(ComplexAttribute):
    """Somebody in a group. Groups in groups are not understood."""

    value: Annotated[str | None, Mutability.immutable, CaseExact.true] = None
    ref: Annotated[Reference[User] | None, Mutability.immutable] = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    type: Annotated[str | None, Mutability.immutable] = Field(None, examples=["User"])


class Group(Resource[Any]):
    """People who belong together; an administrator says which team and which roles that is here."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:Group")

    display_name: Annotated[str | None, Required.true, Uniqueness.server] = None
    """The name of the group."""

    members: list[GroupMember] | None = None
    """Who is in it."""

    Members: ClassVar[type[ComplexAttribute]] = GroupMember


# They name each other; complete only now. A filter read before that would find no attribute of theirs.
for _shape in (GroupMembership, GroupMember, User, Group):
    _shape.model_rebuild()

CONFIG = ServiceProviderConfig(
    patch=Patch(supported=True),
    bulk=Bulk(supported=True, max_operations=MOST_OPERATIONS, max_payload_size=LARGEST),
    filter=Filter(supported=True, max_results=MOST_RESULTS),
    change_password=ChangePassword(supported=False),
    sort=Sort(supported=True),
    etag=ETag(supported=True),
    authentication_schemes=[
        AuthenticationScheme(
            type=AuthenticationScheme.Type.oauthbearertoken,
            name="Bearer token",
            description="A token for SCIM, made by an administrator under Settings, Directory.",
            spec_uri=Reference[External]("https://datatracker.ietf.org/doc/html/rfc6750"),
            primary=True,
        )
    ],
)

#: Directories send more than they were asked for, and Microsoft Entra removes members in a way of its own: taken, as it is meant.
LENIENT = ScimPolicy(
    unknown=ScimPolicy.Unknown.ignore,
    remove_value_as_filter=ScimPolicy.RemoveValue.apply,
    unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create,
)


@lru_cache(maxsize=1)
def provider() -> ScimProvider:
    """The description of this service."""
    models: list[type[Resource[Any]]] = [User, Group]
    return ScimProvider(models, [ResourceType.from_resource(model) for model in models], CONFIG, LENIENT)
