"""What may be done with marks and standings."""
