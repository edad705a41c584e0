"""The notice to CoMensha as a form in PDF: what is known filled in, the rest left to write by hand."""
