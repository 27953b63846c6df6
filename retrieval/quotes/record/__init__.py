"""The record: who said what, when and where, over all articles."""
