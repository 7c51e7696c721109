# Each target is what a reader could type. `make lab` opens the course, `make test` checks everything.
# The Python that is there already, or python3 to make .venv with.
PYTHON ?= $(shell .venv/bin/python -c "print('.venv/bin/python')" 2>/dev/null || echo python3)
LAB_OPTIONS ?=

# The tests run side by side, and each of them on one core.
WORKERS ?= 2
TESTS = OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 .venv/bin/python -m pytest -n $(WORKERS)
define STYLE_AND_TYPES
	.venv/bin/python -m ruff check .
	.venv/bin/python -m ruff format --check .
	.venv/bin/python -m mypy
endef

# The homework that is graded, as in: make grade HOMEWORK=repet
HOMEWORK ?=

.PHONY: lab test check bench scores save html blank clips course grade formgrader gallery set-up grading python

lab: set-up
	.venv/bin/python -m jupyterlab $(LAB_OPTIONS) notebooks/00_start_here.ipynb

# Everything; at the end it says how long each part took.
test: set-up grading
	$(STYLE_AND_TYPES)
	.venv/bin/python tests/lectures_for_nbval.py build/lectures
	$(TESTS) --nbval --nbval-current-env --nbval-cell-timeout=60 --nbval-sanitize-with tests/sanitize.cfg \
		tests build/lectures

# Within a minute, while you work: not the browser, the homework, the notebooks and what else takes long.
check: set-up
	$(STYLE_AND_TYPES)
	$(TESTS) -m units tests

# Times beside the peers', as ratios in one run; and from a key press to picture and sound, in a browser.
bench: set-up
	.venv/bin/python benchmarks/speed.py
	.venv/bin/python benchmarks/latency.py

# Does REPET find the period, and what is the separation worth? On forty loops that nothing was tuned on.
scores: set-up
	.venv/bin/python benchmarks/scores.py

# Run every lecture and save it with its text and pictures, without sound data.
save: set-up
	.venv/bin/python tests/save_notebooks.py

# Every lecture as a page that sounds without kernel and network, in html/.
html: set-up
	.venv/bin/python teaching/make_pages.py

# The lectures without their outputs, for teaching live, in blank/.
blank: set-up
	.venv/bin/python teaching/make_blank.py

# What students get, in course/ and course.zip: lectures, module, clips and homework, without solutions.
course: grading
	.grading/bin/python teaching/make_course.py

# Mark what lies in teaching/homework/submitted, and enter it into the gradebook.
grade: grading
	cd teaching/homework && "$(CURDIR)/.grading/bin/python" -m grading.grade $(HOMEWORK)

# The pages on which a teacher reads answers and changes marks.
formgrader: grading
	cd teaching/homework && PATH="$(CURDIR)/.grading/bin:$$PATH" jupyter lab $(LAB_OPTIONS)

# One page with the project sounds of all who agreed, in gallery/.
gallery: grading
	.grading/bin/python teaching/make_gallery.py

# Remake the clips (needs some of Debian's packages, see audio/make_clips.py).
clips: set-up
	.venv/bin/python -m pip install -q -c constraints.txt -e ".[clips]"
	.venv/bin/python audio/make_clips.py

set-up: python
	@$(PYTHON) set_up.py

# The environment for grading, apart from the students'.
grading: python
	@$(PYTHON) set_up.py .grading homework

python:
	@command -v $(PYTHON) >/dev/null || { echo "There is no $(PYTHON) here: install Python 3.11 or newer, or name it, as in: make lab PYTHON=python3.12"; exit 1; }
