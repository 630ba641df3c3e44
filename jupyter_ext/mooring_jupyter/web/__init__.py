"""Tornado's side of the REST interface: who may ask, what was asked, and how answers and failures travel."""
