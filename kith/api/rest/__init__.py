"""Records over HTTP, for every object alike: nothing here names one."""
