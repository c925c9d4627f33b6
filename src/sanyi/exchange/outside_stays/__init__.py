"""异地住院结算 (outside_stays): inpatient settlements of the county's insured in institutions elsewhere."""
