"""The terminal: command line, REPL and output."""
