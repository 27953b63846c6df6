"""The structure of an article: lines, markup, boilerplate, blocks and passages."""
