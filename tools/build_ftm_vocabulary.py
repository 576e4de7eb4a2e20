"""Write src/tumen/model/ftm.json: schemata and properties of FollowTheMoney.

The package followthemoney (MIT) needs a C++ compiler and ICU headers to install, which a
user's machine may not have; its vocabulary is what we need of it. Run where it is installed:
python tools/build_ftm_vocabulary.py src/tumen/model/ftm.json
"""

import importlib.metadata
import json
import sys
from pathlib import Path

from followthemoney import model

schemata = {}
for schema in sorted(model.schemata.values(), key=lambda s: s.name):
    schemata[schema.name] = {
        "label": schema.label,
        "ancestors": sorted(schema.names),
        "matchable": schema.matchable,
        "caption": list(schema.caption),
        "properties": {
            name: {"type": prop.type.name, "matchable": prop.matchable, "label": prop.label}
            | ({"range": prop.range.name} if prop.range is not None else {})
            for name, prop in sorted(schema.properties.items())
            if not prop.stub
        },
    }
version = importlib.metadata.version("followthemoney")
document = {"source": f"followthemoney {version}, MIT", "schemata": schemata}
text = json.dumps(document, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
Path(sys.argv[1]).write_text(text + "\n", encoding="utf-8")
