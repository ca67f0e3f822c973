"""What ticks, how often, and what a worker then does: tasks without payload that call one use case each."""
