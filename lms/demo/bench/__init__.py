"""Measures each flow of docs/performance.md against its budget, in one process, in one run."""
