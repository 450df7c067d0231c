"""The tests: few, sharp, and independent of the code that they judge."""
