"""What is wrong, found without running anything."""

from mooring.inspection.entry_script import inspect_entry_script, inspect_entry_text

__all__ = ["inspect_entry_script", "inspect_entry_text"]
