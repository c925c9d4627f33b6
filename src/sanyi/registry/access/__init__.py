"""权限: roles, scopes, the one decision, the audit trail, sign-in protection, break-the-glass, machine keys."""
