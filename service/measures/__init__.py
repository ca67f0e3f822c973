"""The measures: instruments, scores, retention, change and disclosure. Pure: numbers in, numbers out."""
