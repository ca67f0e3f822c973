"""Rows and a codebook -> files that evaluators open in their own programs."""
