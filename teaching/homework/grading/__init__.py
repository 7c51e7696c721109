"""Marks for homework, decided outside the process in which a student's code runs.

Where to look first, in the order in which a submission comes through: `collect` finds it in a download, `grade` takes a
class, `submission` lays the answers into the released notebook, `marking` marks one (`course`, `number` and `diagnosis`
say with which data, `compare` what is right), and `marks` keeps the result.

In the student's process: `sandbox` starts it, `child` is it, `contain`, `calls` and `scratch` fence it in, and
`wire` carries values to and fro. nbgrader's side: `steps` in its autograding, `late` and `exports` beside it,
`nbgrader_here` to call it.

For people to read: `feedback` makes a student's page, with `sounds` that were kept in marking and are `heard` in pairs;
`report` shows the class at a glance, with the `likeness` of programs. `pages` is what both have in common, and `words`
are Markdown that does no harm.
"""
