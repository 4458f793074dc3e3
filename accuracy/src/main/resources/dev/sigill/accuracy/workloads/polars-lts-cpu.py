import io

import polars as pl

d = pl.DataFrame({"k": [f"k{i % 7}" for i in range(3000)], "v": list(range(3000)), "f": [i / 7 for i in range(3000)]})
d.group_by("k").agg(pl.col("v").sum(), pl.col("f").mean().alias("m")).sort("k")
d.lazy().filter(pl.col("v") > 100).with_columns((pl.col("f") * 2).alias("g")).join(d.head(9).lazy(), on="v", how="left").collect()
d.select(pl.col("k").str.to_uppercase(), pl.col("f").rolling_mean(5), pl.col("v").rank())
pl.read_csv(io.BytesIO(d.write_csv().encode()))
out = io.BytesIO()
d.write_parquet(out)
assert pl.read_parquet(io.BytesIO(out.getvalue())).height == 3000
