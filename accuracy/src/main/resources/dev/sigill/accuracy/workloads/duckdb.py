import duckdb

c = duckdb.connect()
c.execute("set threads = 1")
c.execute("create table t as select i, i % 7 k, i / 3.0 f, 'text ' || i s from range(20000) t(i)")
c.sql("select k, sum(i), avg(f), count(distinct s) from t group by k order by k").fetchall()
c.sql("select * from t a join t b on a.i = b.i + 1 where a.s like '%99%' order by a.f desc limit 5").fetchall()
c.sql("select k, row_number() over (partition by k order by f) from t limit 9").fetchall(), c.sql("select regexp_replace(s, '[0-9]+', 'x') from t limit 3").fetchall()
c.execute("copy t to 't.parquet' (format parquet, compression zstd)")
assert c.execute("select count(*) from 't.parquet'").fetchone()[0] == 20000
