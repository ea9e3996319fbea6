# The commands of the project; `make help` lists them. README.md tells what they give.

PREFIX ?= /usr/local
DESTDIR ?=
ARGS ?=

SHELL := /bin/bash
PROGRAM := .build/release/latentwalk
SHARE := $(DESTDIR)$(PREFIX)/share

# On Linux the Swift runtime goes into the program, so that it runs where no Swift is installed
# (Documentation/decisions/static-linking.md); macOS carries the runtime itself. lld comes with Swift, and unlike gold it
# has no complaints about Foundation's own code.
BUILD_FLAGS := -c release
# The tests are mostly numerics: optimized, and in a folder of their own so that neither build undoes the other
# (Documentation/decisions/release-tests.md).
TEST_FLAGS := -c release --scratch-path .build-test --disable-xctest -Xswiftc -enable-testing
ifeq ($(shell uname),Linux)
BUILD_FLAGS += --static-swift-stdlib -Xswiftc -use-ld=lld
TEST_FLAGS += -Xswiftc -use-ld=lld
endif

SWIFT_SOURCES := Package.swift Sources Tests

.DEFAULT_GOAL := help
.PHONY: help run build test test-torch bench fuzz resume-check format lint install uninstall picture clean setup setup-test

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: build ## Install what is missing, build, and open the explorer (ARGS="explore MODEL" for another model)
	@$(PROGRAM) $(ARGS)

build: setup ## Build the program: .build/release/latentwalk
	@swift build $(BUILD_FLAGS) --product latentwalk

test: setup-test ## Install what is missing, then run every test (ARGS="--filter Neural" for some)
	@swift test $(TEST_FLAGS) $(ARGS)

test-torch: build ## Check and test the PyTorch package, in an environment made once (ARGS="-k step" for some)
	@Scripts/setup torch
	@Scripts/test-torch $(ARGS)

bench: build ## Measure the engine beside its peers, the explorer, and the shading beside chafa (ARGS="engine --rounds 3" for one)
	@Scripts/setup bench
	@swift build $(BUILD_FLAGS) --product EngineBenchmark
	@swift build $(BUILD_FLAGS) --product ExplorerBenchmark
	@swift build $(BUILD_FLAGS) --product ShadingBenchmark
	@Scripts/bench $(ARGS)

# The readers with counters that tell libFuzzer which code an input reached; traps stay in.
fuzz: setup-test ## Look for files that crash the readers, a minute each (ARGS="onnx --seconds 1200" for one)
	@LATENTWALK_FUZZ=1 swift build -c release --scratch-path .build-fuzz -Xswiftc -sanitize=fuzzer -Xswiftc -use-ld=lld \
		--product FuzzReaders
	@Scripts/fuzz $(ARGS)

resume-check: build ## Kill a run at random moments, 20 times, and compare what it ends with, bit for bit
	@Scripts/kill-and-resume $(ARGS)

format: ## Format the Swift sources in place
	@swift format --in-place --recursive $(SWIFT_SOURCES)

lint: ## Check the format, who imports whom, and the habits of CONTRIBUTING.md
	@swift format lint --strict --recursive $(SWIFT_SOURCES)
	@Scripts/lint

# Builds only where there is no program yet, so that `make build && sudo make install` needs no Swift on root's PATH.
install: $(PROGRAM) ## Install the program, models and completions to PREFIX (/usr/local)
	@Scripts/install $(PROGRAM) "$(DESTDIR)$(PREFIX)"

$(PROGRAM):
	@$(MAKE) --no-print-directory build

uninstall: ## Remove what `make install` put there
	@Scripts/install --remove "$(DESTDIR)$(PREFIX)"

picture: build ## Film Documentation/explorer.gif anew, from captures of the explorer's views
	@Scripts/setup picture
	@Scripts/film $(PROGRAM) Documentation/explorer.gif

clean: ## Remove everything that was built
	@rm -rf .build .build-test .build-fuzz

setup:
	@Scripts/setup run

setup-test:
	@Scripts/setup test
