"""The staff's assistant in Telegram: an application of python-telegram-bot that asks the same assistant as the website."""
