"""From a notebook to the files of a service: `extract` reads, `write_service` writes."""

from mooring.notebooks.extraction import Extracted, NotebookUnreadable, NothingToExtract, extract
from mooring.notebooks.writing import write_service

__all__ = ["Extracted", "NotebookUnreadable", "NothingToExtract", "extract", "write_service"]
