"""The process in which a student's code runs. Started by sandbox.py, with a socket to it; prints go nowhere.

It knows numpy and Python's own library, neither the course's module nor scipy or librosa. It believes nothing to be
secret and decides nothing: it runs cells, calls functions, and sends back what they return.
"""

import ast
import os
import socket
import sys
import sysconfig

FOLDER = os.path.dirname(os.path.abspath(__file__))


def main():
    fd, scratch, packages, seconds, memory = sys.argv[1:]
    line = socket.socket(fileno=int(fd))
    standard = [path for path in sys.path if "site-packages" not in path and "dist-packages" not in path]
    sys.path[:] = [FOLDER, *standard, packages]
    import contain

    # Loaded before the fence stands: what they need of the system's libraries is out of sight later.
    import numpy.fft
    import numpy.lib.stride_tricks
    import numpy.linalg
    import numpy.random
    import numpy.testing
    import wire

    sys.path.remove(FOLDER)
    namespace = contain.own_namespace()
    contain.limit(int(seconds), int(memory), 64 * 2**20)
    files = contain.only_these_files(readable_places(packages), [scratch])
    os.chdir(scratch)
    line.sendall(wire.pack({"processes": namespace, "network": namespace, "files": files}))

    def read(n):
        got = bytearray()
        while len(got) < n:
            more = line.recv(min(n - len(got), 1 << 20))
            if not more:
                os._exit(0)
            got += more
        return bytes(got)

    student = {"__name__": "__main__", "np": numpy}
    while True:
        what, name, arguments = wire.unpack(read)
        try:
            answer = {"value": run_cells(arguments, student) if what == "cells" else fetch(student, name, arguments)}
            message = wire.pack(answer)
        except wire.BadMessageError as error:
            message = wire.pack({"error": f"Returned: {error}"})
        except BaseException as error:
            message = wire.pack({"error": describe(error)})
        line.sendall(message)


def readable_places(packages):
    """Python's own library, without what is installed beside it, and numpy."""
    library = sysconfig.get_path("stdlib")
    places = [os.path.join(library, name) for name in os.listdir(library) if not name.endswith("-packages")]
    numpy = [os.path.realpath(os.path.join(packages, name)) for name in os.listdir(packages)]
    return [*places, packages, *numpy, "/dev/null", "/dev/urandom"]


def run_cells(cells, student):
    """Run cells as a notebook would, but statement by statement: a picture that can't be drawn here stops nothing."""
    troubles = []
    for name, source in cells:
        try:
            statements = parse(source)
        except Exception as error:
            troubles.append(f"{name} is no Python: {describe(error)}")
            continue
        first = None
        for statement in statements:
            try:
                # Some mistakes, such as a return outside of a function, are found here only.
                exec(compile(ast.Module([statement], []), name, "exec"), student)
            except BaseException as error:  # sys.exit too, which in a notebook ends no more than its cell
                first = first or f"{name}, line {statement.lineno}: {describe(error)}"
        if first:
            troubles.append(first)
    return troubles


def parse(source):
    """A cell's statements. If it is no Python as it stands, IPython's own lines, % and !, are taken for comments."""
    try:
        return ast.parse(source).body
    except SyntaxError:
        lines = (("#" + line) if line.lstrip()[:1] in ("%", "!") else line for line in source.split("\n"))
        return ast.parse("\n".join(lines)).body


def fetch(student, name, arguments):
    """The value of a name, or what the function of that name returns."""
    if name not in student:
        raise NameError(f"there is no {name}")
    return student[name] if arguments is None else student[name](*arguments)


def describe(error):
    try:
        text = f"{type(error).__name__}: {error}"
    except BaseException:
        text = "an error that can't be told"
    return text[:300]


if __name__ == "__main__":
    main()
