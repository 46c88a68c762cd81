"""One module per shape of screen; each screen is a function of (request, actor, …)."""
