"""Who may score: keys and tokens, checked before a body is read."""
