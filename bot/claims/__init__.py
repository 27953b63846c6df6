"""Claims: every sentence of a written answer, held to the articles before it is shown."""
