"""Where a class can run it: the page, the hub's values and the project agree."""

import re
import shlex
import sys
import tomllib
from urllib.parse import parse_qs, urlsplit

import yaml

from tests.conftest import ROOT
from tests.test_install import run

PAGE = (ROOT / "chapters/instructors/platforms.md").read_text("utf8")
VALUES = yaml.safe_load((ROOT / "binder/jupyterhub/values.yaml").read_text("utf8"))
HOME = yaml.safe_load((ROOT / "_config.yml").read_text("utf8"))["repository"]
FOLDER = HOME["url"].rsplit("/", 1)[1]  # what nbgitpuller calls a clone
# The keys that we use, with their types, as the chart's schema had them at commit 02dd73df:
# https://github.com/jupyterhub/zero-to-jupyterhub-k8s/blob/main/jupyterhub/values.schema.yaml
# It allows no others at these places, save below hub.config and extraEnv.
CHART = {
    "proxy": {"https": {"enabled": bool, "hosts": list, "letsencrypt": {"contactEmail": str}}},
    "hub": {"config": dict},
    "singleuser": {
        "image": {"name": str, "tag": str},
        "extraEnv": dict,
        "memory": {"guarantee": (int, float, str), "limit": (int, float, str)},
        "cpu": {"guarantee": (int, float), "limit": (int, float)},
        "storage": {"capacity": str},
    },
}
MIB = {"M": 1, "G": 1024}  # as JupyterHub reads them


def strange(values, allowed, at: str = "") -> list[str]:
    """What of `values` the chart does not know, or knows as another type."""
    if not isinstance(allowed, dict):
        wrong = not isinstance(values, allowed)
        return [f"{at[1:]}: {values!r}, expected {allowed}"] if wrong else []
    if not isinstance(values, dict):
        return [f"{at[1:]}: {values!r}, expected a mapping"]
    unknown = [f"{at}.{key}"[1:] for key in values.keys() - allowed.keys()]
    known = values.keys() & allowed.keys()
    return unknown + [
        one for k in sorted(known) for one in strange(values[k], allowed[k], f"{at}.{k}")
    ]


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.S | re.M)


def test_the_chart_knows_each_key():
    assert not strange(VALUES, CHART)
    assert strange({"singleuser": {"memory": "1G", "ram": 1}}, CHART) == [
        "singleuser.ram",
        "singleuser.memory: '1G', expected a mapping",
    ]
    assert strange({"singleuser": {"image": {"tag": 1.1}}}, CHART)


def test_a_student_fits_into_the_hub_s_memory():
    """The server of a hub, as the page tells it, and the largest chapter that it lists."""
    chapters = [int(size) for size in re.findall(r"^ch\d\d_\w+: +(\d+) MiB", PAGE, re.M)]
    server = int(re.search(r"JupyterHub's own server[^`]*`(\d+) MiB`", PAGE)[1])
    assert len(chapters) > 1
    held = {
        name: int(size[:-1]) * MIB[size[-1]]
        for name, size in VALUES["singleuser"]["memory"].items()
    }
    assert server + max(chapters) < held["guarantee"]
    assert server + 4 * max(chapters) < held["limit"]


def test_links_and_image_are_this_book_s():
    address = next(block for block in blocks("text") if "git-pull" in block).strip()
    asked = parse_qs(urlsplit(address).query)
    assert (asked["repo"], asked["branch"]) == ([HOME["url"]], [HOME["branch"]])
    opened = asked["urlpath"][0].removeprefix(f"lab/tree/{FOLDER}/")
    assert (ROOT / opened).is_file(), f"the link opens {opened}"
    assert VALUES["singleuser"]["extraEnv"]["PYTHONPATH"] == f"/home/jovyan/{FOLDER}"
    assert urlsplit(address).hostname in VALUES["proxy"]["https"]["hosts"]
    image = VALUES["singleuser"]["image"]
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))["project"]["version"]
    assert image["tag"] == version
    assert f"{image['name']}:{image['tag']}" in PAGE


def test_the_image_s_command_is_understood():
    """The page's own command, printing the recipe instead of building it."""
    command = next(block for block in blocks("sh") if "repo2docker" in block)
    words = shlex.split(command.replace("\\\n", " "))[1:]
    words = ["--no-build", "--debug", *(w for w in words if w not in ("--no-run", "--push"))]
    recipe = run(sys.executable, "-m", "repo2docker", *words, cwd=ROOT)
    for step in ("RUN ./binder/postBuild", "RUN pip install --no-cache-dir nbgitpuller=="):
        assert step in recipe, f"the image's recipe lacks: {step}"
