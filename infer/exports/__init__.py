"""Claims as rows: CSV and Parquet, and the columns of event coders' schemes."""
