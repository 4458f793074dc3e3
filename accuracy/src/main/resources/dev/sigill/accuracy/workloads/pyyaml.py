import yaml

d = {"a": list(range(100)), "b": {"c": "text\nof two lines", "d": None, "e": 1.5}}
assert yaml.load(yaml.dump(d, Dumper=yaml.CDumper), Loader=yaml.CLoader) == d
