"""The board: the records of a list as cards in columns, one for each value of a field. For any object."""
