"""The scoring server: it travels into every target and answers as a v1 service did.

Nothing here imports the rest of Mooring; the whole folder is copied into users' environments, Python 3.8 and up.
"""
