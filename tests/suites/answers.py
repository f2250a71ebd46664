"""Asks our readers about documents, and counts how often they say what a suite expects."""

import json
import os
import subprocess


def ask(questions):
    """The answers of the example `answers` of `widgets/formats` to these questions."""
    lines = "".join(json.dumps(question) + "\n" for question in questions)
    command = [os.environ["ANSWERS"]]
    done = subprocess.run(command, input=lines, capture_output=True, text=True, check=True)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(questions), f"{len(answers)} answers to {len(questions)} questions"
    return answers


def report(suite, outcomes):
    """Prints what is wrong, and how many are right; `outcomes` holds a case and what is wrong."""
    for case, wrong in outcomes:
        if wrong:
            print(f"{suite}: {case}\n    {wrong}")
    right = sum(1 for _, wrong in outcomes if not wrong)
    print(f"{suite}: {right} of {len(outcomes)} right")
