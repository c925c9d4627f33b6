"""账簿: double entry in whole fen; entries are never changed, only reversed."""
