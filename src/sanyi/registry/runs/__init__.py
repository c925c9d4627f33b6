"""作业: long jobs with progress, cancel, resume and log, and the provenance of what they computed."""
