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
    "proxy.https.enabled": bool,
    "proxy.https.hosts": list,
    "proxy.https.letsencrypt.contactEmail": str,
    "hub.config": dict,
    "singleuser.image.name": str,
    "singleuser.image.tag": str,
    "singleuser.extraEnv": dict,
    "singleuser.memory.guarantee": (int, float, str),
    "singleuser.memory.limit": (int, float, str),
    "singleuser.cpu.guarantee": (int, float),
    "singleuser.cpu.limit": (int, float),
    "singleuser.storage.capacity": str,
}
MIB = {"M": 1, "G": 1024}  # as JupyterHub reads them


def strange(values: dict, at: str = "") -> list[str]:
    """What of `values` the chart does not know, or knows as another type."""
    found = []
    for key, value in values.items():
        name = f"{at}{key}"
        if isinstance(value, dict) and value and name not in CHART:
            found += strange(value, f"{name}.")
        elif not isinstance(value, CHART.get(name, ())):
            found.append(f"{name}: {value!r}")
    return found


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.S | re.M)


def test_the_chart_knows_each_key():
    assert strange(VALUES) == []
    spoilt = {"memory": "1G", "ram": 1, "image": {"tag": 1.1}}
    said = ["singleuser.memory: '1G'", "singleuser.ram: 1", "singleuser.image.tag: 1.1"]
    assert strange({"singleuser": spoilt}) == said


def test_a_student_fits_into_the_hub_s_memory():
    """The server of a hub, as the page tells it, and the largest chapter that it lists."""
    chapters = [int(size) for size in re.findall(r"^ch\d\d_\w+: +(\d+) MiB", PAGE, re.M)]
    server = int(re.search(r"JupyterHub's own server[^`]*`(\d+) MiB`", PAGE)[1])
    assert len(chapters) > 1
    memory = VALUES["singleuser"]["memory"]
    held = {name: int(size[:-1]) * MIB[size[-1]] for name, size in memory.items()}
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
