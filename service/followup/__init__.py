"""The rules of following people over time: pure functions; time and chance come in as arguments."""
