"""Executes the notebooks of notebooks-export/ on a folder of results.

Each NAME.ipynb becomes NAME.executed.ipynb, NAME.html and the figures NAME-*.png beside it. A notebook whose outputs are
newer than itself and than every run file of its experiment (results/NAME/*.h5), and whose verdicts are what they were, is
left alone.
"""

import argparse
import json
import os
import sys
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent / "notebooks-export"


def say(sentence):
    print(f"notebooks: {sentence}", file=sys.stderr, flush=True)


def made_for(notebook, results):
    """What the figures depend on beside files that are newer when they change: the folder, and the verdicts beneath them."""
    verdicts = [
        entry
        for path in sorted(results.glob("findings-*.json"))
        for entry in json.loads(path.read_text())
        if entry["experiment"] == notebook.stem
    ]
    return f"{results}\n{json.dumps(verdicts, sort_keys=True)}\n"


def is_current(notebook, results):
    """Whether what was drawn last is what would be drawn now."""
    html = notebook.with_suffix(".html")
    record = notebook.with_suffix(".results")
    runs = results / notebook.stem
    if not (html.exists() and record.exists() and record.read_text() == made_for(notebook, results)):
        return False
    # The folder's own time changes when a run file comes or goes.
    sources = [notebook, Path(__file__), notebook.parent / "figures.py", *([runs, *runs.glob("*.h5")] if runs.exists() else [])]
    return all(source.stat().st_mtime < html.stat().st_mtime for source in sources)


def execute(notebook, results):
    import nbformat
    from nbclient import NotebookClient
    from nbconvert import HTMLExporter

    for stale in notebook.parent.glob(f"{notebook.stem}-*.png"):
        stale.unlink()
    content = nbformat.read(notebook, as_version=4)
    # Sockets of this user alone in place of ports that others on the machine could listen to.
    where = {"metadata": {"path": str(notebook.parent)}}
    quiet = ["--log-level=ERROR"]
    NotebookClient(content, kernel_name="python3", timeout=600, resources=where, extra_arguments=quiet).execute()
    nbformat.write(content, notebook.with_suffix(".executed.ipynb"))
    html, _ = HTMLExporter(exclude_input_prompt=True, exclude_output_prompt=True).from_notebook_node(content)
    notebook.with_suffix(".html").write_text(html, encoding="utf-8")
    notebook.with_suffix(".results").write_text(made_for(notebook, results))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="notebooks by name; all if none is named")
    parser.add_argument("--results", default="results", help="the folder of results")
    parser.add_argument("--folder", type=Path, default=HOME, help="where the notebooks lie and what they draw goes")
    parser.add_argument("--force", action="store_true", help="execute even what is up to date")
    options = parser.parse_args()

    results = Path(options.results).resolve()
    os.environ["LANDSCAPE_RESULTS"] = str(results)
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"
    names = options.names or sorted(p.stem for p in options.folder.glob("*.ipynb") if not p.stem.endswith(".executed"))
    failures = 0
    for name in names:
        notebook = options.folder / f"{name}.ipynb"
        if not notebook.exists():
            sys.exit(f"notebooks: error: there is no {notebook}.")
        if not options.force and is_current(notebook, results):
            say(f"{name}: up to date")
            continue
        say(f"{name}: executing")
        try:
            execute(notebook, results)
        except Exception as error:  # One notebook's trouble is no reason to leave the others out.
            say(f"error: {notebook} stopped: {str(error).strip().splitlines()[-1]}")
            failures += 1
    for picture in sorted(options.folder.glob("*.png")):
        say(f"picture {os.path.relpath(picture)}")
    say(f"pages with code and figures: {os.path.relpath(options.folder)}/*.html")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
