"""Widgets: register, deploy, watch and change services without typing commands."""
