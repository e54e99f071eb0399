"""Forms in which typed dates are read (``FORMAT_MODULE_PATH``), by language."""
