"""The project's files agree with each other: names, versions, layout."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.markers import Marker
from packaging.requirements import Requirement

from press.fresh import freshness
from press.page import citing

ROOT = Path(__file__).parents[2]
HOUSES = ("crossroads", "importers", "press", "report")
FORMS = sorted(path for path in (ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml") if path.stem != "config")


@pytest.fixture(scope="module")
def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


@pytest.fixture(scope="module")
def lock():
    """Locked versions by package."""
    pins = re.findall(r"^([a-z0-9][a-z0-9._-]*)==(\S+)", (ROOT / "requirements.lock").read_text("utf-8"), re.M)
    names = [name for name, _ in pins]
    assert len(names) == len(set(names)), "a package is locked twice: two Pythons would compute with two versions"
    return dict(pins)


def wanted(project):
    extras = project["optional-dependencies"].values()
    return [Requirement(text) for text in [*project["dependencies"], *(one for extra in extras for one in extra)]]


def test_lock_satisfies_every_requirement(project, lock):
    for requirement in wanted(project):
        assert requirement.name in lock, f"{requirement.name} is not in requirements.lock; run `make lock`"
        assert requirement.specifier.contains(lock[requirement.name]), f"{requirement}: {lock[requirement.name]} locked"


def test_every_locked_package_has_a_hash(lock):
    text = (ROOT / "requirements.lock").read_text("utf-8")
    blocks = re.split(r"\n(?=[a-z0-9])", text)
    assert [block for block in blocks if "--hash=sha256:" not in block] == []
    assert len(blocks) == len(lock)
    assert "http" not in text


def test_environment_for_conda_names_the_same_packages_at_the_locked_versions(project, lock):
    environment = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
    python, _, *packages, pip = environment["dependencies"]
    assert python.split()[1].split(",")[0] == project["requires-python"]
    assert "--editable ." in pip["pip"]
    listed = [Requirement(text) for text in [*packages, *pip["pip"]] if not text.startswith("-")]
    assert {one.name for one in listed} == {one.name for one in wanted(project)}
    assert [str(one) for one in listed if str(one.specifier) != f"=={lock[one.name]}"] == []


def test_installed_environment_is_the_locked_one(lock):
    listed = subprocess.run(
        [sys.executable, "-m", "pip", "list", "--format=freeze", "--disable-pip-version-check"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    installed = dict(line.lower().replace("_", "-").split("==") for line in listed.split() if "==" in line)
    installed = {name.replace(".", "-"): version for name, version in installed.items()}
    differing = {n: (v, installed[n]) for n, v in lock.items() if n in installed and installed[n] != v}
    assert differing == {}, "the environment is not that of requirements.lock; remove .venv and call make again"


def test_edition_is_the_same_everywhere(project):
    """One number names the edition of the book and the version of the package."""
    edition = project["version"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    config = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert citation["version"] == edition
    assert config["sphinx"]["config"]["version"] == edition
    assert config["sphinx"]["config"]["typst_edition"] == f"Edition {edition}"
    assert re.search(r"^## (\S+)", changelog, re.M).group(1) == edition


@pytest.mark.parametrize(
    "name",
    ["book", "notebooks", "data", "src/crossroads", "src/importers", "src/press", "src/report", "tests/unit", "tests/data",
     "tests/whole", "tests/reference", "docs/architecture.md", "docs/releases.md", "benchmarks", "_config.yml", "_toc.yml",
     "environment.yml", "pyproject.toml", "requirements.lock", "Makefile", "README.md", "CONTRIBUTING.md", "CITATION.cff",
     "CHANGELOG.md", "LICENSE", "LICENSE-content", ".ci/run", ".github/workflows/book.yml", ".github/workflows/links.yml",
     ".github/workflows/audit.yml", "SECURITY.md", "docs/reproducible-pipeline.md", "docs/logs.md", "docs/replication.md", ".github/workflows/verify.yml", "data/trust.json",
     ".devcontainer/devcontainer.json", "binder/postBuild", ".github/PULL_REQUEST_TEMPLATE.md", ".pre-commit-config.yaml", ".gitattributes", ".editorconfig"],
)  # fmt: skip
def test_layout_is_the_agreed_one(name):
    assert (ROOT / name).exists()


@pytest.mark.parametrize("name", ["docs/reproducible-pipeline.md", "docs/logs.md"])
def test_what_the_evidence_names_is_there(name):
    """A list of what shows quality is worth nothing once a file of it is gone."""
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.M)
    named = re.findall(r"`([^`]+)`", (ROOT / name).read_text("utf-8"))
    missing = [
        entry for entry in named
        if not (entry.startswith("crossroads ") or entry == "_build/runs" or (ROOT / entry).exists())
        and entry.removeprefix("make ") not in targets
    ]  # fmt: skip
    assert len(named) > 10
    assert missing == []


def test_actions_are_pinned_by_commit_and_may_only_read():
    for path in sorted((ROOT / ".github" / "workflows").glob("*.yml")):
        workflow = yaml.safe_load(path.read_text("utf-8"))
        assert workflow["permissions"] == {"contents": "read"}, path.name
        used = re.findall(r"uses: (\S+)", path.read_text("utf-8"))
        assert [action for action in used if not re.search(r"@[0-9a-f]{40}$", action)] == [], path.name


def test_hooks_call_targets_of_the_makefile():
    """A hook with a command of its own would in time ask for something else than `make check` and CI."""
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))["repos"][0]["hooks"]
    targets = {f"make {name}" for name in re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.M)}
    assert {hook["entry"] for hook in hooks} <= targets


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_form_of_issues_can_be_shown(path):
    """A form that is not valid is left out of the choice without a word."""
    form = yaml.safe_load(path.read_text("utf-8"))
    assert form.keys() >= {"name", "description", "body"}
    assert len({field["id"] for field in form["body"]}) == len(form["body"])
    assert all(field["type"] in {"input", "textarea"} and field["attributes"]["label"] for field in form["body"])


def test_make_check_refuses_functions_of_crossroads_without_types():
    """One module left out, or one error that is only ignored, and types are decoration."""
    mypy = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["mypy"]
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert "types" in re.findall(r"^check: ([a-z ]+) ##", makefile, re.M)[0].split()
    assert re.findall(r"^types:.*\n\t(.*)$", makefile, re.M) == ["@$(BIN)/mypy"]
    assert set(mypy["files"]) == {f"src/{house}" for house in HOUSES}
    assert mypy["check_untyped_defs"]
    strict, without_types = mypy["overrides"]
    assert strict == {"module": "crossroads.*", "disallow_untyped_defs": True}
    assert without_types.keys() == {"module", "ignore_missing_imports"}
    assert not {module.split(".")[0] for module in without_types["module"]} & {"*", *HOUSES}


@pytest.mark.parametrize("house", HOUSES)
def test_public_functions_have_types(house):
    """mypy asks it of crossroads alone, because of private functions."""
    bare = []
    for path in sorted((ROOT / "src" / house).rglob("*.py")):
        if "templates" not in path.parts:
            tree = ast.parse(path.read_text("utf-8"))
            classes = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name[0] != "_"]
            functions = [node for scope in (tree, *classes) for node in scope.body if isinstance(node, ast.FunctionDef)]
            bare += [f"{path.name}:{one.lineno} {one.name}" for one in functions if one.name[0] != "_" and untyped(one)]
    assert bare == []
    assert (ROOT / "src" / house / "py.typed").exists(), (
        "without it, the types are unknown to whoever installs the package"
    )


def untyped(function):
    arguments = function.args
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
    bare = {argument.arg for argument in named if argument and argument.annotation is None} - {"self", "cls"}
    return bool(bare) or function.returns is None


def test_errors_of_types_are_ignored_by_name_and_seldom():
    ignored = [
        line
        for path in (ROOT / "src").rglob("*.py")
        for line in re.findall(r"#\s*type: ?ignore.*", path.read_text("utf-8"))
    ]
    assert len(ignored) < 10
    assert [line for line in ignored if not re.match(r"# type: ignore\[[a-z-]+\]", line)] == []


def test_make_help_lists_every_target_in_one_line():
    # The tests themselves run under make, which would otherwise tell this one about its folders.
    clean = {key: value for key, value in os.environ.items() if not key.startswith("MAKE")}
    shown = subprocess.run(["make", "help"], cwd=ROOT, env=clean, capture_output=True, text=True, check=True).stdout
    targets = re.findall(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text("utf-8"), re.M)[0].split()
    assert [line.split()[0] for line in shown.splitlines()] == targets


def test_markers_of_the_lock_are_valid():
    for marker in re.findall(r" ; ([^\\]+)\\", (ROOT / "requirements.lock").read_text("utf-8")):
        Marker(marker.strip())


@pytest.mark.parametrize("module", ["indicators", "profiles", "models", "regions", "composite", "clusters", "charts"])
def test_every_analysis_function_is_used_by_a_notebook(module):
    """What no notebook uses, itself or through another module, is not needed: the package stays small."""
    package = ROOT / "src" / "crossroads"
    users = [*(ROOT / "notebooks").glob("*.py"), *package.rglob("*.py")]
    calls = "".join(path.read_text("utf-8") for path in users)
    paths = [package / f"{module}.py"] if (package / f"{module}.py").exists() else (package / module).glob("*.py")
    public = {name for path in paths for name in re.findall(r"^def ([a-z]\w+)\(", path.read_text("utf-8"), re.M)}
    if module == "charts":
        public &= set(re.findall(r'^    "([a-z]\w+)",$', (package / module / "__init__.py").read_text("utf-8"), re.M))
    assert public
    assert [name for name in sorted(public) if f"{module}.{name}(" not in calls] == []


@pytest.mark.filterwarnings("default::DeprecationWarning", "default::PendingDeprecationWarning")
def test_all_modules_that_make_pages_count_as_the_builder(small_book, monkeypatch):
    code = """
import sys, press.extension, report.extension
own = ("press", "report", "crossroads")
print(*[m.__file__ for n, m in sys.modules.items() if n.split(".")[0] in own and m.__file__])
"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    known, found = set(), freshness.sources
    monkeypatch.setattr(freshness, "sources", lambda app: known.update(map(str, found(app))) or found(app))
    small_book.build()
    # What makes a package of a folder makes no page.
    assert {path for path in told if not path.endswith("__init__.py") or "/press/" in path} <= known


def test_citation_file_agrees_with_the_settings_of_the_book():
    about = citing.read(ROOT)
    config = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))["sphinx"]["config"]
    assert list(about["authors"]) == config["typst_authors"]
    assert about["edition"] == config["version"]
    assert about["book"].casefold() == f"{config['project']}: {config['typst_subtitle']}".casefold()
    released = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))["date-released"]
    assert str(released) in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_environment_is_not_made_again_because_of_a_lock_from_the_future(tmp_path):
    """A clock that goes wrong, or an archive, may date files into the future: each call of make made the environment anew."""
    stub = tmp_path / "python"
    stub.write_text(
        '#!/bin/sh\nmkdir -p .venv/bin; test "$0" = .venv/bin/python || cp "$0" .venv/bin/python\n', "utf-8"
    )
    stub.chmod(0o755)
    for name in ("Makefile", "requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    os.utime(tmp_path / "requirements.lock", (4e9, 4e9))
    make = ["make", "PYTHON=./python", ".venv/ready"]
    said = [subprocess.run(make, cwd=tmp_path, capture_output=True, text=True, check=True).stdout for _ in range(2)]
    assert "Setting up" in said[0]
    assert "Setting up" not in said[1]
