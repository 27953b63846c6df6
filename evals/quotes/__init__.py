"""Quote checking over gold quotations."""
