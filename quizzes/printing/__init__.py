"""Papers on paper: one description of a printed paper (:mod:`.paper`), and its forms as PDF, Word and spreadsheets."""
