"""Facts of a deployed path, read from AWS in every account it touches. Read-only."""
