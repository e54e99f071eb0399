"""Acts on marks and standings."""
