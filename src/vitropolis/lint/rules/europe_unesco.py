"""Council of Europe and UNESCO."""
