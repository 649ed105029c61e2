"""Calling what is declared at a given rate, and measuring what comes back."""
