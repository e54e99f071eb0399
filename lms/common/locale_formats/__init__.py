"""How dates that people type are read (``FORMAT_MODULE_PATH``), by language."""
