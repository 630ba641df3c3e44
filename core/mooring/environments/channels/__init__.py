"""Conda's channels: the packages that PyPI has no twin of, solved and installed by py-rattler (the library behind pixi).

Nothing here runs unless `use_conda` is on and an environment names such a package.
"""
