"""内核: pure primitives without Django, clock or network."""
