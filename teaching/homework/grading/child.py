"""The process in which a student's code runs. Started by sandbox.py, with a socket to it; prints go nowhere.

It knows numpy and Python's own library, neither the course's module nor scipy or librosa. It believes nothing to be
secret and decides nothing: it runs cells, calls functions, and sends back what they return.
"""

import __future__

import ast
import os
import re
import socket
import sys
import sysconfig

FOLDER = os.path.dirname(os.path.abspath(__file__))

# Where a line begins that IPython alone understands: %magic, !command, ?help, help?, and x = %magic.
FOR_IPYTHON = re.compile(r"^(?=[ \t]*[%!?]|.*\?[ \t]*$|[ \t]*[\w, ]+=[ \t]*[%!])", re.MULTILINE)


def main():
    fd, scratch, packages, seconds, memory = sys.argv[1:]
    line = socket.socket(fileno=int(fd))
    standard = [path for path in sys.path if "site-packages" not in path and "dist-packages" not in path]
    sys.path[:] = [FOLDER, *standard, packages]
    import resource

    import calls
    import contain

    # Loaded before the fence stands: what they need of the system's libraries is out of sight later.
    import numpy.fft
    import numpy.lib.stride_tricks
    import numpy.linalg
    import numpy.random
    import numpy.testing
    import wire

    sys.path.remove(FOLDER)
    threads = contain.threads_of_this_user()
    namespace, disk = contain.own_namespace(scratch)
    # Where the scratch folder is watched only, 64 files can be open that are seen no more.
    contain.limit(int(seconds), int(memory), contain.BYTES if disk else contain.BYTES // 8)
    files = contain.only_these_files(readable_places(packages), [scratch])
    os.chdir(scratch)
    refused = calls.refuse()
    # Threads count as processes here. Where nothing else keeps a user from starting processes, there are no threads.
    contain.at_most(resource.RLIMIT_NPROC, threads + 256 if refused else 0)
    alone = namespace or refused
    fences = {"processes": alone, "network": alone, "files": files, "disk": disk, "calls": refused}
    line.sendall(wire.pack(fences))

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
    troubles, future = [], 0
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
                exec(compile(ast.Module([statement], []), name, "exec", future, dont_inherit=True), student)
                if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
                    for feature in statement.names:
                        future |= getattr(__future__, feature.name).compiler_flag
            except BaseException as error:  # sys.exit too, which in a notebook ends no more than its cell
                first = first or f"{name}, line {statement.lineno}: {describe(error)}"
        if first:
            troubles.append(first)
    return troubles


def parse(source):
    """A cell's statements. If it is no Python as it stands, IPython's own lines, %, ! and ?, are taken for comments."""
    try:
        return ast.parse(source).body
    except SyntaxError:
        return ast.parse(FOR_IPYTHON.sub("#", source)).body


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
