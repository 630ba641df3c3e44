"""The editor face of Mooring: the language server."""
