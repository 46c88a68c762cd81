// Filled by the screens that it belongs to.
