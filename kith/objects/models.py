"""All tables of this room, gathered for Django."""

from .access.models import FieldRule, Grant, Private, Role, Share, Territory, TerritoryRule
from .countries.models import CountryFacts
from .custom.models import CustomField, CustomObject, CustomRecord, DefinitionVersion, FieldLook
from .exchange.models import Import, LateLink, Problem, SourceKey
from .favourites import Favourite
from .keys import Key
from .merged import Merge
from .rates.models import PublishedSheet, Rate
from .recents import Seen
from .search.models import Indexed, SearchRow
from .settings import StoredSetting
from .sorting.models import Sorted
from .views import SavedView, ViewHabit

__all__ = [
    "CountryFacts", "CustomField", "CustomObject", "CustomRecord", "DefinitionVersion",
    "Favourite", "FieldLook", "FieldRule", "Grant", "Import", "Indexed",
    "Key", "LateLink", "Merge", "Private", "Problem", "PublishedSheet", "Rate", "Role", "SavedView", "SearchRow", "Seen", "Share", "Sorted",
    "SourceKey", "StoredSetting",
    "Territory", "TerritoryRule", "ViewHabit",
]  # fmt: skip
