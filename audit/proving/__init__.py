"""What an operator does with the log: checks it where it lies, exports it, proves entries, removes old years."""
