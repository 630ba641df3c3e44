"""The notebook face of Mooring: magics, widgets, panel and server extension."""
