"""Put what the students have uploaded where nbgrader looks for it: python -m grading.collect repet downloaded.zip
roster.csv

downloaded   the zip file that Moodle or Canvas makes of all submissions, or the folder with its contents
roster.csv   columns id, first_name, last_name, email, lms_user_id, as `nbgrader db student import` takes it

Both write a number of their own into the names of the files; the roster says whose it is. Nothing is ever overwritten:
an earlier submission goes to replaced/.
"""

import csv
import io
import re
import sys
import zipfile
from datetime import datetime
from pathlib import Path, PurePosixPath

from grading import course

# Besides the notebook, what may be handed in with it, and how large all of it may be.
KINDS = {".ipynb", ".flac", ".wav", ".md", ".png"}
LARGEST = 200 * 2**20


def main():
    if len(sys.argv) != 4:
        sys.exit(
            "Say which homework, what was downloaded and who is who: python -m grading.collect repet all.zip roster.csv"
        )
    assignment, downloaded, roster = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    people = read_roster(roster)
    taken, strange = {}, []
    for name, content in files(downloaded):
        student = whose(name, people)
        if student is None:
            strange.append(name)
        else:
            taken.setdefault(student, {}).update(unpacked(name, content))
    for student, handed_in in sorted(taken.items()):
        print(put(assignment, student, handed_in))
    for name in strange:
        print(f"whose is it? {name}")
    missing = [person["id"] for person in people if person["id"] not in taken]
    print(f"{len(taken)} collected; nothing from {len(missing)}: {', '.join(missing) or '-'}")
    sys.exit(1 if strange else 0)


def read_roster(path):
    with path.open(newline="", encoding="utf-8-sig") as file:
        people = list(csv.DictReader(file))
    if not people or "id" not in people[0]:
        sys.exit(f"{path} must be a table with the columns id, first_name, last_name, email, lms_user_id.")
    wrong = [person["id"] for person in people if not re.fullmatch(r"[\w.@-]+", person["id"] or "")]
    if wrong:
        sys.exit(f"{path}: {wrong[0]!r} is no student id: use letters, digits, and . _ @ -")
    return people


def files(downloaded):
    """Name and content of each file, the way from the top of what was downloaded included."""
    if downloaded.is_dir():
        for path in sorted(downloaded.rglob("*")):
            if path.is_file():
                yield path.relative_to(downloaded).as_posix(), path.read_bytes()
    else:
        yield from in_zip(downloaded)


def in_zip(archive):
    with zipfile.ZipFile(archive) as opened:
        entries = [entry for entry in opened.infolist() if not entry.is_dir()]
        for entry in sorted(entries, key=lambda entry: entry.filename):
            if entry.file_size <= LARGEST:
                yield entry.filename, opened.read(entry)


def whose(name, people):
    """The id of the student whose file this is: by a number in its name, by an id, by a full name."""
    parts = set(re.split(r"[_/ ]", name))
    for key in ("lms_user_id", "id"):
        for person in people:
            if person.get(key) and person[key] in parts:
                return person["id"]
    plain = re.sub(r"[\W_]+", "", name).lower()
    matching = [p["id"] for p in people if any(full in plain for full in full_names(p))]
    return matching[0] if len(matching) == 1 else None


def full_names(person):
    first, last = (re.sub(r"[\W_]+", "", person.get(key) or "").lower() for key in ("first_name", "last_name"))
    return [first + last, last + first] if first and last else []


def unpacked(name, content):
    """The files that count, by the name under which they are kept; those of a zip file in it too."""
    kind = PurePosixPath(name).suffix.lower()
    if kind == ".zip":
        found = {}
        for inner, inner_content in in_zip(io.BytesIO(content)):
            if not inner.startswith("__MACOSX"):
                found.update(unpacked(inner, inner_content) if not inner.endswith(".zip") else {})
        return found
    # Of the way only the last step is kept: nothing can be put outside of the student's folder.
    return {PurePosixPath(name).name: content} if kind in KINDS else {}


def put(assignment, student, handed_in):
    """Write one student's files; what the student handed in is named as the assignment, whatever it was called."""
    folder = course.ROOT / "submitted" / student / assignment
    notebooks = sorted(
        (name for name in handed_in if name.endswith(".ipynb")), key=lambda name: (assignment not in name, name)
    )
    if not notebooks:
        return f"{student}: there is no notebook among {', '.join(handed_in) or 'the files'}"
    wanted = {f"{assignment}.ipynb": handed_in[notebooks[0]]}
    wanted |= {f"stems/{name}": content for name, content in handed_in.items() if not name.endswith(".ipynb")}
    if all((folder / name).is_file() and (folder / name).read_bytes() == content for name, content in wanted.items()):
        return f"{student}: as before"
    said = "collected"
    if folder.exists():
        earlier = course.ROOT / "replaced" / datetime.now().strftime("%Y-%m-%d_%H-%M-%S") / student / assignment
        earlier.parent.mkdir(parents=True)
        folder.rename(earlier)
        said = f"collected; what was there before is in {earlier.relative_to(course.ROOT)}"
    for name, content in wanted.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    several = f" ({len(notebooks)} notebooks, {notebooks[0]} was taken)" if len(notebooks) > 1 else ""
    return f"{student}: {said}{several}"


if __name__ == "__main__":
    main()
