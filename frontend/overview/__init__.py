"""The overview that a betrokkene may ask for: who saw her data, on a page and as a letter in PDF."""
