"""Claims as rows: CSV and Parquet, and the columns of event coders' schemes."""

from .rows import export_columns, export_rows
from .rules import AdmitRule, DenyRule, ExportFormat, ExportRules, Tally, TollRule
from .writing import write_csv, write_parquet

__all__ = [
    "AdmitRule",
    "DenyRule",
    "ExportFormat",
    "ExportRules",
    "Tally",
    "TollRule",
    "export_columns",
    "export_rows",
    "write_csv",
    "write_parquet",
]
