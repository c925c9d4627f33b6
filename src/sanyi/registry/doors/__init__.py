"""门户: the doors of every topic: guarded routes, lists, exports, forms and the HTTP interface."""
