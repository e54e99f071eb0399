"""The pure part of exams: shuffling, layout, scoring, receipts. Nothing here imports Django or touches a database."""
