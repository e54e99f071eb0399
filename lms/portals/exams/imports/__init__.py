"""Question files: uploading, looking at what was read, mending it, importing; and the way out of a bank."""
