"""The HTTP interface: authentication, errors, limits and one module per group of paths."""
