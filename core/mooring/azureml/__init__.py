"""v1's import names over Mooring's objects, for old notebooks and scripts.

    import mooring.azureml          # from here on `from azureml.core import Workspace` means ours
    python -m mooring.azureml old_script.py --its arguments

A real `azureml` package that is installed is left alone and wins.
"""

from mooring.azureml.names import NAMES
from mooring.azureml.switch import switch_on

__all__ = ["NAMES", "switch_on"]

switch_on()
