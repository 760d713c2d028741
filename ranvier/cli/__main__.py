"""`python -m ranvier.cli`, for where scripts are not on the path."""

from .command import main

main()
