"""Ground floor: plain Python without tables, which every other room stands on.

Registries and rooms, actors and clocks, errors in words, money, text folding, the one HTML builder and sanitiser.
Nothing here knows what a record is.
"""
