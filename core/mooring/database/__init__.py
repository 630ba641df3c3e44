"""Where Mooring remembers: one database of models, environments and services, SQLite unless a URL says otherwise.

SQLAlchemy and Alembic are known here and nowhere else. Each inner ring describes the store it needs as a
Protocol; here is one adapter, and one file, for each.
"""

from mooring.database.engine import Database, open_database
from mooring.database.errors import DatabaseUnusable

__all__ = ["Database", "DatabaseUnusable", "open_database"]
