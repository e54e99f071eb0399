"""Reads of banks and their questions."""
