"""The class's project sounds on one page: `make gallery` writes gallery/, with those who agreed and no others.

It runs no code of the students': the dict `gallery` is read as it is written, and what isn't one is left out.
"""

import ast
import html
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
HOMEWORK = ROOT / "teaching" / "homework"
sys.path.insert(0, str(HOMEWORK))

from grading import submission  # noqa: E402

# Signs of a cell. Read as Python, a text takes hundreds of times its room, and nobody needs more for five answers.
LONGEST = 2000

PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>What we took apart</title>
<style>
body {{ font: 1.1rem/1.5 sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem }}
audio {{ width: 100% }}
</style>
<h1>What we took apart</h1>
{entries}
</html>
"""


def main():
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "gallery"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    entries = []
    for path in sorted(HOMEWORK.glob("submitted/*/project/project.ipynb")):
        about, sounds = consent(path), sorted((path.parent / "stems").glob("*.flac"))
        if about and sounds:
            # Numbered, not named: a student's id stays with the school.
            folder = out / f"{len(entries) + 1:02d}"
            folder.mkdir()
            for sound in sounds:
                shutil.copyfile(sound, folder / sound.name)
            entries.append(entry(about, [f"{folder.name}/{sound.name}" for sound in sounds]))
    (out / "index.html").write_text(PAGE.format(entries="\n".join(entries)), encoding="utf-8")
    print(f"{out / 'index.html'}: {len(entries)} of those who handed in agreed and sent sounds")


def consent(path):
    """What a student says of the music, if the student wants it in the gallery."""
    try:
        cells = submission.read(path)
        sources = [source for kind, source, _, _ in cells if kind == "code" and "gallery" in source]
        if max(map(len, sources)) > LONGEST:  # none of them is passed over: the last one might take the consent back
            return None
        statements = [statement for source in sources for statement in ast.parse(source).body]
        assigned = [s.value for s in statements if isinstance(s, ast.Assign) and ast.unparse(s.targets[0]) == "gallery"]
        about = ast.literal_eval(assigned[-1])
        return about if about.get("consent") is True else None
    except Exception:  # whatever else stands there, it is no consent
        return None


def entry(about, sounds):
    title, artist, licence, name = (
        html.escape(str(about.get(key, ""))[:200]) for key in ("title", "artist", "licence", "your_name")
    )
    players = "\n".join(
        f'<p>{html.escape(Path(sound).stem)}<br><audio controls preload="none" src="{html.escape(sound)}"></audio></p>'
        for sound in sounds
    )
    return f"<h2>{title}</h2>\n<p>{artist}, {licence}. Taken apart by {name}.</p>\n{players}"


if __name__ == "__main__":
    main()
