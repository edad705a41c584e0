"""The officer's desk measured over a log of five years: every question, through the page itself."""
