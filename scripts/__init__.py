"""Tools of the source checkout: they prepare, build and check; the installed program never imports them."""
