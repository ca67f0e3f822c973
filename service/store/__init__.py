"""The only SQL: `tables` is shape, the modules beside it are functions verb(session, ...) -> plain values."""
