"""Policies and rules that AWS takes as documents, each a pure function."""
