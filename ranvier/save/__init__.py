"""Files: configs and arrays to bytes and back; what a file says is data and never code."""
