"""How a sentence is read against a question: words and their weights, features, and the fitted model over them."""
