"""The calendar: the records of a list on the days of a date of theirs. For any object."""
