"""The demo: Kultasatama Trading, a made-up trader in fine food, with twelve colleagues, its address book, and 18 months of work on it.

`load()` plays the story through the write path, as each colleague, with the clock set to when it happened: there is no other way in.
The same day gives the same company, to the last digit.
"""

from .house import COLLEAGUES, PASSWORD, SIGN_IN
from .play import load

__all__ = ["COLLEAGUES", "PASSWORD", "SIGN_IN", "load"]
