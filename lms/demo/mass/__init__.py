"""A mass start over HTTP: a hall of people start, answer and hand in together, and the server dies in the middle."""
