"""English text: tokens, sentences, word lists, names and numbers. Knows no article."""
