"""People, units and roles in Wagtail's administration: for administrators of the whole tree."""
