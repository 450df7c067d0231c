"""QTI 1.2 as Canvas reads it: a package for each chapter, where of variants one is drawn.

The kept library for this, text2qti, has neither matches nor a number's feedback and takes its
questions as Markdown; what it writes for the other types is written here in the same way. A match
is written as Canvas itself exports one, an order as a match of items and places.
"""

from collections.abc import Iterable
from io import BytesIO
from xml.etree import ElementTree as ET
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from casebook.export.lms.items import Answer, Item, Pool
from casebook.export.lms.markup import add, document, html, mistakes, question, reasons

TYPES = {
    "single": "multiple_choice_question",
    "multiple": "multiple_answers_question",
    "numeric": "numerical_question",
    "match": "matching_question",
    "order": "matching_question",
    "essay": "essay_question",
}
XSI = "http://www.w3.org/2001/XMLSchema-instance"
RESOURCE = "associatedcontent/imscc_xmlv1p1/learning-application-resource"


def write(name: str, title: str, pools: Iterable[Pool]) -> bytes:
    """The package of the quiz `name`: its questions, its settings and its table of contents."""
    held = list(pools)
    files = {
        "imsmanifest.xml": _manifest(name, title),
        f"{name}/assessment_meta.xml": _settings(name, title, len(held)),
        f"{name}/{name}.xml": _assessment(name, title, held),
    }
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        for path, root in files.items():
            entry = ZipInfo(path)  # of 1980: the same bytes for the same questions
            archive.writestr(entry, document(root), ZIP_DEFLATED)
    return packed.getvalue()


def _root(tag: str, space: str, schema: str, **attributes: str) -> ET.Element:
    located = {"xmlns:xsi": XSI, "xsi:schemaLocation": f"{space} {schema}"}
    return ET.Element(tag, {"xmlns": space, **located, **attributes})


def _manifest(name: str, title: str) -> ET.Element:
    space = "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"
    schema = "http://www.imsglobal.org/xsd/imscp_v1p1.xsd"
    root = _root("manifest", space, schema, identifier=f"{name}-manifest")
    metadata = add(root, "metadata")
    add(metadata, "schema", "IMS Content")
    add(metadata, "schemaversion", "1.1.3")
    add(root, "organizations")
    resources = add(root, "resources")
    questions = add(resources, "resource", identifier=name, type="imsqti_xmlv1p2")
    add(questions, "file", href=f"{name}/{name}.xml")
    add(questions, "dependency", identifierref=f"{name}-meta")
    meta = f"{name}/assessment_meta.xml"
    settings = add(resources, "resource", identifier=f"{name}-meta", type=RESOURCE, href=meta)
    add(settings, "file", href=meta)
    return root


def _settings(name: str, title: str, points: int) -> ET.Element:
    space = "http://canvas.instructure.com/xsd/cccv1p0"
    schema = "https://canvas.instructure.com/xsd/cccv1p0.xsd"
    root = _root("quiz", space, schema, identifier=name)
    add(root, "title", title)
    add(root, "description")
    add(root, "quiz_type", "practice_quiz")  # the keys are public: it counts for nothing
    add(root, "points_possible", str(points))
    add(root, "allowed_attempts", "-1")  # as many as one likes
    add(root, "shuffle_answers", "false")  # they are mixed, and some stand in an order
    add(root, "show_correct_answers", "true")
    return root


def _assessment(name: str, title: str, pools: Iterable[Pool]) -> ET.Element:
    space = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
    root = _root("questestinterop", space, "http://www.imsglobal.org/xsd/ims_qtiasiv1p2p1.xsd")
    assessment = add(root, "assessment", ident=name, title=title)
    section = add(assessment, "section", ident="root_section")
    for pool in pools:
        place = _group(section, pool) if len(pool) > 1 else section
        for item in pool:
            _item(place, item)
    return root


def _group(section: ET.Element, pool: Pool) -> ET.Element:
    id = pool[0].id.rpartition("-")[0]
    group = add(section, "section", ident=f"{id}-group", title=id)
    selection = add(add(group, "selection_ordering"), "selection")
    add(selection, "selection_number", "1")
    add(add(selection, "selection_extension"), "points_per_item", "1")
    return group


def _item(place: ET.Element, item: Item) -> None:
    node = add(place, "item", ident=item.id, title=item.id)
    metadata = add(add(node, "itemmetadata"), "qtimetadata")
    for label, entry in {
        "question_type": TYPES[item.shape],
        "points_possible": "1",
        "original_answer_ids": ",".join(_ids(item)),
        "assessment_question_identifierref": f"{item.id}-ref",
    }.items():
        field = add(metadata, "qtimetadatafield")
        add(field, "fieldlabel", label)
        add(field, "fieldentry", entry)
    presentation = add(node, "presentation")
    _material(presentation, question(item))
    _ask(presentation, item)
    _judge(add(node, "resprocessing"), item)
    for ident, text in _feedback(item).items():
        _material(add(add(node, "itemfeedback", ident=ident), "flow_mat"), text)


def _numbered(item: Item) -> list[tuple[str, Answer]]:
    """The answers as shown, each with the number that Canvas knows it by."""
    return [(str(id), answer) for id, answer in enumerate(item.mixed, start=1)]


def _ids(item: Item) -> list[str]:
    """Those of the answers that Canvas keeps: of a number only the right one, of an essay none."""
    kept = {"numeric": 1, "essay": 0}.get(item.shape)
    return [id for id, _ in _numbered(item)][:kept]


def _partners(item: Item) -> dict[str, str]:
    """The number of each partner; none is an answer's."""
    return {text: str(id) for id, text in enumerate(item.partners, start=1001)}


def _material(parent: ET.Element, text: str, kind: str = "text/html") -> None:
    add(add(parent, "material"), "mattext", text, texttype=kind)


def _ask(node: ET.Element, item: Item) -> None:
    """The part that a student fills in."""
    if item.shape in ("single", "multiple"):
        several = "Multiple" if item.shape == "multiple" else "Single"
        asked = add(node, "response_lid", ident="response1", rcardinality=several)
        choice = add(asked, "render_choice")
        for id, answer in _numbered(item):
            _material(add(choice, "response_label", ident=id), html(answer.text))
    elif item.shape in ("match", "order"):
        for id, answer in _numbered(item):
            asked = add(node, "response_lid", ident=f"response_{id}")
            _material(asked, html(answer.text))
            choice = add(asked, "render_choice")
            for text, partner in _partners(item).items():
                _material(add(choice, "response_label", ident=partner), text, "text/plain")
    else:
        asked = add(node, "response_str", ident="response1", rcardinality="Single")
        decimal = {"fibtype": "Decimal"} if item.shape == "numeric" else {}
        add(add(asked, "render_fib", **decimal), "response_label", ident="answer1", rshuffle="No")


def _judge(node: ET.Element, item: Item) -> None:
    """What follows from an answer: points and feedback."""
    score = {"varname": "SCORE", "vartype": "Decimal", "minvalue": "0", "maxvalue": "100"}
    add(add(node, "outcomes"), "decvar", **score)
    shown = _feedback(item)
    add(_when(node, shows="general_fb"), "other")
    if item.shape in ("single", "multiple"):
        for id, _ in _numbered(item):
            add(_when(node, shows=f"{id}_fb"), "varequal", id, respident="response1")
    match item.shape:
        case "single":
            (right,) = (id for id, answer in _numbered(item) if answer.right)
            add(_when(node, "100"), "varequal", right, respident="response1")
        case "multiple":
            every = add(_when(node, "100"), "and")
            for id, answer in _numbered(item):
                add(
                    every if answer.right else add(every, "not"),
                    "varequal",
                    id,
                    respident="response1",
                )
        case "numeric":
            _judge_number(node, item.answers[0])
        case "match" | "order":
            partners, points = _partners(item), f"{100 / len(item.answers):.2f}"
            for id, answer in _numbered(item):
                partner, asked = partners[answer.partner], f"response_{id}"
                add(_when(node, points, action="Add"), "varequal", partner, respident=asked)
                if f"{id}_fb" in shown:
                    wrong = add(_when(node, shows=f"{id}_fb"), "not")
                    add(wrong, "varequal", partner, respident=asked)
    if "general_incorrect_fb" in shown:
        add(_when(node, shows="general_incorrect_fb"), "other")


def _judge_number(node: ET.Element, answer: Answer) -> None:
    either = add(_when(node, "100", shows="correct_fb"), "or")
    add(either, "varequal", answer.text, respident="response1")
    within = add(either, "and")
    low, high = (float(answer.text) + sign * answer.tolerance for sign in (-1, 1))
    add(within, "vargte", f"{low:.10g}", respident="response1")
    add(within, "varlte", f"{high:.10g}", respident="response1")


def _when(node: ET.Element, points: str = "", shows: str = "", action: str = "Set") -> ET.Element:
    """A condition that is still to be filled: it gives points, or shows a feedback, or both."""
    case = add(node, "respcondition", **{"continue": "No" if points and action == "Set" else "Yes"})
    condition = add(case, "conditionvar")
    if points:
        add(case, "setvar", points, action=action, varname="SCORE")
    if shows:
        add(case, "displayfeedback", feedbacktype="Response", linkrefid=shows)
    return condition


def _feedback(item: Item) -> dict[str, str]:
    """The feedbacks by the names under which Canvas knows them, as HTML."""
    found = {"general_fb": reasons(item)}
    if item.feedback:
        found["correct_fb"] = html(item.feedback)
    if item.shape == "numeric":
        wrong = any(not answer.right for answer in item.answers)
        return found | ({"general_incorrect_fb": mistakes(item)} if wrong else {})
    if item.shape == "essay":
        return found
    return found | {
        f"{id}_fb": html(each.feedback) for id, each in _numbered(item) if each.feedback
    }
