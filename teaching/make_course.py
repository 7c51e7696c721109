"""What students get: `make course` writes it to course/, fit for a git branch of its own, and to course.zip.

The lectures, the module, the clips, the environment, and the homework as it is handed out: without solutions, hidden
tests and the course's number. Run by the grading environment, whose nbgrader makes the homework's notebooks.
"""

import shutil
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
HOMEWORK = ROOT / "teaching" / "homework"
sys.path.insert(0, str(HOMEWORK))

import soundfile  # noqa: E402
from grading import course, diagnosis, nbgrader_here  # noqa: E402
from hidden import hpss, repet, stft  # noqa: E402
from tqdm import tqdm  # noqa: E402

ASSIGNMENTS = ("stft", "hpss", "repet", "project")
WITH_SOUNDS = {"stft": stft, "hpss": hpss, "repet": repet}
# What of this repository goes to the students as it is.
AS_IT_IS = (
    "notebooks/[0-9]*.ipynb",
    "notebooks/images/*.png",
    "notebooks/scores/*.csv",
    "spectrogramtools/**/*.py",
    "spectrogramtools/**/*.js",
    "spectrogramtools/explorers/*.json",
    "spectrogramtools/corpus/schema.json",
    "spectrogramtools/**/*.css",
    "spectrogramtools/*.mplstyle",
    "audio/*/*.flac",
    "audio/*/*.json",
    "audio/*/NOTICE.txt",
    "environment.yml",
    "constraints.txt",
    "pyproject.toml",
    "set_up.py",
    "LICENSE",
    "CITATION.cff",
)
# A zip file says when each file was made; that would tell nothing, and differ each time.
DATE = (2020, 1, 1, 0, 0, 0)


def main():
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "course"
    said = course.draw_number()
    release()
    # A checkout keeps its .git; all else is made anew.
    for old in out.iterdir() if out.is_dir() else ():
        if old.name != ".git":
            shutil.rmtree(old) if old.is_dir() else old.unlink()
    for pattern in AS_IT_IS:
        found = sorted(ROOT.glob(pattern))
        if not found:
            sys.exit(f"There is no {pattern} in {ROOT}: is the checkout complete?")
        for path in found:
            copy(path, out / path.relative_to(ROOT))
    for path in sorted((HOMEWORK / "release").rglob("*")):
        if path.is_file() and path.relative_to(HOMEWORK / "release").parts[0] in ASSIGNMENTS:
            copy(path, out / "homework" / path.relative_to(HOMEWORK / "release"))
    for path in sorted((HOMEWORK / "for_students").iterdir()):
        copy(path, out / ("." * (path.name == "gitignore") + path.name))
    archive = out.with_suffix(".zip")
    pack(out, archive)
    print(f"{out} and {archive}, {archive.stat().st_size / 2**20:.1f} MiB")
    if said:
        print(said)


def release():
    """The homework's notebooks as they are handed out, and the sounds to be diagnosed, in release/."""
    with nbgrader_here.api() as api:
        for assignment in ASSIGNMENTS:
            generate(api, assignment)
    jobs = [(a, i) for a, hidden in WITH_SOUNDS.items() for i in range(len(hidden.MISTAKES) * len(hidden.CLIPS))]
    for assignment, place in tqdm(jobs, desc="broken sounds", unit="sound"):
        make_sound(assignment, place)


def generate(api, assignment):
    """Let nbgrader make an assignment's notebook; if it can't, what was handed out before stays."""
    made = HOMEWORK / "release" / assignment
    with tempfile.TemporaryDirectory() as folder:
        before = Path(folder, assignment)
        if made.is_dir():
            shutil.copytree(made, before)
        result = api.generate_assignment(assignment, force=True, create=True)
        if result["success"]:
            return
        if before.is_dir():
            shutil.copytree(before, made, dirs_exist_ok=True)
    log = (result.get("log") or result.get("error") or "").strip()
    if "because there are submissions" in log:
        sys.exit(
            f"{assignment} has been handed in, and its notebook has other cells now than when it was handed out: "
            "nbgrader refuses that. Finish the term with the notebook as it was (git log tells); a new class begins "
            f"with a new clone, or without gradebook.db and submitted/. What was handed out is kept in {made}."
        )
    sys.exit(f"nbgrader could not make {assignment}:\n{log[-2000:]}")


def make_sound(assignment, place):
    hidden = WITH_SOUNDS[assignment]
    mistake, clip = diagnosis.key(assignment, hidden.MISTAKES, hidden.CLIPS)[place]
    start, stop = (22050 * second for second in hidden.PASSAGE)
    folder = HOMEWORK / "release" / assignment / "sounds"
    folder.mkdir(exist_ok=True)
    soundfile.write(folder / f"{place:02d}.flac", hidden.broken(mistake, clip)[start:stop], 22050, subtype="PCM_16")


def copy(path, to):
    to.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, to)


def pack(folder, archive):
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for path in sorted(folder.rglob("*")):
            inside = path.relative_to(folder)
            if path.is_file() and inside.parts[0] != ".git":
                entry = zipfile.ZipInfo(f"spectrogramtools-course/{inside.as_posix()}", DATE)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                file.writestr(entry, path.read_bytes())


if __name__ == "__main__":
    main()
