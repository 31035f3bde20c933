"""The stack files: what they may hold, and every fault that one can have."""
