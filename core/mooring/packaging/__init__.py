"""Images under a name and a version: built from models and a script, listed, pushed, deployed, packed to run elsewhere.

What v1 called an image and what it called a package are the same thing here: an image that runs by itself.
"""
