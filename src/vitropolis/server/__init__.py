"""The page's other half: jobs, checks and views over HTTP, on this machine alone; nothing here plays or judges."""
