"""A provider of identities in a process of its own: django-allauth's, with one client."""
