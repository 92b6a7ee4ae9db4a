"""The inbox of the trust's PA: leads, gaps, facts, people."""
