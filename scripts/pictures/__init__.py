"""Pictures of a stack, from its state.

`network` and `parts` say what they show; the `svg` modules and `mermaid` draw it.
"""
