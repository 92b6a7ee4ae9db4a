"""What a visitor sees: the chat widget and the example pages in a real Chromium."""
