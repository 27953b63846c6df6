"""Turns answers, articles and lists into what a target shows. Pure: nothing here prints, reads a clock or a file."""
