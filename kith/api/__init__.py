"""The doors for programs: what they ask over HTTP with a token. Beside the screens, and neither knows the other."""
