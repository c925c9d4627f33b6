"""政策参数册: the one book of policy values of everything installed, with the county's own files on top."""
