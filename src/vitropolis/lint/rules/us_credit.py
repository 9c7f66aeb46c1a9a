"""United States: credit reporting and equal credit."""
