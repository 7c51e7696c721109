"""Our steps in nbgrader's own autograding, named in nbgrader_config.py: the gradebook, Formgrader and feedback stay
nbgrader's.

nbgrader would run a submission, tests and all, in one kernel, where a student's code can replace what judges it. Here
no cell of a submission is run by nbgrader. `Readable` lays the answers into the released notebook, `Mark` writes under
each test cell what the marks say (grading/marking.py), in the form in which nbgrader reads partial credit.
"""

import nbformat
from nbconvert.exporters import NotebookExporter
from nbgrader.preprocessors import NbGraderPreprocessor

from grading import course, marks, submission


class Readable(NotebookExporter):
    """nbgrader's exporter, but a submission that is no notebook becomes an empty one that says so."""

    def from_filename(self, filename, resources=None, **settings):
        assignment = resources["nbgrader"]["assignment"]
        path = course.ROOT / filename
        if not path.is_relative_to(course.ROOT / "submitted"):
            return super().from_filename(filename, resources=resources, **settings)
        try:
            notebook = submission.rebuild(marks.released(assignment), submission.read(path))
        except submission.UnreadableNotebookError as error:
            notebook = submission.empty(marks.released(assignment))
            # The error quotes the file, which may hold anything.
            why = submission.inert(str(error))
            text = f"**This submission could not be read.** {why} Hand in the file that JupyterLab saved."
            notebook.cells.insert(0, note(text))
        resources["metadata"] = {"name": assignment}
        return self.from_notebook_node(notebook, resources=resources, **settings)


class Mark(NbGraderPreprocessor):
    """Under each test cell: the sentences, and the mark."""

    def preprocess(self, notebook, resources):
        where = resources["nbgrader"]
        found = marks.of(where["assignment"], where["student"])
        if "failed" in found:
            raise RuntimeError(found["failed"])
        for cell in notebook.cells:
            own = cell.metadata.get("nbgrader", {})
            if cell.cell_type == "code" and own.get("grade") and not own.get("solution"):
                marked = found["cells"].get(own["grade_id"])
                cell.outputs = report(own["points"], marked)
                # For the page that the student gets (feedback.py).
                cell.metadata["parts"] = marked["parts"] if marked else []
        say_what_else(notebook, found)
        notebook.metadata["heard"] = {"number": found.get("number", ""), "mute": found.get("mute", "")}
        return notebook, resources


def report(points, marked):
    """A test cell's outputs: what was found, and the mark as the result that nbgrader reads."""
    share, parts = (marked["share"], marked["parts"]) if marked else (0.0, [{"line": "✘ Nothing could be tested."}])
    result = round(points * share, 2)
    lines = [*(part["line"] for part in parts), f"{result:g} of {points:g} points"]
    return [
        nbformat.v4.new_output("stream", name="stdout", text="\n".join(lines) + "\n"),
        nbformat.v4.new_output("execute_result", {"text/plain": f"{result}"}, execution_count=None),
    ]


def say_what_else(notebook, found):
    """Troubles with cells, for the student to read, on top; but only if something is wrong, and they may be why."""
    missed = any(cell["share"] < 1 for cell in found["cells"].values())
    notes = [f"- {trouble}" for trouble in found.get("troubles", ()) if missed]
    if found.get("survivors"):
        notes.append("- Your code started processes and left them running; they were ended.")
    if notes:
        notes = [submission.inert(note).replace("`", "'").replace("\n", " ") for note in notes]
        head = (
            "In grading there are numpy and Python's own library, no given cells and no display. "
            "This did not run there, which matters if your functions need it:\n\n"
        )
        notebook.cells.insert(0, note(head + "\n".join(notes)))


def note(text):
    """A cell of ours among the student's."""
    return nbformat.v4.new_markdown_cell(text, metadata={"note": True})


class StubThatRuns(NbGraderPreprocessor):
    """Outside of functions a stub raises nothing, so that the notebook runs from top to bottom as it is handed out."""

    def preprocess_cell(self, cell, resources, index):
        if cell.cell_type == "code" and cell.metadata.nbgrader.solution:
            lines = (line for line in cell.source.split("\n") if line != "raise NotImplementedError")
            cell.source = "\n".join(lines)
        return cell, resources
