# `make` alone lists the targets. `make up STACK=prod` chooses another stack than dev.
export STACK ?= dev

.DEFAULT_GOAL := help
.PHONY: help up preview preview-report down drift compliance gate smoke render release notify test test-unit conformance check ci-pr preview-comment \
	bench doctor setup env images scan sbom kubeconfig docker-stop cluster cluster-down
MAKEFLAGS += --no-print-directory

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | while IFS="$$(printf '\t')" read -r name text; do \
		printf '%-16s %s\n' "$$name" "$$text"; done

# SYSTEM=marketprism, a list, or all: the systems that up brings, preview shows and down takes.
up: ## bring the stack up, SYSTEM=NAME beside what it has; gets what this machine lacks, and says so first
	@scripts/stack.sh up

preview: ## show what `make up` would change
	@scripts/stack.sh preview

preview-report: ## write what a reviewer has to know of a change: make preview-report STACKS="dev prod"
	@scripts/preview-report.sh $(ARGS)

down: ## take the stack down, or SYSTEM=NAME of it, and leave nothing behind
	@scripts/stack.sh down

drift: ## say what was changed by hand since the last up, by whom, and what the next one would do
	@scripts/stack.sh drift

compliance: ## judge the stack by the rules of docs/policies.md, as planned and as it runs
	@scripts/stack.sh compliance

gate: ## see that everything of the stack is well for a minute: GATE_SECONDS, GATE_TIMEOUT
	@scripts/exec.sh node --import tsx scripts/gate.ts --stack "$$STACK"

smoke: ## try the behaviour of the stack that is up, and change nothing in it
	@scripts/smoke.sh

notify: ## tell people something by webhook or Telegram: make notify TEXT="…"
	@scripts/notify.sh "$$TEXT"

# A stack that runs on Kubernetes, where none is given.
on_cluster = STACK=$(if $(filter file,$(origin STACK)),prod,$(STACK))

cluster: ## start a Kubernetes node here, unless Pulumi.prod.yaml names a cluster, and make the stack prod ready for it
	@$(on_cluster) scripts/cluster.sh up
	@$(on_cluster) scripts/stack.sh prepare

cluster-down: ## remove that node and everything of it; a cluster that you named is left alone
	@$(on_cluster) scripts/cluster.sh down

release: ## bring the tag that is checked out to the stack prod; where it does not get well, the tag before comes back
	@$(on_cluster) scripts/release.sh

render: ## write the stack's systems as Kubernetes manifests or a Compose file: make -s render STACK=prod >system.yaml
	@scripts/setup.sh node packages >&2
	@scripts/exec.sh node --import tsx scripts/render.ts --stack "$$STACK"

test: ## run every check and every test
	@scripts/test.sh

test-unit: ## run the tests that need neither Docker nor Pulumi's engine
	@scripts/test.sh test/unit test/golden test/wiring test/api test/docs \
		$(filter-out test/policy/cli.test.ts,$(wildcard test/policy/*.test.ts))

conformance: ## run the behaviour suite on the real engine
	@scripts/test.sh test/conformance

check: ## types, lint, format, unused code, workflows
	@scripts/setup.sh node packages
	@scripts/exec.sh scripts/check.sh

ci-pr: ## run here what the job of a pull request runs: make ci-pr BASE=main
	@scripts/ci-pr.sh

preview-comment: ## post the report of make preview-report on its pull request: REPORTS, GITHUB_TOKEN
	@scripts/preview-comment.sh

bench: ## measure large systems, Docker Compose and kubectl against Twofold
	@scripts/bench.sh

doctor: ## say what is here, what is missing and how to get it
	@scripts/doctor.sh

setup: ## get what is missing, and no more
	@scripts/setup.sh

images: ## build the stack's images; STACK=prod brings them to the registry that its nodes pull from
	@scripts/images.sh images

scan: ## look for known vulnerabilities in the stack's images, where Trivy is installed
	@scripts/images.sh scan

sbom: ## write what is in each of the stack's images, as CycloneDX
	@scripts/images.sh sbom

kubeconfig: ## write KUBECONFIG_DATA to .twofold/kubeconfig, for a job that has it as a secret
	@scripts/kubeconfig.sh

env: ## print the settings for plain `pulumi`: eval "$(make -s env)"
	@scripts/env.sh

docker-stop: ## stop the dockerd that `make up` started, and no other
	@scripts/docker-stop.sh
