"""The words of the figures: what an analysis shows, in plain sentences. Pure: an analysis and texts in, words out."""
