"""门诊结算 (outpatient visits): contract of settled outpatient visits."""
