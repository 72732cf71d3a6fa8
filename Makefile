# The front door. Each target does all the set-up it needs; nothing is built again in vain.
SHELL := /bin/bash
.DEFAULT_GOAL := help

NODE := node_modules/node/bin/node
BIN := node_modules/.bin
STAMPS := build/stamps
SOURCES := $(shell find packages apps -name '*.ts' -path '*/src/*' 2>/dev/null)
CONFIGS := tsconfig.json tsconfig.base.json $(wildcard packages/*/tsconfig.json apps/*/tsconfig.json)
BPF_SOURCES := $(wildcard bpf/programs/*.c bpf/lib/*.h bpf/lib/*/*.h bpf/include/*.h)
ACTORS := $(wildcard e2e/actor/*.c)

# Of the virtual machines; VM takes more flags of tools/vm/main.ts.
KERNEL ?= 6.1
KERNELS := 5.10 6.1 6.12 newest
INIT ?= plain
VM ?=
export CMD

export PATH := $(CURDIR)/node_modules/node/bin:$(CURDIR)/$(BIN):$(PATH)

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: root build ## Show the kernel refusing, with the alert and the rule of each refusal
	$(NODE) demo/main.ts

run: root build ## Run the agent on this machine: policies from ./policies
	@mkdir -p policies
	apps/kubearmor/bin/kubearmor agent --policies policies --run-dir /run/kubearmor --state-dir build/state

test: root build $(STAMPS)/actor $(STAMPS)/stock-client ## Run every test
	@tools/setup/vm-packages || true # where there can be no virtual machines, their tests are skipped
	$(NODE) tools/test/main.ts

lint: $(STAMPS)/npm $(STAMPS)/system ## Check style, types and the arrows between the parts
	$(BIN)/tsc -b
	$(BIN)/tsc -p tsconfig.eslint.json
	$(BIN)/eslint .
	$(BIN)/prettier --check . --log-level warn
	clang-format --dry-run -Werror bpf/*/*.[ch] bpf/*/*/*.h e2e/actor/*.[ch] bench/load/*.c
	$(BIN)/depcruise --config .dependency-cruiser.cjs packages apps

bench: root build $(STAMPS)/actor ## Measure, as ratios to a baseline in the same run
	$(NODE) bench/main.ts

vm: root $(STAMPS)/npm $(STAMPS)/vm ## Run CMD in a virtual machine: make vm KERNEL=6.12 INIT=systemd CMD='uname -a'
	@$(NODE) tools/vm/main.ts --kernel $(KERNEL) --init $(INIT) $(VM) -- "$$CMD"

vm-test: root build $(STAMPS)/actor $(STAMPS)/vm ## Run e2e/vm under one kernel: make vm-test KERNEL=6.12
	$(NODE) tools/test/vm.ts $(KERNEL)

vm-matrix: root build $(STAMPS)/actor $(STAMPS)/vm ## Run e2e/vm under every kernel that is supported
	$(NODE) tools/test/vm.ts $(KERNELS)

vm-bench: root build $(STAMPS)/vm ## Count the instructions that watching adds to what a process does
	$(NODE) bench/vm/main.ts $(KERNEL)

build: $(STAMPS)/bundle $(STAMPS)/bpf ## Compile TypeScript and eBPF

generate: $(STAMPS)/npm ## Generate packages/protocol/src/gen from proto/ again
	cd packages/protocol && npm run --silent generate

# Kernels of the virtual machines are downloads, like node_modules: they stay.
clean: ## Remove what was built
	rm -rf $(filter-out build/vm,$(wildcard build/*)) coverage bench/out packages/*/dist apps/*/dist apps/*/build
	find packages apps -name '*.tsbuildinfo' -not -path '*/node_modules/*' -delete

distclean: clean ## Remove what was installed into the folder, too
	rm -rf node_modules build

root:
	@[ "$$(id -u)" = 0 ] || { echo "kubearmor: expected to run as root, runs as uid $$(id -u): try 'sudo make $(MAKECMDGOALS)'" >&2; exit 1; }

$(STAMPS)/system: tools/setup/system-packages | root
	tools/setup/system-packages
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/vm: tools/setup/vm-packages | root
	tools/setup/vm-packages
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/npm: package.json package-lock.json $(wildcard packages/*/package.json apps/*/package.json)
	npm ci --no-audit --no-fund
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/typescript: $(STAMPS)/npm $(SOURCES) $(CONFIGS)
	$(BIN)/tsc -b
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/bundle: $(STAMPS)/typescript $(wildcard tools/bundle/*)
	$(NODE) tools/bundle/main.ts
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/bpf: $(STAMPS)/system $(BPF_SOURCES) bpf/Makefile
	$(MAKE) -C bpf OUT=$(CURDIR)/build/bpf
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/actor: $(STAMPS)/system $(ACTORS) e2e/actor/Makefile
	$(MAKE) -C e2e/actor OUT=$(CURDIR)/build/actor
	@mkdir -p $(STAMPS) && touch $@

# A client of KubeArmor's own Go module; the tests that need it say so where there is no Go.
$(STAMPS)/stock-client: $(wildcard e2e/stock-client/*)
	if command -v go >/dev/null; then cd e2e/stock-client && go build -o $(CURDIR)/build/stock-client .; fi
	@mkdir -p $(STAMPS) && touch $@

.PHONY: help demo run test lint bench vm vm-test vm-matrix vm-bench build generate clean distclean root
