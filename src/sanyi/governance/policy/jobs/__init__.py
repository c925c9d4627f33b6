"""读取作业 (jobs): ``read_document`` turns a file into its reading, without Django and without the network."""

from sanyi.governance.policy.jobs.reading import read_document

__all__ = ["read_document"]
