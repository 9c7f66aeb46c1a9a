"""AI Act, duties around high-risk systems: files, oversight, logs, assessments, explanations."""
