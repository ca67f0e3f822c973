"""Steps that several use cases share. The one room of use cases that all of them may import."""
