"""The interaction list of the screens, item by item, in a real browser."""
