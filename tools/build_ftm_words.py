"""Write src/tumen/model/ftm_words.json: what FollowTheMoney calls its schemata and topics.

Unlike build_ftm_vocabulary.py it only reads the package's files, so the package need not be
installed with all that it depends on. Give the unpacked package's folder and the file to write:
python tools/build_ftm_words.py followthemoney src/tumen/model/ftm_words.json
"""

import ast
import json
import sys
from pathlib import Path

import yaml

folder = Path(sys.argv[1])
schemata = {}
for path in sorted((folder / "schema").glob("*.y*ml")):
    for name, spec in yaml.safe_load(path.read_text("utf-8")).items():
        schemata[name] = {
            "plural": spec.get("plural") or spec.get("label") or name,
            "description": " ".join((spec.get("description") or "").split()),
            "extends": spec.get("extends") or [],
            "featured": spec.get("featured") or [],
            "own": {
                key: {
                    "description": " ".join((prop.get("description") or "").split()),
                    "hidden": bool(prop.get("hidden")),
                }
                for key, prop in (spec.get("properties") or {}).items()
            },
        }

tree = ast.parse((folder / "types" / "topic.py").read_text("utf-8"))
tables = {
    node.target.id: node.value
    for node in ast.walk(tree)
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
}
# Each label stands in a call that marks it for translation.
labels = tables["_TOPICS"]
topics = {
    key.value: value.args[0].value for key, value in zip(labels.keys, labels.values, strict=True)
}
document = {
    "source": "followthemoney, MIT",
    "schemata": dict(sorted(schemata.items())),
    "topics": topics,
    "risks": sorted(ast.literal_eval(tables["RISKS"])),
}
text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
Path(sys.argv[2]).write_text(text + "\n", encoding="utf-8")
