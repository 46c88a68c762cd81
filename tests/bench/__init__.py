"""Measurements and long trials: run by hand, never as timed unit tests."""
