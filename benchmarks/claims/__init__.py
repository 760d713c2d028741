"""One file for each claim: what is measured, and the goal it is held to."""
