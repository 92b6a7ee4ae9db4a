"""What `make run` does before and around the processes: look, train, load the facts, start, watch, stop."""
