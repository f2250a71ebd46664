"""Feeds and their dates: feedparser and python-dateutil.

The folder holds their source packages of PyPI, unpacked. What is absent is left out.
"""

import ast
import html
import pathlib
import re
import sys

import answers

# Left out on purpose: CDF and UTF-32; code pages of DOS, old Macintoshes and others that no browser
# knows; headers that say nothing about a feed (RFC 9110, section 8); identifiers as links; entities
# that a feed declares.
LEFT_OUT = re.compile(
    r"/cdf/|cdf_|utf-32|u32|ucs-4|http_content_language|headers_content_location|http_entry_id"
    r"|entity_in_doctype|x80_(cp|csibm|cspc|ibm|437|85|86|koi8-t|tcvn|viscii"
    r"|mac(centraleurope|greek|iceland|latin2|turkish))"
)
# Greek, Hungarian and Korean dates, years of two digits in front, zones without an offset, and dates
# whose American order is the other project's choice.
DATES_LEFT_OUT = re.compile(
    r"[^\x00-\x7f]|^-|^0\d{4,5}$|^03-12-31|2003-012-31| AT$|9999|^10.09.(20)?03$|^7[ -]4[ -]"
)


def folder(name):
    found = sorted(pathlib.Path(sys.argv[1]).glob(f"{name}*/"))
    return next((path for path in found if path.is_dir()), None)


def moment(numbers):
    padded = [*numbers, 0, 0, 0][:6]
    return "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}".format(*padded)


def one_line(text):
    return " ".join(text.split())


def plain(markup):
    """The words of HTML, which feedparser keeps."""
    without = re.sub(r"(?s)<(script|style)\b.*?</\1>", "", markup)
    without = re.sub(r"</?(p|div|br|li|ul|ol|tr|td|th|table|h\d|hr|img|dt|dd|dl|pre|embed|object|form"
                     r"|blockquote|center|body|html|head)\b[^>]*>", " ", without, flags=re.I)
    return one_line(html.unescape(re.sub(r"</?[a-zA-Z][^>]*>", "", without)))


def comparisons(expression):
    """The comparisons with texts and dates that an expectation of feedparser consists of."""
    tree = ast.parse(expression, mode="eval").body
    parts = tree.values if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And) else [tree]
    for part in parts:
        if not (isinstance(part, ast.Compare) and isinstance(part.ops[0], ast.Eq)):
            continue
        try:
            expected = ast.literal_eval(part.comparators[0])
        except ValueError:
            continue
        path = re.findall(r"\w+", ast.unparse(part.left))
        if isinstance(expected, tuple) and len(expected) >= 6:
            yield path, moment(expected[:6])
        elif isinstance(expected, str):
            yield path, expected


def ours(tree, path, has_summary):
    """Our value at a path of feedparser's, as a list; empty when we have nothing like it."""
    if path[0] == "feed":
        names = {"title": "title", "link": "link", "language": "language", "subtitle": "description",
                 "tagline": "description", "description": "description"}
        dates = {"updated_parsed": ["updated"], "modified_parsed": ["updated"]}
        of, rest = tree, path[1:]
    elif path[0] == "entries" and len(path) > 2 and path[1].isdigit():
        names = {"title": "title", "link": "link", "id": "id", "guid": "id", "summary": "summary",
                 "description": "summary"}
        dates = {"published_parsed": ["published"], "issued_parsed": ["published"],
                 "updated_parsed": ["updated", "published"], "modified_parsed": ["updated"],
                 "date_parsed": ["updated", "published"]}
        items = (tree or {}).get("items", [])
        of, rest = (items[int(path[1])] if int(path[1]) < len(items) else {}), path[2:]
        if rest == ["content", "0", "value"] and not has_summary:
            rest = ["summary"]
    else:
        return []
    if len(rest) != 1:
        return []
    if rest[0] in dates:
        found = next((of[key] for key in dates[rest[0]] if (of or {}).get(key)), None)
        return [found.replace("Z", "") if found else None]
    return [(of or {}).get(names[rest[0]])] if rest[0] in names else []


def feedparser_files(root):
    cases = []
    for file in sorted((root / "tests").rglob("*.xml")):
        name = str(file.relative_to(root))
        content = file.read_bytes().decode("utf-8", "replace")
        found = re.search(r"<!--(.*?)Expect:(.*?)-->", content, re.S)
        if LEFT_OUT.search(name) or not found:
            continue
        headers = dict(re.findall(r"Header:\s*([\w-]+):\s*(.*?)\s*$", found[1], re.M | re.I))
        headers = {key.lower(): value for key, value in headers.items()}
        try:
            wanted = list(comparisons(found[2].strip()))
        except SyntaxError:
            continue
        question = {"format": "feed", "path": str(file)}
        question["url"] = headers.get("content-location", f"http://127.0.0.1:8097/{name}")
        if "content-type" in headers:
            question["content_type"] = headers["content-type"]
        has_summary = re.search(r"<(summary|description|dc:description)\b", content[found.end():])
        cases.append((name, question, wanted, bool(has_summary)))
    outcomes = []
    for (name, _, wanted, has_summary), answer in zip(cases, answers.ask([c[1] for c in cases])):
        wrong, applies = [], False
        for path, expected in wanted:
            for found in ours(answer.get("tree"), path, has_summary):
                applies = True
                if (found or "") not in (one_line(expected), plain(expected)):
                    wrong.append(f"{'.'.join(path)} is {found!r}, not {one_line(expected)[:200]!r}")
        if applies:
            outcomes.append((name, "; ".join(wrong)))
    answers.report("feedparser", outcomes)


def dates(suite, lines):
    """Lines with a text and the numbers of its date."""
    pairs = []
    for line in lines:
        found = re.match(r"\s*\(('[^']*'|\"[^\"]*\"), (?:datetime)?\(([\d, ]+)\)", line)
        text = ast.literal_eval(found[1]) if found else None
        if text is not None and not DATES_LEFT_OUT.search(text):
            pairs.append((text, moment([int(n) for n in found[2].split(",") if n.strip()][:6])))
    item = "<rss><channel><item><pubDate>{}</pubDate></item></channel></rss>"
    questions = [{"format": "feed", "text": item.format(html.escape(text))} for text, _ in pairs]
    outcomes = []
    for (text, expected), answer in zip(pairs, answers.ask(questions)):
        found = (answer["tree"]["items"][0]["published"] or "")[:19]
        outcomes.append((text, "" if found == expected else f"{found!r}, not {expected!r}"))
    answers.report(suite, outcomes)


def main():
    feedparser, dateutil = folder("feedparser"), folder("python_dateutil") or folder("dateutil")
    if feedparser:
        feedparser_files(feedparser)
        dates("feedparser, dates", (feedparser / "tests/runtests.py").read_text().splitlines())
    if dateutil:
        lines = (dateutil / "tests/test_parser.py").read_text()
        # The others complete a date from today's, which is no date of a feed.
        dates("dateutil, dates", lines.split("PARSER_DEFAULT_TEST_CASES")[0].splitlines())


main()
