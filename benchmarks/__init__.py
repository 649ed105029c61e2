"""Ratios against peers, measured side by side in one run. README.md says how to add one."""
