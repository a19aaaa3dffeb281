"""Orders and catalogue: a protocol each, with an SQL implementation."""
