"""The door in Telegram: staff ask there, and hear of leads."""
