"""The results of an evaluation as JUnit XML, which CI systems show. Pure."""

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from fanin.evaluation.expected_facts import shown
from fanin.evaluation.gates import GateResult
from fanin.evaluation.judging import Judged
from fanin.sanitize import line


def junit(name: str, answers: Sequence[Judged], errors: Sequence[str], gates: Sequence[GateResult]) -> str:
    """A test case for each question, each row that has none, and each gate; an undecided gate is skipped."""
    suites = Element("testsuites")
    suite = SubElement(suites, "testsuite", name=line(name), tests=str(len(answers) + len(errors) + len(gates)))
    suite.set("failures", str(sum(not each.right for each in answers) + sum(g.verdict == "broken" for g in gates)))
    suite.set("errors", str(len(errors)))
    suite.set("skipped", str(sum(each.verdict == "undecided" for each in gates)))
    suite.set("time", f"{sum(each.seconds for each in answers):.3f}")
    for each in answers:
        case = _case(suite, f"{each.expected.id}: {each.expected.question}", "questions")
        case.set("time", f"{each.seconds:.3f}")
        if not each.right:
            SubElement(case, "failure", message=line(why_wrong(each), limit=500)).text = line(each.text)
    for error in errors:
        SubElement(_case(suite, error.partition(":")[0], "rows"), "error", message=line(error, limit=500))
    for result in gates:
        case = _case(suite, result.gate.text, "gates")
        if result.verdict != "kept":
            SubElement(case, "failure" if result.verdict == "broken" else "skipped", message=line(result.reason))
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(suites, encoding="unicode") + "\n"


def why_wrong(each: Judged) -> str:
    """What is wrong with an answer, in a sentence."""
    if each.expected.unanswerable:
        return "It is unanswerable, and there is an answer."
    if each.silent:
        return "There is no answer."
    if each.in_answer is None:
        return f"No expected document was found: {', '.join(each.expected.documents)}."
    return f"The answer does not hold: {'; '.join(map(shown, each.expected.facts))}."


def _case(suite: Element, name: str, group: str) -> Element:
    return SubElement(suite, "testcase", name=line(name, limit=300), classname=f"fanin.eval.{group}")
