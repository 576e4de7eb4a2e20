"""Write src/tumen/model/ftm_links.json: which properties lead to other entities, there and back.

Like build_ftm_words.py it only reads the files of the unpacked package followthemoney:
python tools/build_ftm_links.py followthemoney src/tumen/model/ftm_links.json
"""

import json
import sys
from pathlib import Path

import yaml

folder = Path(sys.argv[1])
specs = {}
for path in sorted((folder / "schema").glob("*.y*ml")):
    specs.update(yaml.safe_load(path.read_text("utf-8")))
links = {}
for name, spec in specs.items():
    for key, prop in (spec.get("properties") or {}).items():
        if prop.get("type") == "entity":
            reverse = prop.get("reverse") or {}
            links[f"{name}:{key}"] = {
                "range": prop.get("range") or "Thing",
                "reverse": reverse.get("name", ""),
                "label": reverse.get("label", ""),
            }
edges = {
    name: [spec["edge"]["source"], spec["edge"]["target"]]
    for name, spec in specs.items()
    if spec.get("edge")
}
document = {"source": "followthemoney, MIT", "edges": edges, "links": dict(sorted(links.items()))}
text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
Path(sys.argv[2]).write_text(text + "\n", encoding="utf-8")
