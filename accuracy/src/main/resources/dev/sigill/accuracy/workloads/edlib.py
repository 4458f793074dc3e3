import edlib

assert edlib.align("ACGT" * 200, "ACGA" * 200, task="path")["editDistance"] == 200
edlib.align("abc" * 40, "xxabcabd" * 20, mode="HW", task="locations")
