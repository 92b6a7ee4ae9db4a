"""The domain: facts, answers, enquiries. Knows no Rasa, no HTTP, no Telegram and no model."""
