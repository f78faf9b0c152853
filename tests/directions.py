"""`python -m tests.directions`: writes app/models/embedders/directions.npy, the 256 directions that vectors keep.

They are the principal components of the vectors of this project's own English and Japanese texts: the sentences of the
server, the dialogues and the labelled requests of the tests, and the documents. Changed directions make another model:
its name in app/models/embedders/multilingual.py must change too.
"""

import json
import re
from pathlib import Path

from app.models.embedders.sentences import DIMENSION, DIRECTIONS, SentenceEncoder

ROOT = Path(__file__).parents[1]
QUOTED = re.compile(r'"([^"\n]{15,300})"')
PARAGRAPH = re.compile(r"\n\n|\n- ")


def texts() -> list[str]:
    found = list[str]()
    for file in sorted((ROOT / "schema").glob("messages.*.json")):
        found += json.loads(file.read_text(encoding="utf-8")).values()
    for file in sorted((ROOT / "tests").glob("d*/*.toml")):
        found += QUOTED.findall(file.read_text(encoding="utf-8"))
    for file in sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]):
        found += [each for each in PARAGRAPH.split(file.read_text(encoding="utf-8")) if 20 < len(each) < 1200]
    return found


def main() -> None:
    import numpy

    vectors = SentenceEncoder(reduced=False).encode(texts())
    _, components = numpy.linalg.eigh(vectors.T @ vectors)
    numpy.save(DIRECTIONS, components[:, ::-1][:, :DIMENSION].astype(numpy.float16))


if __name__ == "__main__":
    main()
