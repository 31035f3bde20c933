"""Alarms as data: what each looks at, how urgent it is, and the arithmetic behind it."""
