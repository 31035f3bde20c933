"""The way to an account of AWS: whose it is, what `slipway bootstrap` makes in it, and what a stack needs."""
