"""What we say to people, in every language: texts, their values, their length, their links."""
