# Says what Python this is and what is installed in it, as one line of JSON.
import json
import platform
import sys

try:
    from importlib.metadata import distributions
except ImportError:
    distributions = None

found = {}
if distributions is not None:
    for each in distributions():
        name = each.metadata["Name"]
        if name and name not in found:
            found[name] = each.version
with open(sys.argv[1], "w", encoding="utf-8") as out:
    json.dump(
        {
            "version": platform.python_version(),
            "machine": platform.machine(),
            "executable": sys.executable,
            "prefix": sys.prefix,
            "distributions": found,
        },
        out,
    )
