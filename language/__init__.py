"""How a message is read: tokens, spelling, entities, sentence vectors, topics. A leaf: imports nothing else of ours."""
