"""Recurrence rules and calendars: dateutil, libical, ical.js, and recurring-ical-events as measure.

The folder holds `dateutil` (python-dateutil's source package), `libical`, `ical.js` and
`recurring-ical-events` (their repositories). What is absent is left out.
"""

import datetime
import importlib.util
import pathlib
import re
import sys
import unittest

import answers

FAR = "2199-12-31"


def event(lines):
    begin, end = ["BEGIN:VCALENDAR", "BEGIN:VEVENT"], ["END:VEVENT", "END:VCALENDAR"]
    return "".join(line + "\r\n" for line in [*begin, *lines, *end])


def compare(got, expected, start):
    """What is wrong with the starts of a rule. Where `DTSTART` does not fit the rule, RFC 5545
    leaves open whether it counts (3.8.5.3): for us it is the first."""
    if got == expected[: len(got)] and (len(got) == len(expected) or len(got) == 1000):
        return None
    if got[:1] == [start] and start not in expected:
        rest = got[1:]
        if rest == expected[: len(rest)] and len(expected) - len(rest) <= 1:
            return None
    missing = [at for at in expected if at not in got][:3]
    extra = [at for at in got if at not in expected][:3]
    return f"missing {missing}, too many {extra}, {len(got)} for {len(expected)}"


def rules(suite, cases):
    """Cases are a name, the lines of an event, its start, and the starts that are expected."""
    questions = [
        {"format": "icalendar", "text": event(lines), "from": start[:10], "until": FAR}
        for _, lines, start, _ in cases
    ]
    outcomes = []
    for (name, lines, start, expected), answer in zip(cases, answers.ask(questions)):
        found = [at["start"].replace("Z", "") for at in answer.get("occurrences", [])]
        if all(len(at) == 10 for at in found):
            expected = [at[:10] for at in expected]
            start = start[:10]
        wrong = answer.get("error") or compare(found, expected, start)
        outcomes.append((f"{name}: {' '.join(lines)}", wrong))
    answers.report(suite, outcomes)


def iso(basic):
    basic = basic.strip().rstrip("Z")
    day = f"{basic[0:4]}-{basic[4:6]}-{basic[6:8]}"
    return day if len(basic) == 8 else f"{day}T{basic[9:11]}:{basic[11:13]}:{basic[13:15]}"


def dateutil(folder):
    """Runs dateutil's tests with their rules recorded, and asks for the same."""
    path = folder / "tests" / "test_rrule.py"
    sys.path.insert(0, str(folder))
    spec = importlib.util.spec_from_file_location("tests.test_rrule", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    created, cases = [], []
    original = module.rrule

    class Recorded(original):
        def __init__(self, *arguments, **options):
            super().__init__(*arguments, **options)
            created.append((self, options))

    module.rrule = Recorded

    class Recorder(module.RRuleTest):
        def assertEqual(self, first, second, msg=None):
            is_list = isinstance(second, list) and second and isinstance(first, list)
            if not (is_list and len(created) == 1 and isinstance(second[0], datetime.datetime)):
                return
            rule, options = created[-1]
            if options.get("byeaster") is not None:
                return
            # Some tests ask for a part of the rule, and some for weeks of other than yearly rules.
            is_bounded = rule._count is not None or rule._until is not None
            if not is_bounded or list(rule) != second:
                return
            week = options.get("byweekno") is not None and rule._freq != 0
            if not week and all(at.tzinfo is None for at in second):
                lines = str(rule).split("\n")
                expected = [at.isoformat() for at in second]
                cases.append((self._testMethodName, lines, rule._dtstart.isoformat(), expected))

    for name in unittest.TestLoader().getTestCaseNames(Recorder):
        created.clear()
        Recorder(name).run(unittest.TestResult())
    rules("dateutil", cases)


def libical(folder):
    text = (folder / "src" / "test" / "icalrecur_test.txt").read_text()
    cases = []
    for block in re.split(r"\n\s*\n", text):
        lines = [line for line in block.splitlines() if line and not line.startswith("#")]
        found = dict(line.split(":", 1) for line in lines if ":" in line)
        if "INSTANCES" not in found or "START-AT" in found:
            continue
        if "*" in found["INSTANCES"]:
            continue
        expected = [iso(at) for at in found["INSTANCES"].split(",") if at]
        own = [f"DTSTART:{found['DTSTART']}", f"RRULE:{found['RRULE']}"]
        cases.append(("rule", own, iso(found["DTSTART"]), expected))
    rules("libical", cases)


def ical_js(folder):
    """The rules of its tests are calls of one function with an object."""
    text = (folder / "test" / "recur_iterator_test.js").read_text()
    cases = []
    call = re.compile(r"testRRULE\('([^']+)', \{(.*?)\n\s*\}\);", re.S)
    for rule, options in call.findall(text):
        dates = re.search(r"dates:\s*\[(.*?)\]", options, re.S)
        start = re.search(r"dtStart:\s*'([^']+)'", options)
        # RFC 5545 knows weeks of the year in yearly rules only.
        if not dates or "BYWEEKNO" in rule and "YEARLY" not in rule:
            continue
        expected = [at.rstrip("Z") for at in re.findall(r"'([^']+)'", dates.group(1))]
        if not expected:
            continue
        start = start.group(1).rstrip("Z") if start else expected[0]
        # The tests look at the first starts only.
        rule = re.sub(r";?(COUNT|UNTIL)=\w+", "", rule) + f";COUNT={len(expected)}"
        own = ["DTSTART:" + re.sub(r"[-:]", "", start), f"RRULE:{rule}"]
        cases.append(("rule", own, start, expected))
    rules("ical.js", cases)


def days(starts):
    """What is from midnight to midnight is a day for us."""
    return sorted(start.replace("T00:00", "") for start in starts)


def calendars(folder):
    """Each year of each calendar, with the occurrences of recurring-ical-events as measure."""
    import icalendar
    import recurring_ical_events

    brussels = "Europe/Brussels"
    from zoneinfo import ZoneInfo

    place = ZoneInfo(brussels)
    questions, cases = [], []

    def text(value):
        if not isinstance(value, datetime.datetime):
            return value.isoformat()
        local = value if value.tzinfo else value.replace(tzinfo=place)
        local = local.astimezone(place)
        return local.strftime("%Y-%m-%dT%H:%M")

    for path in sorted(folder.rglob("*.ics")):
        try:
            calendar = icalendar.Calendar.from_ical(path.read_bytes())
            query = recurring_ical_events.of(calendar, components=["VEVENT"])
        except Exception:
            continue
        for year in range(1995, 2031):
            start, end = datetime.date(year, 1, 1), datetime.date(year + 1, 1, 1)
            try:
                found = query.between(start, end)
            except Exception:
                continue
            if not 0 < len(found) < 900:
                continue
            expected = sorted(
                f"{text(one['DTSTART'].dt)} {one.get('SUMMARY', '')}".strip() for one in found
            )
            cases.append((f"{path.name}, {year}", expected))
            questions.append(
                {
                    "format": "icalendar",
                    "path": str(path.resolve()),
                    "from": start.isoformat(),
                    "until": datetime.date(year, 12, 31).isoformat(),
                    "zone": brussels,
                }
            )
    outcomes = []
    for (name, expected), answer in zip(cases, answers.ask(questions)):
        got = []
        for one in answer.get("occurrences", []):
            at = one["start"]
            if "T" in at:
                at = text(datetime.datetime.fromisoformat(at.replace("Z", "+00:00")))
            got.append(f"{at} {' '.join((one['title'] or '').split())}".strip())
        expected = [" ".join(at.split()) for at in expected]
        wrong = answer.get("error")
        if not wrong and days(got) != days(expected):
            missing = [at for at in expected if at not in got][:3]
            extra = [at for at in got if at not in expected][:3]
            wrong = f"missing {missing}, too many {extra}, {len(got)} for {len(expected)}"
        outcomes.append((name, wrong))
    answers.report("calendars", outcomes)


def main():
    folder = pathlib.Path(sys.argv[1])
    suites = {
        "dateutil": dateutil,
        "libical": libical,
        "ical.js": ical_js,
        "recurring-ical-events": calendars,
    }
    for name, run in suites.items():
        if (folder / name).is_dir():
            run(folder / name)
        else:
            print(f"{name}: no folder {folder / name}")


main()
