import io

import numpy as np
import pandas as pd

d = pd.DataFrame({"k": [f"k{i % 7}" for i in range(2000)], "v": np.arange(2000) % 113, "w": np.linspace(0, 1, 2000)})
d.groupby("k").agg({"v": ["sum", "mean", "std"], "w": "max"})
d.merge(d.head(20), on="v").sort_values(["v", "w_x"])
d.pivot_table(index="k", values="v", aggfunc="median"), d.rolling(5, on="w").v.mean(), d.v.rank(), d.k.str.upper().value_counts()
pd.read_csv(io.StringIO(d.to_csv(index=False))).describe()
pd.date_range("2020-01-01", periods=500, freq="h").tz_localize("UTC").tz_convert("Europe/Stockholm").strftime("%Y-%m")
d.set_index(pd.date_range("2020-01-01", periods=2000, freq="min")).v.resample("1h").sum(), d.to_json(), d.v.quantile(0.3)
