"""Social rights, children, fair procedure and punishment."""
