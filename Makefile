# Each target does its own set-up; `make help` lists them.
#
#   make test SCRATCH=/elsewhere     builds elsewhere than in .build
#   make fuzz RUNS=10000000          tries so many inputs on each parser

SCRATCH ?= .build
RUNS ?= 100000
SWIFT_SOURCES = Package.swift Sources $(wildcard Tests) Benchmarks Fuzz tools

# Builds share a directory, and the tests' summary is to come last.
.NOTPARALLEL:
.PHONY: help setup demo test bench fuzz wasm format lint

help:
	@echo "make demo     build, then show a lesson, a real capture and its replay"
	@echo "make test     format lint, house rules, Embedded Swift for wasm, then every test"
	@echo "make bench    the figures: event queue, simulated TCP, allocations"
	@echo "make fuzz     feed the parsers of TLS, HTTP, HPACK, QPACK, QUIC and captures with made-up bytes, and see whether they stand"
	@echo "make wasm     compile the simulator for wasm32 and compare its fingerprints"
	@echo "make format   put the sources into the layout that the lint wants"

setup:
	@tools/setup

demo: setup
	swift build --scratch-path "$(SCRATCH)" -c release --product simcli
	@tools/demo "$(SCRATCH)/release/simcli"

# The tests come last, so that their summary closes the output. There are no XCTest tests, and
# XCTest's own summary of none of them would come after it.
test: setup lint wasm
	swift test --scratch-path "$(SCRATCH)" --disable-xctest

# Built anew, because what an incremental build has inlined across modules may be old.
bench: setup
	rm -rf "$(SCRATCH)/benchmarks"
	swift run --package-path Benchmarks --scratch-path "$(SCRATCH)/benchmarks" -c release Benchmarks

fuzz: setup
	tools/fuzz "$(RUNS)" "$(SCRATCH)/fuzz"

wasm:
	tools/wasm/check "$(SCRATCH)/wasm"

lint:
	swift format lint --strict --parallel --recursive $(SWIFT_SOURCES)
	tools/check-house

format:
	swift format --in-place --parallel --recursive $(SWIFT_SOURCES)
