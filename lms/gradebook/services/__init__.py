"""Acts on the ledger of marks."""
