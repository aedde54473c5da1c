# The project's commands; `make help` lists them. PYTHON=… names the interpreter to build on,
# ARGS=… is handed to the program. Works with make 3.81 (macOS) and any bash.
SHELL := bash
.DEFAULT_GOAL := help

BIN := .venv/bin
READY := .venv/ready
NOTEBOOKS := $(wildcard notebooks/*.ipynb)
# What the environment is made of: a change of one of them brings it up to date.
SOURCES := requirements.lock pyproject.toml setup.py analysis/lab/dangjian-notebook.json

# `ready` holds the folder the environment was made in: a copied checkout gets one of its own.
ifneq ($(shell cat $(READY) 2> /dev/null),$(CURDIR))
.PHONY: $(READY)
endif

.PHONY: help run test test-slow test-browser bench mutants lab evaluate lint format lock wheelhouse clean

help: ## 列出这些命令
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

run: $(READY) ## 分析 data/reports/ 中的报告，写出 data/results/ 和 figures/
	@$(BIN)/python -m analysis run $(ARGS)

test: $(READY) ## 运行测试；只跑一部分：make test ARGS="-k 名称"
	@$(BIN)/python -m pytest -n 2 -m "not slow and not browser and not bench" $(ARGS)

test-slow: $(READY) ## 运行耗时的测试：读一千个损坏的文件等，约 2 分钟
	@$(BIN)/python -m pytest -n 2 -m "slow and not browser" $(ARGS)

test-browser: $(READY) ## 在真实的浏览器里运行全部笔记本，截图存到 build/browser/（需要 Chromium）
	@$(BIN)/python -m pytest -m browser tests/browser $(ARGS)

bench: $(READY) ## 测时间和内存，写出 build/bench.md，约 5 分钟；连 10,000 份的一起测：make bench ARGS=--large
	@mkdir -p build
	@$(BIN)/python -m pytest -q -m bench tests/benchmarks --benchmark-json=build/bench.json --benchmark-quiet $(ARGS)
	@$(BIN)/python tests/benchmarks/table.py

# Its packages come last on the path, so that those of the environment win.
mutants: $(READY) ## 在程序里逐处埋错，看测试能否发现，约 1.5 小时；中断后再运行会接着做
	@test -d build/mutmut || $(BIN)/python -m pip install -q --target build/mutmut mutmut==3.8.1
	@$(BIN)/python -c 'import sys; sys.path.append("build/mutmut"); from mutmut.__main__ import cli; cli()' run $(ARGS)
	@$(BIN)/python tests/mutants.py

lab: $(READY) ## 打开 JupyterLab，从 notebooks/ 开始
	@$(BIN)/python -m jupyterlab --LabApp.default_url=/lab/tree/notebooks $(ARGS)

evaluate: $(READY) ## 对照 data/gold/ 的人工标注，算出准确程度
	@$(BIN)/python -m analysis evaluate $(ARGS)

lint: $(READY) ## 检查代码和笔记本（ruff）
	@$(BIN)/python -m ruff check .
	@$(BIN)/python -m ruff format --check .

format: $(READY) ## 整理代码格式，去掉笔记本里的输出
	@$(BIN)/python -m ruff check --fix .
	@$(BIN)/python -m ruff format .
	@$(if $(NOTEBOOKS),$(BIN)/python -m nbstripout --keep-id $(NOTEBOOKS))

lock: $(READY) ## 按 pyproject.toml 重做 requirements.lock；全部升级：make lock ARGS=--upgrade
	@echo "正在重做 requirements.lock……"
	@test -x build/uv/bin/uv || { $(BIN)/python -m venv build/uv && build/uv/bin/python -m pip install -q uv; }
	@build/uv/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header \
		--no-annotate --quiet --extra dev $(ARGS) pyproject.toml -o requirements.lock > /dev/null

# PLATFORM and PYTHON_VERSION name another machine, e.g. PLATFORM=win_amd64 PYTHON_VERSION=3.12.
wheelhouse: $(READY) ## 收集离线安装用的软件包；给 Windows 用：make wheelhouse PLATFORM=win_amd64 PYTHON_VERSION=3.12
	@$(BIN)/python .ci/wheelhouse.py build/wheelhouse \
		$(if $(PLATFORM),--platform $(PLATFORM)) $(if $(PYTHON_VERSION),--python $(PYTHON_VERSION)) $(ARGS)

clean: ## 删除运行环境和缓存；报告、编码手册和结果都不动
	@rm -rf .venv build mutants *.egg-info .pytest_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): $(SOURCES)
	@$(SHELL) -eu -o pipefail -c "$$INSTALL"

# The first interpreter that starts, is new enough and can make an environment is taken. A finished
# environment is brought up to date, an unfinished one is made anew; `ready` is written last.
# setuptools comes first, from the lock: jieba is published as source only and must be built.
define INSTALL
# Two commands at once wait for each other, where the system has flock.
exec 9< Makefile
if command -v flock > /dev/null && ! flock -n 9; then
    echo "另一条命令正在安装运行环境，等它完成……"; flock 9
fi
here=$$(pwd -P)
ready=$$(cat $(READY) 2> /dev/null || true)
fresh=$$ready
for source in $(SOURCES); do [ $(READY) -nt $$source ] || fresh=; done
if [ "$$fresh" = "$$here" ]; then exit 0; fi
if [ -n "$${PYTHON:-}" ]; then set -- "$$PYTHON"; else set -- python3.13 python3.12 python3.11 python3; fi
found= seen=
for python in "$$@"; do
    version=$$("$$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2> /dev/null) || continue
    if ! "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        seen="$$seen $${python}（$${version}，版本太旧）"
    elif ! "$$python" -c 'import ensurepip, venv' 2> /dev/null; then
        seen="$$seen $${python}（缺 venv 模块，Debian/Ubuntu 请先装 python$${version}-venv）"
    else
        found=$$python; break
    fi
done
if [ -z "$$found" ]; then
    echo "没有可用的 Python：需要 3.11 或更新的版本；试过 $$*，找到的是$${seen:- 无}" >&2
    echo "请安装 Python 3.11–3.13，或指明它的位置，例如：make run PYTHON=/usr/local/bin/python3.12" >&2
    exit 1
fi
total=$$(grep -c == requirements.lock)
if [ "$$ready" = "$$here" ] && $(BIN)/python -c '' 2> /dev/null; then
    echo "依赖清单有变化，正在更新运行环境 .venv，通常不到 1 分钟……"
    rm -f $(READY)
else
    echo "正在用 $${found}（$${version}）在 .venv 安装运行环境：约 $$total 个软件包，视网速约 1–5 分钟，只需一次……"
    rm -rf .venv
    "$$found" -m venv .venv
fi
# What pip warns of here (an index that is a folder, an extra that moved) is nothing to act on.
install() {
    $(BIN)/python -m pip install --disable-pip-version-check --no-input "$$@" 2> >(grep -vE '^WARNING: (Location|.* does not provide the extra)' >&2)
}
awk '/^[^ ]/ { keep = /^setuptools==/ } keep' requirements.lock > .venv/build.txt
install -q --require-hashes -r .venv/build.txt
install --progress-bar off --require-hashes --no-build-isolation -r requirements.lock | awk -v total="$$total" '
    /^(Collecting|Processing|Ignoring|Requirement already satisfied)/ {
        name = ($$1 == "Requirement") ? $$4 : $$2; gsub(/.*\/|(==|-[0-9]|:).*/, "", name)
        if (++n % 20 == 0) { printf "  已处理 %d/%d（%s）\n", n, total, name; fflush() }
    }
    /^Installing collected/ { print "  正在写入磁盘，约半分钟……"; fflush() }'
install -q --no-deps --no-build-isolation -e .
printf '%s\n' "$$here" > $(READY)
echo "运行环境已就绪。"
endef
export INSTALL
