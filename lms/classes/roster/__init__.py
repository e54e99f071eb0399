"""Reading lists of learners: pure functions over cells, without the database.

``worker`` opens spreadsheets in a process of its own, ``reading`` turns files and text into rows of cells,
``columns`` finds the header, ``values`` reads a cell, ``legacy`` knows the encodings of before Unicode and ``parsing``
puts it together. :mod:`lms.classes.services.roster` matches the result with the accounts.
"""
