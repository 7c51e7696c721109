"""Put what the students have uploaded where nbgrader looks for it: python -m grading.collect repet downloaded.zip
roster.csv

downloaded   the zip file that Moodle or Canvas makes of all submissions, or the folder with its contents
roster.csv   columns id, first_name, last_name, email, lms_user_id, as `nbgrader db student import` takes it

Both write a number of their own before the names of the files; the roster says whose it is. How a student has called a
file says nothing about whose it is. What can't be read costs its owner alone. Nothing is ever overwritten: an earlier
submission goes to replaced/.
"""

import csv
import io
import re
import shutil
import sys
import tempfile
import zipfile
from datetime import datetime
from pathlib import Path, PurePosixPath

from grading import course
from grading.sandbox import one_line

# Besides the notebook, what may be handed in with it; how many files, how large all of them, how long their names.
KINDS = {".ipynb", ".flac", ".wav", ".md", ".png"}
MOST_FILES, LARGEST, LONGEST = 200, 200 * 2**20, 120
# What the two write before a student's own name of a file, or as the name of a folder.
MOODLE = re.compile(r"(?P<who>.*?)_(?P<number>[^_]+)_assignsubmission_[^_]*_?")
CANVAS = re.compile(r"(?P<who>[^_]*)_(?:LATE_)?(?P<number>\d+)_\d+_")


def main():
    if len(sys.argv) != 4:
        sys.exit(
            "Say which homework, what was downloaded and who is who: python -m grading.collect repet all.zip roster.csv"
        )
    assignment, downloaded, roster = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    people = read_roster(roster)
    theirs, strange, troubles = {}, [], []
    for name, open_file in files(downloaded):
        student, own_name = whose(name, people)
        if student is None:
            strange.append(name)
        else:
            theirs.setdefault(student, []).append((own_name, open_file))
    taken = set()
    for student, uploads in sorted(theirs.items()):
        handed_in, wrong = unpacked(uploads)
        try:
            said = put(assignment, student, handed_in)
            taken |= {student} if said else set()
        except OSError as error:
            said, wrong = "", [*wrong, f"it can't be written: {error}"]
        print(f"{student}: {said or 'NOT collected'}")
        troubles += [f"{student}: {one_line(why, 200)}" for why in wrong]
        if not said and not wrong:
            names = ", ".join(name for name, _ in uploads)
            troubles.append(f"{student}: there is no notebook among {one_line(names, 200)}")
    for line in troubles:
        print(line)
    for name in strange:
        print(f"whose is it? {one_line(name, 200)}")
    missing = [person["id"] for person in people if person["id"] not in taken]
    print(f"{len(taken)} collected; nothing from {len(missing)}: {', '.join(missing) or '-'}")
    sys.exit(1 if strange or troubles else 0)


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
    """The name of each file, with the way from the top of what was downloaded, and a function that opens it."""
    if downloaded.is_dir():
        for path in sorted(downloaded.rglob("*")):
            # A link could lead to anything of the teacher's.
            if path.is_file() and not path.is_symlink():
                yield path.relative_to(downloaded).as_posix(), lambda path=path: path.open("rb")
        return
    try:
        archive = zipfile.ZipFile(downloaded)
    except (OSError, ValueError, NotImplementedError, zipfile.BadZipFile) as error:
        sys.exit(f"{downloaded} can't be opened as a zip file ({error}): download it again.")
    for entry in sorted(archive.infolist(), key=lambda entry: entry.filename):
        if not entry.is_dir():
            yield entry.filename, lambda entry=entry: archive.open(entry)


def whose(name, people):
    """The id of the student whose file this is, and the student's own name for it.

    The first step of the way that Moodle or Canvas has named, or that is somebody's id or name, decides.
    """
    steps = PurePosixPath(name).parts
    for place, step in enumerate(steps):
        inside = "/".join(steps[place + 1 :])
        named = MOODLE.match(step) or (CANVAS.match(step) if not inside else None)
        if named:
            return find(people, named["number"], named["who"]), inside or step[named.end() :]
        bare = step if inside else PurePosixPath(step).stem
        if person := find(people, bare, bare):
            return person, inside or step
    return None, name


def find(people, number, name):
    """The id of whom a number, an id or a full name belongs to."""
    for key in ("lms_user_id", "id"):
        for person in people:
            if person.get(key) and person[key] == number:
                return person["id"]
    matching = [person["id"] for person in people if plain(name) in full_names(person)]
    return matching[0] if len(matching) == 1 else None


def plain(name):
    return re.sub(r"[\W_]+", "", name).lower()


def full_names(person):
    first, last = (plain(person.get(key) or "") for key in ("first_name", "last_name"))
    return [first + last, last + first] if first and last else []


def unpacked(uploads):
    """What counts of a student's files, as (name, content), those in a zip file too; and what is wrong with others."""
    found, wrong = [], []
    room = LARGEST
    for name, open_file in uploads:
        try:
            content = read(open_file, room)
            if PurePosixPath(name).suffix.lower() == ".zip":
                inside = in_zip(content, room)
            else:
                inside = [(name, content)] if counts(name) else []
            if len(found) + len(inside) > MOST_FILES:
                raise ValueError(f"there are more than {MOST_FILES} files")
        except Exception as error:  # whatever it is, it is this file's
            wrong.append(f"{one_line(name, 60)} can't be read: {str(error) or type(error).__name__}")
            continue
        room -= sum(len(content) for _, content in inside)
        found += inside
    return found, wrong


def read(open_file, room):
    with open_file() as file:
        content = file.read(room + 1)
    if len(content) > room:
        raise ValueError(f"all in all there are more than {LARGEST >> 20} MiB")
    return content


def in_zip(content, room):
    """Of a zip file's files those that count; a zip file in it does not."""
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        entries = [entry for entry in opened.infolist() if not entry.is_dir() and counts(entry.filename)]
        if len(entries) > MOST_FILES:
            raise ValueError(f"there are more than {MOST_FILES} files in it")
        # What it says, before a bomb is unpacked; more than it says is never read.
        if sum(entry.file_size for entry in entries) > room:
            raise ValueError(f"all in all there are more than {LARGEST >> 20} MiB")
        return [(entry.filename, opened.read(entry)) for entry in entries]


def counts(name):
    """Is it of a kind that may be handed in, and no copy that a program has made?"""
    path = PurePosixPath(name)
    made = {".ipynb_checkpoints", "__MACOSX"} & set(path.parts) or path.stem.endswith("-checkpoint")
    if path.suffix.lower() not in KINDS or made:
        return False
    if len(path.name) > LONGEST and path.suffix.lower() != ".ipynb":
        raise ValueError(f"a file's name has more than {LONGEST} letters")
    return True


def put(assignment, student, handed_in):
    """Write one student's files, the notebook named as the assignment; what was done, or nothing without a notebook."""
    folder = course.ROOT / "submitted" / student / assignment
    names = [(PurePosixPath(name), content) for name, content in handed_in]
    notebooks = sorted(
        ((path, content) for path, content in names if path.suffix.lower() == ".ipynb"),
        key=lambda one: rank(assignment, one[0]),
    )
    if not notebooks:
        return ""
    wanted = {f"{assignment}.ipynb": notebooks[0][1]}
    # Of the way only the last step is kept: nothing can be put outside of the student's folder.
    wanted |= {f"stems/{path.name}": content for path, content in names if path.suffix.lower() != ".ipynb"}
    if all((folder / name).is_file() and (folder / name).read_bytes() == content for name, content in wanted.items()):
        return "as before"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".") as fresh:
        for name, content in wanted.items():
            path = Path(fresh, "all", name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        said = "collected"
        if folder.exists():
            earlier = course.ROOT / "replaced" / datetime.now().strftime("%Y-%m-%d_%H-%M-%S") / student / assignment
            earlier.parent.mkdir(parents=True)
            folder.rename(earlier)
            said = f"collected; what was there before is in {earlier.relative_to(course.ROOT)}"
        shutil.move(Path(fresh, "all"), folder)
    taken = one_line(notebooks[0][0].name, 60)
    return said + (f" ({len(notebooks)} notebooks, {taken} was taken)" if len(notebooks) > 1 else "")


def rank(assignment, path):
    """The notebook that is called as it was handed out comes first, one that a program has called a copy last."""
    exactly = path.name == f"{assignment}.ipynb"
    return not exactly, "-Copy" in path.stem, assignment not in path.name, len(path.parts), str(path)


if __name__ == "__main__":
    main()
