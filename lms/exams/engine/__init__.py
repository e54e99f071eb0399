"""Rules of sitting, marking and counting, in pure Python: no Django, no database, no clock."""
