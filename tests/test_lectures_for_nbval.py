"""What nbval would find in a lecture: a cell that fails, an answer that prints something else, a sound that clips."""

import re
import subprocess
import sys

import nbformat
from lectures_for_nbval import for_nbval


def test_nbval_finds_what_is_wrong_with_a_lecture(tmp_path):
    """In cells 2 to 4, and in the second and third answer."""
    sources = (
        "from spectrogramtools import listen\nimport numpy as np",
        "listen(2 * np.sin(np.arange(9000)), 22050)",
        "import urllib.request\nurllib.request.urlopen('http://127.0.0.1:9')",
        "np.zeros(1) / np.zeros(1)",
    )
    unchecked = {"tags": ["nbval-ignore-output"]}
    cells = [nbformat.v4.new_code_cell(source, execution_count=1, metadata=unchecked) for source in sources]
    for code, text in (("print(6 * 7)", "42"), ("print(6 * 7)", "43"), ("assert not 'known'", "")):
        cells.append(nbformat.v4.new_markdown_cell(f"```python\n{code}\n```\n\n```text\n{text}\n```"))
    nbformat.write(for_nbval(nbformat.v4.new_notebook(cells=cells)), tmp_path / "wrong.ipynb")
    command = [sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env", "--color=no", "-rA", "wrong.ipynb"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    verdicts = re.findall(r"^(PASSED|FAILED) wrong.ipynb::Cell (\d)", done.stdout, re.MULTILINE)
    assert [int(n) for verdict, n in verdicts if verdict == "PASSED"] == [0, 1, 5], done.stdout
    assert [int(n) for verdict, n in verdicts if verdict == "FAILED"] == [2, 3, 4, 6, 7], done.stdout
    for said in ("a lecture needs no network", "RuntimeWarning", "('signal', 1.99", "'43", "AssertionError"):
        assert said in done.stdout, said
