"""Runs what is to be measured of a package, inside the emulator, and writes down how far it came.

Arguments: the report to write, then either `load IMAGE`, or `run MODULE,… PROGRAM` (`-` for none).
"""
import json
import os
import sys

report, what = sys.argv[1:3]
state = {"error": "", "loaded": [], "finished": False}
STARTS_A_PROGRAM = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn")


def note_child(event, arguments):
    if event in STARTS_A_PROGRAM:
        with open(report + ".children", "a", encoding="utf-8", errors="replace") as out:
            out.write(event + " " + " ".join(str(arguments[:2])[:200].split()) + "\n")


def is_elf(path):
    try:
        with open(path, "rb") as file:
            return file.read(4) == b"\x7fELF"
    except OSError:
        return False


def images():
    """ELF files of which something is mapped; the emulator does not show which pages are code."""
    found = set()
    with open("/proc/self/maps", encoding="utf-8", errors="replace") as maps:
        for line in maps:
            cells = line.split(None, 5)
            if len(cells) == 6 and cells[5].startswith("/"):
                found.add(cells[5].rstrip("\n"))
    return sorted(path for path in found if is_elf(path))


def write():
    with open(report + ".part", "w", encoding="utf-8", errors="replace") as out:
        json.dump(state, out)
    os.replace(report + ".part", report)


sys.addaudithook(note_child)
try:
    if what == "load":
        import ctypes

        ctypes.CDLL(sys.argv[3])
    else:
        import importlib

        for module in sys.argv[3].split(","):
            importlib.import_module(module)
        if sys.argv[4] != "-":
            with open(sys.argv[4], encoding="utf-8") as source:
                program = compile(source.read(), sys.argv[4], "exec")
            exec(program, {"__name__": "__main__"})
    state["finished"] = True
except BaseException as error:
    import traceback

    lines = traceback.format_exception_only(type(error), error)
    state["error"] = "".join(lines).strip()[:4000]
state["loaded"] = images()
write()
sys.stdout.flush()
# Ends like a program that has done its work, without what other threads still do.
os._exit(0 if state["finished"] else 1)
