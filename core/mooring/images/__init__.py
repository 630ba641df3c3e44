"""From a release to an image, without an engine: which files, in which layers, under which names.

An image is a base, then layers that each have a name of their own, so that each is made once: packages, scoring
ring, extra steps, models, code. A layer is a tar archive that comes out the same for the same files, and an image is
its layers and a small configuration: the same inputs give the same image id on every machine.
"""
