"""登记: who and where, access, cases, runs and the ledger."""
