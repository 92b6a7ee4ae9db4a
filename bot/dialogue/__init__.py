"""The dialogue process: Rasa's server, with the actions in the same process and the tracker in Usher's database."""
