"""What a stack costs a month: prices, load, and the rules that bring them together."""
