"""Marks as tables that Moodle and Canvas import: nbgrader export --exporter=grading.exports.Moodle --to=moodle.csv

A row for each student, by the school's own student id; a column for each assignment. Whoever has handed in nothing
gets an empty cell, which neither of the two takes for a zero.
"""

import csv

from nbgrader.api import MissingEntry
from nbgrader.plugins import ExportPlugin


class Table(ExportPlugin):
    """What the two have in common."""

    def rows(self, gradebook):
        """The assignments, and for each student the student and the marks."""
        assignments = [a for a in gradebook.assignments if not self.assignment or a.name in self.assignment]
        students = [s for s in gradebook.students if not self.student or s.id in self.student]
        return assignments, [(s, [self.mark(gradebook, a, s) for a in assignments]) for s in students]

    def mark(self, gradebook, assignment, student):
        try:
            submission = gradebook.find_submission(assignment.name, student.id)
        except MissingEntry:
            return ""
        if not any(notebook.grades for notebook in submission.notebooks):
            return ""
        return f"{round(max(0.0, submission.score - submission.late_submission_penalty), 2):g}"

    def write(self, name, lines):
        path = self.to or name
        with open(path, "w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(lines)
        self.log.info("Written to %s", path)


class Moodle(Table):
    """Grades, Import, CSV file: map "ID number" to ID number, and each homework to its grade item."""

    def export(self, gradebook):
        assignments, students = self.rows(gradebook)
        head = ["ID number", "First name", "Last name", "Email address", *(a.name for a in assignments)]
        people = ([s.id, s.first_name or "", s.last_name or "", s.email or "", *row] for s, row in students)
        self.write("moodle.csv", [head, *people])


class Canvas(Table):
    """Grades, Import: Canvas finds the student by SIS User ID, and asks which column is which assignment."""

    def export(self, gradebook):
        assignments, students = self.rows(gradebook)
        head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *(a.name for a in assignments)]
        possible = ["    Points Possible", "", "", "", "", *(f"{a.max_score:g}" for a in assignments)]
        people = (
            [f"{s.last_name or s.id}, {s.first_name or ''}", s.lms_user_id or "", s.id, s.email or "", "", *row]
            for s, row in students
        )
        self.write("canvas.csv", [head, possible, *people])
