"""The settings of an installation that also speaks the two pseudo-languages; their catalogues are where KITH_PSEUDO says."""

import os

from kith.config.settings import *  # noqa: F403
from kith.config.settings import LANGUAGES, LOCALE_PATHS

LANGUAGES = [*LANGUAGES, ("en-xa", "Longer"), ("ar-xb", "Mirrored")]
LOCALE_PATHS = [*LOCALE_PATHS, os.environ["KITH_PSEUDO"]]
ROOT_URLCONF = "tests.journeys.crawled_urls"
