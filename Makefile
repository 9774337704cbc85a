# Everything is one command from a fresh checkout: `make run`, `make test`. The work is done by the package launch/.

# Any Python from 3.9 on can set up; it must run, not only be on PATH (pyenv's shims may not).
PYTHON := $(shell for python in python3 python3.13 python3.12 python3.11 python3.10 python3.9; do \
	if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 9))' >/dev/null 2>&1; then echo "$$python"; break; fi; done)
SERVICES := .venv/bin/python
BOT := bot/.venv/bin/python
ENCODER := encoder/.venv/bin/python
# Tests and tools see the project's own packages only.
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run setup train check format test contract evaluate ladder calibrate encoder benchmark bench bench-billing load test-faults alike fuzz bench-widget export-customer erase-customer purge language clean python services bot

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 18

run: python ## set up what is missing, then start everything (Ctrl-C stops it)
	@exec $(PYTHON) -m launch run

setup: python ## make both environments, services and Rasa, where their lock changed
	@exec $(PYTHON) -m launch setup

train: python ## train the model where it does not match the data; always with FORCE=1
	@exec $(PYTHON) -m launch train $(if $(FORCE),--force)

check: services ## formatting, lint and types
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy

format: services ## format the code and repair what lint can repair
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

test: check train ## all checks, then all tests; some of them only with PYTEST="-k bills"
	@$(PYTHON) -m launch chromium
	@$(PYTHON) -m launch kannel
	$(SERVICES) -m pytest tests $(PYTEST)

contract: services ## does billing keep its contract, ours or a company's own: BILLING_URL=<address>, BILLING_TOKEN_SECRET=<key>
	@test -n "$(BILLING_URL)" || { echo "Say which: make contract BILLING_URL=http://127.0.0.1:8081" >&2; exit 1; }
	@secret="$${BILLING_TOKEN_SECRET:-$$(cat var/secrets/BILLING_TOKEN_SECRET 2>/dev/null)}"; \
		test -n "$$secret" || { echo "Give BILLING_TOKEN_SECRET, the key that it shares with the gateway." >&2; exit 1; }; \
		BILLING_TOKEN_SECRET="$$secret" $(SERVICES) -m pytest tests/contract

evaluate: bot ## measure understanding, language, entities: CASES=<file>, LANGUAGE_CASES=<file>, ENTITY_CASES=<file>, GATE=1, RECORD=1
	$(BOT) -m bot.evaluate $(if $(CASES),--cases $(CASES)) $(if $(LANGUAGE_CASES),--language-cases $(LANGUAGE_CASES)) \
		$(if $(ENTITY_CASES),--entity-cases $(ENTITY_CASES)) $(if $(GATE),--gate) $(if $(RECORD),--record)

ladder: bot ## what each part of understanding adds, from stock Rasa up, about an hour: SKIP=diet, BRANDS=wrs, EPOCHS=100
	$(BOT) -m bot.ladder $(if $(SKIP),--skip $(SKIP)) $(if $(BRANDS),--brands $(BRANDS)) $(if $(EPOCHS),--epochs $(EPOCHS))

benchmark: bot ## measure the same component on public sets: SETS=<folder with banking77/ and clinc150/>
	$(BOT) -m bot.benchmark $(SETS)

calibrate: bot ## find weights and thresholds again on data/calibration (after a new encoder or many new phrasings)
	$(BOT) -m bot.calibrate

encoder: bot ## train the sentence encoder again, about two hours (encoder/trained/README.md), then calibrate
	@$(PYTHON) -m launch setup encoder
	$(ENCODER) -m encoder.align --pairs data/parallel/en_fr.tsv data/parallel/phrasings.tsv --out build/aligned
	$(ENCODER) -m encoder.tune --start build/aligned --pairs data/parallel/en_fr.tsv --out build/tuned
	$(ENCODER) -m encoder.export --start build/tuned --out encoder/trained
	$(ENCODER) -m encoder.align --pairs data/parallel/en_fr.tsv data/parallel/phrasings.tsv --out build/aligned-without-new --without-new
	$(ENCODER) -m encoder.tune --start build/aligned-without-new --pairs data/parallel/en_fr.tsv --out build/without-new --without-new
	$(ENCODER) -m encoder.export --start build/without-new --out build/encoder-without-new
	$(BOT) -m bot.new_articles --encoder build/encoder-without-new --fit
	$(BOT) -m bot.calibrate

bench-billing: services ## how long billing takes to read with 100,000 accounts: POSTGRESQL=1 or BILLING_DATABASE_URL=<server>, REQUESTS=200
	$(SERVICES) -m tests.load.billing_reads $(if $(POSTGRESQL),--postgresql) $(if $(REQUESTS),--requests $(REQUESTS))

bench: services bot ## this program beside stock Rasa, about half an hour of an idle machine: SHORT=1, ROUNDS=3, TRAINING=1, GATE=1, RECORD=1
	$(SERVICES) -m tests.load.bench $(if $(SHORT),--short) $(if $(TRAINING),--training) $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(GATE),--gate) $(if $(RECORD),--record)

bench-widget: services ## what the widget weighs, and how long from the click until it is ready: ROUNDS=20
	$(SERVICES) -m tests.load.widget $(if $(ROUNDS),--rounds $(ROUNDS))

load: services ## many customers at once, on real PostgreSQL and Redis: PARTS="widgets overload assistant memory", MINUTES=30 of memory
	$(SERVICES) -m tests.load.load $(PARTS) $(if $(MINUTES),--memory-minutes $(MINUTES)) $(if $(SECONDS),--seconds $(SECONDS))

fuzz: services ## ask every service and reader what nobody would, a quarter of an hour: EXAMPLES=500, FRAMES=10000
	FUZZ_EXAMPLES=$(or $(EXAMPLES),500) FUZZ_FRAMES=$(or $(FRAMES),10000) $(SERVICES) -m pytest -q tests/unit/parsers \
		tests/integration/gateway/test_openapi_fuzz.py tests/integration/billing/test_openapi_fuzz.py

alike: services ## whether the time of an answer tells if an account is there: ROUNDS=200
	$(SERVICES) -m tests.load.alike $(if $(ROUNDS),--rounds $(ROUNDS))

test-faults: services ## what stops while customers write: PARTS="bursts kills servers assistant disk stop migration", QUICK=1
	$(SERVICES) -m tests.load.faults $(PARTS) $(if $(QUICK),--quick)

# Whose data: ACCOUNT=<number> BRAND=<brand>, or CONTACT=<phone or mail>, or CONVERSATION=<id>. BY=<who does it>.
WHOSE = $(if $(ACCOUNT),--account "$(ACCOUNT)") $(if $(BRAND),--brand "$(BRAND)") $(if $(CONTACT),--contact "$(CONTACT)") \
	$(if $(CONVERSATION),--conversation "$(CONVERSATION)") $(if $(BY),--by "$(BY)")

export-customer: services ## all that is kept of a customer, as files in OUT=<folder>: ACCOUNT= BRAND=, CONTACT= or CONVERSATION=, BY=
	@test -n "$(OUT)" || { echo "Say where to: OUT=var/exports/tremblay" >&2; exit 1; }
	@$(PYTHON) -m launch tool gateway.customer export $(WHOSE) --out "$(OUT)"
	@if [ -n "$(ACCOUNT)" ]; then $(PYTHON) -m launch tool billing.customer export --brand "$(BRAND)" --account "$(ACCOUNT)" \
		--out "$(OUT)/billing.json"; fi

erase-customer: services ## erase a customer from conversations, requests, files, outbox, search and Rasa's memory (bills are kept)
	@$(PYTHON) -m launch tool gateway.customer erase $(WHOSE)

purge: services ## remove what is kept no longer than so many days (RETENTION_..._DAYS); the gateway does so by itself
	@$(PYTHON) -m launch tool gateway.customer purge
	@$(PYTHON) -m launch tool billing.customer purge

language: services ## learn the language detector's words again: PAIRS=<file>
	$(SERVICES) -m language.train $(if $(PAIRS),--pairs $(PAIRS))

clean: ## remove the environments, the model and var/ (databases, secrets, logs)
	@for folder in .venv bot/.venv encoder/.venv build models var .rasa; do \
		if [ -e "$$folder" ]; then echo "removing $$folder"; rm -rf "$$folder"; fi; done

services bot: python
	@$(PYTHON) -m launch setup $@

python:
	@test -n "$(PYTHON)" || { echo "Python 3.9 or later is needed to set up: sudo apt-get install python3 python3-venv" >&2; exit 1; }
