"""签约人员 (signed persons): contract of persons signed with a family-doctor team."""
