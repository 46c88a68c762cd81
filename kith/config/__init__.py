"""The roof: settings, addresses, the command line and the list of rooms. The only place that names everyone."""
