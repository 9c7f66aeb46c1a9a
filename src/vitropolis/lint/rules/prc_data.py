"""China: personal information and what a score may weigh."""
