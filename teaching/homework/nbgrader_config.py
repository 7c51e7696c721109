"""nbgrader's settings for this folder, which is a course folder of its own: nbgrader is run from here."""

import sys
from pathlib import Path

ROOT = Path(__file__).parent
sys.path.insert(0, str(ROOT))

from grading import feedback, steps  # noqa: E402

c = get_config()  # noqa: F821  nbgrader hands this in

c.CourseDirectory.course_id = "spectrogramtools"
c.CourseDirectory.root = str(ROOT)
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "sounds", "stems"]

c.ClearSolutions.code_stub = {"python": "# your code\nraise NotImplementedError"}
c.ClearSolutions.text_stub = "*your answer*"
c.GenerateAssignment.preprocessors = [
    "nbgrader.preprocessors.LockCells",
    "nbgrader.preprocessors.ClearSolutions",
    steps.StubThatRuns,
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.CheckCellMetadata",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.SaveCells",
]

# No cell of a submission is run by nbgrader: see grading/steps.py.
c.Autograde.exporter_class = steps.Readable
c.Autograde.sanitize_preprocessors = [
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Autograde.autograde_preprocessors = [
    steps.Mark,
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.GenerateFeedback.exporter_class = feedback.Page
c.GenerateFeedback.preprocessors = [feedback.Grades]
c.AssignLatePenalties.plugin_class = "grading.late.PerDay"
