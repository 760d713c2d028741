"""The benchmark of the claims that the README makes; `make bench` runs all of it."""
