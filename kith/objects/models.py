"""All tables of this room, gathered for Django."""

from .access.models import FieldRule, Grant, Role, Share
from .custom.models import CustomField, CustomObject, CustomRecord, DefinitionVersion
from .exchange.models import Import, LateLink, Problem, SourceKey
from .keys import Key
from .search.models import Indexed, SearchRow
from .settings import StoredSetting

__all__ = [
    "CustomField", "CustomObject", "CustomRecord", "DefinitionVersion", "FieldRule", "Grant", "Import",
    "Indexed", "Key", "LateLink", "Problem", "Role", "SearchRow", "Share", "SourceKey", "StoredSetting",
]  # fmt: skip
