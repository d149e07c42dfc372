"""Parquet files and tables of other libraries, through Apache Arrow. It needs the extra `fanin[arrow]`."""
