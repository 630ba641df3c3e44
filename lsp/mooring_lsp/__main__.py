"""`python -m mooring_lsp`."""

import sys

from mooring_lsp import main

sys.exit(main())
