import apsw

c = apsw.Connection(":memory:")
c.execute("create virtual table t using fts5(x)")
c.executemany("insert into t values (?)", [(f"word{i} and more",) for i in range(500)])
assert c.execute("select count(*) from t where t match 'word77'").fetchone()[0] == 1
c.execute("create virtual table r using rtree(i, a, b); insert into r values (1, 2, 3)"), list(c.execute("select json_extract('{\"a\":[1,2]}', '$.a[1]')"))
