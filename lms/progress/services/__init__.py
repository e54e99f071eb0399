"""Acts on progress. Those that move a standing go through :mod:`lms.completion.services`."""
