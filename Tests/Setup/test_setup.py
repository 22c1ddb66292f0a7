"""Scripts/setup.sh on machines that lack something: tools are faked, so that nothing is installed."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
ORDINARY = "bash cat cmp cp dirname env false grep head id mkdir mktemp rm sed tail touch true uname".split()


class Machine:
    """A copy of the set-up beside a PATH in which only faked tools and the most ordinary ones are found."""

    def __init__(self, folder):
        self.project = folder / "project"
        self.tools = folder / "tools"
        self.calls = folder / "calls"
        (self.project / "Scripts").mkdir(parents=True)
        self.tools.mkdir()
        self.calls.touch()
        shutil.copy(REPOSITORY / "Scripts/setup.sh", self.project / "Scripts")
        (self.project / "Package.swift").touch()
        (self.project / "requirements.txt").write_text("# nothing\n")
        for name in ORDINARY:
            (self.tools / name).symlink_to(shutil.which(name))
        self.fake("swift", 'if [ "$1" = package ]; then mkdir -p .build; else echo "Swift version 6.3.1 (swift)"; fi')
        self.fake("dpkg-query", "echo installed")
        self.fake("apt-get", "true")
        self.fake("python3", f'exec "{sys.executable}" "$@"')

    def fake(self, name, body):
        path = self.tools / name
        path.unlink(missing_ok=True)
        path.write_text(f'#!{shutil.which("bash")}\necho "{name} $*" >>"{self.calls}"\n{body}\n')
        path.chmod(0o755)

    def remove(self, *names):
        for name in names:
            (self.tools / name).unlink()

    def as_user(self):
        self.fake("id", "echo 1000")

    def setup(self, part="build"):
        return subprocess.run(
            [str(self.tools / "bash"), str(self.project / "Scripts/setup.sh"), part],
            env={"PATH": str(self.tools), "HOME": str(self.project)}, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=1_200,
        )

    def called(self, name):
        return [line for line in self.calls.read_text().splitlines() if line.startswith(name + " ")]


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


def one_error(result):
    """The sentence after `setup: error:`, which ends what is said."""
    assert result.returncode == 1, result.stderr
    assert result.stdout == ""
    lines = result.stderr.strip().splitlines()
    assert lines[-1].startswith("setup: error: "), result.stderr
    assert lines[-1].endswith((".", "--yes", "-dev", "zlib")) or "apt-get install" in lines[-1], lines[-1]
    return lines[-1]


def test_a_machine_that_has_everything_is_left_alone(machine):
    for _ in range(2):
        result = machine.setup()
        assert result.returncode == 0, result.stderr
    assert machine.called("apt-get") == []
    assert len(machine.called("swift")) == 3, "the packages are resolved once, the version is asked for twice"


def test_the_packages_are_resolved_again_when_the_manifest_changes(machine):
    machine.setup()
    (machine.project / "Package.swift").write_text("// changed\n")
    machine.setup()
    assert machine.called("swift").count("swift package resolve") == 2


def test_a_missing_swift_is_said_with_where_to_get_it(machine):
    machine.remove("swift")
    sentence = one_error(machine.setup())
    assert "https://www.swift.org/install" in sentence and "PATH" in sentence and "6.2" in sentence
    assert machine.called("apt-get") == []


@pytest.mark.parametrize("version, accepted", [("5.10.1", False), ("6.1", False), ("6.2", True), ("6.10", True), ("7.0", True)])
def test_swift_is_at_least_6_2(machine, version, accepted):
    machine.fake("swift", f'mkdir -p .build; echo "Apple Swift version {version} (swiftlang)"')
    result = machine.setup()
    if accepted:
        assert result.returncode == 0, result.stderr
    else:
        assert f"Swift {version}" in one_error(result)


def test_a_broken_swift_is_said(machine):
    machine.fake("swift", "exit 127")
    assert "doesn't work" in one_error(machine.setup())


def test_root_installs_only_what_is_missing(machine):
    machine.fake("id", "echo 0")
    machine.fake("dpkg-query", 'case "$*" in *hdf5*|*zlib*) exit 1;; *) echo installed;; esac')
    result = machine.setup()
    assert result.returncode == 0, result.stderr
    update, install = machine.called("apt-get")
    assert "update" in update
    assert "libhdf5-dev" in install and "zlib1g-dev" in install and "openblas" not in install


def test_others_install_with_sudo_and_are_not_asked_where_nobody_is(machine):
    machine.as_user()
    machine.fake("sudo", '[ "$1" = -n ] && shift; exec "$@"')
    machine.fake("dpkg-query", "exit 1")
    result = machine.setup()
    assert result.returncode == 0, result.stderr
    assert all(call.startswith("sudo -n ") for call in machine.called("sudo"))
    assert len(machine.called("apt-get")) == 2


def test_neither_root_nor_sudo_names_the_command_for_an_administrator(machine):
    machine.as_user()
    machine.fake("dpkg-query", 'case "$*" in *hdf5*) exit 1;; *) echo installed;; esac')
    sentence = one_error(machine.setup())
    assert "administrator" in sentence and "apt-get install --yes --no-install-recommends libhdf5-dev" in sentence
    assert machine.called("apt-get") == []


def test_a_sudo_that_refuses_names_the_command_too(machine):
    machine.as_user()
    machine.fake("sudo", "exit 1")
    machine.fake("dpkg-query", "exit 1")
    sentence = one_error(machine.setup())
    assert "sudo refuses" in sentence and "libopenblas-dev" in sentence
    assert machine.called("apt-get") == []


@pytest.mark.parametrize("update, install", [("exit 100", "true"), ("echo W: Failed to fetch http://deb", "true"), ("true", "exit 100")])
def test_no_network_is_said(machine, update, install):
    machine.fake("id", "echo 0")
    machine.fake("dpkg-query", "exit 1")
    machine.fake("apt-get", f'if [ "$1" = update ]; then {update}; else {install}; fi')
    assert "network" in one_error(machine.setup())


def test_packages_that_cannot_be_fetched_are_said(machine):
    machine.fake("swift", 'if [ "$1" = package ]; then exit 1; fi; echo "Swift version 6.3.1"')
    assert "https://github.com" in one_error(machine.setup())


def test_a_system_without_apt_is_told_what_is_needed(machine):
    machine.remove("dpkg-query", "apt-get")
    machine.fake("uname", "echo Linux")
    assert "pkg-config --exists hdf5 openblas zlib" in one_error(machine.setup())
    machine.fake("pkg-config", "true")
    assert "<oneapi/dnnl/dnnl.h>" in one_error(machine.setup())
    machine.fake("clang", "exit 1")
    assert "oneDNN" in one_error(machine.setup())
    machine.fake("cc", "grep -q oneapi/dnnl/dnnl.h")
    assert machine.setup().returncode == 0


def test_homebrew_installs_only_what_is_missing(machine):
    machine.remove("dpkg-query", "apt-get")
    machine.fake("brew", 'case "$*" in "list --formula hdf5") exit 1;; esac')
    assert machine.setup().returncode == 0
    assert [call for call in machine.called("brew") if "install" in call] == ["brew install hdf5"]


def test_the_environment_is_built_once_and_again_when_its_list_changes(machine):
    assert machine.setup("python").returncode == 0
    mark = machine.project / ".venv/mark"
    mark.touch()
    result = machine.setup("python")
    assert result.returncode == 0 and "up to date" in result.stderr and mark.exists()
    (machine.project / "requirements.txt").write_text("# nothing else\n")
    assert machine.setup("python").returncode == 0
    assert not mark.exists()


def test_the_peers_have_an_environment_of_their_own(machine):
    (machine.project / "Benchmarks").mkdir()
    (machine.project / "Benchmarks/requirements-peers.txt").write_text("# nothing\n")
    assert machine.setup("peers").returncode == 0
    assert (machine.project / ".venv-peers/bin/python").exists() and not (machine.project / ".venv").exists()


def test_an_environment_left_half_built_is_built_again(machine):
    (machine.project / "requirements.txt").write_text("--no-index\nnot-there==1.0\n")
    assert "https://pypi.org" in one_error(machine.setup("python"))
    (machine.project / "requirements.txt").write_text("# nothing\n")
    assert machine.setup("python").returncode == 0


def test_an_old_python_is_said(machine):
    machine.fake("python3", "exit 1")
    assert "Python 3.11" in one_error(machine.setup("python"))
