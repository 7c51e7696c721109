# Each target is what a reader could type. `make lab` opens the course, `make test` checks everything.
# The first of these that runs and can make an environment, or python3, which then says what it lacks.
first = $(shell for p in $(1); do "$$p" -c "import ensurepip, venv" 2>/dev/null && echo "$$p" && exit; done; echo python3)
# The Python that is there already, or else the newest to make .venv with that the course is tested with: librosa 1.0 and
# numpy 2.5 need 3.12. With 3.11, constraints.txt keeps librosa 0.11 and numpy 2.4, and the lectures' numbers are the same.
ifndef PYTHON
PYTHON := $(call first,.venv/bin/python python3.13 python3.12)
endif
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

.PHONY: lab page page-tools test check test-oldest test-newest mutants fuzz bench scores save site moving-picture blank clips course grade formgrader \
	gallery set-up grading python

lab: set-up
	.venv/bin/python -m jupyterlab $(LAB_OPTIONS) notebooks/00_start_here.ipynb

# Everything; at the end it says how long each part took.
test: set-up grading page-tools
	$(STYLE_AND_TYPES)
	.venv/bin/python tests/lectures_for_nbval.py build/lectures
	$(TESTS) --nbval --nbval-current-env --nbval-cell-timeout=60 --nbval-sanitize-with tests/sanitize.cfg \
		tests build/lectures

# Build the page's JavaScript anew, after a change in spectrogramtools/page.
page: page-tools
	npm run -s build

# What builds and checks the page's JavaScript, if there is a Node to run it with.
page-tools:
	@if command -v npm >/dev/null; then cmp -s package-lock.json node_modules/.made-from || \
		{ npm ci --silent && cp package-lock.json node_modules/.made-from; }; \
	else echo "There is no npm here: the page's JavaScript is not checked."; fi

# Within a minute, while you work: not the browser, the homework, the notebooks and what else takes long.
check: set-up
	$(STYLE_AND_TYPES)
	$(TESTS) -m units tests

# Break the numerical files in thousands of places, one at a time: does a test notice? All of them take hours; some of
# each file: make mutants MUTANTS="--sample 60"
mutants: set-up
	.venv/bin/python -m pip install -q -c constraints.txt -e ".[mutants]"
	.venv/bin/python tests/mutants/run.py $(MUTANTS)

# A hundred thousand calls with strange arguments: each gives a result, or one sentence that says what to do.
fuzz: set-up
	.venv/bin/python tests/fuzz.py

# Times beside the peers', as ratios in one run; and from a key press to picture and sound, in a browser.
bench: set-up
	.venv/bin/python benchmarks/speed.py
	.venv/bin/python benchmarks/corpus.py
	node benchmarks/engine.js
	PYTHONPATH=tests .venv/bin/python benchmarks/latency.py

# Does REPET find the period, and what are the separations worth? On forty loops and forty mixtures of recordings that
# nothing was tuned on; the recordings come from packages, and the script says which are missing.
scores: set-up
	PYTHONPATH=tests .venv/bin/python benchmarks/scores.py
	PYTHONPATH=tests .venv/bin/python benchmarks/music.py

# Run every lecture and save it with its text and pictures, without sound data.
save: set-up
	.venv/bin/python tests/save_notebooks.py

# The whole course as a web site, in build/site: any server can hold it, a memory stick, or a zip file.
site: set-up
	.venv/bin/python site/make_site.py

# The README's picture that moves.
moving-picture: set-up
	PYTHONPATH=tests .venv/bin/python teaching/moving_picture.py

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

# Remake the clips (needs some of Debian's packages and, once, a network: see audio/make_clips.py).
clips: set-up
	.venv/bin/python -m pip install -q -c constraints.txt -e ".[clips]"
	.venv/bin/python audio/make_clips.py

set-up: python
	@$(PYTHON) set_up.py

# The environment for grading, apart from the students'.
grading: python
	@$(PYTHON) set_up.py .grading homework

# The module's tests, without browser, lectures and homework, with the oldest versions that pyproject.toml allows, and with the newest
# that there are today; each in an environment of its own.
UNIT_TESTS = tests $(patsubst %,--ignore-glob='tests/test_%*',accessib browser homework interruptions lectures sandbox site three_browsers touch)

test-oldest:
	@$(call first,python3.11) set_up.py .oldest test oldest.txt
	.oldest/bin/python -m pytest $(UNIT_TESTS)

test-newest:
	@$(call first,python3.14 python3.13 python3.12) set_up.py .newest test none
	.newest/bin/python -m pytest $(UNIT_TESTS)

python:
	@command -v $(PYTHON) >/dev/null || { echo "There is no $(PYTHON) here: install Python 3.11 or newer, or name it, as in: make lab PYTHON=python3.12"; exit 1; }
