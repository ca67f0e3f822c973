"""One file per verb of `peil`: `add_parser(subparsers)` and `run(args) -> exit code`."""
