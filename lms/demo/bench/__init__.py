"""Measures each flow of design.md §6 against its budget, in one process, in one run."""
