"""Marks for homework, decided outside the process in which a student's code runs."""
