"""Tables: csv-test-data and csv-spectrum.

The folder holds their repositories. What is absent is left out, and so are the files that are wrong on
purpose (`bad-`): we read what can be read, where these suites expect an error.
"""

import json
import pathlib
import sys

import answers

# Without a single value there is nothing to show, and an error says so.
LEFT_OUT = {"all-empty", "empty-one-column"}


def rows_of(tree):
    """The header and the rows as texts."""
    columns = tree["columns"]
    return [columns, *([row[column] for column in columns] for row in tree["rows"])]


def expected_rows(expected):
    """The same of a suite, which has lists with the header, or objects. Our cells are trimmed."""
    if expected and isinstance(expected[0], dict):
        expected = [list(expected[0]), *(list(row.values()) for row in expected)]
    return [[str(cell).strip() for cell in row] for row in expected]


def suite(name, tables, values):
    cases = []
    for file in sorted(values.glob("*.json")):
        table = tables / f"{file.stem}.csv"
        if file.stem not in LEFT_OUT and table.is_file():
            cases.append((file.stem, {"format": "csv", "path": str(table)}, json.loads(file.read_text())))
    outcomes = []
    for (case, _, expected), answer in zip(cases, answers.ask([case[1] for case in cases])):
        expected = expected_rows(expected)
        found = rows_of(answer["tree"]) if "tree" in answer else answer["error"]
        outcomes.append((case, "" if found == expected else f"{found!r}, not {expected!r}"))
    answers.report(name, outcomes)


def main():
    folder = pathlib.Path(sys.argv[1])
    for name, tables, values in [
        ("csv-test-data", "csv", "json"),
        ("csv-spectrum", "csvs", "json"),
    ]:
        if (folder / name).is_dir():
            suite(name, folder / name / tables, folder / name / values)
        else:
            print(f"{name}: no folder {folder / name}")


main()
