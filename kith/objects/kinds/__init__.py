"""The vocabulary of kinds. One kind = one file that knows how to parse, clean, show, edit, filter, sort, store and describe it."""
