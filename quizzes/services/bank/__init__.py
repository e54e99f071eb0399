"""Acts on banks and their questions."""
