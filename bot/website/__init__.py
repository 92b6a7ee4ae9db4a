"""The website: the trust's example page with the chat widget, and the public chat API, which alone reaches Rasa."""
