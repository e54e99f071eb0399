"""Marking by people: sessions, the work of markers, settling and releasing, and the marks themselves."""
