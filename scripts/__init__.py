"""What the Makefile runs. Standard library only: it comes before any dependency."""
