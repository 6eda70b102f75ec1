"""The promises' own frame: what is registered is measured, shown, kept; a crash stops no other promise."""

import json
import subprocess
import sys

import pytest

from promises import pages
from promises.__main__ import main
from promises.cli_runs import CliFailed, run_cli, run_measured
from promises.registry import Measured, Registry, load


@pytest.fixture
def registry() -> Registry:
    registry = Registry()
    promise = registry.promise

    @promise("silence", "within 2 s", slice="ci")
    def silence() -> Measured:
        return Measured("0.04 s", ok=True, detail="One run.")

    @promise("crash", "never")
    def crash() -> Measured:
        raise ZeroDivisionError("by nought")

    @promise("speed", "at least 100x")
    def speed() -> Measured:
        return Measured("90x", ok=False, detail="Measured beside five others.")

    @promise("size", "as small as it is")
    def size() -> Measured:
        return Measured("4 MB | disk", ok=None)

    return registry


def kept(root) -> dict:
    return json.loads((root / "build" / "promises.json").read_text())


def test_a_crash_is_an_error_and_the_promises_after_it_are_measured(registry, tmp_path):
    assert main([], registry=registry, root=tmp_path) == 1
    rows = kept(tmp_path)["promises"]
    assert [row["verdict"] for row in rows] == ["kept", "ERROR", "SHORT", "shown"]
    assert rows[1]["detail"].startswith("ZeroDivisionError: by nought (")


def test_every_promise_kept_is_exit_code_0(registry, tmp_path):
    assert main(["--slice", "ci"], registry=registry, root=tmp_path) == 0
    assert main(["--only", "size"], registry=registry, root=tmp_path) == 0


def test_one_that_falls_short_is_exit_code_1_with_its_reason_on_stdout(registry, tmp_path, capsys):
    assert main(["--only", "speed"], registry=registry, root=tmp_path) == 1
    said = capsys.readouterr()
    assert "SHORT speed: Measured beside five others." in said.out
    assert "[1/1] speed" in said.err


def test_a_name_nobody_promised_is_exit_code_2_and_names_the_others(registry, tmp_path, capsys):
    assert main(["--only", "sped"], registry=registry, root=tmp_path) == 2
    assert "silence, crash, speed, size" in capsys.readouterr().err
    assert not (tmp_path / "build").exists()


def test_the_ci_slice_leaves_the_others_and_the_page_alone(registry, tmp_path):
    main(["--slice", "ci"], registry=registry, root=tmp_path)
    assert [row["name"] for row in kept(tmp_path)["promises"]] == ["silence"]
    assert not (tmp_path / "docs").exists()


def test_the_list_measures_nothing(registry, tmp_path, capsys):
    assert main(["--list"], registry=registry, root=tmp_path) == 0
    assert capsys.readouterr().out.splitlines()[1] == "full  crash    never"
    assert not (tmp_path / "build").exists()


def test_the_page_of_a_full_run_holds_every_figure_and_tells_neither_host_nor_path(registry, tmp_path):
    main([], registry=registry, root=tmp_path)
    page = (tmp_path / "docs" / "figures.md").read_text()
    assert "| silence | within 2 s | 0.04 s | kept |" in page
    assert "4 MB \\| disk" in page, "a bar inside a cell would end it"
    assert "1 kept, 1 fell short, 1 could not be measured, 1 shown, not judged." in page
    assert str(tmp_path) not in page
    assert __file__ not in page


def test_one_measured_again_renews_its_own_row_and_no_other(registry, tmp_path):
    main(["--only", "silence", "--keep"], registry=registry, root=tmp_path)
    path = tmp_path / "docs" / "figures.md"
    assert "Not measured yet: crash, speed, size." in path.read_text()
    main([], registry=registry, root=tmp_path)
    before = path.read_text().splitlines()
    rows = json.loads(path.with_suffix(".json").read_text())
    rows[0] |= {"figure": "9 s", "measured_on": "2020-01-01"}
    rows[2] |= {"figure": "1x", "measured_on": "2020-01-01"}
    rows.append(rows[0] | {"name": "promised by nobody"})
    path.with_suffix(".json").write_text(json.dumps(rows))
    main(["--only", "silence", "--keep"], registry=registry, root=tmp_path)
    after = path.read_text().splitlines()
    changed = [line for line in after if line not in before]
    assert len(changed) == 1
    assert changed[0].startswith("| speed | at least 100x | 1x | SHORT |")
    assert "2020-01-01" in changed[0]


def test_the_columns_of_the_table_are_aligned(registry, tmp_path, capsys):
    main([], registry=registry, root=tmp_path)
    head, rule, *rows = capsys.readouterr().out.split("\n\n")[0].splitlines()
    starts = [head.index(name) for name in pages.HEAD]
    assert all(line[start - 1] == " " and line[start] != " " for line in [rule, *rows] for start in starts[1:])


def test_a_name_is_promised_once(registry):
    with pytest.raises(ValueError, match="'silence' is made twice"):
        registry.promise("silence", "again")(lambda: Measured("", None))


def test_the_promises_of_this_repository_are_found_by_file_and_some_are_in_the_ci_slice():
    promised = load()
    assert {"public Merkle proofs", "bent recordings"} <= {each.name for each in promised.chosen(within="ci")}
    assert len(promised.chosen()) > len(promised.chosen(within="ci"))


def test_the_public_merkle_promise_is_kept(tmp_path):
    assert main(["--only", "public Merkle proofs"], registry=load(), root=tmp_path) == 0
    assert kept(tmp_path)["promises"][0]["figure"] == "196 of 196"


def test_a_childs_peak_memory_is_its_own_and_not_its_measurers():
    mine = bytearray(200_000_000)
    mine[::4096] = b"\x01" * len(mine[::4096])
    small = run_measured(sys.executable, "-c", "print(1)")
    large = run_measured(sys.executable, "-c", "x = bytearray(150_000_000); x[::4096] = b'1' * len(x[::4096])")
    assert small["peak_rss_mb"] < 100
    assert large["peak_rss_mb"] > 150
    assert small["stdout"] == "1\n"


def test_what_takes_too_long_is_ended():
    with pytest.raises(subprocess.TimeoutExpired, match=r"timed out after 0\.3 seconds"):
        run_measured(sys.executable, "-c", "import time; time.sleep(60)", timeout_s=0.3)


def test_a_command_that_fails_says_how(tmp_path):
    with pytest.raises(CliFailed, match="ended with"):
        run_cli("verify", "no-such-night", cwd=tmp_path)
