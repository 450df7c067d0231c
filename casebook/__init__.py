"""The library behind *From Crimea to Vilnius*."""
